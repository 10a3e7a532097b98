"""What the sections of a report show: months, cohorts, people, comparisons."""

from datetime import date, timedelta

import numpy as np
from tests.insight.report.made_up_scores import UNTIL

from regulars.insight.result import (
    Changes,
    CohortCell,
    ConditionalPoint,
    Month,
    Movement,
    Mover,
    ReferralLink,
    SenderToThank,
    SlippingCustomer,
    TrackingPoint,
)


def months_until(count: int) -> tuple[Month, ...]:
    """So many months up to June 2026, growing."""
    months = []
    for i in range(count):
        back = count - 1 - i
        year, month = divmod(2026 * 12 + 5 - back, 12)
        season = 1 + 0.25 * np.sin(month / 12 * 6.28)
        months.append(
            Month(
                month=date(year, month + 1, 1),
                new_customers=int(80 * season + i % 5),
                new_revenue=1450.5 * season,
                returning_customers=int((90 + 16 * i) * season),
                returning_revenue=(1800 + 420 * i) * season,
            )
        )
    return tuple(months)


def cohorts() -> tuple[CohortCell, ...]:
    """Eight quarters of beginners, the last ones still open."""
    cells = []
    for c in range(8):
        year, quarter = divmod(2024 * 4 + 2 + c, 4)
        for q in range(8 - c):
            share = 1.0 if q == 0 else 0.46 * 0.87**q + 0.012 * c
            size = 230 + 11 * c
            cells.append(
                CohortCell(
                    cohort=date(year, 3 * quarter + 1, 1),
                    quarters=q,
                    customers=size,
                    active=int(size * share),
                    complete=q < 7 - c,
                )
            )
    return tuple(cells)


def tracking_points() -> tuple[TrackingPoint, ...]:
    """Two years of weeks; the last half year is the holdout."""
    return tuple(
        TrackingPoint(
            week_ending=UNTIL - timedelta(weeks=77 - w),
            actual=int(70 * w + 14 * np.sin(w / 5) * w**0.5),
            expected=70.5 * w,
            in_holdout=w >= 78,
        )
        for w in range(104)
    )


def conditional_points() -> tuple[ConditionalPoint, ...]:
    """From nobody came back to seven times and more."""
    return tuple(
        ConditionalPoint(
            x=x, or_more=x == 7, customers=900 // (x + 1), actual=0.21 + 0.6 * x, expected=0.25 + 0.57 * x
        )
        for x in range(8)
    )  # fmt: skip


def people_to_thank(names: list[str]) -> tuple[SenderToThank, ...]:
    """Twelve senders, from four friends down to one."""
    return tuple(
        SenderToThank(
            customer_id=f"C{i:07d}",
            name=names[i],
            friends=tuple(names[40 + 5 * i : 40 + 5 * i + min(5, 1 + (12 - i) // 3)]),
            friends_brought=1 + (12 - i) // 3,
            regulars_brought=max(0, (12 - i) // 3 - i % 3),
            brought_to_date=1240.5 - 90 * i,
            brought_expected=610.0 - 45 * i,
            latest_friend_day=UNTIL - timedelta(days=9 + 6 * i),
            quadrant=("champion", "advocate", "champion", "other")[i % 4],
        )
        for i in range(12)
    )


def slipping_people(names: list[str]) -> tuple[SlippingCustomer, ...]:
    """Forty people who stay away or buy less."""
    return tuple(
        SlippingCustomer(
            customer_id=f"C{200 + i:07d}",
            name=names[200 + i],
            reason="smaller_basket" if i % 5 == 3 else "silent",
            usual_gap_days=1.2 if i == 6 else 5.0 + (i * 7) % 23,
            silent_days=31 + (i * 11) % 60,
            basket_before=24.4,
            basket_now=14.9,
            p_alive=0.62 - 0.01 * i,
            value_at_stake=640.0 - 14 * i,
            friends_brought=(4, 0, 1, 0)[i % 4],
        )
        for i in range(40)
    )


def links(names: list[str], count: int) -> tuple[ReferralLink, ...]:
    """A forest: number i was brought by number i // 3."""
    return tuple(
        ReferralLink(
            sender_id=f"C{i // 3:07d}",
            sender_name=names[i // 3],
            friend_id=f"C{i:07d}",
            friend_name=names[i],
        )
        for i in range(1, count)
    )


def mover(customer_id: str, name: str | None, before: float, now: float) -> Mover:
    return Mover(customer_id=customer_id, customer_name=name, clv_before=before, clv_now=now)


def comparison(total: float) -> Changes:
    """A run of three months before."""
    return Changes(
        earlier_as_of=date(2026, 3, 31),
        customers_before=1744,
        customers_now=2000,
        spender_total_before=total * 0.93,
        spender_total_now=total,
        sender_total_before=total * 0.11,
        sender_total_now=total * 0.14,
        movements=(
            Movement(before="other", after="champion", customers=7),
            Movement(before="champion", after="affluent", customers=1),
            Movement(before="new", after="other", customers=240),
            Movement(before="other", after="gone", customers=2),
        ),
        risen=(
            mover("C0000004", "Elif Sommer", 212.0, 540.0),
            mover("C0000011", None, 20.0, 133.0),
        ),
        fallen=(mover("C0000017", "Rosa Sommer", 610.0, 180.0),),
    )
