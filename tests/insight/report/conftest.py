"""Results as an analysis would find them, on every rung, drawn at random and fixed by a seed."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from regulars.insight.compare import changes_summary
from regulars.insight.result import (
    Changes,
    CohortCell,
    ConditionalPoint,
    Month,
    Movement,
    Mover,
    ReferralLink,
    ScoreResult,
    SenderToThank,
    SlippingCustomer,
    TrackingPoint,
)
from regulars.insight.settings import Settings

UNTIL = date(2026, 6, 30)
FIRST = (
    *("Ana", "Ben", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kanya"),
    *("Lucía", "Malee", "Niran", "Olga", "Paolo", "Quentin", "Rosa", "Somchai", "Tilda", "Umut"),
    *("Vera", "Wanda", "Xavier", "Yuki", "Zoe", "สมชาย", "มาลี", "กานดา", "นิรันดร์"),
)
LAST = (
    *("Sommer", "Vogel", "Ortega", "Blau", "Prasert", "Winter", "Lang", "Ruiz", "Keller"),
    *("Suksai", "Moreno", "Falk"),
)


def customer_names(count: int) -> list[str]:
    """Names of people, all different for the first few hundred."""
    return [f"{FIRST[i % len(FIRST)]} {LAST[(i // len(FIRST)) % len(LAST)]}" for i in range(count)]


def quintiles(values: np.ndarray) -> np.ndarray:
    """Five groups of about equal size, 5 for the largest."""
    return 1 + np.minimum(np.searchsorted(np.sort(values), values) * 5 // len(values), 4)


def scores_table(count: int, *, seed: int = 1) -> pa.Table:
    """Scores of so many customers, with referrals."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.7, 0.35, count)
    age = rng.uniform(2, 104, count)
    x = rng.poisson(rate * age * rng.uniform(0.3, 1, count))
    t_x = np.where(x > 0, age * rng.beta(4, 1.3, count), 0.0)
    monetary = rng.gamma(6, 3, count)
    p_alive = np.clip(1 - 0.6 * (age - t_x) / age * rng.uniform(0.6, 1.4, count), 0.02, 0.99)
    expected = p_alive * (0.7 + x) / (6 + age) * 50
    clv = expected * monetary * 0.95
    friends = np.where(rng.random(count) < 0.12, rng.poisson(1.8, count), 0)
    realised = friends * rng.gamma(2, 60, count)
    ahead = friends * rng.gamma(2, 25, count)
    future = p_alive * (0.05 + friends) / (20 + age) * 40
    sending = realised + ahead + future * 80
    cut_clv, cut_sending = float(np.quantile(clv, 0.8)), 150.0
    high, sends = clv >= cut_clv, (friends > 0) & (sending >= cut_sending)
    quadrant = np.select([high & sends, high, sends], ["champion", "affluent", "advocate"], "other")
    value_to_date = monetary * (1 + x)
    return pa.table(
        {
            "customer_id": [f"C{i:07d}" for i in range(count)],
            "customer_name": customer_names(count),
            "x": x,
            "t_x": t_x,
            "age": age,
            "monetary": monetary,
            "r": quintiles(t_x - age),
            "f": quintiles(x),
            "v": quintiles(value_to_date),
            "p_alive": p_alive,
            "expected_purchases": expected,
            "clv": clv,
            "clv_low": clv * 0.4,
            "clv_high": clv * 1.8,
            "value_to_date": value_to_date,
            "purchases": x + 1,
            "referred": rng.random(count) < 0.2,
            "friends": friends,
            "crv_realised": realised / 2,
            "crv_expected": ahead / 2,
            "cascade_realised": realised,
            "cascade_expected": ahead,
            "engagement_share": clv,
            "expected_referrals": future,
            "sender_value": sending,
            "sender_value_low": sending * 0.6,
            "sender_value_high": sending * 1.5,
            "quadrant": quadrant,
        }
    )


def settings_told(settings: Settings) -> dict[str, Any]:
    """The settings as a summary tells them."""
    days = ("until", "validate_until")
    told = asdict(settings)
    return told | {name: told[name] and told[name].isoformat() for name in days}


