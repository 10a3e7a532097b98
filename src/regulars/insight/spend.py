"""What a customer spends at a purchase: the Gamma-Gamma model.

Source: Fader, Hardie, Lee (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base
Analysis", Journal of Marketing Research 42(4); Fader, Hardie (2013), "The Gamma-Gamma Model of
Monetary Value". The value of a purchase is Gamma(p, nu), where each customer has a nu of their own
and those are Gamma(q, v). Only repeat purchases count, and only customers who have some.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln
from scipy.stats import pearsonr

from regulars.insight.arrays import BoolArray, FloatArray, IntArray, spread_rows
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark

PARAMS = ("p", "q", "v")
# Beyond these (e^-9 to e^14) the likelihood is flat: everybody spends the same, or anything at all.
LOG_BOUNDS = (-9.0, 14.0)
WARM_START_CUSTOMERS = 20_000
FRESH_STARTS = 20
LEAST_GAIN = 1e-9
NEWTON_STEPS = 12
LAST_STEP = 1e-10
LEAST_CURVATURE = 1e-9  # of the steepest direction's, for a direction to count as identified
LEAST_PART = 1e-3  # of an unidentified direction, for a parameter to count as moved by it
# Spend counts as dependent on frequency where a correlation is beyond chance and not negligible;
# 0.1 is where Cohen (1988) begins to call a correlation small.
DEPENDENCE_CORRELATION = 0.1
DEPENDENCE_P_VALUE = 0.01
FEWEST_FOR_CORRELATION = 3


class NotEnoughSpend(RegularsError):
    """No customer has a repeat purchase of positive value."""

    code = "not_enough_spend"
    sentence = mark(
        "No customer came back for a purchase of positive value, so spend cannot be modelled."
    )


@dataclass(frozen=True, kw_only=True)
class SpendMoments:
    """What is known of the value of a customer's future purchases, each of shape (n,).

    Attributes:
        mean: Expected value of one purchase.
        variance_between: Variance of the customer's own true mean, given what they spent so far.
        variance_within: Expected variance of one purchase about that mean.
    """

    mean: FloatArray
    variance_between: FloatArray
    variance_within: FloatArray


@dataclass(frozen=True, kw_only=True)
class SpendModel:
    """A fitted Gamma-Gamma model, in the unit of money that it was fitted in.

    Attributes:
        p: Shape of a customer's purchases.
        q: Shape of the customers' scales.
        v: Scale of the customers' scales (gamma in the papers), in units of money.
        covariance: Of the logarithms of p, q, v, shape (3, 3); nan where not identified.
        log_likelihood: At the maximum, over the customers used.
        customers: With a repeat purchase of positive mean value; only they are used.
        observed_mean: Their unweighted mean spend, in units of money.
        observed_variation: Coefficient of variation of their mean spends.
        frequency_correlation: Pearson's, of x with mean spend over them; None where undefined.
        correlation_p_value: How often chance alone would correlate them so; None where undefined.
        dependent: Whether spend moves with frequency, against the model's assumption: the
            correlation is at least 0.1 in size and its p-value below 0.01.
    """

    p: float
    q: float
    v: float
    covariance: FloatArray
    log_likelihood: float
    customers: int
    observed_mean: float
    observed_variation: float
    frequency_correlation: float | None
    correlation_p_value: float | None
    dependent: bool
    name: str = "gamma-gamma"

    @property
    def params(self) -> dict[str, float]:
        """p, q and v by name."""
        return {name: float(getattr(self, name)) for name in PARAMS}

    @property
    def log_params(self) -> FloatArray:
        """The logarithms of p, q and v, shape (3,)."""
        return np.log([self.p, self.q, self.v])

    @property
    def standard_errors(self) -> dict[str, float]:
        """Of p, q and v, by name; nan where the data do not identify the parameter."""
        with np.errstate(invalid="ignore"):
            log_errors = np.sqrt(np.diag(self.covariance))
        return {
            name: float(value * error)
            for (name, value), error in zip(self.params.items(), log_errors, strict=True)
        }

    @property
    def mean_is_finite(self) -> bool:
        """Whether the population has a mean, that is q > 1; else ``observed_mean`` stands in."""
        return self.q > 1

    @property
    def population_mean(self) -> float:
        """Expected spend of somebody of whom nothing is known, in units of money."""
        return self.v * self.p / (self.q - 1) if self.mean_is_finite else self.observed_mean

    def expected_spend(self, x: IntArray, mean_repeat: FloatArray) -> FloatArray:
        """Expected value of a future purchase, given the mean of the repeat purchases.

        A weighted mean of the population's and the customer's own: E = w mu + (1 - w) m with
        w = (q - 1) / (p x + q - 1). Where the population has no mean (q <= 1), w is 0.

        Args:
            x: Repeat purchases, shape (n,).
            mean_repeat: Their mean value, shape (n,); not read where x is 0.

        Returns:
            Shape (n,); the population mean where x is 0 or the mean is not positive.
        """
        known = (x > 0) & (mean_repeat > 0)
        weight = np.ones(len(x))
        weight[known] = max(self.q - 1, 0.0) / (self.p * x[known] + max(self.q - 1, 0.0))
        own = np.where(known, mean_repeat, 0.0)
        return weight * self.population_mean + (1 - weight) * own

    def moments(self, x: IntArray, mean_repeat: FloatArray) -> SpendMoments:
        """Mean and the two parts of the variance of a future purchase, given history.

        With Q = q + p x, a customer's mean spend has E^2 / (Q - 2) as its variance, and a purchase
        varies about it by (1 + 1 / (Q - 2)) E^2 / p. For Q <= 2 the first is infinite in the model;
        there the variation between the customers that were seen stands in.

        Args:
            x: Repeat purchases, shape (n,).
            mean_repeat: Their mean value, shape (n,).
        """
        mean = self.expected_spend(x, mean_repeat)
        known = (x > 0) & (mean_repeat > 0)
        freedom = self.q + np.where(known, self.p * x, 0.0) - 2
        seen = max(self.observed_variation, 0.0) ** 2
        relative = np.full(len(x), seen)
        finite = freedom > 0
        relative[finite] = 1 / freedom[finite]
        if seen > 0:
            # Just above the pole the model's variance is finite on paper only.
            relative = np.minimum(relative, np.maximum(seen, 1.0) * 10)
        between = relative * mean**2
        return SpendMoments(
            mean=mean, variance_between=between, variance_within=(mean**2 + between) / self.p
        )

    def with_log_params(self, log_params: FloatArray) -> "SpendModel":
        """The same model with other parameters, given as logarithms of p, q, v, shape (3,)."""
        p, q, v = (float(value) for value in np.exp(log_params))
        return replace(self, p=p, q=q, v=v)


def fit_spend(x: IntArray, mean_repeat: FloatArray) -> SpendModel:
    """Fit the Gamma-Gamma model by maximum likelihood.

    Args:
        x: Repeat purchases, shape (n,).
        mean_repeat: Their mean value in units of money, shape (n,).

    Returns:
        The model. Customers with x = 0 or a mean that is not positive are left out of the fit.

    Raises:
        NotEnoughSpend: Nobody has a repeat purchase of positive value.
    """
    used = (x > 0) & (mean_repeat > 0)
    x_used, spent = x[used], mean_repeat[used].astype(np.float64)
    if not len(x_used):
        raise NotEnoughSpend
    scale = float(spent.mean())
    likelihood = _Likelihood(x_used, spent / scale)
    start = np.array([np.log(3.0), np.log(3.0), np.log(1.0)])
    if len(x_used) > 2 * WARM_START_CUSTOMERS:
        rows = spread_rows(len(x_used), WARM_START_CUSTOMERS)
        start = _climb(_Likelihood(x_used[rows], spent[rows] / scale), start)
    log_params = _polish(likelihood, _climb(likelihood, start))
    value, _ = likelihood.value_and_gradient(log_params)
    correlation, p_value = _correlation(x_used, spent)
    p, q, v = np.exp(log_params)
    return SpendModel(
        p=float(p),
        q=float(q),
        v=float(v) * scale,
        covariance=_covariance(likelihood.hessian(log_params)),
        log_likelihood=value - len(x_used) * float(np.log(scale)),
        customers=len(x_used),
        observed_mean=scale,
        observed_variation=float(spent.std() / scale),
        frequency_correlation=correlation,
        correlation_p_value=p_value,
        dependent=correlation is not None
        and p_value is not None
        and abs(correlation) >= DEPENDENCE_CORRELATION
        and p_value < DEPENDENCE_P_VALUE,
    )


class _Likelihood:
    """The log-likelihood of all customers; gamma functions are computed once a distinct x."""

    def __init__(self, x: IntArray, spent: FloatArray) -> None:
        self.x_unique, self.which, counts = np.unique(x, return_inverse=True, return_counts=True)
        self.counts = counts.astype(np.float64)
        self.total = spent * x
        self.log_total = np.log(self.total)
        self.sum_log_spent = float(np.log(spent).sum())
        self.log_total_by_x = np.bincount(self.which, self.log_total)

    def value_and_gradient(self, log_params: FloatArray) -> tuple[float, FloatArray]:
        """The log-likelihood and its gradient with respect to log p, log q, log v."""
        p, q, v = np.exp(log_params)
        px = p * self.x_unique
        size = len(self.total)
        both = self.total + v
        # Per distinct x: sums of log(m x / (v + m x)) and of 1 / (v + m x).
        log_both = np.bincount(self.which, np.log(both))
        own_share = self.log_total_by_x - log_both
        inverse = np.bincount(self.which, 1 / both)
        rest_share = size * log_params[2] - log_both.sum()
        value = (
            self.counts @ (gammaln(px + q) - gammaln(px) - gammaln(q))
            + px @ own_share
            + q * rest_share
            - self.sum_log_spent
        )
        by_p = self.x_unique @ (self.counts * (digamma(px + q) - digamma(px)) + own_share)
        by_q = self.counts @ (digamma(px + q) - digamma(q)) + rest_share
        by_v = size * q / v - (px + q) @ inverse
        return float(value), np.array([p * by_p, q * by_q, v * by_v])

    def hessian(self, log_params: FloatArray, step: float = 1e-4) -> FloatArray:
        """Second derivatives by central differences of the gradient, shape (3, 3)."""
        rows = []
        for shift in np.eye(len(log_params)) * step:
            above = self.value_and_gradient(log_params + shift)[1]
            below = self.value_and_gradient(log_params - shift)[1]
            rows.append((above - below) / (2 * step))
        hessian = np.array(rows)
        return (hessian + hessian.T) / 2


def _climb(likelihood: _Likelihood, start: FloatArray) -> FloatArray:
    size = len(likelihood.total)

    def loss(log_params: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = likelihood.value_and_gradient(log_params)
        return -value / size, -gradient / size

    # In odd little bases a line search can stall far from the top; from a fresh start it goes on.
    log_params, best = start, np.inf
    for _ in range(FRESH_STARTS):
        found = minimize(
            loss,
            log_params,
            jac=True,
            method="L-BFGS-B",
            bounds=[LOG_BOUNDS] * len(start),
            options={"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-7},
        )
        gained = best - float(found.fun)
        log_params, best = np.asarray(found.x, dtype=np.float64), float(found.fun)
        if gained < LEAST_GAIN:
            break
    return log_params


def _polish(likelihood: _Likelihood, log_params: FloatArray) -> FloatArray:
    """Newton's steps to the last digits; along the ridge of p, q and v other ways are slow."""
    value, gradient = likelihood.value_and_gradient(log_params)
    for _ in range(NEWTON_STEPS):
        curvature = np.linalg.eigh(-likelihood.hessian(log_params))
        if curvature.eigenvalues[0] <= LEAST_CURVATURE * max(curvature.eigenvalues[-1], 1.0):
            break
        step = curvature.eigenvectors @ (
            (curvature.eigenvectors.T @ gradient) / curvature.eigenvalues
        )
        candidate = np.clip(log_params + step, *LOG_BOUNDS)
        new_value, new_gradient = likelihood.value_and_gradient(candidate)
        if new_value < value:
            break
        moved = float(np.abs(candidate - log_params).max())
        log_params, value, gradient = candidate, new_value, new_gradient
        if moved < LAST_STEP:
            break
    return log_params


def _covariance(hessian: FloatArray) -> FloatArray:
    """The inverse of the information; nan for parameters that an unidentified direction moves."""
    values, vectors = np.linalg.eigh(-hessian)
    identified = values > LEAST_CURVATURE * max(float(values.max()), 1.0)
    inverse = np.where(identified, 1 / np.where(identified, values, 1.0), 0.0)
    covariance: FloatArray = (vectors * inverse) @ vectors.T
    lost: BoolArray = (np.abs(vectors[:, ~identified]) > LEAST_PART).any(axis=1)
    covariance[lost, :] = np.nan
    covariance[:, lost] = np.nan
    return covariance


def _correlation(x: IntArray, spent: FloatArray) -> tuple[float | None, float | None]:
    """Pearson's correlation of x with spend and its p-value; None where one of them is constant."""
    if len(x) < FEWEST_FOR_CORRELATION or np.ptp(x) == 0 or np.ptp(spent) <= 1e-9 * spent.max():
        return None, None
    test = pearsonr(x, spent)
    return float(test.statistic), float(test.pvalue)
