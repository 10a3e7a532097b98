"""Intervals say how sure a forecast is."""

import numpy as np
import pytest

from regulars.insight.histories import Histories
from regulars.insight.purchase import (
    BgNbd,
    MbgNbd,
    ParetoNbd,
    PurchaseModel,
    count_interval,
    fit_purchases,
    forecast_total,
    simulate_histories,
)

MODELS = [
    BgNbd(params={"r": 0.6, "alpha": 4.0, "a": 0.7, "b": 2.5}),
    MbgNbd(params={"r": 0.8, "alpha": 4.0, "a": 0.7, "b": 2.5}),
    ParetoNbd(params={"r": 0.6, "alpha": 6.0, "s": 0.7, "beta": 12.0}),
]


def base(model: PurchaseModel, customers: int, weeks: float = 26.0) -> tuple[Histories, np.ndarray]:
    rng = np.random.default_rng(3)
    return simulate_histories(model, rng.integers(5, 80, customers).astype(float), rng, weeks)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_estimated_parameters_make_a_forecast_less_sure_than_known_ones(
    model: PurchaseModel,
) -> None:
    histories, _ = base(model, 1_000)
    fitted = fit_purchases(histories, model=model.name)
    estimated = forecast_total(fitted, histories, 26.0)
    known = forecast_total(fitted.with_log_params(fitted.log_params), histories, 26.0)
    assert estimated.expected == pytest.approx(float(fitted.expected(histories, 26.0).sum()))
    assert estimated.low < known.low < known.expected < known.high < estimated.high


def test_a_wider_coverage_gives_a_wider_interval() -> None:
    histories, _ = base(MODELS[0], 1_000)
    half, most = (forecast_total(MODELS[0], histories, 26.0, cover) for cover in (0.5, 0.95))
    assert most.low < half.low < half.high < most.high


def test_with_known_parameters_the_interval_is_that_of_the_sum_of_variances() -> None:
    """For a large total the quantiles are nearly normal: 1.645 standard deviations at 90 %."""
    histories, _ = base(MODELS[0], 20_000)
    total = forecast_total(MODELS[0], histories, 26.0, 0.9)
    deviation = float(np.sqrt(MODELS[0].variance(histories, 26.0).sum()))
    assert total.high - total.low == pytest.approx(2 * 1.645 * deviation, rel=0.01)


def test_the_variance_of_many_customers_is_taken_from_some() -> None:
    """Everybody three times: the total triples and its deviation grows by the root of three."""
    histories, _ = base(MODELS[0], 20_000)
    once = forecast_total(MODELS[0], histories, 26.0)
    thrice = forecast_total(MODELS[0], histories.take(np.tile(np.arange(20_000), 3)), 26.0)
    assert thrice.expected == pytest.approx(3 * once.expected)
    width = (thrice.high - thrice.low) / (once.high - once.low)
    assert width == pytest.approx(np.sqrt(3), rel=0.03)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_nothing_is_expected_in_no_time(model: PurchaseModel) -> None:
    histories, _ = base(model, 50)
    total = forecast_total(model, histories, 0.0)
    assert (total.expected, total.low, total.high) == (0.0, 0.0, 0.0)
    low, high = count_interval(model, histories, 0.0)
    assert not low.any()
    assert not high.any()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_customers_interval_holds_the_count_about_as_often_as_said(model: PurchaseModel) -> None:
    """Counts are whole, so nine in ten is the least; never below by more than chance and rounding."""
    histories, future = base(model, 20_000)
    low, high = count_interval(model, histories, 26.0, 0.9)
    held = (low <= future) & (future <= high)
    assert 0.89 < held.mean() < 0.995
    often = histories.x >= 5
    assert 0.88 < held[often].mean() < 0.98


def test_a_customers_interval_by_hand() -> None:
    """A BG/NBD newcomer who hardly ever stops and buys at a rate of nearly exactly one a week.

    In 4 weeks the count is Poisson with mean 4: P(Y <= 0) = .018, P(Y <= 1) = .092, P(Y <= 7) = .949 and
    P(Y <= 8) = .979, so the 5 % point is 1 and the 95 % point is 8.
    """
    steady = BgNbd(params={"r": 1e6, "alpha": 1e6, "a": 1e-6, "b": 1e3})
    newcomer = Histories(np.array([0]), np.array([0.0]), np.array([0.0]))
    low, high = count_interval(steady, newcomer, 4.0, 0.9)
    assert (low[0], high[0]) == (1, 8)


def test_a_customers_interval_for_hundreds_of_purchases() -> None:
    """Mean 400 by Poisson: 400 -+ 1.645 * 20 is about 367 to 433."""
    steady = BgNbd(params={"r": 1e7, "alpha": 1e7, "a": 1e-6, "b": 1e3})
    newcomer = Histories(np.array([0]), np.array([0.0]), np.array([0.0]))
    low, high = count_interval(steady, newcomer, 400.0, 0.9)
    assert low[0] == pytest.approx(367, abs=1)
    assert high[0] == pytest.approx(433, abs=1)


def test_who_is_probably_gone_has_an_interval_that_begins_at_nothing() -> None:
    gone = Histories(np.array([20]), np.array([20.0]), np.array([60.0]))
    for model in MODELS:
        assert model.p_alive(gone)[0] < 0.01
        low, high = count_interval(model, gone, 26.0)
        assert (low[0], high[0]) == (0, 0)


def test_a_total_that_is_next_to_nothing_still_has_an_interval() -> None:
    """Somebody who bought once and was never seen again for as good as for ever."""
    model = BgNbd(params={"r": 1e-170, "alpha": 1.0, "a": 1.0, "b": 1.0})
    never_again = Histories(np.array([0]), np.array([0.0]), np.array([5_000.0]))
    total = forecast_total(model, never_again, 1.0)
    assert 0 <= total.low <= total.high
    assert 0 < total.expected < 1e-150
