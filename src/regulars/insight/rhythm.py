"""Everybody's own rhythm: how regular a base is, and who departs from theirs.

Sources: Wheat, Morrison (1990), "Estimating Purchase Regularity with Two Interpurchase Times",
Journal of Marketing Research 27(1), for the regularity; the rest is worked out in
docs/algorithms/rhythm-and-slipping.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import betainc, stdtr

from regulars.insight.arrays import BoolArray, FloatArray, IntArray
from regulars.insight.histories import Histories
from regulars.insight.purchase import PurchaseModel
from regulars.insight.result import SlippingCustomer
from regulars.insight.summary.rhythms import CLOCKWORK_GAPS
from regulars.kernel.clock import DAYS_PER_WEEK, WEEKS_PER_YEAR, continuous_weekly_rate
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import number_text, percent_text

# Gaps between purchases of shape k have m = g1 / (g1 + g2) vary by 1 / (4 (2 k + 1)).
REGULAR_FROM = 7.0
FEWEST_PAIRS = 50
MOST_REGULAR = 1000.0
# How far the estimate of k must be above the bound before a base is called regular.
STANDARD_ERRORS_ABOVE = 2.0
# Subscribers among the customers are said from here on.
FEWEST_CLOCKWORK = 10
LEAST_CLOCKWORK_SHARE = 0.1

FEWEST_GAPS = 2
SURPRISE = 0.05
LEAST_GAPS_SILENT = 2.0
# So long a silence needs less proof: few gaps can't make it as unlikely as many.
LONG_GAPS_SILENT = 3.0
SURPRISE_WHEN_LONG = 0.1
# Beyond this silence a customer is lost rather than slipping away.
MOST_GAPS_SILENT = 10.0
LONG_SILENCE_WEEKS = 13
LONGEST_SILENCE_WEEKS = 104
# Whoever is less likely than this to be a customer still is lost too.
LOST_BELOW = 0.1
FEWEST_BASKETS = 5
LEAST_FALL = 0.25
BASKET_SURPRISE = 0.01
# Nobody's own rhythm is trusted for longer than that where no model says who leaves.
LONGEST_RHYTHM_WEEKS = WEEKS_PER_YEAR

# From customers' ids to what their first and last baskets were worth, as `Summary.baskets`.
Baskets = Callable[[pa.Table], pa.Table]


class RegularBase(RegularsError):
    """Purchases come as regularly as a subscription's, and the models cannot describe that."""

    code = "regular_base"
    sentence = mark(
        "These purchases come as regularly as a subscription's (regularity {regularity}, where "
        "chance alone gives 1 and {limit} is the limit), and the models would mislead. To score "
        "them all the same, use --allow-regular."
    )


@dataclass(frozen=True, kw_only=True)
class Regularity:
    """How evenly customers' purchases follow one another.

    Attributes:
        k: Shape of the gamma distribution of the gaps: 1 is chance alone, large is clockwork;
            None without any pair of gaps.
        pairs: Pairs of neighbouring gaps it was estimated from, those of short gaps in part.
        regular: Whether k is clearly above what the purchase models bear.
        frequent: Customers with enough gaps to tell a rhythm of their own.
        clockwork: Of them, those whose gaps hardly vary.
    """

    k: float | None
    pairs: float
    regular: bool
    frequent: int = 0
    clockwork: int = 0

    def refuse(self) -> None:
        """Stop here if the base is regular.

        Raises:
            RegularBase: It is.
        """
        if self.regular and self.k is not None:
            raise RegularBase(
                regularity=number_text(self.k, digits=1), limit=number_text(REGULAR_FROM, digits=1)
            )

    def note(self) -> str | None:
        """That customers come as subscribers do, all or some, in the language in use, if so."""
        if self.regular:
            return gettext(
                "These purchases come as regularly as a subscription's, and the models that foretell "
                "purchases are not made for that. Rhythms, and who stays away, can be told all the "
                "same."
            )
        few = self.clockwork < max(FEWEST_CLOCKWORK, LEAST_CLOCKWORK_SHARE * self.frequent)
        if few:
            return None
        return gettext(
            "{share} of those who bought on {days} days or more come like clockwork, as "
            "subscribers do. What is expected of them, and whether they stay away, is less sure. "
            "If a column of your files tells them apart, score them by themselves with --where."
        ).format(
            share=percent_text(self.clockwork / self.frequent),
            days=number_text(CLOCKWORK_GAPS + 1),
        )


