"""The columns of sender value: each answers its own question, and they are never added up."""

from dataclasses import asdict, dataclass

import numpy as np
from scipy.special import ndtri

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.sender.claims import Referrals
from regulars.insight.sender.rate import SendingRate, fit_sending_rate
from regulars.insight.sender.tree import NO_DAY, NOBODY, Tree
from regulars.insight.settings import Settings
from regulars.kernel.clock import DAYS_PER_WEEK, continuous_weekly_rate, epoch_day

# A friend yet to come is like the friends of late, with this many of all newcomers mixed in.
NEWCOMERS_MIXED_IN = 30.0
AGES = 8  # by which newcomers are averaged


@dataclass(frozen=True, kw_only=True)
class SenderInputs:
    """What is known of n people, purchasers and others who sent or were sent; money in major units.

    Attributes:
        referrals: The claims that stand, over the same n people.
        first_day: Day of the first purchase since 1970-01-01, ``NO_DAY`` where none, shape (n,).
        margin_to_date: Net margin of all purchases so far, shape (n,).
        margin_in_window: The part of it within ``window_weeks`` after one's own referral; 0 for
            people whom nobody sent, shape (n,).
        clv: Discounted expected margin over the horizon, 0 for people without purchases, (n,).
        clv_in_window: The part of it within ``window_weeks`` after one's own referral, (n,).
        clv_variance: Variance of the margin to come, or None where no model tells, shape (n,).
        alive_weeks: Expected weeks as a customer so far, shape (n,).
        alive_weeks_ahead: Expected weeks as a customer over the horizon, shape (n,).
        p_alive: Probability of being a customer still, shape (n,); tells, beside the weeks ahead,
            how fast senders leave. Without it new friends are expected evenly over the horizon.
    """

    referrals: Referrals
    first_day: IntArray
    margin_to_date: FloatArray
    margin_in_window: FloatArray
    clv: FloatArray
    clv_in_window: FloatArray
    clv_variance: FloatArray | None
    alive_weeks: FloatArray
    alive_weeks_ahead: FloatArray
    p_alive: FloatArray | None = None


@dataclass(frozen=True)
class NewFriend:
    """What a friend who comes at some time of the horizon brings until its end, discounted."""

    value: float
    variance: float
    newcomers: int  # from how many people this was learnt


@dataclass(frozen=True)
class Brought:
    """What all senders together have brought, and are expected to.

    Attributes:
        friends: Customers who were sent by somebody.
        realised: Their margin to date.
        expected_known: Their expected margin over the horizon.
        expected_future: That of friends yet to come.
        expected: Both together.
    """

    friends: float
    realised: float
    expected_known: float
    expected_future: float
    expected: float


@dataclass(frozen=True, kw_only=True)
class SenderValues:
    """Sender value of n people; arrays of shape (n,), money in major units.

    Attributes:
        friends: Direct friends who have become customers.
        crv_realised: What the direct friends brought beyond what would have come anyway, and the
            saved cost of winning them. Not additive with clv.
        crv_expected: The same of what known and future friends are expected to bring.
        cascade_realised: Margin of everybody below within their windows, with decay by distance.
        cascade_expected: The same of their expected margin.
        engagement_share: One's part of everybody's clv; sums to the sum of clv.
        expected_referrals: Friends to come within the horizon, as far as they get recorded.
        sender_value: Direct friends' margin to date and expected, future friends included.
        sender_value_low: Lower end of the interval of ``sender_value``.
        sender_value_high: Its upper end.
        sender_total: The part of the sum of ``engagement_share`` that is received from others.
        brought: What all recorded referrals brought and are expected to.
        brought_corrected: The same divided by the share of referrals that get recorded.
        sending_rate: How rates of sending are distributed over people.
        new_friend: What a friend yet to come is worth.
    """

    friends: IntArray
    crv_realised: FloatArray
    crv_expected: FloatArray
    cascade_realised: FloatArray
    cascade_expected: FloatArray
    engagement_share: FloatArray
    expected_referrals: FloatArray
    sender_value: FloatArray
    sender_value_low: FloatArray
    sender_value_high: FloatArray
    sender_total: float
    brought: Brought
    brought_corrected: Brought
    sending_rate: SendingRate
    new_friend: NewFriend


def sender_values(inputs: SenderInputs, settings: Settings) -> SenderValues:
    """All columns of sender value; definitions in ``docs/algorithms/sender-value.md``.

    Args:
        inputs: What is known of n people.
        settings: ``until, horizon_weeks, discount_yearly, acquisition_cost, come_anyway, decay,
            recorded_share`` and ``coverage`` are used; the margin and the window are in the inputs.

    Returns:
        The columns and their totals.

    Source:
        Kumar, V., Petersen, J. A. and Leone, R. P. (2010), Driving profitability by encouraging
        customer referrals, Journal of Marketing 74(5).
    """
    tree = inputs.referrals.tree
    is_customer = (inputs.first_day != NO_DAY).astype(np.float64)
    friends = tree.over_friends(is_customer)
    to_date = tree.over_friends(inputs.margin_to_date)
    known = tree.over_friends(inputs.clv)
    counts = np.rint(friends).astype(np.int64)
    rate = fit_sending_rate(counts, inputs.alive_weeks)
    to_come = rate.posterior_mean(counts, inputs.alive_weeks) * inputs.alive_weeks_ahead
    new_friend = value_of_new_friend(inputs, settings)
    future = to_come * new_friend.value
    variance = _variance_of_future(friends, to_come, rate=rate, new_friend=new_friend)
    if inputs.clv_variance is not None:
        variance += tree.over_friends(inputs.clv_variance)
    low, high = _interval(known + future, variance, coverage=settings.coverage)
    beyond = 1 - settings.come_anyway
    cost = settings.acquisition_cost
    kept = np.where(inputs.referrals.parent == NOBODY, 1.0, 1 - settings.decay)
    received = kept * settings.decay * tree.over_everybody_below(known, decay=settings.decay)
    brought = Brought(
        friends=float(friends.sum()),
        realised=float(to_date.sum()),
        expected_known=float(known.sum()),
        expected_future=float(future.sum()),
        expected=float((known + future).sum()),
    )
    return SenderValues(
        friends=counts,
        crv_realised=beyond * to_date + cost * friends,
        crv_expected=beyond * (known + future) + cost * to_come,
        cascade_realised=_cascade(tree, inputs.margin_in_window, settings.decay),
        cascade_expected=_cascade(tree, inputs.clv_in_window, settings.decay),
        engagement_share=kept * inputs.clv + received,
        expected_referrals=to_come,
        sender_value=to_date + known + future,
        sender_value_low=to_date + low,
        sender_value_high=to_date + high,
        sender_total=float(received.sum()),
        brought=brought,
        brought_corrected=_corrected(brought, settings.recorded_share),
        sending_rate=rate,
        new_friend=new_friend,
    )


