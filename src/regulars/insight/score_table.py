"""The shape of a run's files: the columns of ``scores.parquet`` and the keys of ``summary.json``."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.insight.arrays import BoolArray
from regulars.insight.ladder import Standing
from regulars.insight.reading import PurchaseLines, ReferralClaims
from regulars.insight.rfv import rfv
from regulars.insight.sender.quadrants import QUADRANTS, Cuts
from regulars.insight.sender.tree import NOBODY
from regulars.insight.sender.value import Brought
from regulars.insight.senders import Senders
from regulars.insight.settings import Settings
from regulars.insight.spenders import Base, Spenders
from regulars.insight.summary import Summary

Columns = dict[str, pa.Array]
SENDER_COLUMNS = (
    "friends",
    "crv_realised",
    "crv_expected",
    "cascade_realised",
    "cascade_expected",
    "engagement_share",
    "expected_referrals",
    "sender_value",
    "sender_value_low",
    "sender_value_high",
)
# What only models tell.
EXPECTED_COLUMNS = (
    "crv_expected",
    "cascade_expected",
    "engagement_share",
    "expected_referrals",
    "sender_value_low",
    "sender_value_high",
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything that was found, before it is put into files.

    Attributes:
        lines: The purchases as read.
        claims: The referrals as read, or None.
        summary: The purchases added up.
        base: Its arrays, n customers.
        settings: What was assumed.
        step: Where the base stands on the ladder.
        spenders: What the models say, on the rung of models.
        senders: Who brought whom, where referrals were given; over n customers and others.
        quadrants: Of everybody in ``senders``, by name.
        cuts: Where the quadrants meet.
    """

    lines: PurchaseLines
    claims: ReferralClaims | None
    summary: Summary
    base: Base
    settings: Settings
    step: Standing
    spenders: Spenders | None
    senders: Senders | None
    quadrants: list[str]
    cuts: Cuts | None


def score_table(found: Found) -> pa.Table:
    """One row a customer, and one for each person whom only the referrals name.

    The columns are the same on every rung; what a rung cannot tell is null. Times are in weeks,
    money in major units.
    """
    customers, base = found.summary.customers, found.base
    columns: Columns = {
        "customer_id": customers.column("customer_id").combine_chunks(),
        "customer_name": customers.column("customer_name").combine_chunks(),
        "x": pa.array(base.x),
        "t_x": pa.array(base.histories.t_x),
        "age": pa.array(base.histories.age),
        "monetary": pa.array(base.mean_repeat),
        "purchases": pa.array(base.purchases),
        "value_to_date": pa.array(base.value_to_date),
        **_rfv_columns(found),
        **_spender_columns(found),
    }
    if found.senders is not None:
        columns = _with_others(columns, found.senders) | _sender_columns(found, found.senders)
    return pa.table(columns)


def _rfv_columns(found: Found) -> Columns:
    base = found.base
    if found.step.rung == "facts":
        return {name: pa.nulls(len(base.x), pa.int64()) for name in ("r", "f", "v")}
    scores = rfv(base.age_days - base.t_x_days, base.x + 1, base.value_to_date)
    return {
        "r": pa.array(scores.recency),
        "f": pa.array(scores.frequency),
        "v": pa.array(scores.value),
    }


def _spender_columns(found: Found) -> Columns:
    names = ("p_alive", "expected_purchases", "clv", "clv_low", "clv_high")
    if found.spenders is None:
        return {name: pa.nulls(len(found.base.x), pa.float64()) for name in names}
    value = found.spenders.value
    arrays = (
        found.spenders.p_alive,
        value.expected_purchases,
        value.clv,
        value.clv_low,
        value.clv_high,
    )
    return {name: pa.array(array) for name, array in zip(names, arrays, strict=True)}


def _with_others(columns: Columns, senders: Senders) -> Columns:
    """The customers' columns, with rows for the others: null where they have nothing to say."""
    others = len(senders.people) - senders.people.customers
    filled = {
        name: pa.concat_arrays([column, pa.nulls(others, column.type)])
        for name, column in columns.items()
    }
    filled["customer_id"] = senders.people.ids
    # Who never bought is worth nothing as a spender, and that is known.
    for name in ("clv", "clv_low", "clv_high", "value_to_date", "purchases"):
        zeros = pa.array(np.zeros(others), columns[name].type)
        filled[name] = pa.concat_arrays([columns[name], zeros])
    return filled


def _sender_columns(found: Found, senders: Senders) -> Columns:
    columns: Columns = {"referred": pa.array(senders.referrals.parent != NOBODY)}
    for name in SENDER_COLUMNS:
        unknown = found.spenders is None and name in EXPECTED_COLUMNS
        columns[name] = (
            pa.nulls(len(senders.people), pa.float64())
            if unknown
            else pa.array(getattr(senders.values, name))
        )
    return columns | {"quadrant": pa.array(found.quadrants, pa.string())}