def regularity(
    pairs: float, sum_squares: float, *, frequent: int = 0, clockwork: int = 0
) -> Regularity:
    """Estimate the regularity of a base from pairs of neighbouring gaps.

    The estimator uses that m = g1 / (g1 + g2) does not depend on how often a customer comes, so
    that customers of all speeds can be put together: E[(m - 1/2)^2] = 1 / (4 (2 k + 1)).

    Args:
        pairs: Number of pairs (g1, g2), each counted as 1 - 2 / (g1 + g2) where gaps are whole
            days: by so much chance makes m vary less then.
        sum_squares: Sum of (m - 1/2)^2 over them.
        frequent: Customers with enough gaps to tell a rhythm of their own.
        clockwork: Of them, those whose gaps hardly vary.
    """
    if pairs <= 0:
        return Regularity(k=None, pairs=0.0, regular=False)
    variance = sum_squares / pairs
    # Squares of something between uniform and normal vary by at most twice their mean squared.
    cautious = variance * (1 + STANDARD_ERRORS_ABOVE * float(np.sqrt(2 / pairs)))
    return Regularity(
        k=_shape_of(variance),
        pairs=pairs,
        regular=pairs >= FEWEST_PAIRS and _shape_of(cautious) > REGULAR_FROM,
        frequent=frequent,
        clockwork=clockwork,
    )


def _shape_of(variance: float) -> float:
    if variance <= 1 / (4 * (2 * MOST_REGULAR + 1)):
        return MOST_REGULAR
    return max((1 / (4 * variance) - 1) / 2, 0.0)


