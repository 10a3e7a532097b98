"""Our numbers against the papers' own formulas, in sixty digits."""

import mpmath as mp
import numpy as np
import pytest

from regulars.insight.histories import Histories
from regulars.insight.purchase import BgNbd, MbgNbd, ParetoNbd, PurchaseModel

mp.mp.dps = 60

PARETO = [
    (0.5533, 10.578, 0.6062, 11.669),  # CDNOW
    (0.6, 12.0, 0.7, 7.0),  # alpha above beta
    (2.0, 5.0, 1.0, 5.0),  # s = 1, alpha = beta
    (0.01, 0.05, 0.003, 200.0),  # hardly anybody returns, hardly anybody stops
    (5.0, 0.1, 1.0, 0.001),
    (30.0, 3.0, 40.0, 1e4),  # everybody alike
    (1e-3, 100.0, 50.0, 1.0),
]
COINS = [
    (0.2426, 4.4136, 0.7929, 2.4259),  # CDNOW
    (0.24, 4.4, 1.0 + 1e-9, 2.4),  # beside the singularity of the usual formula
    (0.24, 4.4, 2.5, 0.3),
    (0.01, 0.05, 0.003, 0.2),
    (30.0, 0.5, 5.0, 1e3),
    (200.0, 100.0, 0.5, 50.0),
    (3.0, 3.0, 500.0, 2000.0),
]
HISTORIES = [
    (0, 0.0, 38.86),
    (0, 0.0, 0.0),
    (2, 30.43, 38.86),
    (7, 38.0, 38.0),  # bought on the last day
    (300, 50.0, 52.0),
    (2500, 400.0, 1000.0),
]


def one(x: int, t_x: float, age: float) -> Histories:
    return Histories(np.array([x]), np.array([t_x]), np.array([age]))


def named(kind: type[PurchaseModel], values: tuple[float, ...]) -> PurchaseModel:
    return kind(params=dict(zip(kind.parameter_names, values, strict=True)))


def pareto_log_likelihood(values: tuple[float, ...], x: int, t_x: float, age: float) -> mp.mpf:
    """Fader and Hardie (2005), "A note on deriving the Pareto/NBD model", with both cases of 2F1."""
    r, alpha, s, beta, t_x, age = map(mp.mpf, (*values, t_x, age))
    power = r + s + x

    def integral(time: mp.mpf) -> mp.mpf:
        if alpha >= beta:
            z = (alpha - beta) / (alpha + time)
            return mp.hyp2f1(power, s + 1, power + 1, z) / (alpha + time) ** power
        z = (beta - alpha) / (beta + time)
        return mp.hyp2f1(power, r + x, power + 1, z) / (beta + time) ** power

    active = (alpha + age) ** -(r + x) * (beta + age) ** -s
    stopped = s / power * (integral(t_x) - integral(age))
    return mp.log(mp.gamma(r + x) / mp.gamma(r) * alpha**r * beta**s * (active + stopped))


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("values", PARETO)
def test_pareto_likelihood(values: tuple[float, ...], history: tuple[int, float, float]) -> None:
    expected = float(mp.re(pareto_log_likelihood(values, *history)))
    found = named(ParetoNbd, values).log_likelihood_each(one(*history))
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-10)


