"""The few distinct moments at which the likelihoods of many customers have to be known.

Every likelihood of this package is a sum of two terms: one that depends on (x, T) and one that
depends on (x, t_x). Purchases are counted in whole days, so a million customers share some ten
thousand such pairs. A lattice lists the distinct pairs once; whatever is costly is computed there,
and a customer is two look-ups.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.histories import Histories
from regulars.kernel.clock import DAYS_PER_WEEK

DENSE_LIMIT = 1 << 23
IndexArray = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """Distinct pairs of a repeat count and a time ("slots"), sorted by count, then by time.

    Attributes:
        x: The distinct repeat counts, ascending, shape (k,).
        customers_by_x: How many customers have each of them, (k,).
        first_slot: Where the slots of each count begin, with the number of slots at the end, (k +
            1,).
        slot_x: The repeat count of each slot, (s,).
        slot_weeks: The time of each slot, in weeks, (s,); rises strictly within a count.
        last: The slot of (x, t_x) of each row, (n,).
        end: The slot of (x, T) of each row, (n,).
    """

    x: IntArray
    customers_by_x: FloatArray
    first_slot: IntArray
    slot_x: FloatArray
    slot_weeks: FloatArray
    last: IndexArray
    end: IndexArray

    @classmethod
    def of(cls, histories: Histories) -> "Lattice":
        """The lattice of some histories, one row a customer in their order."""
        x, x_of = _ranked(histories.x)
        grid, last_of, end_of = _time_grid(histories)
        key_last = x_of * len(grid) + last_of
        key_end = x_of * len(grid) + end_of
        keys, last, end = _numbered(key_last, key_end, len(x) * len(grid))
        slot_of_x, slot_of_time = np.divmod(keys, len(grid))
        return cls(
            x=x,
            customers_by_x=np.bincount(x_of, minlength=len(x)).astype(np.float64),
            first_slot=np.searchsorted(slot_of_x, np.arange(len(x) + 1)).astype(np.int64),
            slot_x=x[slot_of_x].astype(np.float64),
            slot_weeks=grid[slot_of_time],
            last=last,
            end=end,
        )

    def grouped(self) -> tuple["Lattice", FloatArray]:
        """The same with one row a distinct history, and how many customers have each."""
        slots = len(self.slot_x)
        keys, counts = np.unique(self.end.astype(np.int64) * slots + self.last, return_counts=True)
        end, last = np.divmod(keys, slots)
        grouped = replace(self, last=last.astype(np.int32), end=end.astype(np.int32))
        return grouped, counts.astype(np.float64)

    def ends(self) -> IntArray:
        """The slots at which somebody's observation ends, ascending."""
        seen = np.zeros(len(self.slot_x), dtype=np.bool_)
        seen[self.end] = True
        return np.flatnonzero(seen)


def _ranked(values: IntArray) -> tuple[IntArray, IntArray]:
    """Distinct values, ascending, and the place of each value among them."""
    if values.max(initial=0) >= DENSE_LIMIT or values.min(initial=0) < 0:
        distinct, place = np.unique(values, return_inverse=True)
        return distinct, place.astype(np.int64)
    counts = np.bincount(values)
    return np.flatnonzero(counts), (np.cumsum(counts > 0) - 1)[values]


def _time_grid(histories: Histories) -> tuple[FloatArray, IntArray, IntArray]:
    """Distinct times in weeks, and where on them each t_x and each age lies."""
    rows = len(histories)
    last_days, end_days = _whole_days(histories.t_x), _whole_days(histories.age)
    if last_days is not None and end_days is not None:
        days, place = _ranked(np.concatenate([last_days, end_days]))
        return days / DAYS_PER_WEEK, place[:rows], place[rows:]
    weeks, place = np.unique(np.concatenate([histories.t_x, histories.age]), return_inverse=True)
    return weeks, place[:rows].astype(np.int64), place[rows:].astype(np.int64)


def _whole_days(weeks: FloatArray) -> IntArray | None:
    """The times as days where every one of them is a whole number of days, else None."""
    if weeks.max(initial=0.0) >= DENSE_LIMIT / DAYS_PER_WEEK:
        return None
    days = np.rint(weeks * DAYS_PER_WEEK)
    if not np.array_equal(days / DAYS_PER_WEEK, weeks):
        return None
    return days.astype(np.int64)


def _numbered(
    key_last: IntArray, key_end: IntArray, possible: int
) -> tuple[IntArray, IndexArray, IndexArray]:
    """The distinct keys of two columns, ascending, and the number of each row's key in both."""
    if possible <= DENSE_LIMIT:
        seen = np.zeros(possible, dtype=np.bool_)
        seen[key_last] = True
        seen[key_end] = True
        number = (np.cumsum(seen, dtype=np.int32) - 1).astype(np.int32)
        return np.flatnonzero(seen), number[key_last], number[key_end]
    keys, place = np.unique(np.concatenate([key_last, key_end]), return_inverse=True)
    rows = len(key_last)
    return keys, place[:rows].astype(np.int32), place[rows:].astype(np.int32)
