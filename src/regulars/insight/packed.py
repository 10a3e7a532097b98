"""Clean purchases in memory to histories, quickly: for notebooks and for measuring the models.

Customer and day are packed into one integer each, so that one sort of integers does the work of
grouping. Files with refunds, orders or anything to clean go through ``reading`` and ``summary``.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.histories import Histories

DAY_BITS = 22  # days since 1970-01-01 reach beyond the year 13000
DAY_MASK = (1 << DAY_BITS) - 1
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
    numbers = _Numbers.of(purchases.column("customer_id"))
    packed = _packed_days(purchases, numbers, until_day=until_day)
    later = np.flatnonzero((packed[1:] ^ packed[:-1]) >> DAY_BITS) + 1
    starts = np.concatenate([np.zeros(min(len(packed), 1), dtype=np.int64), later])
    ends = np.append(starts[1:], len(packed))[: len(starts)]
    present = packed[starts] >> DAY_BITS
    first, last = packed[starts] & DAY_MASK, packed[ends - 1] & DAY_MASK
    x = ends - starts - 1
    first_of = np.full(numbers.count, until_day, dtype=np.int32)
    first_of[present] = first
    repeat = _repeat_value(purchases, numbers, first_of, until_day=until_day)[present]
    return PackedSummary(
        numbers.ids(present),
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


@dataclass(frozen=True)
class _Numbers:
    """Customers as numbers from 0 on that sort as their ids do.

    Attributes:
        count: How many numbers there are; some may be nobody's.
        low: The id of number 0, where ids are integers that lie close together.
        sorted: The ids in order, where they are anything else.
    """

    count: int
    low: int
    sorted: pa.Array | None

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "_Numbers":
        if pa.types.is_integer(column.type):
            bounds = pc.min_max(column)
            low, high = bounds["min"].as_py() or 0, bounds["max"].as_py() or 0
            if high - low < SPARSEST * max(len(column), 1):
                return cls(high - low + 1, low, None)
        ids = pc.unique(column)
        return cls(len(ids), 0, ids.take(pc.sort_indices(ids)))

    def of_each(self, chunk: pa.Array) -> IntArray:
        """The numbers of a chunk of ids."""
        numbers = chunk if self.sorted is None else pc.index_in(chunk, value_set=self.sorted)
        return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.int64) - self.low

    def ids(self, numbers: IntArray) -> pa.Array:
        """The ids behind numbers."""
        if self.sorted is None:
            return pa.array(numbers + self.low)
        return self.sorted.take(pa.array(numbers))


def _packed_days(purchases: pa.Table, numbers: _Numbers, *, until_day: int) -> IntArray:
    """Customer and day in one integer each, in order, each once."""
    packed = np.empty(len(purchases), dtype=np.int64)
    end = 0
    for batch in purchases.to_batches():
        day = _days(batch)
        early = day <= until_day
        rows = int(early.sum())
        owner = numbers.of_each(batch.column("customer_id"))
        packed[end : end + rows] = (owner[early] << DAY_BITS) | day[early]
        end += rows
    packed = packed[:end]
    packed.sort()
    new = np.ones(end, dtype=np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=new[1:])
    return packed[new]


def _repeat_value(
    purchases: pa.Table, numbers: _Numbers, first_of: NDArray[np.int32], *, until_day: int
) -> FloatArray:
    """What each number brought after its first day, chunk by chunk to stay small."""
    total = np.zeros(numbers.count)
    for batch in purchases.to_batches():
        day, owner = _days(batch), numbers.of_each(batch.column("customer_id"))
        repeat = (day > first_of[owner]) & (day <= until_day)
        amount = batch.column("amount").cast(pa.float64()).to_numpy(zero_copy_only=False)
        np.add.at(total, owner[repeat], amount[repeat])
    return total


def _days(batch: pa.RecordBatch) -> NDArray[np.int32]:
    days: NDArray[np.int32] = batch.column("day").cast(pa.int32()).to_numpy(zero_copy_only=False)
    return days