def coin_log_likelihood(
    values: tuple[float, ...], coins: int, history: tuple[int, float, float]
) -> mp.mpf:
    """Fader, Hardie, Lee (2005), equation 6; with one coin more, Batislam et al. (2007)."""
    r, alpha, a, b = map(mp.mpf, values)
    x, t_x, age = history
    both = mp.beta(a, b + x + coins) / mp.beta(a, b) * (alpha + age) ** -(r + x)
    if x + coins > 0:
        both += mp.beta(a + 1, b + x + coins - 1) / mp.beta(a, b) * (alpha + t_x) ** -(r + x)
    return mp.log(mp.gamma(r + x) / mp.gamma(r) * alpha**r * both)


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("values", COINS)
@pytest.mark.parametrize("kind", [BgNbd, MbgNbd])
def test_coin_likelihood(
    kind: type[BgNbd | MbgNbd], values: tuple[float, ...], history: tuple[int, float, float]
) -> None:
    expected = float(coin_log_likelihood(values, kind.coins_at_first, history))
    found = named(kind, values).log_likelihood_each(one(*history))
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("weeks", [1.0, 52.0])
@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("values", COINS)
@pytest.mark.parametrize("kind", [BgNbd, MbgNbd])
def test_expected_purchases_by_the_hypergeometric_function(
    kind: type[BgNbd | MbgNbd],
    values: tuple[float, ...],
    history: tuple[int, float, float],
    weeks: float,
) -> None:
    """Fader, Hardie, Lee (2005), equation 10: the same sum, computed in another way."""
    r, alpha, a, b = map(mp.mpf, values)
    x, t_x, age = history
    stay = b + x + kind.coins_at_first
    z = weeks / (alpha + age + weeks)
    if_active = (
        (a + stay - 1)
        / (a - 1)
        * (1 - (1 - z) ** (r + x) * mp.hyp2f1(r + x, stay, a + stay - 1, z))
    )
    stopped = 0
    if x + kind.coins_at_first > 0:
        stopped = a / (stay - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x)
    model = named(kind, values)
    assert model.p_alive(one(*history)) == pytest.approx(float(1 / (1 + stopped)), rel=1e-9)
    expected = float(if_active / (1 + stopped))
    assert model.expected(one(*history), weeks) == pytest.approx(expected, rel=1e-9, abs=1e-200)


def test_expected_purchases_at_a_equal_to_one() -> None:
    """At a = 1 the usual formula divides by zero; the limit from both sides agrees with us."""
    sides = [
        named(BgNbd, (0.24, 4.4, a, 2.4)).expected(one(2, 30.43, 38.86), 52.0)[0]
        for a in (1 - 1e-7, 1.0, 1 + 1e-7)
    ]
    assert sides[1] == pytest.approx((sides[0] + sides[2]) / 2, rel=1e-11)


def test_expected_purchases_at_s_equal_to_one_and_two() -> None:
    for middle in (1.0, 2.0):
        moments = [
            named(ParetoNbd, (0.6, 10.0, s, 12.0)).future_moments(one(2, 30.43, 38.86), 52.0)
            for s in (middle - 1e-7, middle, middle + 1e-7)
        ]
        for below, at, above in zip(*moments, strict=True):
            assert at == pytest.approx((below + above) / 2, rel=1e-7)


@pytest.mark.parametrize("values", PARETO[:3])
def test_pareto_p_alive_and_time_active_are_integrals_of_the_definition(
    values: tuple[float, ...],
) -> None:
    """Active up to T with its likelihood, or stopped at tau between t_x and T with that of tau."""
    r, alpha, s, beta = map(mp.mpf, values)
    x, t_x, age = 2, mp.mpf("30.43"), mp.mpf("38.86")

    def stopped(tau: mp.mpf) -> mp.mpf:
        return s * (alpha + tau) ** -(r + x) * (beta + tau) ** -(s + 1)

    active = (alpha + age) ** -(r + x) * (beta + age) ** -s
    whole = active + mp.quad(stopped, [t_x, age])
    time = active * age + mp.quad(lambda tau: tau * stopped(tau), [t_x, age])
    model = named(ParetoNbd, values)
    history = one(2, 30.43, 38.86)
    assert model.p_alive(history) == pytest.approx(float(active / whole), rel=1e-10)
    assert model.alive_weeks(history) == pytest.approx(float(time / whole), rel=1e-10)


@pytest.mark.parametrize("kind", [BgNbd, MbgNbd, ParetoNbd])
def test_a_customer_counts_the_same_alone_and_among_others(kind: type[PurchaseModel]) -> None:
    model = named(kind, (0.5, 8.0, 0.7, 3.0))
    rng = np.random.default_rng(5)
    age = rng.uniform(0, 80, 300)
    many = Histories(rng.integers(0, 40, 300), age * rng.random(300), age)
    together = model.log_likelihood_each(many)
    for row in range(0, 300, 17):
        alone = model.log_likelihood_each(many.take(np.array([row])))
        assert together[row] == pytest.approx(alone[0], rel=1e-11)
