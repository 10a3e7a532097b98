"""The arrays that everything is computed in: one-dimensional, one row a customer or a person."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def spread_rows(count: int, most: int) -> IntArray:
    """Rows of ``count``, evenly spread, at most ``most`` of them, the first one included."""
    return np.arange(0, count, max(1, -(-count // most)))