def value_of_new_friend(inputs: SenderInputs, settings: Settings) -> NewFriend:
    """What a friend who is yet to come will bring within what is left of the horizon by then.

    Whoever came so many weeks ago has had as long as a friend who will come so many weeks before
    the end of the horizon, and what they brought is what that friend will bring: no model is
    needed. Newcomers are averaged by their age and the ages by when friends are to be
    expected: evenly, but for senders leaving. Where few friends came, all newcomers speak too. Each
    margin is discounted from the middle of the newcomer's time.

    A file shorter than the horizon gives too little rather than too much.

    Args:
        inputs: What is known of n people.
        settings: ``until``, ``horizon_weeks`` and ``discount_yearly`` are used.
    """
    horizon = settings.horizon_weeks
    age_weeks = (epoch_day(settings.until) - inputs.first_day) / DAYS_PER_WEEK
    newcomers = np.flatnonzero((inputs.first_day != NO_DAY) & (age_weeks < horizon))
    if not len(newcomers):
        customers = inputs.clv[inputs.first_day != NO_DAY]
        # Nobody new to learn from: half a horizon of an average customer.
        return NewFriend(float(customers.mean()) / 2 if len(customers) else 0.0, 0.0, 0)
    age_weeks = age_weeks[newcomers]
    delta = continuous_weekly_rate(settings.discount_yearly)
    value = inputs.margin_to_date[newcomers] * np.exp(-delta * (horizon - age_weeks / 2))
    weight = (inputs.referrals.parent[newcomers] != NOBODY) + NEWCOMERS_MIXED_IN / len(newcomers)
    age = (age_weeks * (AGES / horizon)).astype(np.int64)
    of_age = np.bincount(age, weight, AGES)
    seen = np.flatnonzero(of_age)
    waited = 1 - (seen + 0.5) / AGES  # when a friend comes who will be of that age in the end
    expected = np.maximum(1 - 2 * (1 - _still_there(inputs, horizon)) * waited, 0.0)
    wanted = np.zeros(AGES)
    wanted[seen] = expected / of_age[seen]
    weight *= wanted[age]
    mean = float(np.average(value, weights=weight))
    variance = float(np.average((value - mean) ** 2, weights=weight))
    return NewFriend(max(mean, 0.0), variance, len(newcomers))


def _still_there(inputs: SenderInputs, horizon_weeks: float) -> float:
    """Mean part of the horizon for which today's customers remain, at least a half."""
    alive = 0.0 if inputs.p_alive is None else float(inputs.p_alive.sum())
    if alive == 0:
        return 1.0
    return min(max(float(inputs.alive_weeks_ahead.sum()) / (horizon_weeks * alive), 0.5), 1.0)


def _cascade(tree: Tree, value: FloatArray, decay: float) -> FloatArray:
    return tree.over_everybody_below(tree.over_friends(value), decay=decay)


def _variance_of_future(
    friends: FloatArray, to_come: FloatArray, *, rate: SendingRate, new_friend: NewFriend
) -> FloatArray:
    """Variance of what friends yet to come bring: E[N] Var[V] + Var[N] E[V]².

    Their number N is negative binomial, as the rate is known only as a gamma distribution of
    shape r + friends, and each brings an independent V.
    """
    if rate.shape == 0:
        return np.zeros(len(friends))
    number_variance = to_come + to_come**2 / (rate.shape + friends)
    return to_come * new_friend.variance + number_variance * new_friend.value**2


def _interval(
    mean: FloatArray, variance: FloatArray, *, coverage: float
) -> tuple[FloatArray, FloatArray]:
    """Quantiles of a gamma distribution with this mean and variance; the mean where it has none.

    By the cube root of Wilson, E. and Hilferty, M. (1931), The distribution of chi-square.
    """
    uncertain = (variance > 0) & (mean > 0)
    # 1 / (9 k) with k = mean² / variance the shape of the gamma distribution.
    ninth = np.zeros(len(mean))
    np.divide(variance, 9 * mean**2, out=ninth, where=uncertain)
    reach = float(ndtri((1 + coverage) / 2)) * np.sqrt(ninth)
    low, high = np.maximum(1 - ninth - reach, 0.0), np.maximum(1 - ninth + reach, 0.0)
    low, high = mean * (low * low * low), mean * (high * high * high)
    return np.minimum(low, mean), np.maximum(high, mean)


def _corrected(brought: Brought, recorded_share: float) -> Brought:
    """All referrals' totals from those that were recorded."""
    return Brought(**{name: amount / recorded_share for name, amount in asdict(brought).items()})
