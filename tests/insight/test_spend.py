"""The Gamma-Gamma model: published figures, and what it does where the formula breaks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from regulars.insight.spend import NotEnoughSpend, SpendModel, fit_spend


@pytest.fixture(scope="module")
def fitted(cdnow) -> SpendModel:
    return fit_spend(cdnow.histories.x, cdnow.mean_repeat)


def drawn(n: int, *, p: float, q: float, v: float, seed: int = 1):
    """Customers whose spend really is Gamma-Gamma, and does not depend on x."""
    rng = np.random.default_rng(seed)
    x = rng.geometric(0.3, n) - 1
    scale = rng.gamma(q, 1 / v, n)
    mean = rng.gamma(p * np.maximum(x, 1)) / np.maximum(x, 1) / scale
    return x, np.where(x > 0, mean, 0.0)


def test_the_published_fit_on_cdnow_comes_out(fitted):
    assert fitted.customers == 946
    assert fitted.p == pytest.approx(6.2496, abs=5e-5)
    assert fitted.q == pytest.approx(3.7442, abs=5e-5)
    assert fitted.v == pytest.approx(15.4435, abs=5e-4)
    assert fitted.log_likelihood == pytest.approx(-4055.9177, abs=5e-4)
    # gamma p / (q - 1) = 15.4435 * 6.2496 / 2.7442
    assert fitted.population_mean == pytest.approx(35.17, abs=0.005)


def test_the_likelihood_is_the_one_of_the_paper():
    x, mean = np.array([1, 2, 5]), np.array([10.0, 30.0, 12.0])
    model = fit_spend(x, mean)
    p, q, v = model.p, model.q, model.v
    each = (
        gammaln(p * x + q)
        - gammaln(p * x)
        - gammaln(q)
        + q * np.log(v)
        + (p * x - 1) * np.log(mean)
        + p * x * np.log(x)
        - (p * x + q) * np.log(v + mean * x)
    )
    assert model.log_likelihood == pytest.approx(each.sum(), abs=1e-6)


def test_a_customer_of_one_repeat_is_drawn_towards_the_population(fitted):
    # A first repeat of 100: (q - 1) of the population against p of the customer's own,
    # (2.7442 * 35.17 + 6.2496 * 100) / (2.7442 + 6.2496) = 80.22
    expected = fitted.expected_spend(np.array([1]), np.array([100.0]))
    assert expected[0] == pytest.approx(80.22, abs=0.005)


def test_who_never_came_back_or_whose_purchases_were_refunded_is_expected_to_spend_the_mean(fitted):
    expected = fitted.expected_spend(np.array([0, 3, 3]), np.array([0.0, 0.0, -5.0]))
    assert expected == pytest.approx(np.full(3, fitted.population_mean))


def test_customers_without_a_paid_repeat_do_not_enter_the_fit():
    x, mean = drawn(500, p=4, q=5, v=50)
    extended = fit_spend(np.append(x, [0, 4]), np.append(mean, [99.0, 0.0]))
    assert extended.params == fit_spend(x, mean).params


def test_parameters_are_recovered_within_their_standard_errors():
    model = fit_spend(*drawn(30_000, p=4, q=5, v=50))
    errors = model.standard_errors
    for name, truth in {"p": 4, "q": 5, "v": 50}.items():
        assert abs(model.params[name] - truth) < 3 * errors[name]
        assert 0 < errors[name] < 0.1 * truth


def test_the_currency_unit_changes_nothing_but_the_unit():
    x, mean = drawn(800, p=4, q=5, v=50)
    euros, cents = fit_spend(x, mean), fit_spend(x, mean * 100)
    assert cents.p == pytest.approx(euros.p, rel=1e-6)
    assert cents.q == pytest.approx(euros.q, rel=1e-6)
    assert cents.v == pytest.approx(100 * euros.v, rel=1e-6)


def test_a_population_without_a_mean_is_said_and_the_mean_of_the_repeaters_stands_in():
    model = fit_spend(*drawn(2_000, p=4, q=0.8, v=10))
    assert model.q < 1
    assert not model.mean_is_finite
    assert model.population_mean == model.observed_mean
    # Nothing to be drawn towards: their own mean is all that is known.
    assert model.expected_spend(np.array([2]), np.array([40.0]))[0] == pytest.approx(40.0)
    moments = model.moments(np.array([0, 1, 900]), np.array([0.0, 40.0, 40.0]))
    assert np.isfinite(moments.variance_between).all()
    assert np.isfinite(moments.variance_within).all()


def test_the_variance_of_a_purchase_has_the_two_parts_of_the_model():
    model = replace(fit_spend(*drawn(300, p=4, q=5, v=50)), p=4.0, q=5.0, v=50.0)
    # Of somebody new: purchases of mean M = 4 / nu with nu ~ Gamma(5, 50), drawn a million times.
    rng = np.random.default_rng(3)
    means = 4 / rng.gamma(5, 1 / 50, 1_000_000)
    moments = model.moments(np.array([0]), np.array([0.0]))
    assert moments.mean[0] == pytest.approx(50.0)
    assert moments.variance_between[0] == pytest.approx(means.var(), rel=0.05)
    assert moments.variance_within[0] == pytest.approx((means**2 / 4).mean(), rel=0.05)


def test_spend_that_moves_with_frequency_is_said():
    x, mean = drawn(2_000, p=4, q=5, v=50)
    independent = fit_spend(x, mean)
    assert abs(independent.frequency_correlation) < 0.1
    assert not independent.dependent
    dependent = fit_spend(x, mean * (1 + x))
    assert dependent.frequency_correlation > 0.2
    assert dependent.correlation_p_value < 0.01
    assert dependent.dependent


def test_nobody_with_a_paid_repeat_is_a_plain_sentence():
    with pytest.raises(NotEnoughSpend, match="spend cannot be modelled"):
        fit_spend(np.array([0, 2]), np.array([10.0, 0.0]))


@pytest.mark.parametrize(
    ("x", "mean"),
    [([1], [10.0]), ([1, 1, 1], [10.0, 10.0, 10.0]), ([1, 2], [0.01, 1e9]), ([5_000], [3.5])],
)
def test_the_smallest_and_the_oddest_bases_give_finite_figures(x, mean):
    model = fit_spend(np.array(x), np.array(mean))
    expected = model.expected_spend(np.array([0, *x]), np.array([0.0, *mean]))
    assert np.isfinite(expected).all()
    assert (expected > 0).all()
    assert np.isfinite(model.log_likelihood)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_customers_does_not_matter(seed, random):
    x, mean = drawn(300, p=4, q=5, v=50, seed=seed)
    order = np.array(random.sample(range(300), 300))
    model, again = fit_spend(x, mean), fit_spend(x[order], mean[order])
    assert again.log_likelihood == pytest.approx(model.log_likelihood, abs=1e-6)
    assert again.population_mean == pytest.approx(model.population_mean, rel=1e-4)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.floats(0.01, 10_000)), min_size=1, max_size=20
    ).filter(lambda rows: any(x for x, _ in rows))
)
def test_what_is_expected_lies_between_the_customer_and_the_population(rows):
    x, mean = (np.array(column) for column in zip(*rows, strict=True))
    model = fit_spend(x, mean)
    expected = model.expected_spend(x, mean)
    own = np.where(x > 0, mean, model.population_mean)
    low, high = (f(own, model.population_mean) for f in (np.minimum, np.maximum))
    assert (expected >= low * (1 - 1e-9)).all()
    assert (expected <= high * (1 + 1e-9)).all()