@dataclass(frozen=True, kw_only=True)
class OwnRhythm:
    """What slipping away is told from, for n customers.

    Attributes:
        x: Purchase days after the first, shape (n,).
        t_x_days: From the first purchase day to the last, (n,).
        age_days: From the first purchase day to the end of observation, (n,).
        sum_k: Sum over purchase days of the days since the first, (n,).
        sum_kk: Sum of their squares, (n,).
        sum_v: Sum of the net values of the purchase days, in minor units, (n,).
        sum_kv: Sum of the products, (n,).
        sum_vv: Sum of the squared values, (n,).
        k: Regularity of the base, or None where it is not known.
    """

    x: IntArray
    t_x_days: IntArray
    age_days: IntArray
    sum_k: FloatArray
    sum_kk: FloatArray
    sum_v: FloatArray
    sum_kv: FloatArray
    sum_vv: FloatArray
    k: float | None

    @classmethod
    def of(cls, customers: pa.Table, *, k: float | None) -> "OwnRhythm":
        """The rhythms of a summary's customers.

        Args:
            customers: A summary's table, one row a customer.
            k: Regularity of the base, or None where it is not known.
        """

        def column(name: str) -> IntArray:
            return np.asarray(customers.column(name).to_numpy(), dtype=np.int64)

        def total(name: str) -> FloatArray:
            return np.asarray(customers.column(name).to_numpy(), dtype=np.float64)

        return cls(
            x=column("x"),
            t_x_days=column("t_x_days"),
            age_days=column("age_days"),
            sum_k=total("sum_k"),
            sum_kk=total("sum_kk"),
            sum_v=total("sum_v"),
            sum_kv=total("sum_kv"),
            sum_vv=total("sum_vv"),
            k=k,
        )

    @property
    def usual_gap_days(self) -> FloatArray:
        """Mean days between purchases, shape (n,); 0 where there is no gap."""
        return np.divide(self.t_x_days, self.x, out=np.zeros(len(self.x)), where=self.x > 0)

    @property
    def silent_days(self) -> IntArray:
        """Days since the last purchase, shape (n,)."""
        return self.age_days - self.t_x_days

    def chance_of_silence(self) -> FloatArray:
        """How often a customer who keeps to their rhythm would be silent for so long, shape (n,).

        Gaps are Gamma(k) with a scale that only the customer's own gaps tell: their sum over x gaps
        and the next one then stand in a ratio that is Beta(k x, k), so that the chance is the
        regularised incomplete beta function at t_x / (t_x + silence). With k = 1 that is
        (t_x / (t_x + silence))^x. Where there are fewer than two gaps it is 1.
        """
        shape = max(self.k or 1.0, 1.0)
        chance = np.ones(len(self.x))
        known = (self.x >= FEWEST_GAPS) & (self.t_x_days > 0)
        past = self.t_x_days[known]
        ratio = past / (past + self.silent_days[known])
        chance[known] = betainc(shape * self.x[known], shape, ratio)
        return chance

    def silent(self) -> BoolArray:
        """Who has been silent for longer than their rhythm explains, and not for ages, (n,)."""
        gap, silence = self.usual_gap_days, self.silent_days
        ages = np.maximum(MOST_GAPS_SILENT * gap, LONG_SILENCE_WEEKS * DAYS_PER_WEEK)
        ages = np.minimum(ages, LONGEST_SILENCE_WEEKS * DAYS_PER_WEEK)
        chance = self.chance_of_silence()
        soon = (chance < SURPRISE) & (silence >= LEAST_GAPS_SILENT * gap)
        late = (chance < SURPRISE_WHEN_LONG) & (silence >= LONG_GAPS_SILENT * gap)
        return (soon | late) & (silence <= ages)

    def falling(self) -> BoolArray:
        """For whom the straight line through their own baskets falls, (n,).

        By a quarter or more from the first purchase to the last, over five purchases or more, and
        by more than chance would (one-sided t-test at 1 %). The line says that baskets fall; what
        they were worth before and are worth now is not on it.
        """
        n = self.x + 1.0
        mean = self.sum_v / n
        spread_k = np.maximum(self.sum_kk - self.sum_k**2 / n, 0.0)
        spread_v = np.maximum(self.sum_vv - self.sum_v**2 / n, 0.0)
        together = self.sum_kv - self.sum_k * self.sum_v / n
        slope = np.divide(together, spread_k, out=np.zeros_like(mean), where=spread_k > 0)
        first = mean - slope * self.sum_k / n
        last = first + slope * self.t_x_days
        freedom = n - 2
        residual = np.maximum(spread_v - slope * together, 1e-12 * spread_v)
        tested = (n >= FEWEST_BASKETS) & (spread_k > 0) & (residual > 0)
        t = np.zeros_like(mean)
        t[tested] = slope[tested] * np.sqrt(spread_k[tested] * freedom[tested] / residual[tested])
        unlikely = np.zeros(len(mean), dtype=np.bool_)
        unlikely[tested] = stdtr(freedom[tested], t[tested]) < BASKET_SURPRISE
        return unlikely & (last <= (1 - LEAST_FALL) * first)


def spend_ahead_by_model(
    model: PurchaseModel,
    histories: Histories,
    *,
    expected_spend: FloatArray,
    horizon_weeks: float,
    discount_yearly: float,
    margin: float | FloatArray,
) -> FloatArray:
    """What each would bring over the horizon were they still active, by the models, shape (n,).

    Discounted; and as whoever is still active may leave later on, so may they.

    Args:
        model: Fitted on ``histories``.
        histories: Of n customers.
        expected_spend: Expected value of one purchase, major units, (n,).
        horizon_weeks: How far ahead.
        discount_yearly: 0.10 for 10 % a year.
        margin: What is left of a unit of revenue, for all or for each, (n,).
    """
    rate = continuous_weekly_rate(discount_yearly)
    purchases = model.discounted_if_alive(histories, horizon_weeks, rate)
    return purchases * expected_spend * margin


