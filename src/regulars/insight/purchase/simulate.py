"""Customers drawn from a model: what it would see if it were right."""

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.histories import Histories
from regulars.insight.purchase.model import PurchaseModel


def simulate_histories(
    model: PurchaseModel, ages: FloatArray, rng: np.random.Generator, future_weeks: float
) -> tuple[Histories, IntArray]:
    """Draw customers with these ages and follow them on.

    Args:
        model: What people are like.
        ages: From the first purchase to the end of observation, in weeks, shape (n,).
        rng: Where chance comes from.
        future_weeks: How much longer they are followed.

    Returns:
        The histories up to the ages, and how often each bought in the weeks after, (n,).
    """
    customers = len(ages)
    rate = rng.gamma(model.params["r"], 1 / model.params["alpha"], customers)
    chance, stops_at = model.draw_stopping(customers, rng)
    return _follow(rate, chance, stops_at, ages=ages, until=ages + future_weeks, rng=rng)


def _follow(
    rate: FloatArray,
    chance: FloatArray,
    stops_at: FloatArray,
    *,
    ages: FloatArray,
    until: FloatArray,
    rng: np.random.Generator,
) -> tuple[Histories, IntArray]:
    """One purchase a round for all who go on, until nobody does."""
    x = np.zeros(len(ages), dtype=np.int64)
    future = np.zeros(len(ages), dtype=np.int64)
    t_x = np.zeros(len(ages))
    ends = np.minimum(stops_at, until)
    going = np.flatnonzero((rate > 0) & (ends > 0))
    clock = np.zeros(len(going))
    while len(going):
        clock = clock + rng.exponential(size=len(going)) / rate[going]
        buys = clock <= ends[going]
        going, clock = going[buys], clock[buys]
        seen = clock <= ages[going]
        x[going[seen]] += 1
        t_x[going[seen]] = clock[seen]
        future[going[~seen]] += 1
        goes_on = rng.random(len(going)) >= chance[going]
        going, clock = going[goes_on], clock[goes_on]
    return Histories(x, t_x, ages), future
