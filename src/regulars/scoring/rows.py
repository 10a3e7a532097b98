"""What a run found, as rows of the table of scores."""

import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from regulars.insight import ScoreResult
from regulars.kernel.money import minor_per_major
from regulars.scoring.core import Rhythm, life_cycle

ROWS_AT_A_TIME = 10_000
MOST = 2**63 - 1  # of what a column holds
NOBODY_MERGED: Mapping[UUID, UUID] = {}
SAME = (
    *("purchases", "r", "f", "v", "p_alive", "expected_purchases", "referred", "friends"),
    "expected_referrals",
)
MONEY = (
    *("value_to_date", "monetary", "clv", "clv_low", "clv_high", "crv_realised", "crv_expected"),
    *("cascade_realised", "cascade_expected", "engagement_share", "sender_value"),
    *("sender_value_low", "sender_value_high"),
)
OWN_RHYTHM = (
    *("purchase_days", "first_day", "last_day", "usual_gap_days", "silent_days", "last_gap_days"),
    "earlier_gap_days",
)
BASKETS = ("basket_before", "basket_now", "value_at_stake")
COLUMNS = (
    *("run_id", "customer_id", "repeats", *SAME, *MONEY, "quadrant", "life_cycle", *OWN_RHYTHM),
    *("quadrant_before", "life_cycle_before", "slipping", *BASKETS, "stands", "made_of"),
)


@dataclass(frozen=True)
class Rows:
    """Everybody's row.

    Attributes:
        rows: Values in the order of `COLUMNS`, customer by customer.
        customers: How many there are, but for those who were erased.
        usual_gap_days: The median gap of those who came back; None while nobody has.
    """

    rows: Iterator[tuple[Any, ...]]
    customers: int
    usual_gap_days: float | None


def rows_of(
    result: ScoreResult,
    rhythms: pa.Table,
    *,
    run_id: UUID,
    erased: Collection[UUID] = (),
    kept: Mapping[UUID, UUID] = NOBODY_MERGED,
) -> Rows:
    """Everybody's row.

    Args:
        result: What insight found.
        rhythms: As `regulars.scoring.feed.Feed` has them.
        run_id: Of the run.
        erased: Who was: their purchases count in the books, and nothing is told of them.
        kept: From customers who were merged away to those who are kept.
    """
    ids = result.scores.column("customer_id").cast(pa.string())
    at = pc.index_in(ids, value_set=rhythms.column("customer_id").cast(pa.string()))
    own = rhythms.drop_columns("customer_id").take(at)
    gap = pc.quantile(rhythms.column("usual_gap_days"), q=0.5)[0].as_py()
    usual = None if gap is None or math.isnan(gap) else float(gap)
    ones = _ones(kept)
    rows = _rows(result, own, run_id=run_id, usual_gap_days=usual, ones=ones)
    of_whom = COLUMNS.index("customer_id")
    ghosts = pc.is_in(ids, value_set=pa.array([str(one) for one in erased], pa.string()))
    there = len(ids) - (pc.sum(ghosts).as_py() or 0)
    return Rows((row for row in rows if row[of_whom] not in erased), there, usual)


def _rows(
    result: ScoreResult,
    own: pa.Table,
    *,
    run_id: UUID,
    usual_gap_days: float | None,
    ones: Mapping[str, str],
) -> Iterator[tuple[Any, ...]]:
    unit = minor_per_major(result.currency)
    slipping = {one.customer_id: one for one in result.slipping}
    tells_slipping = result.summary["ladder"] != "facts"

    def minor(amount: float | None) -> int | None:
        return None if amount is None else max(-MOST, min(MOST, round(amount * unit)))

    for start in range(0, len(own), ROWS_AT_A_TIME):
        scores = result.scores.slice(start, ROWS_AT_A_TIME).to_pylist()
        rhythms = own.slice(start, ROWS_AT_A_TIME).to_pylist()
        for score, rhythm in zip(scores, rhythms, strict=True):
            departs = slipping.get(score["customer_id"])
            if departs is not None and departs.reason != "silent" and rhythm["pays_otherwise"]:
                departs = None  # what looks like smaller baskets are those in another currency
            is_silent = departs is not None and departs.reason == "silent"
            standing = ""
            if rhythm["purchase_days"] is not None:
                known = rhythm_of(
                    rhythm,
                    p_alive=score["p_alive"],
                    is_slipping=is_silent if tells_slipping else None,
                )
                standing = life_cycle(known, everybodys_gap_days=usual_gap_days)
            baskets = [None if departs is None else getattr(departs, name) for name in BASKETS]
            yield (
                run_id,
                UUID(score["customer_id"]),
                score["x"],
                *(score.get(name) for name in SAME),
                *(minor(score.get(name)) for name in MONEY),
                score.get("quadrant") or "",
                standing,
                *(rhythm[name] for name in OWN_RHYTHM),
                *("", ""),  # held against the day before as soon as all rows are there
                "" if departs is None else departs.reason,
                *(minor(amount) for amount in baskets),
                True,
                ones.get(score["customer_id"]),
            )


def _ones(kept: Mapping[UUID, UUID]) -> Mapping[str, str]:
    """Of those who are made of several ids, all of them, as they are written."""
    found: dict[str, list[str]] = {}
    for merged, one in kept.items():
        found.setdefault(str(one), [str(one)]).append(str(merged))
    return {one: json.dumps(sorted(ids)) for one, ids in found.items()}


def rhythm_of(
    told: Mapping[str, Any], *, p_alive: float | None, is_slipping: bool | None
) -> Rhythm:
    """A row of rhythms as the rules read it."""
    return Rhythm(
        purchase_days=told["purchase_days"],
        silent_days=told["silent_days"],
        usual_gap_days=told["usual_gap_days"],
        last_gap_days=told["last_gap_days"],
        earlier_gap_days=told["earlier_gap_days"],
        p_alive=p_alive,
        is_slipping=is_slipping,
    )
