"""Those who began together, month after month: how many of them came again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MONTHS_KEPT = 60
MONTHS_A_YEAR, MONTHS_A_QUARTER = 12, 3


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Customers who bought for the first time in the same month.

    Attributes:
        month: Its first day.
        customers: How many they are.
        came: How many of them bought in the first month after it, the second, and so on up to the month of
            the run's last day.
    """

    month: date
    customers: int
    came: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Those who began in one year or quarter.

    Attributes:
        begins: The first day of it.
        customers: How many they are.
        shares: Of all of them, who bought in the first month after their own first one, the second, and so
            on; only months that are over for all of them.
    """

    begins: date
    customers: int
    shares: tuple[float, ...]


def cohorts_of(cells: Iterable[tuple[date, int, int]], *, until: date) -> tuple[Cohort, ...]:
    """The latest months' cohorts, the earliest first.

    Args:
        cells: The first day of the month in which customers began, how many months later they bought, and
            how many did; 0 months later are all of them.
        until: The last day that counts.
    """
    told: Mapping[date, dict[int, int]] = defaultdict(dict)
    for month, later, customers in cells:
        told[month][later] = customers
    return tuple(
        Cohort(
            month=month,
            customers=told[month][0],
            came=tuple(
                told[month].get(later, 0) for later in range(1, months_between(month, until) + 1)
            ),
        )
        for month in sorted(told)[-MONTHS_KEPT:]
    )


def curves(cohorts: Sequence[Cohort], *, until: date, months: int) -> tuple[Curve, ...]:
    """The share that came again of all who began in one year or quarter, the earliest first.

    Args:
        cohorts: As `cohorts_of` gives them.
        until: The last day that counts.
        months: Of a span: 12 for years, 3 for quarters.
    """
    spans: Mapping[date, list[Cohort]] = defaultdict(list)
    for cohort in cohorts:
        first = (cohort.month.month - 1) // months * months + 1
        spans[cohort.month.replace(month=first)].append(cohort)
    found = []
    for begins, those in sorted(spans.items()):
        customers = sum(cohort.customers for cohort in those)
        whole = min(whole_months(cohort, until=until) for cohort in those)
        came = [sum(cohort.came[later] for cohort in those) for later in range(whole)]
        shares = tuple(some / customers for some in came)
        found.append(Curve(begins=begins, customers=customers, shares=shares))
    return tuple(found)


def whole_months(cohort: Cohort, *, until: date) -> int:
    """How many months after a cohort's own are over."""
    is_over = (until + timedelta(days=1)).day == 1
    return len(cohort.came) if is_over else max(len(cohort.came) - 1, 0)


def months_between(one: date, other: date) -> int:
    """From the month of one day to the month of another."""
    return (other.year - one.year) * MONTHS_A_YEAR + other.month - one.month


def as_json(cohorts: Iterable[Cohort]) -> list[dict[str, Any]]:
    """As a run keeps them."""
    return [
        {"month": one.month.isoformat(), "customers": one.customers, "came": list(one.came)}
        for one in cohorts
    ]


def from_json(told: Iterable[Mapping[str, Any]]) -> tuple[Cohort, ...]:
    """As `as_json` wrote them."""
    return tuple(
        Cohort(
            month=date.fromisoformat(one["month"]),
            customers=one["customers"],
            came=tuple(one["came"]),
        )
        for one in told
    )
