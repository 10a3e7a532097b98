"""Results as an analysis would find them, on every rung."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
from tests.insight.report.made_up_findings import (
    cohorts,
    comparison,
    conditional_points,
    links,
    months_until,
    people_to_thank,
    slipping_people,
    tracking_points,
)
from tests.insight.report.made_up_scores import (
    UNTIL,
    customer_names,
    scores_table,
    settings_told,
    summary_of,
)

from regulars.insight.compare import changes_summary
from regulars.insight.result import (
    ScoreResult,
)
from regulars.insight.settings import Settings


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