def spend_ahead_by_rhythm(
    own: OwnRhythm, *, horizon_weeks: float, margin: float | FloatArray, minor_per_major: float
) -> FloatArray:
    """What each would bring were they to keep to their own gap and mean basket, (n,), major units.

    Args:
        own: Rhythms of n customers; who has no gap yet brings nothing by it.
        horizon_weeks: How far ahead; beyond a year, a year.
        margin: What is left of a unit of revenue, for all or for each, (n,).
        minor_per_major: 100 for euros.
    """
    gap = own.usual_gap_days
    horizon_days = min(horizon_weeks, LONGEST_RHYTHM_WEEKS) * DAYS_PER_WEEK
    purchases = np.divide(horizon_days, gap, out=np.zeros_like(gap), where=gap > 0)
    return purchases * np.maximum(own.sum_v / (own.x + 1), 0.0) * margin / minor_per_major


def slipping(
    own: OwnRhythm,
    customers: pa.Table,
    *,
    baskets: Baskets,
    spend_ahead: FloatArray,
    p_alive: FloatArray | None,
    friends_brought: IntArray,
    minor_per_major: float,
    most: int | None = None,
) -> list[SlippingCustomer]:
    """Who departs from their own rhythm or whose basket shrinks, the most at stake first.

    Where models tell, those who are hardly customers any more are lost rather than slipping away.
    What is at stake is ``spend_ahead`` for those who are silent, and for those whose basket shrinks
    the part of it that the fall takes away: from the mean of their first three purchase days to
    that of their last three, which must be a quarter or more too. A shrinking basket is told only
    of those who still come in their rhythm.

    Args:
        own: Rhythms of n customers.
        customers: Their ``customer_id`` and ``customer_name``, n rows; on a tie the earlier row
            comes first, so rows in the order of the ids make the result the same for any file.
        baskets: Gives the first and last baskets of the few customers who are asked for.
        spend_ahead: What each would be expected to bring over the horizon were they still active,
            major units, shape (n,); see ``spend_ahead_by_model`` and ``spend_ahead_by_rhythm``.
        p_alive: Shape (n,), or None below the rung of models.
        friends_brought: Shape (n,).
        minor_per_major: 100 for euros.
        most: How many to return at most.
    """
    silent, falling = _departing(own, p_alive)
    rows = np.flatnonzero(silent | falling)
    if not len(rows):
        return []
    first, last = _levels(baskets(customers.select(["customer_id"]).take(pa.array(rows))))
    lost_share = 1 - np.divide(last, first, out=np.ones_like(first), where=first > 0)
    at_stake = np.maximum(spend_ahead[rows] * np.where(silent[rows], 1.0, lost_share), 0.0)
    told = np.flatnonzero(silent[rows] | (lost_share >= LEAST_FALL))
    order = told[np.argsort(-at_stake[told], kind="stable")][:most]
    who = customers.select(["customer_id", "customer_name"]).take(pa.array(rows[order]))
    gap, silence = own.usual_gap_days, own.silent_days
    return [
        SlippingCustomer(
            customer_id=identity["customer_id"],
            name=identity["customer_name"],
            reason="silent" if silent[row] else "smaller_basket",
            usual_gap_days=float(gap[row]),
            silent_days=int(silence[row]),
            basket_before=float(first[place]) / minor_per_major,
            basket_now=float(last[place]) / minor_per_major,
            p_alive=None if p_alive is None else float(p_alive[row]),
            value_at_stake=float(at_stake[place]),
            friends_brought=int(friends_brought[row]),
        )
        for place, row, identity in zip(
            order.tolist(), rows[order].tolist(), who.to_pylist(), strict=True
        )
    ]


def _departing(own: OwnRhythm, p_alive: FloatArray | None) -> tuple[BoolArray, BoolArray]:
    """Who is silent and not lost, and whose basket falls while they come as ever, each (n,)."""
    silent = own.silent()
    falling = own.falling() & ~silent & (own.chance_of_silence() >= SURPRISE)
    return (silent if p_alive is None else silent & (p_alive >= LOST_BELOW)), falling


def _levels(baskets: pa.Table) -> tuple[FloatArray, FloatArray]:
    """First and last baskets in minor units; what was given back beyond its day counts as 0."""
    first, last = (
        np.maximum(np.asarray(baskets.column(name).to_numpy(), dtype=np.float64), 0.0)
        for name in ("first_mean_minor", "last_mean_minor")
    )
    return first, last