def run_summary(found: Found, table: pa.Table) -> dict[str, Any]:
    """What ``summary.json`` holds; every number in it is finite, or null where there is none."""
    lines, claims, settings = found.lines, found.claims, found.settings
    return {
        "as_of": settings.until.isoformat(),
        "currency": lines.currency,
        "customers": len(found.base.x),
        "purchases": found.summary.purchases,
        "refunds": found.summary.refunds,
        "refunds_matched": dict(found.summary.refunds_matched),
        "rows": {
            "read": lines.rows_read,
            "selected": lines.rows_selected,
            "used": lines.rows_selected - sum(lines.rejected.values()),
        },
        "rejected": dict(sorted(lines.rejected.items())),
        "kept": dict(sorted(lines.kept.items())),
        "ladder": found.step.rung,
        "ladder_reason": found.step.reason,
        "purchase_model": _purchase_model(found.spenders),
        "spend_model": _spend_model(found.spenders),
        "holdout": _holdout(found.spenders),
        "value": _value(found, table),
        "referrals": None if claims is None else _referrals(claims, found.senders),
        "settings": _settings(settings),
    }


def _purchase_model(spenders: Spenders | None) -> dict[str, Any] | None:
    if spenders is None:
        return None
    model, choice = spenders.model, spenders.choice
    return {
        "name": model.name,
        "unit": model.unit,
        "params": _finite(model.params),
        "standard_errors": _finite(model.standard_errors or {}),
        "log_likelihood": model.log_likelihood,
        "p_alive_from": spenders.alive_model.name,
        "trials": [asdict(trial) for trial in choice.trials] if choice else [],
    }


def _spend_model(spenders: Spenders | None) -> dict[str, Any] | None:
    if spenders is None:
        return None
    spend = spenders.spend
    return {
        "name": spend.name,
        "params": _finite(spend.params),
        "standard_errors": _finite(spend.standard_errors),
        "log_likelihood": spend.log_likelihood,
        "frequency_correlation": spend.frequency_correlation,
        "frequency_dependent": spend.dependent,
    }


def _holdout(spenders: Spenders | None) -> dict[str, Any] | None:
    if spenders is None or spenders.holdout is None or spenders.holdout_until is None:
        return None
    holdout = spenders.holdout
    return {
        "until": spenders.holdout_until.isoformat(),
        "actual": holdout.actual,
        "expected": holdout.expected,
        "interval": list(holdout.interval),
        "correlation": holdout.correlation,
        "mae": holdout.mae,
    }


def _value(found: Found, table: pa.Table) -> dict[str, Any]:
    spenders, senders = found.spenders, found.senders
    value: dict[str, Any] = {
        "to_date": float(found.base.value_to_date.sum()),
        "spender_total": spenders.value.spender_total if spenders else None,
        "spender_interval": list(spenders.value.spender_interval) if spenders else None,
        "sender_total": None,
        "brought": None,
        "quadrants": None,
        "cuts": None,
    }
    if senders is None or found.cuts is None:
        return value
    values = senders.values
    return value | {
        "sender_total": values.sender_total if spenders else None,
        "brought": _brought(values.brought, spenders)
        | {
            "recorded_share": found.settings.recorded_share,
            "corrected": _brought(values.brought_corrected, spenders),
        },
        "quadrants": _quadrants(found, table),
        "cuts": asdict(found.cuts),
    }


def _brought(brought: Brought, spenders: Spenders | None) -> dict[str, float | None]:
    """What was brought; nothing is expected where no model tells."""
    return {
        name: None if spenders is None and name.startswith("expected") else value
        for name, value in asdict(brought).items()
    }


def _quadrants(found: Found, table: pa.Table) -> dict[str, dict[str, float | None]]:
    of = np.array(found.quadrants)

    def total(name: str, rows: BoolArray) -> float:
        return float(np.nan_to_num(table.column(name).to_numpy()[rows]).sum())

    return {
        name: {
            "customers": int((of == name).sum()),
            "clv": total("clv", of == name) if found.spenders else None,
            "sender_value": total("sender_value", of == name),
        }
        for name in QUADRANTS
    }


def _referrals(claims: ReferralClaims, senders: Senders | None) -> dict[str, Any]:
    accepted = int((senders.referrals.parent != NOBODY).sum()) if senders else 0
    return {
        "read": claims.rows_read,
        "accepted": accepted,
        "set_aside": dict(senders.referrals.set_aside) if senders else {},
        "rejected": dict(sorted(claims.rejected.items())),
    }


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        name: value.isoformat() if name in ("until", "validate_until") and value else value
        for name, value in asdict(settings).items()
    }


def _finite(numbers: Mapping[str, float | None]) -> dict[str, float | None]:
    """Numbers as JSON can hold them: what is not identified is null."""
    return {
        name: float(number) if number is not None and math.isfinite(number) else None
        for name, number in numbers.items()
    }
