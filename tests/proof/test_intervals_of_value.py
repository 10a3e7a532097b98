"""Intervals of the total value hold what comes: 90 % of a thousand simulated bases."""

import numpy as np
import pytest

from regulars.insight.purchase import BgNbd, MbgNbd, ParetoNbd, fit_purchases, simulate_histories
from regulars.insight.spend import fit_spend
from regulars.insight.value import customer_value

pytestmark = pytest.mark.proof

RUNS = 1_000
CUSTOMERS = 1_200
WEEKS_AHEAD = 52.0
P, Q, V = 6.0, 4.0, 15.0
TRUTHS = {
    "bg-nbd": BgNbd(params={"r": 0.6, "alpha": 5.0, "a": 0.8, "b": 2.5}),
    "mbg-nbd": MbgNbd(params={"r": 0.8, "alpha": 5.0, "a": 0.8, "b": 2.5}),
    "pareto-nbd": ParetoNbd(params={"r": 0.6, "alpha": 7.0, "s": 0.7, "beta": 12.0}),
}


def holds(name: str, seed: int) -> bool:
    """Draw a base, fit both models, and see whether the year to come lies in the interval."""
    rng = np.random.default_rng([seed, len(name)])
    histories, future = simulate_histories(
        TRUTHS[name], rng.uniform(10, 104, CUSTOMERS), rng, WEEKS_AHEAD
    )
    scale = rng.gamma(Q, 1 / V, CUSTOMERS)
    counted = np.maximum(histories.x, 1)
    mean = np.where(histories.x > 0, rng.gamma(P * counted) / counted / scale, 0.0)
    bought = future > 0
    spent = float((rng.gamma(P * future[bought]) / scale[bought]).sum())
    found = customer_value(
        fit_purchases(histories, model=name),
        fit_spend(histories.x, mean),
        histories,
        mean,
        horizon_weeks=WEEKS_AHEAD,
        discount_yearly=0.0,
        margin=1.0,
        coverage=0.9,
    )
    low, high = found.spender_interval
    return low <= spent <= high


@pytest.mark.parametrize("name", TRUTHS)
def test_between_870_and_930_of_a_thousand_intervals_hold_the_value_that_comes(name):
    held = sum(holds(name, seed) for seed in range(RUNS))
    assert 870 <= held <= 930
