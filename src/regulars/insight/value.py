"""What customers are worth by their own future purchases, and how sure that is.

Source: Fader, Hardie, Lee (2005), "RFM and CLV", Journal of Marketing Research 42(4): value is the
discounted expected number of purchases times what a purchase brings. The variances and intervals
are worked out in docs/algorithms/customer-value.md.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from regulars.insight.arrays import FloatArray, spread_rows
from regulars.insight.histories import Histories
from regulars.insight.purchase import PurchaseModel, total_interval
from regulars.insight.purchase.model import count_variance
from regulars.insight.spend import SpendModel
from regulars.kernel.clock import continuous_weekly_rate

# The slope of the total is found on this many customers, spread evenly over all of them.
SLOPE_CUSTOMERS = 10_000
LOG_STEP = 1e-3
NEARLY_POISSON = 1e-9
CHUNK_CUSTOMERS = 100_000
THREADS = 2


@dataclass(frozen=True, kw_only=True)
class CustomerValue:
    """Expected purchases and value of n customers over the horizon, money in major units.

    Attributes:
        expected_purchases: Undiscounted, shape (n,).
        expected_spend: Expected value of one purchase, before margin, (n,).
        clv: Expected discounted margin of the purchases to come, (n,).
        clv_variance: Of the discounted margin that will really come, given the parameters, (n,).
        clv_low: Lower end of the interval for a customer, (n,).
        clv_high: Upper end, (n,).
        spender_total: Sum of ``clv``.
        spender_interval: Of what will really come in total: chance and uncertain parameters both.
    """

    expected_purchases: FloatArray
    expected_spend: FloatArray
    clv: FloatArray
    clv_variance: FloatArray
    clv_low: FloatArray
    clv_high: FloatArray
    spender_total: float
    spender_interval: tuple[float, float]


def customer_value(
    model: PurchaseModel,
    spend: SpendModel,
    histories: Histories,
    mean_repeat: FloatArray,
    *,
    horizon_weeks: float | FloatArray,
    discount_yearly: float,
    margin: float | FloatArray,
    coverage: float,
) -> CustomerValue:
    """Value every customer, with intervals.

    Args:
        model: Fitted on ``histories``.
        spend: Fitted on the same customers.
        histories: Of n customers.
        mean_repeat: Mean value of their repeat purchases, shape (n,).
        horizon_weeks: How far ahead, for all or for each, shape (n,).
        discount_yearly: 0.10 for 10 % a year.
        margin: What is left of a unit of revenue, for all or for each, shape (n,).
        coverage: Probability that each interval is meant to hold, between 0 and 1.
    """
    rate = continuous_weekly_rate(discount_yearly)
    chance, count_if_active, pairs = model.future_moments(histories, horizon_weeks)
    count = chance * count_if_active
    variance_of_count = count_variance(chance, count_if_active, pairs)
    discounted = model.discounted(histories, horizon_weeks, rate) if rate else count
    moments = spend.moments(histories.x, mean_repeat)
    clv = margin * discounted * moments.mean
    # The mean discount of a purchase; within a horizon it hardly varies about it.
    discount = np.divide(discounted, count, out=np.ones_like(count), where=count > 0)
    second_moment = moments.mean**2 + moments.variance_between
    clv_variance = (margin * discount) ** 2 * (
        count * moments.variance_within
        + variance_of_count * second_moment
        + count**2 * moments.variance_between
    )
    none = chance_of_none(chance, count_if_active, pairs)
    low, high = value_interval(clv, clv_variance, none, coverage=coverage)
    total = float(clv.sum())
    variance = float(clv_variance.sum()) + total**2 * _relative_parameter_variance(
        model, spend, histories, mean_repeat, horizon_weeks=horizon_weeks, rate=rate, margin=margin
    )
    return CustomerValue(
        expected_purchases=count,
        expected_spend=moments.mean,
        clv=clv,
        clv_variance=clv_variance,
        clv_low=low,
        clv_high=high,
        spender_total=total,
        spender_interval=total_interval(total, variance, coverage=coverage),
    )


def chance_of_none(chance: FloatArray, count: FloatArray, pairs: FloatArray) -> FloatArray:
    """Probability of not a single purchase, from a zero-inflated negative binomial.

    Customers are gone with probability 1 - P(alive); the purchases of the others are taken to be
    negative binomial with the right two moments, or Poisson where they vary no more than that.

    Args:
        chance: P(alive), shape (n,).
        count: Expected purchases Y of the customer if active, (n,).
        pairs: E[Y (Y - 1)] if active, (n,).
    """
    excess = np.maximum(pairs - count**2, 0.0)
    # With a variance of count + excess, zero has the chance (1 + ratio)^(-count / ratio).
    ratio = np.divide(excess, count, out=np.zeros_like(excess), where=count > 0)
    per_count = np.divide(
        np.log1p(ratio), ratio, out=np.ones_like(ratio), where=ratio > NEARLY_POISSON
    )
    return 1 - chance + chance * np.exp(-count * per_count)


def value_interval(
    mean: FloatArray, variance: FloatArray, none: FloatArray, *, coverage: float
) -> tuple[FloatArray, FloatArray]:
    """Equal-tailed intervals from a zero-inflated gamma distribution.

    Nothing comes with probability ``none``; else the value is gamma distributed, with the moments
    that make ``mean`` and ``variance`` right for the whole.

    Args:
        mean: Shape (n,), not negative.
        variance: (n,).
        none: Probability that nothing comes, (n,).
        coverage: Between 0 and 1.

    Returns:
        Lower and upper ends, each of shape (n,).
    """
    some = 1 - none
    safe = np.where(some > 0, some, 1.0)
    mean_some = np.where(some > 0, mean / safe, 0.0)
    variance_some = np.maximum((variance + mean**2) / safe - mean_some**2, 0.0)
    spread = (mean_some > 0) & (variance_some > 1e-12 * mean_some**2)
    ends = []
    for probability in ((1 - coverage) / 2, (1 + coverage) / 2):
        # With no spread to speak of, the value is its mean or nothing.
        end = np.where(none < probability, mean_some, 0.0)
        rows = np.flatnonzero(spread & (none < probability))
        shape = mean_some[rows] ** 2 / variance_some[rows]
        quantile = (probability - none[rows]) / some[rows]
        end[rows] = _gamma_quantile(shape, quantile) * variance_some[rows] / mean_some[rows]
        ends.append(end)
    return ends[0], ends[1]


def _gamma_quantile(shape: FloatArray, probability: FloatArray) -> FloatArray:
    """Quantiles of standard gamma distributions; the slowest step, so in chunks on two threads."""
    quantile = np.empty_like(shape)

    def fill(begin: int) -> None:
        part = slice(begin, begin + CHUNK_CUSTOMERS)
        quantile[part] = gammaincinv(shape[part], probability[part])

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(fill, range(0, len(shape), CHUNK_CUSTOMERS)))
    return quantile


def _relative_parameter_variance(
    model: PurchaseModel,
    spend: SpendModel,
    histories: Histories,
    mean_repeat: FloatArray,
    *,
    horizon_weeks: float | FloatArray,
    rate: float,
    margin: float | FloatArray,
) -> float:
    """Variance of the logarithm of the total by the delta method, from both models' parameters."""
    rows = spread_rows(len(histories), SLOPE_CUSTOMERS)
    part = histories.take(rows)
    mean_part = mean_repeat[rows]
    weeks = horizon_weeks[rows] if isinstance(horizon_weeks, np.ndarray) else horizon_weeks
    share = margin[rows] if isinstance(margin, np.ndarray) else margin
    spent = share * spend.expected_spend(part.x, mean_part)
    bought = share * model.discounted(part, weeks, rate)

    def by_purchases(log_params: FloatArray) -> float:
        return float(spent @ model.with_log_params(log_params).discounted(part, weeks, rate))

    def by_spend(log_params: FloatArray) -> float:
        return float(bought @ spend.with_log_params(log_params).expected_spend(part.x, mean_part))

    variance = 0.0
    if model.covariance is not None:
        variance += _variance_of_log(by_purchases, model.log_params, model.covariance)
    return variance + _variance_of_log(by_spend, spend.log_params, spend.covariance)


def _variance_of_log(
    total: Callable[[FloatArray], float], log_params: FloatArray, covariance: FloatArray
) -> float:
    """Variance of log(total) as the parameters vary; those without a covariance are left out."""
    middle = total(log_params)
    if middle <= 0:
        return 0.0
    identified = np.isfinite(np.diag(covariance))
    slope = np.zeros(len(log_params))
    for index in np.flatnonzero(identified):
        shift = np.zeros(len(log_params))
        shift[index] = LOG_STEP
        slope[index] = (total(log_params + shift) - total(log_params - shift)) / (2 * LOG_STEP)
    slope /= middle
    return float(slope @ np.nan_to_num(covariance, nan=0.0) @ slope)
