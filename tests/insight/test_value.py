"""The value of customers: what is expected, how sure it is, and that nothing odd breaks it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.insight.histories import Histories
from regulars.insight.purchase import (
    MODELS,
    BgNbd,
    MbgNbd,
    ParetoNbd,
    fit_purchases,
    simulate_histories,
    total_interval,
)
from regulars.insight.spend import SpendModel, fit_spend
from regulars.insight.value import chance_of_none, customer_value, value_interval

BG = BgNbd(params={"r": 0.9, "alpha": 6.0, "a": 0.8, "b": 2.5})
MBG = MbgNbd(params={"r": 0.9, "alpha": 6.0, "a": 0.8, "b": 2.5})
PARETO = ParetoNbd(params={"r": 0.9, "alpha": 6.0, "s": 0.6, "beta": 12.0})
# About a purchase a week and hardly anybody leaves: what varies is what people spend.
STEADY = BgNbd(params={"r": 40.0, "alpha": 40.0, "a": 0.01, "b": 10.0})
SPEND = SpendModel(
    p=6.0,
    q=4.0,
    v=15.0,
    covariance=np.zeros((3, 3)),
    log_likelihood=-1.0,
    customers=1,
    observed_mean=30.0,
    observed_variation=0.7,
    frequency_correlation=None,
    correlation_p_value=None,
    dependent=False,
)
YEAR = {"horizon_weeks": 52.0, "discount_yearly": 0.1, "margin": 1.0, "coverage": 0.9}


def base(n=400, *, model=BG, seed=1):
    """Customers of the model, with true spend of their own, and what they buy in a year."""
    rng = np.random.default_rng(seed)
    histories, future = simulate_histories(model, rng.uniform(5, 100, n), rng, 52)
    scale = rng.gamma(SPEND.q, 1 / SPEND.v, n)
    counted = np.maximum(histories.x, 1)
    mean = np.where(histories.x > 0, rng.gamma(SPEND.p * counted) / counted / scale, 0.0)
    spent = rng.gamma(np.maximum(SPEND.p * future, 1e-300)) / scale * (future > 0)
    return histories, mean, spent


def test_value_is_margin_times_discounted_purchases_times_spend():
    histories, mean, _ = base()
    found = customer_value(BG, SPEND, histories, mean, **(YEAR | {"margin": 0.3}))
    discounted = BG.discounted(histories, 52.0, np.log(1.1) / 52)
    expected = 0.3 * discounted * SPEND.expected_spend(histories.x, mean)
    assert found.clv == pytest.approx(expected)
    assert found.expected_purchases == pytest.approx(BG.expected(histories, 52.0))
    assert found.spender_total == pytest.approx(expected.sum())


def test_a_discount_makes_the_year_worth_a_little_less_and_none_leaves_it_as_it_is():
    histories, mean, _ = base()
    found = customer_value(BG, SPEND, histories, mean, **YEAR)
    plain = customer_value(BG, SPEND, histories, mean, **(YEAR | {"discount_yearly": 0.0}))
    assert plain.clv == pytest.approx(plain.expected_purchases * plain.expected_spend)
    # At 10 % a year, purchases that come half a year from now on average lose under 5 %.
    assert 0.95 < found.spender_total / plain.spender_total < 0.97


def test_margin_and_horizon_can_differ_between_customers():
    histories, mean, _ = base(60)
    weeks = np.where(np.arange(60) < 30, 26.0, 52.0)
    margin = np.where(np.arange(60) < 30, 0.2, 0.5)
    mixed = customer_value(
        BG, SPEND, histories, mean, **(YEAR | {"horizon_weeks": weeks, "margin": margin})
    )
    for rows, horizon, share in ((slice(0, 30), 26.0, 0.2), (slice(30, 60), 52.0, 0.5)):
        alone = customer_value(
            BG, SPEND, histories, mean, **(YEAR | {"horizon_weeks": horizon, "margin": share})
        )
        assert mixed.clv[rows] == pytest.approx(alone.clv[rows], rel=1e-6)
        assert mixed.clv_high[rows] == pytest.approx(alone.clv_high[rows], rel=1e-5)


@pytest.mark.parametrize("model", [BG, MBG, PARETO, STEADY], ids=["bg", "mbg", "pareto", "steady"])
def test_the_variance_is_that_of_simulated_customers(model):
    # If each variance is right, so is their mean: that of the squared errors.
    histories, mean, spent = base(60_000, model=model, seed=4)
    settings = YEAR | {"discount_yearly": 0.0}
    found = customer_value(model, SPEND, histories, mean, **settings)
    assert spent.sum() == pytest.approx(found.spender_total, rel=0.02)
    assert ((spent - found.clv) ** 2).mean() == pytest.approx(found.clv_variance.mean(), rel=0.1)


@pytest.mark.parametrize("model", [BG, MBG, PARETO], ids=lambda model: model.name)
def test_one_in_twenty_comes_to_lie_above_their_interval_and_at_most_as_many_below(model):
    histories, mean, spent = base(20_000, model=model, seed=5)
    settings = YEAR | {"discount_yearly": 0.0}
    found = customer_value(model, SPEND, histories, mean, **settings)
    assert (spent > found.clv_high).mean() == pytest.approx(0.05, abs=0.015)
    # Nobody lies below an interval that begins at nothing.
    assert (spent < found.clv_low).mean() < 0.055


def test_the_chance_of_nothing_is_that_of_simulated_customers():
    for model in (BG, MBG, PARETO):
        rng = np.random.default_rng(6)
        histories, future = simulate_histories(model, rng.uniform(5, 100, 60_000), rng, 26)
        none = chance_of_none(*model.future_moments(histories, 26.0))
        assert ((none >= 0) & (none <= 1)).all()
        assert none.mean() == pytest.approx((future == 0).mean(), abs=0.015)


def test_the_interval_of_a_customer_has_the_mean_and_variance_that_it_is_made_from():
    # Drawn: nothing in 30 %, else gamma; 5 % and 95 % of it.
    rng = np.random.default_rng(7)
    drawn = rng.gamma(2.0, 10.0, 1_000_000) * (rng.random(1_000_000) >= 0.3)
    low, high = value_interval(
        np.array([14.0]), np.array([0.7 * 600 - 14.0**2]), np.array([0.3]), coverage=0.9
    )  # E[gamma^2] = 2 * 10^2 + 20^2 = 600
    assert low[0] == 0
    assert high[0] == pytest.approx(np.quantile(drawn, 0.95), rel=0.01)
    some = value_interval(
        np.array([14.0]), np.array([0.7 * 600 - 14.0**2]), np.array([0.3]), coverage=0.2
    )
    assert some[0][0] == pytest.approx(np.quantile(drawn, 0.4), rel=0.02)


def test_totals_without_spread_are_points():
    assert total_interval(0.0, 0.0, coverage=0.9) == (0.0, 0.0)
    assert total_interval(100.0, 0.0, coverage=0.9) == (100.0, 100.0)
    assert total_interval(1e-170, 1e-168, coverage=0.9) == (0.0, 1e-170)
    low, high = total_interval(100.0, 25.0, coverage=0.9)
    assert low == pytest.approx(100 - 1.645 * 5, abs=0.5)
    assert high == pytest.approx(100 + 1.645 * 5, abs=0.5)


@pytest.mark.parametrize("name", MODELS)
def test_uncertain_parameters_widen_the_interval_of_the_total(name):
    histories, mean, _ = base(500)
    unsure = fit_purchases(histories, model=name)
    sure = fit_purchases(histories, model=name, standard_errors=False)
    spend = fit_spend(histories.x, mean)
    wide = customer_value(unsure, spend, histories, mean, **YEAR).spender_interval
    narrow = customer_value(sure, SPEND, histories, mean, **YEAR).spender_interval
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


def test_parameters_that_are_not_identified_do_not_break_the_interval():
    histories, _, _ = base(200)
    everybody_spends_ten = np.where(histories.x > 0, 10.0, 0.0)
    spend = fit_spend(histories.x, everybody_spends_ten)
    found = customer_value(BG, spend, histories, everybody_spends_ten, **YEAR)
    assert found.expected_spend == pytest.approx(np.full(200, 10.0), rel=1e-3)
    low, high = found.spender_interval
    assert low < found.spender_total < high


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.integers(1, 500), st.floats(0, 1), st.floats(0, 5_000)),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([BG, MBG, PARETO]),
    st.floats(0, 1),
)
def test_values_are_finite_and_lie_in_order_for_any_history(rows, model, margin):
    x = np.array([row[0] for row in rows])
    age = np.array([float(row[1]) for row in rows])
    t_x = np.where(x > 0, age * [row[2] for row in rows], 0.0)
    mean = np.array([row[3] for row in rows])
    found = customer_value(
        model, SPEND, Histories(x, t_x, age), mean, **(YEAR | {"margin": margin})
    )
    for column in (found.clv, found.clv_variance, found.clv_low, found.clv_high):
        assert np.isfinite(column).all()
        assert (column >= 0).all()
    assert (found.clv_low <= found.clv_high).all()
    low, high = found.spender_interval
    assert 0 <= low <= high < np.inf