def summary_of(scores: pa.Table, settings: Settings) -> dict[str, Any]:
    """The summary that goes with the scores."""
    columns = {n: scores[n].to_numpy() for n in ("clv", "sender_value", "purchases", "quadrant")}
    total = float(columns["clv"].sum())
    groups = {
        name: {
            "customers": int((columns["quadrant"] == name).sum()),
            "clv": float(columns["clv"][columns["quadrant"] == name].sum()),
            "sender_value": float(columns["sender_value"][columns["quadrant"] == name].sum()),
        }
        for name in ("champion", "affluent", "advocate", "other")
    }
    purchases = int(columns["purchases"].sum())
    rejected = {"no_customer": 214, "bad_date": 12, "after_until": 78, "repeated_line": 3}
    selected = purchases + 315
    return {
        "as_of": settings.until.isoformat(),
        "currency": "EUR",
        "customers": len(scores),
        "purchases": purchases,
        "refunds": purchases // 40,
        "rows": {
            "read": selected,
            "selected": selected,
            "used": selected - sum(rejected.values()),
        },
        "rejected": rejected,
        "kept": {"repeated_row": 8, "further_line": 2},
        "refunds_matched": {"same_order": 30},
        "referrals": {
            "read": 512,
            "accepted": 470,
            "set_aside": {"self_referral": 3, "already_referred": 39},
            "rejected": {},
        },
        "ladder": "models",
        "ladder_reason": "",
        "purchase_model": {
            "name": "pareto-nbd",
            "unit": "week",
            "params": {"r": 0.5531, "alpha": 10.5763, "s": 0.6063, "beta": 11.6715},
            "standard_errors": {"r": 0.0476, "alpha": 0.8427, "s": 0.1874, "beta": 6.2049},
            "log_likelihood": -9594.976,
            "p_alive_from": "pareto-nbd",
            "trials": [],
        },
        "spend_model": {
            "name": "gamma-gamma",
            "params": {"p": 6.2496, "q": 3.7442, "v": 15.4435},
            "standard_errors": {"p": 1.1895, "q": 0.2899, "v": 2.6612},
            "log_likelihood": -4055.918,
            "frequency_correlation": 0.04,
            "frequency_dependent": False,
        },
        "holdout": {
            "until": "2026-12-29",
            "actual": 1882,
            "expected": 1846.2,
            "interval": [1772.0, 1921.0],
            "correlation": 0.63,
            "mae": 0.75,
        },
        "value": {
            "to_date": float(scores["value_to_date"].to_numpy().sum()),
            "spender_total": total,
            "spender_interval": [total * 0.94, total * 1.06],
            "sender_total": total * 0.14,
            "quadrants": groups,
            "cuts": {
                "version": 1, "rule": "", "basis": "clv", "clv": float(np.quantile(columns["clv"], 0.8)),
                "sender_value": 150,
            },
            "brought": {
                "friends": 470.0, "realised": 18240.0, "expected_known": 7120.5,
                "expected_future": 2000.0, "expected": 9120.5, "recorded_share": 0.8,
                "corrected": {
                    "friends": 587.5, "realised": 22800.0, "expected_known": 8900.6,
                    "expected_future": 2500.0, "expected": 11400.6,
                },
            },
        },
        "settings": settings_told(settings),
        "notes": [],
        "changes": None,
    }  # fmt: skip


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


def full_result(count: int = 2000) -> ScoreResult:
    """Everything known: models, referrals, holdout, an earlier run."""
    settings = Settings(until=UNTIL, validate_until=date(2026, 12, 29), recorded_share=0.8)
    scores = scores_table(count)
    names = customer_names(400)
    summary = summary_of(scores, settings)
    changes = comparison(summary["value"]["spender_total"])
    return ScoreResult(
        settings=settings,
        summary=summary | {"changes": changes_summary(changes)},
        scores=scores,
        currency="EUR",
        months=months_until(26),
        retention=cohorts(),
        tracking=tracking_points(),
        conditional=conditional_points(),
        slipping=slipping_people(names),
        thanks=people_to_thank(names),
        changes=changes,
        referrals=links(names, 60),
    )


SENDING_COLUMNS = [
    "referred", "friends", "crv_realised", "crv_expected", "cascade_realised", "cascade_expected",
    "engagement_share", "expected_referrals", "sender_value", "sender_value_low",
    "sender_value_high", "quadrant",
]  # fmt: skip
NO_VALUE = {
    "spender_total": None, "spender_interval": None, "sender_total": None, "quadrants": None,
    "cuts": None, "brought": None,
}  # fmt: skip
# What only models tell: null below their rung.
OWN_MODEL_COLUMNS = ["p_alive", "expected_purchases", "clv", "clv_low", "clv_high"]
MODEL_COLUMNS = [
    *OWN_MODEL_COLUMNS, "crv_expected", "cascade_expected", "engagement_share",
    "expected_referrals", "sender_value_low", "sender_value_high",
]  # fmt: skip


def without(scores: pa.Table, columns: list[str]) -> pa.Table:
    """The scores with every value of some columns unknown."""
    for name in columns:
        position = scores.column_names.index(name)
        scores = scores.set_column(position, name, pa.nulls(len(scores), pa.float64()))
    return scores


