"""What a model tells of customers holds together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.insight.histories import Histories
from regulars.insight.purchase import BgNbd, MbgNbd, ParetoNbd, PurchaseModel, simulate_histories

KINDS = [BgNbd, MbgNbd, ParetoNbd]
parameter = st.floats(0.05, 20.0)


@st.composite
def models(draw: st.DrawFn) -> PurchaseModel:
    kind = draw(st.sampled_from(KINDS))
    return kind(params={name: draw(parameter) for name in kind.parameter_names})


@st.composite
def customers(draw: st.DrawFn) -> Histories:
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 60), st.floats(0, 1), st.floats(0.2, 200)),
            min_size=1,
            max_size=20,
        )
    )
    x = np.array([row[0] for row in rows])
    age = np.array([row[2] for row in rows])
    t_x = np.where(x > 0, age * np.array([row[1] for row in rows]), 0.0)
    return Histories(x, t_x, age)


@settings(max_examples=50, deadline=None)
@given(model=models(), histories=customers())
def test_p_alive_is_a_probability(model: PurchaseModel, histories: Histories) -> None:
    chance = model.p_alive(histories)
    assert np.all((chance >= 0) & (chance <= 1))
    newcomers = histories.x == 0
    if isinstance(model, BgNbd):
        assert np.all(chance[newcomers] == 1)
    else:
        assert np.all(chance[newcomers] < 1)


@settings(max_examples=50, deadline=None)
@given(model=models(), histories=customers(), weeks=st.floats(0.1, 200), more=st.floats(0.1, 100))
def test_the_farther_ahead_the_more_purchases(
    model: PurchaseModel, histories: Histories, weeks: float, more: float
) -> None:
    near, far = model.expected(histories, weeks), model.expected(histories, weeks + more)
    assert np.all(near >= 0)
    assert np.all(far >= near * (1 - 1e-12))
    assert np.all(model.expected(histories, 0.0) == 0)


@settings(max_examples=50, deadline=None)
@given(model=models(), histories=customers(), weeks=st.floats(0.1, 200))
def test_nobody_is_active_longer_than_they_are_watched(
    model: PurchaseModel, histories: Histories, weeks: float
) -> None:
    so_far, ahead = model.alive_weeks(histories), model.alive_weeks_ahead(histories, weeks)
    assert np.all(so_far >= histories.t_x)
    assert np.all(so_far <= histories.age * (1 + 1e-12))
    assert np.all((ahead >= 0) & (ahead <= weeks * model.p_alive(histories) * (1 + 1e-9)))


@settings(max_examples=50, deadline=None)
@given(model=models(), histories=customers(), weeks=st.floats(0.1, 200))
def test_one_distance_for_all_equals_a_distance_each(
    model: PurchaseModel, histories: Histories, weeks: float
) -> None:
    each = np.full(len(histories), weeks)
    expected = model.expected(histories, weeks)
    assert model.expected(histories, each) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(model=models(), histories=customers(), horizon=st.floats(1, 260), rate=st.floats(0.0, 0.01))
def test_discounting_equals_a_fine_sum_over_time(
    model: PurchaseModel, histories: Histories, horizon: float, rate: float
) -> None:
    """Purchases of 4,000 short steps, each discounted from its middle; the steps are what is off."""
    steps = 4_000
    times = horizon * np.linspace(0, 1, steps + 1) ** 2  # finer near now, where things bend
    one = histories.take(np.array([0]))
    upto = model.expected(
        Histories(*(np.repeat(part, steps) for part in (one.x, one.t_x, one.age))), times[1:]
    )
    bought = np.diff(upto, prepend=0.0)
    discounts = np.exp(-rate * (times[1:] + times[:-1]) / 2)
    found = model.discounted(one, horizon, rate)[0]
    assert found == pytest.approx(float(bought @ discounts), rel=5e-6, abs=1e-9)
    assert found <= upto[-1] * (1 + 1e-12)


@pytest.mark.parametrize(("lowest", "highest", "most"), [(0.05, 20.0, 1e-11), (0.005, 200.0, 1e-7)])
@pytest.mark.parametrize("kind", KINDS)
def test_discounting_is_as_exact_as_is_said(
    kind: type[PurchaseModel], lowest: float, highest: float, most: float
) -> None:
    """Held against 24 nodes on each of 50 stretches of time, with parameters near and far from one another."""
    rng = np.random.default_rng(7)
    place, weight = np.polynomial.legendre.leggauss(24)
    for _ in range(40):
        ends = rng.choice([lowest, highest, 1.0], size=4)
        between = np.exp(rng.uniform(np.log(lowest), np.log(highest), size=4))
        values = np.where(rng.uniform(size=4) < 0.3, ends, between)
        model = kind(params=dict(zip(kind.parameter_names, values.tolist(), strict=True)))
        x, age = float(rng.choice([0, 1, 5, 60])), float(rng.choice([0.2, 30, 200]))
        horizon, rate = float(rng.choice([1, 52, 260])), float(rng.choice([0.002, 0.01]))
        edges = np.concatenate([[0.0], np.geomspace(1e-6, horizon, 50)])
        half, middle = np.diff(edges)[:, None] / 2, (edges[1:] + edges[:-1])[:, None] / 2
        weeks, share = (middle + half * place).ravel(), (half * weight).ravel()
        upto = model.count_if_alive(np.full(len(weeks), x), np.full(len(weeks), age), weeks)
        end = model.count_if_alive(np.array([x]), np.array([age]), np.array([horizon]))[0]
        fine = np.exp(-rate * horizon) * end + rate * float((share * np.exp(-rate * weeks)) @ upto)
        one = Histories(np.array([int(x)]), np.array([age if x else 0.0]), np.array([age]))
        found = model.discounted_if_alive(one, horizon, rate)[0]
        assert found == pytest.approx(fine, rel=most, abs=1e-300)


def test_without_a_rate_discounted_purchases_are_purchases() -> None:
    model = BgNbd(params={"r": 0.24, "alpha": 4.4, "a": 0.79, "b": 2.4})
    histories = Histories(np.array([0, 2]), np.array([0.0, 30.43]), np.array([38.86, 38.86]))
    assert model.discounted(histories, 52.0, 0.0) == pytest.approx(model.expected(histories, 52.0))


@pytest.mark.parametrize("kind", KINDS)
def test_expectation_and_variance_are_those_of_simulated_customers(
    kind: type[PurchaseModel],
) -> None:
    """Two hundred thousand people: those with like histories buy as often as foretold, and vary so.

    Seen for 10 weeks and followed for 20. Over everybody, the variance of the future is the mean of the
    variances given the histories plus the variance of the expectations.
    """
    values = (0.8, 4.0, 0.7, 9.0) if kind is ParetoNbd else (0.8, 4.0, 0.7, 2.0)
    model = kind(params=dict(zip(kind.parameter_names, values, strict=True)))
    rng = np.random.default_rng(11)
    people = 200_000
    histories, future = simulate_histories(model, np.full(people, 10.0), rng, 20.0)
    expected, variance = model.expected(histories, 20.0), model.variance(histories, 20.0)
    spread = float(future.std()) / np.sqrt(people)
    assert future.mean() == pytest.approx(expected.mean(), abs=4 * spread)
    assert future.var() == pytest.approx(variance.mean() + expected.var(), rel=0.05)
    few, many = histories.x == 0, histories.x >= 4
    for group in (few, many):
        spread = float(future[group].std()) / np.sqrt(group.sum())
        assert future[group].mean() == pytest.approx(expected[group].mean(), abs=4 * spread)
    repeats = float(histories.x.std()) / np.sqrt(people)
    assert histories.x.mean() == pytest.approx(float(model.expected_new(10.0)), abs=4 * repeats)


@pytest.mark.parametrize("kind", KINDS)
def test_other_parameters_make_another_model(kind: type[PurchaseModel]) -> None:
    model = kind(params=dict.fromkeys(kind.parameter_names, 2.0))
    moved = model.with_log_params(model.log_params + np.log([1.0, 2.0, 3.0, 4.0]))
    assert list(moved.params.values()) == pytest.approx([2.0, 4.0, 6.0, 8.0])
    assert moved.name == model.name
    assert model.unit == "week"


def test_times_beyond_a_whole_number_of_days_and_very_long_ones_are_taken_as_they_are() -> None:
    model = ParetoNbd(params={"r": 0.6, "alpha": 10.0, "s": 0.6, "beta": 12.0})
    apart = Histories(np.array([3, 3]), np.array([1.234567, 1e7]), np.array([9.87654, 3e7]))
    assert np.all(np.isfinite(model.log_likelihood_each(apart)))
    assert np.all(model.p_alive(apart) > 0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_customers_have_no_figures(kind: type[PurchaseModel]) -> None:
    model = kind(params=dict.fromkeys(kind.parameter_names, 2.0))
    nobody = Histories(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    assert model.p_alive(nobody).shape == (0,)
    assert model.expected(nobody, 52.0).shape == (0,)
    assert model.discounted(nobody, np.zeros(0), 0.002).shape == (0,)
    assert model.alive_weeks(nobody).shape == (0,)
