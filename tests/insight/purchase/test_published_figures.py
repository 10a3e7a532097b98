"""The figures that the literature gives for CDNOW's sample come out."""

from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from regulars.insight.histories import Histories
from regulars.insight.purchase import BgNbd, ParetoNbd, PurchaseModel


class Seen(Protocol):
    """A base of customers, and what they bought later."""

    histories: Histories
    holdout_x: NDArray[np.int64]


FOUR_DIGITS = 5e-5
CLVTOOLS = 5e-4  # its optimiser stops that near; see test_the_pareto_optimum_is_the_true_one


def history(x: int, t_x: float, age: float) -> Histories:
    return Histories(np.array([x]), np.array([t_x]), np.array([age]))


@pytest.fixture
def bg(cdnow_fits: dict[str, PurchaseModel]) -> PurchaseModel:
    return cdnow_fits["bg-nbd"]


@pytest.fixture
def pareto(cdnow_fits: dict[str, PurchaseModel]) -> PurchaseModel:
    return cdnow_fits["pareto-nbd"]


def test_the_sample_is_the_papers_sample(cdnow: Seen) -> None:
    x = cdnow.histories.x
    assert len(x) == 2357
    assert (x == 0).sum() == 1411
    assert x.sum() == 2457
    assert x.max() == 29
    assert cdnow.holdout_x.sum() == 1882


def test_bg_nbd_parameters_to_four_digits(bg: PurchaseModel) -> None:
    published = {"r": 0.2425945, "alpha": 4.4136019, "a": 0.7929199, "b": 2.4258881}
    assert bg.params == pytest.approx(published, rel=FOUR_DIGITS)
    assert bg.log_likelihood == pytest.approx(-9582.429, abs=0.001)


def test_pareto_nbd_parameters(pareto: PurchaseModel) -> None:
    published = {"r": 0.55315, "alpha": 10.57633, "s": 0.60625, "beta": 11.6715}
    assert pareto.params == pytest.approx(published, rel=CLVTOOLS)
    vignette = {"r": 0.5534, "alpha": 10.578, "s": 0.6061, "beta": 11.669}
    assert pareto.params == pytest.approx(vignette, rel=CLVTOOLS)
    assert pareto.log_likelihood == pytest.approx(-9594.976, abs=0.001)


def test_the_pareto_optimum_is_the_true_one(pareto: PurchaseModel, cdnow: Seen) -> None:
    """The published parameters differ in the fourth digit; at both of them the fit is worse."""

    def log_likelihood(r: float, alpha: float, s: float, beta: float) -> float:
        params = {"r": r, "alpha": alpha, "s": s, "beta": beta}
        return float(ParetoNbd(params=params).log_likelihood_each(cdnow.histories).sum())

    here = log_likelihood(**pareto.params)
    assert here == pytest.approx(pareto.log_likelihood, abs=1e-8)
    assert here > log_likelihood(0.55315, 10.57633, 0.60625, 11.6715)
    assert here > log_likelihood(0.5534, 10.578, 0.6061, 11.669)


def test_log_likelihoods_of_two_customers(bg: PurchaseModel) -> None:
    assert bg.log_likelihood_each(history(2, 30.43, 38.86)) == pytest.approx(-9.4596, abs=1.5e-4)
    assert bg.log_likelihood_each(history(0, 0, 38.86)) == pytest.approx(-0.5538, abs=5e-5)


def test_expected_purchases_of_one_customer(bg: PurchaseModel) -> None:
    assert bg.expected(history(2, 30.43, 38.86), 39) == pytest.approx(1.226, abs=5e-4)


def test_expected_purchases_of_a_newcomer(bg: PurchaseModel) -> None:
    weeks = np.array([0.1429, 1, 3, 32, 78])
    published = [0.0078, 0.0532, 0.1506, 1.0437, 1.8576]
    assert bg.expected_new(weeks) == pytest.approx(published, abs=5e-4)
    assert bg.expected_new(weeks[:4]) == pytest.approx(published[:4], abs=5e-5)


def test_a_frequent_buyer_of_the_vignette(pareto: PurchaseModel) -> None:
    """26 repeat purchases, the last in week 30.86 of 31."""
    frequent = history(26, 30.86, 31)
    assert pareto.expected(frequent, 52) == pytest.approx(25.46, abs=0.005)
    assert pareto.p_alive(frequent) == pytest.approx(0.9979, abs=5e-5)


@pytest.mark.parametrize(
    ("name", "correlation", "error"), [("bg-nbd", 0.6256, 0.7855), ("pareto-nbd", 0.6302, 0.7545)]
)
def test_weeks_40_to_78_are_forecast_as_well_as_published(
    cdnow_fits: dict[str, PurchaseModel],
    cdnow: Seen,
    name: str,
    correlation: float,
    error: float,
) -> None:
    expected = cdnow_fits[name].expected(cdnow.histories, 39)
    assert np.corrcoef(expected, cdnow.holdout_x)[0, 1] == pytest.approx(correlation, abs=5e-4)
    assert np.abs(expected - cdnow.holdout_x).mean() == pytest.approx(error, abs=5e-4)


def test_standard_errors_are_known_and_moderate(cdnow_fits: dict[str, PurchaseModel]) -> None:
    for model in cdnow_fits.values():
        assert model.standard_errors is not None
        for name, error in model.standard_errors.items():
            assert error is not None
            assert 0 < error < model.params[name]


def test_standard_errors_follow_from_the_curvature_of_the_likelihood(
    bg: PurchaseModel, cdnow: Seen
) -> None:
    """The curvature by second differences of the likelihood alone, no gradient of ours involved."""
    step = 1e-3

    def total(*moves: np.ndarray) -> float:
        point = bg.log_params + np.sum(moves, axis=0)
        return float(BgNbd.from_log_params(point).log_likelihood_each(cdnow.histories).sum())

    unit = step * np.eye(4)
    information = np.array(
        [
            [
                -(total(i, j) - total(i, -j) - total(-i, j) + total(-i, -j)) / (4 * step**2)
                for j in unit
            ]
            for i in unit
        ]
    )
    covariance = np.linalg.inv(information)
    assert bg.covariance == pytest.approx(covariance, rel=1e-3, abs=1e-6)
    errors = [bg.standard_errors[name] / bg.params[name] for name in bg.parameter_names]
    assert errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-3)
