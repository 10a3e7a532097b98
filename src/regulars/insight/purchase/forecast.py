"""How sure a forecast is: intervals for the total of everybody and for one customer's count.

The total varies for two reasons: people do what they do by chance, and the parameters are
estimates. The first is the sum of the customers' variances; the second follows from the parameters'
covariance by the delta method.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv
from scipy.stats import nbinom, poisson

from regulars.insight.arrays import FloatArray, IntArray, spread_rows
from regulars.insight.histories import Histories
from regulars.insight.purchase.model import PurchaseModel

SAMPLE_CUSTOMERS = 20_000
DIFFERENCE = 1e-3
LARGEST_MEAN_SUMMED = 200.0
LEAST_SPREAD = 1e-9
LEAST_SHAPE = 1e-6  # of a gamma distribution; below, all but the rarest of its draws are nothing


@dataclass(frozen=True)
class Forecast:
    """A total of purchases to come, with an interval.

    Attributes:
        expected: The expected total.
        low: The lower end of the interval.
        high: The upper end.
    """

    expected: float
    low: float
    high: float


def forecast_total(
    model: PurchaseModel, histories: Histories, weeks: float, coverage: float = 0.9
) -> Forecast:
    """How many purchases all customers together make in the next ``weeks``.

    The interval holds the quantiles of a gamma distribution with the total's mean and variance.
    Beyond twenty thousand customers the variance is taken from every k-th customer and scaled up.
    Without a covariance (a fit without standard errors) the parameters count as known.

    Args:
        model: Fitted to these customers or to others like them.
        histories: Of n customers.
        weeks: How far ahead.
        coverage: The probability with which the interval is meant to hold the total.
    """
    expected = float(model.expected(histories, weeks).sum())
    if expected <= 0:
        return Forecast(0.0, 0.0, 0.0)
    some = histories.take(spread_rows(len(histories), SAMPLE_CUSTOMERS))
    scale = len(histories) / len(some)
    variance = scale * float(model.variance(some, weeks).sum())
    if model.covariance is not None:
        slope = scale * _slope_of_total(model, some, weeks)
        variance += float(slope @ model.covariance @ slope)
    low, high = total_interval(expected, variance, coverage=coverage)
    return Forecast(expected, low, high)


def total_interval(total: float, variance: float, *, coverage: float) -> tuple[float, float]:
    """Equal-tailed interval from the gamma distribution with this mean and variance.

    Args:
        total: The mean, of purchases or of money.
        variance: Of the total.
        coverage: Between 0 and 1.

    Returns:
        Both ends; where there is no spread, the mean twice.
    """
    if total <= 0 or variance <= 0:
        return total, total
    shape = total**2 / variance
    if shape < LEAST_SHAPE:
        return 0.0, total
    tails = np.array([(1 - coverage) / 2, (1 + coverage) / 2])
    low, high = gammaincinv(shape, tails) * variance / total
    return float(low), float(high)


def _slope_of_total(model: PurchaseModel, histories: Histories, weeks: float) -> FloatArray:
    """Derivatives of the expected total by the logarithms of the parameters, (4,)."""
    point = model.log_params
    slope = []
    for step in DIFFERENCE * np.eye(len(point)):
        above = model.with_log_params(point + step).expected(histories, weeks).sum()
        below = model.with_log_params(point - step).expected(histories, weeks).sum()
        slope.append(float(above - below) / (2 * DIFFERENCE))
    return np.array(slope)


def count_interval(
    model: PurchaseModel, histories: Histories, weeks: ArrayLike, coverage: float = 0.9
) -> tuple[IntArray, IntArray]:
    """An interval for each customer's purchases in the next ``weeks``.

    An approximation: with P(alive) the count is negative binomial with the mean and the variance
    that it has for an active customer, else 0. Each end is the smallest count whose cumulative
    probability reaches (1 - coverage) / 2 and (1 + coverage) / 2.

    Args:
        model: Its parameters count as known.
        histories: Of n customers.
        weeks: How far ahead: one number, or one a customer, (n,).
        coverage: The probability with which each interval is meant to hold the count, at least.

    Returns:
        The low and the high ends, (n,) each.
    """
    chance, mean, pairs = model.future_moments(histories, weeks)
    excess = pairs - mean**2
    low, high = (
        _count_quantile(chance, mean, excess, level)
        for level in ((1 - coverage) / 2, (1 + coverage) / 2)
    )
    return low, high


def _count_quantile(
    chance: FloatArray, mean: FloatArray, excess: FloatArray, level: float
) -> IntArray:
    """Smallest k with P(Y <= k) >= level; ``excess`` is an active customer's variance - mean."""
    with np.errstate(divide="ignore", invalid="ignore"):
        among_active = 1 - (1 - level) / chance
    result = np.zeros(len(chance), dtype=np.int64)
    open_rows = np.flatnonzero((chance > 1 - level) & (mean > 0))
    large = mean[open_rows] > LARGEST_MEAN_SUMMED
    for rows, quantile in (
        (open_rows[~large], _summed_quantile),
        (open_rows[large], _far_quantile),
    ):
        if len(rows):
            result[rows] = quantile(among_active[rows], mean[rows], excess[rows])
    return result


def _summed_quantile(level: FloatArray, mean: FloatArray, excess: FloatArray) -> IntArray:
    """By adding up probabilities from 0 on, for as long as somebody's level is not reached."""
    spread = np.maximum(excess / mean**2, LEAST_SPREAD)
    size = 1 / spread
    part = mean / (mean + size)
    mass = np.exp(-size * np.log1p(mean / size))
    result = np.zeros(len(level), dtype=np.int64)
    rows, reached, count = np.arange(len(level)), mass.copy(), 0
    while len(rows):
        going = (reached < level[rows]) & (mass > 0)
        rows, reached, mass = rows[going], reached[going], mass[going]
        mass = mass * part[rows] * (count + size[rows]) / (count + 1)
        reached = reached + mass
        count += 1
        result[rows] = count
    return result


def _far_quantile(level: FloatArray, mean: FloatArray, excess: FloatArray) -> IntArray:
    spread = np.maximum(excess / mean**2, LEAST_SPREAD)
    with_spread = spread > LEAST_SPREAD
    result = np.asarray(poisson.ppf(level, mean), dtype=np.float64)
    size = 1 / spread[with_spread]
    result[with_spread] = nbinom.ppf(level[with_spread], size, size / (size + mean[with_spread]))
    return result.astype(np.int64)