def value_below_models(value: dict[str, Any]) -> dict[str, Any]:
    """What a summary tells of value where nothing is expected of anybody."""
    unexpected = {"expected_known": None, "expected_future": None, "expected": None}
    brought = value["brought"] | unexpected
    return value | {
        "spender_total": None,
        "spender_interval": None,
        "sender_total": None,
        "quadrants": {name: group | {"clv": None} for name, group in value["quadrants"].items()},
        "cuts": value["cuts"] | {"basis": "margin_to_date", "clv": 220.0},
        "brought": brought | {"corrected": brought["corrected"] | unexpected},
    }


def result_without_referrals() -> ScoreResult:
    """Models, no referrals, no holdout, no currency and a margin."""
    full = full_result(600)
    settings = Settings(until=UNTIL, margin=0.35)
    summary = {
        **full.summary, "settings": settings_told(settings), "currency": None, "holdout": None,
        "referrals": None, "changes": None,
    }  # fmt: skip
    summary["value"] = {
        "to_date": 61020.5, "spender_total": 48210.4, "spender_interval": [45100, 51300], "sender_total": None,
        "quadrants": None, "cuts": None, "brought": None,
    }  # fmt: skip
    return replace(
        full,
        settings=settings,
        summary=summary,
        scores=full.scores.drop_columns(SENDING_COLUMNS),
        currency=None,
        tracking=(),
        conditional=(),
        thanks=(),
        referrals=(),
        changes=None,
    )


def rhythm_result() -> ScoreResult:
    """Some came back, too few for a model; two brought others."""
    full = full_result(60)
    summary = {
        **full.summary, "ladder": "rhythm", "purchase_model": None, "spend_model": None, "holdout": None,
        "changes": None, "value": value_below_models(full.summary["value"]),
        "referrals": full.summary["referrals"] | {"accepted": 9},
    }  # fmt: skip
    slipping = tuple(replace(one, p_alive=None) for one in full.slipping[:3])
    return replace(
        full,
        summary=summary,
        scores=without(full.scores, MODEL_COLUMNS),
        months=full.months[-4:],
        retention=full.retention[-3:],
        tracking=(),
        conditional=(),
        slipping=slipping,
        thanks=full.thanks[:2],
        referrals=full.referrals[:9],
        changes=None,
    )


def facts_result() -> ScoreResult:
    """One customer on one day."""
    scores = pa.table(
        {
            "customer_id": ["C0000001"], "customer_name": ["Ana Sommer"], "x": [0], "t_x": [0.0],
            "age": [0.0], "monetary": [0.0], "value_to_date": [12.5], "purchases": [1],
            **{name: pa.nulls(1, pa.int64()) for name in ("r", "f", "v")},
            **{name: pa.nulls(1, pa.float64()) for name in OWN_MODEL_COLUMNS},
        }
    )  # fmt: skip
    settings = Settings(until=UNTIL)
    summary = {
        "as_of": UNTIL.isoformat(), "customers": 1, "purchases": 1, "refunds": 0, "rejected": {},
        "kept": {}, "rows": {"read": 1, "selected": 1, "used": 1}, "ladder": "facts", "purchase_model": None,
        "spend_model": None, "holdout": None, "value": {"to_date": 12.5, **NO_VALUE},
        "refunds_matched": {}, "referrals": None, "currency": "EUR", "ladder_reason": "",
        "settings": settings_told(settings), "notes": [], "changes": None,
    }  # fmt: skip
    return ScoreResult(
        settings=settings,
        summary=summary,
        scores=scores,
        currency="EUR",
        months=months_until(1),
    )


RUNGS: dict[str, Callable[[], ScoreResult]] = {
    "facts": facts_result,
    "rhythm": rhythm_result,
    "models without referrals": result_without_referrals,
    "models with everything": full_result,
}


@pytest.fixture(scope="session", params=list(RUNGS))
def any_result(request: pytest.FixtureRequest) -> ScoreResult:
    """A result on each rung in turn."""
    return RUNGS[request.param]()


@pytest.fixture(scope="session")
def everything() -> ScoreResult:
    """A result in which everything is known."""
    return full_result()


@pytest.fixture(scope="session")
def a_million() -> ScoreResult:
    """A result of a million customers."""
    return full_result(1_000_000)


@pytest.fixture(scope="session")
def first_day() -> ScoreResult:
    """One customer on one day."""
    return facts_result()


@pytest.fixture(scope="session")
def result_on() -> Callable[[str], ScoreResult]:
    """Gives a result on a rung by its name."""
    return lambda rung: RUNGS[rung]()
