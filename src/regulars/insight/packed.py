"""Clean purchases in memory to histories, quickly: for notebooks and for measuring the models.

Customer and day are packed into one integer each, so that one sort of integers does the work of
grouping. Files with refunds, orders or anything to clean go through ``reading`` and ``summary``.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from regulars.insight.histories import FloatArray, Histories, IntArray

DAY_BITS = 22  # days since 1970-01-01 reach beyond the year 13000
SPARSEST = 8  # numbers are used as they are up to so many times as many numbers as rows


@dataclass(frozen=True)
class PackedSummary:
    """One row a customer, by customer id.

    Attributes:
        customer_id: In ascending order, shape (n,).
        histories: Of n customers.
        mean_repeat: Mean value of their repeat purchase days, 0 where none, shape (n,).
    """

    customer_id: pa.Array
    histories: Histories
    mean_repeat: FloatArray


def summarise_packed(purchases: pa.Table, *, until_day: int) -> PackedSummary:
    """Sum clean purchases up; several on one day are one.

    Args:
        purchases: ``customer_id`` (integers or strings), ``day`` (date32, or days since
            1970-01-01), ``amount`` (0 or more, major units); a row each, none null.
        until_day: Last day that counts, days since 1970-01-01; later rows are left out.

    Raises:
        ValueError: A value is missing or an amount is negative.
    """
    _check(purchases)
    day = purchases.column("day").cast(pa.int32()).to_numpy()
    amount = purchases.column("amount").cast(pa.float64()).to_numpy()
    ids, code, codes = _numbered(purchases.column("customer_id"))
    early = day <= until_day
    if not early.all():
        day, amount, code = day[early], amount[early], code[early]
    packed = code.astype(np.int64) << DAY_BITS
    packed |= day
    packed.sort()
    changes = np.empty(len(packed), dtype=np.bool_)
    changes[:1] = True
    np.not_equal(packed[1:], packed[:-1], out=changes[1:])
    packed = packed[changes]
    owner, days = packed >> DAY_BITS, packed & ((1 << DAY_BITS) - 1)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    ends = np.append(starts[1:], len(owner)) - 1
    first, last = days[starts], days[ends]
    x = (ends - starts).astype(np.int64)
    present = owner[starts]
    repeat = _repeat_value(code, day, amount, present=present, first=first, codes=codes)
    return PackedSummary(
        ids.take(pa.array(present)),
        Histories.from_days(x, last - first, until_day - first),
        np.divide(repeat, x, out=np.zeros(len(x)), where=x > 0),
    )


def _check(purchases: pa.Table) -> None:
    if any(purchases.column(name).null_count for name in ("customer_id", "day", "amount")):
        msg = "customer_id, day and amount must not be null"
        raise ValueError(msg)
    smallest = pc.min(purchases.column("amount")).as_py()
    if smallest is not None and smallest < 0:
        msg = "a negative amount is a refund; read such purchases with read_purchases"
        raise ValueError(msg)


def _numbered(column: pa.ChunkedArray) -> tuple["_Ids", IntArray, int]:
    """Customers as numbers from 0 on that sort as their ids do."""
    if pa.types.is_integer(column.type):
        bounds = pc.min_max(column)
        low, high = bounds["min"].as_py() or 0, bounds["max"].as_py() or 0
        if high - low < SPARSEST * max(len(column), 1):
            return _Ids(low, None), column.to_numpy() - low, high - low + 1
    ids = pc.unique(column)
    ids = ids.take(pc.sort_indices(ids))
    code = pc.index_in(column, value_set=ids).to_numpy().astype(np.int64, copy=False)
    return _Ids(0, ids), code, len(ids)


@dataclass(frozen=True)
class _Ids:
    low: int
    sorted: pa.Array | None

    def take(self, codes: pa.Array) -> pa.Array:
        return pc.add(codes, self.low) if self.sorted is None else self.sorted.take(codes)


def _repeat_value(
    code: IntArray,
    day: NDArray[np.int32],
    amount: FloatArray,
    *,
    present: IntArray,
    first: IntArray,
    codes: int,
) -> FloatArray:
    first_of = np.zeros(codes, dtype=np.int32)
    first_of[present] = first
    repeat = np.where(day > first_of[code], amount, 0.0)
    total: FloatArray = np.bincount(code, repeat, codes).astype(np.float64, copy=False)
    return total[present]
