"""A fit is exact, does not depend on how the rows lie, and survives data that say little."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.insight.histories import Histories
from regulars.insight.purchase import (
    MODELS,
    BgNbd,
    MbgNbd,
    NotEnoughRepeats,
    ParetoNbd,
    PurchaseModel,
    count_interval,
    fit_purchases,
    forecast_total,
    simulate_histories,
)
from regulars.insight.purchase.fit import KINDS, Likelihood, invert_curvature

TRUTHS: dict[str, PurchaseModel] = {
    "bg-nbd": BgNbd(params={"r": 0.9, "alpha": 4.0, "a": 0.6, "b": 3.0}),
    "mbg-nbd": MbgNbd(params={"r": 0.9, "alpha": 4.0, "a": 0.6, "b": 3.0}),
    "pareto-nbd": ParetoNbd(params={"r": 0.9, "alpha": 8.0, "s": 0.8, "beta": 12.0}),
}
SAME = 1e-5  # of a parameter


def days(x: list[int], t_x: list[int], age: list[int]) -> Histories:
    return Histories.from_days(np.array(x), np.array(t_x), np.array(age))


def town(name: str, customers: int, seed: int = 0) -> Histories:
    rng = np.random.default_rng(seed)
    ages = rng.integers(20, 600, customers) / 7
    return simulate_histories(TRUTHS[name], ages, rng, 0.0)[0]


LITTLE = {
    "one customer": days([3], [20], [30]),
    "two customers": days([0, 1], [0, 5], [10, 20]),
    "all the same": days([3] * 50, [20] * 50, [30] * 50),
    "everybody bought on the last day": days([1, 2, 3, 4], [10, 20, 30, 40], [10, 20, 30, 40]),
    "one of a hundred came back": days([0] * 99 + [1], [0] * 99 + [1], [300] * 100),
    "hundreds of purchases": days([0, 300, 250, 1000], [0, 400, 300, 1200], [500, 500, 400, 1300]),
    "first bought today": days([0, 0, 2, 1], [0, 0, 4, 9], [0, 0, 10, 11]),
    "nobody stops": days([12] * 40, [84] * 40, [86] * 40),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("case", LITTLE)
def test_little_data_give_finite_numbers(name: str, case: str) -> None:
    histories = LITTLE[case]
    model = fit_purchases(histories, model=name)
    chance = model.p_alive(histories)
    assert np.all((chance >= 0) & (chance <= 1))
    for figures in (
        list(model.params.values()),
        model.log_likelihood_each(histories),
        model.expected(histories, 52.0),
        model.discounted(histories, 52.0, 0.002),
        model.variance(histories, 52.0),
        model.alive_weeks(histories),
        model.alive_weeks_ahead(histories, 52.0),
        model.covariance,
    ):
        assert np.all(np.isfinite(figures))
    total = forecast_total(model, histories, 52.0)
    assert 0 <= total.low <= total.high
    low, high = count_interval(model, histories, 52.0)
    assert np.all((low >= 0) & (low <= high))


@pytest.mark.parametrize("name", MODELS)
def test_nobody_came_back_is_said_plainly(name: str) -> None:
    with pytest.raises(NotEnoughRepeats) as raised:
        fit_purchases(days([0, 0, 0], [0, 0, 0], [10, 20, 30]), model=name)
    assert "None of the 3 customers" in str(raised.value)
    with pytest.raises(NotEnoughRepeats):
        fit_purchases(days([0, 0], [0, 0], [0, 0]), model=name)
    nobody = np.zeros(0, dtype=np.int64)
    with pytest.raises(NotEnoughRepeats):
        fit_purchases(Histories.from_days(nobody, nobody, nobody), model=name)


@pytest.mark.parametrize("name", MODELS)
def test_a_parameter_that_the_data_do_not_determine_has_no_standard_error(name: str) -> None:
    """Everybody buys every week and nobody stops: how people stop cannot be learned."""
    model = fit_purchases(days([12] * 40, [84] * 40, [86] * 40), model=name)
    assert model.standard_errors is not None
    stopping = model.parameter_names[2:]
    assert [model.standard_errors[name] for name in stopping] == [None, None]


def test_a_flat_direction_is_left_out_of_the_covariance() -> None:
    """Known only through their sum: 100 (u + v) ** 2 / 2; the others by 4 each."""
    information = np.diag([0.0, 0.0, 4.0, 4.0])
    information[:2, :2] = 100.0
    covariance, known = invert_curvature(information, np.array([True] * 4))
    # Along (1, 1) / sqrt(2) the curvature is 200, so the variance 1 / 200, half of it on each.
    assert covariance[:2, :2] == pytest.approx(np.full((2, 2), 1 / 400))
    assert np.diag(covariance)[2:] == pytest.approx([0.25, 0.25])
    assert known.tolist() == [False, False, True, True]


def test_standard_errors_can_be_left_out() -> None:
    model = fit_purchases(town("bg-nbd", 300), model="bg-nbd", standard_errors=False)
    assert model.standard_errors is None
    assert model.covariance is None


@pytest.mark.parametrize("name", MODELS)
def test_a_large_base_gives_back_the_parameters_it_was_drawn_from(name: str) -> None:
    """Sixty thousand customers: a search on a sample, then steps on everybody."""
    histories = town(name, 60_000)
    model = fit_purchases(histories, model=name)
    assert model.customers == 60_000
    assert model.standard_errors is not None
    for parameter, true in TRUTHS[name].params.items():
        error = model.standard_errors[parameter]
        assert error is not None
        assert abs(model.params[parameter] - true) < 4 * error
        assert error < 0.15 * true
    likelihood = Likelihood.of(KINDS[name], histories)
    _, gradient = likelihood(model.log_params)
    assert np.abs(gradient * 60_000).max() < 0.05  # of the log-likelihood, per unit of a log
    assert model.log_likelihood == pytest.approx(
        float(model.log_likelihood_each(histories).sum()), rel=1e-12
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_gradient_is_the_slope_of_the_likelihood(name: str) -> None:
    likelihood = Likelihood.of(KINDS[name], town(name, 400))
    point = TRUTHS[name].log_params + np.array([0.2, -0.1, 0.3, -0.2])
    value, gradient = likelihood(point)
    assert np.isfinite(value)
    for i, step in enumerate(1e-5 * np.eye(4)):
        slope = (likelihood(point + step)[0] - likelihood(point - step)[0]) / 2e-5
        assert gradient[i] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(name: str, seed: int) -> None:
    histories = town(name, 400, seed)
    mixed = histories.take(np.random.default_rng(seed).permutation(400))
    assert fit_purchases(mixed, model=name).params == pytest.approx(
        fit_purchases(histories, model=name).params, rel=SAME
    )


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_everybody_twice_gives_the_same_parameters_and_surer_ones(name: str, seed: int) -> None:
    histories = town(name, 1_500, seed)
    once = fit_purchases(histories, model=name)
    twice = fit_purchases(histories.take(np.tile(np.arange(1_500), 2)), model=name)
    assert twice.params == pytest.approx(once.params, rel=1e-3)
    assert twice.log_likelihood == pytest.approx(2 * once.log_likelihood, abs=1e-6)
    assert once.covariance is not None
    assert twice.covariance == pytest.approx(once.covariance / 2, rel=0.02, abs=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_whole_days_and_arbitrary_times_are_fitted_alike(name: str) -> None:
    """Times on no grid at all take another way through the lattice, to the same numbers."""
    histories = town(name, 800)
    whole = Histories.from_days(
        histories.x, np.rint(histories.t_x * 7).astype(int), np.rint(histories.age * 7).astype(int)
    )
    moved = Histories(whole.x, whole.t_x * (1 - 1e-9), whole.age)
    assert fit_purchases(moved, model=name).params == pytest.approx(
        fit_purchases(whole, model=name).params, rel=1e-4
    )


def test_pareto_nbd_in_a_base_where_weeks_are_counted_as_days() -> None:
    """A model knows no unit: in days alpha and beta are seven times larger, r and s the same."""
    weeks = town("pareto-nbd", 2_000)
    in_days = Histories(weeks.x, weeks.t_x * 7, weeks.age * 7)
    one, other = (fit_purchases(each, model="pareto-nbd").params for each in (weeks, in_days))
    assert other["r"] == pytest.approx(one["r"], rel=1e-4)
    assert other["s"] == pytest.approx(one["s"], rel=1e-4)
    assert other["alpha"] == pytest.approx(7 * one["alpha"], rel=1e-4)
    assert other["beta"] == pytest.approx(7 * one["beta"], rel=1e-4)
