"""From purchase days to what rhythms are told from: the gaps, and the first and last baskets."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.insight.engines import Engine, upload

REGULARITY_SAMPLE = 100_000
FEWEST_GAPS = 2
CLOCKWORK_GAPS = 6
CLOCKWORK_VARIANCE = 1 / 9  # of what chance would give gaps of that mean
BASKETS_COMPARED = 3


@dataclass(frozen=True, kw_only=True)
class GapPairs:
    """What pairs of neighbouring gaps between purchases tell of their regularity.

    For two consecutive gaps of a customer, m = g1 / (g1 + g2); of a Poisson process m is uniform.

    Attributes:
        pairs: How many pairs of consecutive gaps, each counted as 1 - 2 / (g1 + g2): by so much
            whole days let m vary less.
        sum_squares: The sum of (m - 1/2)**2 over them.
        frequent: Customers with ``CLOCKWORK_GAPS`` gaps or more.
        clockwork: Of them, those whose own gaps hardly vary (``CLOCKWORK_VARIANCE``).
    """

    pairs: float
    sum_squares: float
    frequent: int
    clockwork: int


def gap_pairs(engine: Engine, days: ir.Table, customers: pa.Table) -> GapPairs:
    """How regular the gaps between purchase days are.

    Somebody who decides every day by chance has two gaps of sum s with g1 uniform over 1 to s - 1,
    so that m varies by (1 - 2 / s) / 12 rather than 1 / 12, and gaps of mean g vary by g (g - 1).
    Of many customers every k-th is taken, about 100,000.

    Source: Wheat and Morrison 1990, Estimating purchase regularity with two interpurchase times.

    Args:
        engine: Where the days are.
        days: Purchase days that count, ``customer_id, day``.
        customers: ``customer_id, x, t_x_days`` of all who have such days.
    """
    x, span = (customers[name].to_numpy() for name in ("x", "t_x_days"))
    eligible = np.flatnonzero(x >= FEWEST_GAPS)
    if not len(eligible):
        return GapPairs(pairs=0.0, sum_squares=0.0, frequent=0, clockwork=0)
    chosen = eligible[:: -(-len(eligible) // REGULARITY_SAMPLE)]
    ids = customers.select(["customer_id"])
    gaps = gaps_of(engine, days, ids.take(pa.array(chosen)))
    pairs = gaps.filter(gaps.first.notnull()).group_by("first", "second")
    counts = engine.fetch(pairs.aggregate(n=ibis._.count().cast("int64")))
    counts = counts.sort_by([("first", "ascending"), ("second", "ascending")])
    first, second, n = (
        counts[name].to_numpy().astype(np.float64) for name in ("first", "second", "n")
    )
    both = first + second
    frequent = chosen[x[chosen] >= CLOCKWORK_GAPS]
    squares = gaps.group_by("customer_id").aggregate(
        total=(gaps.second * gaps.second).sum().cast("int64")
    )
    found = in_order(engine.fetch(squares), ids["customer_id"].take(pa.array(frequent)))
    mean = span[frequent] / x[frequent]
    variance = found["total"].to_numpy() / x[frequent] - mean**2
    return GapPairs(
        pairs=float(np.sum(n * (1 - 2 / both))),
        sum_squares=float(np.sum(n * (first / both - 0.5) ** 2)),
        frequent=len(frequent),
        clockwork=int((variance < CLOCKWORK_VARIANCE * mean * (mean - 1)).sum()),
    )


def gaps_of(engine: Engine, days: ir.Table, customer_ids: pa.Table) -> ir.Table:
    """Each gap of some customers in ``second``, in days, and the one before it in ``first``."""
    days = days.semi_join(upload(engine, customer_ids, "sample"), "customer_id")
    own = ibis.window(group_by="customer_id", order_by="day")
    gaps = days.select(
        "customer_id",
        second=(days.day - days.day.lag(1).over(own)).cast("int64"),
        first=(days.day.lag(1).over(own) - days.day.lag(2).over(own)).cast("int64"),
    )
    return engine.table([engine.save(gaps.filter(gaps.second.notnull()), "gaps")])


def first_and_last_baskets(engine: Engine, days: ir.Table, customer_ids: pa.Table) -> pa.Table:
    """The mean net values of customers' first and last three purchase days.

    Args:
        engine: Where the days are.
        days: Purchase days that count, ``customer_id, day, net_minor``.
        customer_ids: ``customer_id`` of customers with such days, each once, n rows.

    Returns:
        ``customer_id, first_mean_minor, last_mean_minor``, n rows in the same order.
    """
    wanted = upload(engine, customer_ids.select(["customer_id"]), "wanted")
    days = days.semi_join(wanted, "customer_id")
    ranked = days.mutate(
        place=ibis.row_number().over(group_by="customer_id", order_by="day"),
        place_back=ibis.row_number().over(group_by="customer_id", order_by=ibis.desc("day")),
    )
    first = ibis.ifelse(ranked.place < BASKETS_COMPARED, ranked.net_minor, 0)
    last = ibis.ifelse(ranked.place_back < BASKETS_COMPARED, ranked.net_minor, 0)
    sums = engine.fetch(
        ranked.group_by("customer_id").aggregate(
            first_minor=first.sum().cast("int64"),
            last_minor=last.sum().cast("int64"),
            n=ibis._.count().cast("int64"),
        )
    )
    found = in_order(sums, customer_ids["customer_id"])
    compared = np.minimum(found["n"].to_numpy(), BASKETS_COMPARED)
    return pa.table(
        {
            "customer_id": found["customer_id"],
            "first_mean_minor": pa.array(found["first_minor"].to_numpy() / compared),
            "last_mean_minor": pa.array(found["last_minor"].to_numpy() / compared),
        }
    )


def in_order(rows: pa.Table, customer_ids: pa.ChunkedArray) -> pa.Table:
    """The rows of a table, one a customer, in the order of their ids; every id must be there."""
    return rows.take(pc.index_in(customer_ids, value_set=rows["customer_id"]))
