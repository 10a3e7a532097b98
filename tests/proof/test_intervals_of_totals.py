"""Nine in ten intervals of a total hold it: a thousand simulated bases for each model."""

import numpy as np
import pytest

from regulars.insight.purchase import (
    BgNbd,
    MbgNbd,
    ParetoNbd,
    PurchaseModel,
    fit_purchases,
    forecast_total,
    simulate_histories,
)

pytestmark = pytest.mark.proof

RUNS = 1_000
FUTURE_WEEKS = 26.0
TRUTHS: dict[str, PurchaseModel] = {
    "bg-nbd": BgNbd(params={"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}),
    "mbg-nbd": MbgNbd(params={"r": 0.5248, "alpha": 6.1831, "a": 0.8914, "b": 1.6140}),
    "pareto-nbd": ParetoNbd(params={"r": 0.5533, "alpha": 10.5777, "s": 0.6062, "beta": 11.6687}),
}


def run(name: str, seed: int) -> tuple[bool, bool]:
    """Whether the total of one simulated base lies below the interval, and above it."""
    rng = np.random.default_rng(seed)
    ages = rng.integers(13, 79, rng.integers(1_000, 1_501)).astype(np.float64)
    histories, future = simulate_histories(TRUTHS[name], ages, rng, FUTURE_WEEKS)
    model = fit_purchases(histories, model=name)
    total = forecast_total(model, histories, FUTURE_WEEKS, 0.9)
    return bool(future.sum() < total.low), bool(future.sum() > total.high)


@pytest.mark.parametrize("name", TRUTHS)
def test_nine_in_ten_intervals_hold_the_total(name: str) -> None:
    """Parameters as of CDNOW; customers seen for 13 to 78 weeks, forecast for 26 more."""
    outside = [run(name, seed) for seed in range(RUNS)]
    below, above = (sum(side) for side in zip(*outside, strict=True))
    assert 870 <= RUNS - below - above <= 930
    assert below <= 80
    assert above <= 80
