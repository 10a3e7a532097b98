"""Exact maximum likelihood for the purchase models.

The four parameters are fitted as logarithms. A bounded quasi-Newton search on at most twenty
thousand customers finds the neighbourhood; Newton steps with that sample's curvature finish on
everybody, each a hundred times nearer than the one before.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from regulars.insight.arrays import BoolArray, FloatArray, spread_rows
from regulars.insight.histories import Histories
from regulars.insight.purchase.beta_geometric import BgNbd, MbgNbd
from regulars.insight.purchase.descent import AT_BOUND, Optimum, descend
from regulars.insight.purchase.errors import NotEnoughRepeats
from regulars.insight.purchase.lattice import Lattice
from regulars.insight.purchase.model import PurchaseModel, dot, row_blocks
from regulars.insight.purchase.pareto import ParetoNbd

KINDS: dict[str, type[PurchaseModel]] = {kind.name: kind for kind in (BgNbd, MbgNbd, ParetoNbd)}
MODELS = tuple(KINDS)

SAMPLE_CUSTOMERS = 20_000
LOWEST_LOG, HIGHEST_LOG = -9.0, 8.0
DIFFERENCE = 1e-4
WIDEST_DEVIATION = 10.0  # of the log of a parameter; beyond it the data say nothing
OWN_PART = 1e-3


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """The negative mean log-likelihood of some customers as a function of the log parameters."""

    kind: type[PurchaseModel]
    lattice: Lattice
    row_customers: FloatArray  # how many have each history of the lattice
    customers: float
    customers_at_end: FloatArray  # how many have each slot as their end

    @classmethod
    def of(cls, kind: type[PurchaseModel], histories: Histories) -> "Likelihood":
        """The likelihood of some histories under a kind of model."""
        lattice, row_customers = Lattice.of(histories).grouped()
        slots = len(lattice.slot_x)
        at_end = np.bincount(lattice.end, weights=row_customers, minlength=slots)
        return cls(
            kind=kind,
            lattice=lattice,
            row_customers=row_customers,
            customers=float(len(histories)),
            customers_at_end=at_end.astype(np.float64),
        )

    def __call__(self, log_params: FloatArray) -> tuple[float, FloatArray]:
        """Value and gradient, (4,)."""
        lattice = self.lattice
        terms = self.kind.from_log_params(log_params).terms(lattice)
        stopped = np.empty(len(lattice.end))
        total = dot(lattice.customers_by_x, terms.constant)
        total += dot(self.customers_at_end, terms.at_end)
        for rows in row_blocks(len(stopped)):
            odds = terms.at_last[lattice.last[rows]] - terms.at_end[lattice.end[rows]]
            share = expit(odds, out=stopped[rows])
            gain = np.maximum(odds, 0.0)
            np.abs(odds, out=odds)
            np.negative(odds, out=odds)
            np.exp(odds, out=odds)
            gain += np.log1p(odds, out=odds)
            total += dot(gain, self.row_customers[rows])
            share *= self.row_customers[rows]
        slots = len(lattice.slot_x)
        by_end = self.customers_at_end - np.bincount(lattice.end, weights=stopped, minlength=slots)
        by_last = np.bincount(lattice.last, weights=stopped, minlength=slots).astype(np.float64)
        gradient = terms.gradient(np.maximum(by_end, 0.0), by_last)
        return -float(total) / self.customers, -gradient / self.customers

    def curvature(self, log_params: FloatArray) -> FloatArray:
        """The matrix of second derivatives, (4, 4), by central differences of the gradient."""
        steps = DIFFERENCE * np.eye(4)
        differences = [self(log_params + step)[1] - self(log_params - step)[1] for step in steps]
        matrix = np.array(differences) / (2 * DIFFERENCE)
        return (matrix + matrix.T) / 2


def fit_purchases(
    histories: Histories, *, model: str, standard_errors: bool = True
) -> PurchaseModel:
    """Fit a purchase model by exact maximum likelihood.

    Args:
        histories: Of n customers, those with no repeat purchase included.
        model: One of ``MODELS``.
        standard_errors: Whether to compute the curvature at the optimum, for standard errors and
            for intervals of forecasts.

    Returns:
        The fitted model. A parameter that the data do not determine stops at a bound, far out.

    Raises:
        NotEnoughRepeats: Nobody has a repeat purchase.
    """
    kind = KINDS[model]
    if len(histories) == 0 or not histories.x.any() or not histories.age.any():
        raise NotEnoughRepeats(customers=len(histories))
    whole = Likelihood.of(kind, histories)
    sample = whole
    if len(histories) > 2 * SAMPLE_CUSTOMERS:
        some = histories.take(spread_rows(len(histories), SAMPLE_CUSTOMERS))
        if some.x.any():
            sample = Likelihood.of(kind, some)
    scale = float(np.log(histories.age[histories.age > 0].mean()))
    low, high = _bounds(kind, scale)
    best = _search(sample, histories, low=low, high=high)
    if sample is not whole:
        near = sample.curvature(best.point) if best.curvature is None else best.curvature
        best = descend(whole, best.point, near, low=low, high=high, sure=False)
    point, curvature = best.point, best.curvature
    fitted = replace(
        kind.from_log_params(point),
        log_likelihood=-best.value * whole.customers,
        customers=len(histories),
    )
    if not standard_errors:
        return fitted
    if curvature is None:
        curvature = whole.curvature(point)
    free = (point > low + AT_BOUND) & (point < high - AT_BOUND)
    covariance, known = invert_curvature(curvature * whole.customers, free)
    errors = {
        name: float(fitted.params[name] * np.sqrt(covariance[i, i])) if known[i] else None
        for i, name in enumerate(kind.parameter_names)
    }
    return replace(fitted, covariance=covariance, standard_errors=errors)


def invert_curvature(information: FloatArray, free: BoolArray) -> tuple[FloatArray, BoolArray]:
    """The covariance of the log parameters, and which of them the data determine.

    Directions in which the log-likelihood is flat, and parameters at a bound, are left out of the
    covariance.

    Args:
        information: Second derivatives of the negative log-likelihood, (4, 4).
        free: Which parameters are inside their bounds, (4,).
    """
    covariance = np.zeros_like(information)
    known = free.copy()
    places = np.flatnonzero(free)
    if len(places):
        values, vectors = np.linalg.eigh(information[np.ix_(places, places)])
        firm = values > WIDEST_DEVIATION**-2
        kept = vectors[:, firm]
        covariance[np.ix_(places, places)] = (kept / values[firm]) @ kept.T
        known[places] = (vectors[:, ~firm] ** 2).sum(axis=1) < OWN_PART
    return covariance, known


def _search(
    sample: Likelihood, histories: Histories, *, low: FloatArray, high: FloatArray
) -> Optimum:
    """The best of one descent, or of two where the first ends at a bound."""
    found = []
    gap = float(np.log(histories.age.sum() / histories.x.sum()))
    age = float(np.log(histories.age.mean()))
    for start in sample.kind.starting_points(gap=gap, age=age):
        point = np.clip(start, low, high)
        curvature = sample.curvature(point)
        optimum = descend(sample, point, curvature, low=low, high=high, sure=True)
        found.append(optimum)
        if np.all((optimum.point > low + AT_BOUND) & (optimum.point < high - AT_BOUND)):
            break
    return min(found, key=lambda optimum: optimum.value)


def _bounds(kind: type[PurchaseModel], scale: float) -> tuple[FloatArray, FloatArray]:
    """The lowest and highest log of each parameter; those in weeks move with the histories."""
    low, high = np.full(4, LOWEST_LOG), np.full(4, HIGHEST_LOG)
    in_weeks = np.isin(kind.parameter_names, ("alpha", "beta"))
    low[in_weeks] += scale
    high[in_weeks] += scale + 2.0
    return low, high
