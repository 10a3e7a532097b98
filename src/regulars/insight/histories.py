"""What a purchase model sees of a customer: three numbers in one unit of time."""

from dataclasses import dataclass

from regulars.insight.arrays import BoolArray, FloatArray, IntArray
from regulars.kernel.clock import DAYS_PER_WEEK


@dataclass(frozen=True)
class Histories:
    """The purchase histories of n customers.

    Attributes:
        x: Repeat purchases: days with a purchase after the first such day, shape (n,).
        t_x: From the first purchase to the last, in weeks, shape (n,); 0 where x is 0.
        age: From the first purchase to the end of observation (T in the papers), in weeks, (n,).
    """

    x: IntArray
    t_x: FloatArray
    age: FloatArray

    @classmethod
    def from_days(cls, x: IntArray, t_x_days: IntArray, age_days: IntArray) -> "Histories":
        """Histories counted in whole days, as they come out of a summary."""
        return cls(x, t_x_days / DAYS_PER_WEEK, age_days / DAYS_PER_WEEK)

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: IntArray | BoolArray) -> "Histories":
        """The histories of some customers, by index or mask."""
        return Histories(self.x[rows], self.t_x[rows], self.age[rows])
