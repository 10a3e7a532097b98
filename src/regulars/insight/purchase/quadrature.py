"""Means over a beta distribution and integrals over an interval, by Gauss's rules."""

from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
from scipy.linalg import eigh_tridiagonal

from regulars.insight.arrays import FloatArray

SMALLEST_CHANCE = 1e-30
FEWEST_NODES = 16
MOST_NODES = 512
AGREEMENT = 1e-12


@cache
def legendre(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss and Legendre on the interval from 0 to 1, shapes (nodes,)."""
    place, weight = np.polynomial.legendre.leggauss(nodes)
    return (place + 1) / 2, weight / 2


@lru_cache(maxsize=2048)
def beta_nodes(a: float, b: float, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights for the mean of a function of p, where p is Beta(a, b).

    The rule of Gauss and Jacobi from its three-term recurrence (Golub and Welsch 1969). The
    weights are a probability distribution, so no gamma function can overflow.

    Args:
        a: First parameter, above 0.
        b: Second parameter, above 0.
        nodes: How many; exact for polynomials up to degree 2 * nodes - 1.
    """
    k = np.arange(1, nodes, dtype=np.float64)
    total = a + b - 2
    centre = np.empty(nodes)
    centre[0] = a / (a + b)
    centre[1:] = (1 + (a - b) * total / ((2 * k + total) * (2 * k + total + 2))) / 2
    squares = np.empty(nodes - 1)
    squares[:1] = a * b / ((a + b) ** 2 * (a + b + 1))
    k = k[1:]
    squares[1:] = k * (k + b - 1) * (k + a - 1) * (k + total)
    squares[1:] /= (2 * k + total) ** 2 * (2 * k + total + 1) * (2 * k + total - 1)
    place, vectors = eigh_tridiagonal(centre, np.sqrt(squares))
    return np.clip(place, SMALLEST_CHANCE, 1.0), vectors[0] ** 2


def beta_nodes_for(
    function: Callable[[FloatArray], FloatArray], a: float, b: float
) -> tuple[FloatArray, FloatArray]:
    """As many nodes as the mean of ``function`` needs: doubled until two rules agree.

    Args:
        function: The least smooth of the functions that will be averaged, on arrays.
        a: First parameter of the beta distribution.
        b: Second parameter.
    """
    nodes = FEWEST_NODES
    place, weight = beta_nodes(a, b, nodes)
    mean = float((function(place) * weight).sum())
    while nodes < MOST_NODES:
        nodes *= 2
        finer_place, finer_weight = beta_nodes(a, b, nodes)
        finer = float((function(finer_place) * finer_weight).sum())
        if abs(finer - mean) <= AGREEMENT * abs(finer):
            break
        place, weight, mean = finer_place, finer_weight, finer
    return place, weight
