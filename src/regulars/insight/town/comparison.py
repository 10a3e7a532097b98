"""A ranking held against the truth about a town."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.insight.arrays import BoolArray, FloatArray

TRUE_TOP = 0.05
ESTIMATED_TOP = 0.10


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How well the best senders were found, and how near the totals came.

    Attributes:
        best: How many people are the true top 5 % of senders.
        found: Share of them among the top 10 % by ``sender_value``, 0 to 1.
        found_by_counting: The same when ranked by recorded friends; equals are drawn by lot.
        found_by_spending: The same when ranked by what they spend themselves.
        brought: What true friends had brought by today and brought in the year ahead.
        brought_estimated: What was estimated of it, corrected for referrals that nobody recorded.
        ahead: What the customers of today really spent in the year ahead.
        ahead_estimated: What was expected of them, discounted.
    """

    best: int
    found: float
    found_by_counting: float
    found_by_spending: float
    brought: float
    brought_estimated: float
    ahead: float
    ahead_estimated: float


def compare_with_truth(
    scores: pa.Table, truth: pa.Table, *, brought_estimated: float
) -> Comparison:
    """Hold the scores of a town against the truth about it.

    Args:
        scores: As in ``scores.parquet``, with referrals.
        truth: As in ``truth.csv``.
        brought_estimated: Realised and expected value brought, corrected for recording.
    """
    rows = pc.index_in(truth.column("customer_id"), value_set=scores.column("customer_id"))
    known = ~np.isnan(rows.cast(pa.float64()).to_numpy(zero_copy_only=False))
    order = rows.fill_null(0).to_numpy()

    def estimate(name: str) -> FloatArray:
        values = np.nan_to_num(scores.column(name).cast(pa.float64()).to_numpy()[order])
        return np.where(known, values, 0.0)

    def true(name: str) -> FloatArray:
        values: FloatArray = truth.column(name).cast(pa.float64()).to_numpy()
        return values

    value = true("sender_value")
    best = top(value, TRUE_TOP)
    return Comparison(
        best=int(best.sum()),
        found=share_found(best, estimate("sender_value")),
        found_by_counting=share_found(best, estimate("friends")),
        found_by_spending=share_found(best, estimate("clv")),
        brought=float(value.sum()),
        brought_estimated=brought_estimated,
        ahead=float(true("value_ahead")[true("value_to_date") > 0].sum()),
        ahead_estimated=float(estimate("clv").sum()),
    )


def top(values: FloatArray, share: float) -> BoolArray:
    """Who belongs to the top share by value; equals go by place in the file, (n,)."""
    chosen = np.zeros(len(values), dtype=np.bool_)
    chosen[np.argsort(-values, kind="stable")[: round(share * len(values))]] = True
    return chosen


def share_found(best: BoolArray, ranking: FloatArray) -> float:
    """Which share of the best are in the top 10 % of a ranking, equals at its edge drawn by lot.

    Args:
        best: Who is among the best, (n,).
        ranking: What to rank by, the highest first, (n,).

    Returns:
        The expected share over all draws, 0 to 1.
    """
    places = round(ESTIMATED_TOP * len(ranking))
    edge = np.partition(ranking, -places)[-places]
    above, at = ranking > edge, ranking == edge
    lot = (places - above.sum()) / at.sum()
    return float(((best & above).sum() + lot * (best & at).sum()) / max(best.sum(), 1))
