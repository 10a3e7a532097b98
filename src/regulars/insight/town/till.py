"""What the town's people spend: orders of one or more lines, and what they return."""

from dataclasses import dataclass

import numpy as np

from regulars.insight.arrays import BoolArray, FloatArray, IntArray
from regulars.insight.town.people import Townspeople
from regulars.kernel.clock import DAYS_PER_WEEK

# Spend an order: gamma around one's own mean, which is inverse gamma over people (Gamma-Gamma).
SPEND_SHAPE = 6.0
TASTE_SHAPE = 3.0
TASTE_SCALE = 4.0
SMALLEST_ORDER_MINOR = 120
MINOR_PER_MAJOR = 100
SEVERAL_LINES = 0.25  # orders of two or three lines
THREE_OF_SEVERAL = 0.4
MAIN_LINE_SHARE = (0.55, 0.7)
THIRD_LINE_SHARE = 0.4  # of what the main line leaves
REFUNDED = 0.025
REFUNDED_WHOLE = 0.7
REFUNDED_PART = (0.3, 0.9)  # of the others
REFUND_NAMES_ITS_ORDER = 0.6
REFUND_MEAN_DAYS = 4.0


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Lines of the till, refunds among them, each field of shape (m,).

    Attributes:
        person: Row of the buyer in ``Townspeople``.
        day: When, in days from the café's first day.
        order: Number of the order, counted in time; of a refund, the number of its purchase.
        amount_minor: Below zero for a refund.
        is_refund: Whether this line takes something back.
        names_its_order: Whether a refund says which purchase it belongs to.
    """

    person: IntArray
    day: FloatArray
    order: IntArray
    amount_minor: IntArray
    is_refund: BoolArray
    names_its_order: BoolArray


def mean_spends(rng: np.random.Generator, people: int) -> FloatArray:
    """What each person spends an order on average, in major units, shape (people,)."""
    return SPEND_SHAPE * TASTE_SCALE / rng.gamma(TASTE_SHAPE, 1.0, people)


def ring_up(
    rng: np.random.Generator, people: Townspeople, mean_spend: FloatArray, *, end_day: int
) -> Lines:
    """Everything the people buy and return before ``end_day``, in time order.

    Args:
        rng: The source of chance.
        people: Who buys.
        mean_spend: Their mean order in major units, shape (n,).
        end_day: First day that is not simulated.
    """
    person, day = _visits(rng, people, end_day=end_day)
    orders = len(person)
    spend = mean_spend[person] * rng.gamma(SPEND_SHAPE, 1 / SPEND_SHAPE, orders)
    total = np.maximum(np.rint(spend * MINOR_PER_MAJOR).astype(np.int64), SMALLEST_ORDER_MINOR)
    line_order, line_amount = _split(rng, total)
    refund_order, refund_day, refund_amount = _refunds(rng, day, total, end_day=end_day)
    order = np.concatenate([line_order, refund_order])
    when = np.concatenate([day[line_order], refund_day])
    refund = np.arange(len(order)) >= len(line_order)
    names = refund & (rng.random(len(order)) < REFUND_NAMES_ITS_ORDER)
    in_time = np.lexsort((order, when))
    return Lines(
        person=person[order][in_time],
        day=when[in_time],
        order=order[in_time],
        amount_minor=np.concatenate([line_amount, -refund_amount])[in_time],
        is_refund=refund[in_time],
        names_its_order=names[in_time],
    )


def _visits(
    rng: np.random.Generator, people: Townspeople, *, end_day: int
) -> tuple[IntArray, FloatArray]:
    """The first visit of each person and a Poisson number after it, in time order."""
    span = np.maximum(np.minimum(people.last_day, end_day) - people.first_day, 0.0)
    repeats = rng.poisson(people.visits_per_week * span / DAYS_PER_WEEK)
    again = np.repeat(np.arange(len(people)), repeats)
    again_day = people.first_day[again] + rng.random(len(again)) * span[again]
    person = np.concatenate([np.arange(len(people)), again])
    day = np.concatenate([people.first_day, again_day])
    in_time = np.lexsort((person, day))
    return person[in_time], day[in_time]


def _split(rng: np.random.Generator, total: IntArray) -> tuple[IntArray, IntArray]:
    """Each order's total as one, two or three lines that add up to it."""
    # Shares that never make two lines of an order the same, as a line rung up twice would be.
    orders = len(total)
    several = rng.random(orders) < SEVERAL_LINES
    three = several & (rng.random(orders) < THREE_OF_SEVERAL)
    main = np.where(several, np.rint(total * rng.uniform(*MAIN_LINE_SHARE, orders)), total)
    third = np.where(three, np.rint((total - main) * THIRD_LINE_SHARE), 0)
    second = total - main - third
    numbers = np.arange(orders)
    order = np.concatenate([numbers, numbers[several], numbers[three]])
    amount = np.concatenate([main, second[several], third[three]])
    return order, amount.astype(np.int64)


def _refunds(
    rng: np.random.Generator, day: FloatArray, total: IntArray, *, end_day: int
) -> tuple[IntArray, FloatArray, IntArray]:
    """Which orders are returned, when, and how much of them."""
    order = np.flatnonzero(rng.random(len(total)) < REFUNDED)
    part = np.where(
        rng.random(len(order)) < REFUNDED_WHOLE, 1.0, rng.uniform(*REFUNDED_PART, len(order))
    )
    when = day[order] + rng.exponential(REFUND_MEAN_DAYS, len(order))
    amount = np.maximum(np.rint(total[order] * part).astype(np.int64), 1)
    in_time = when < end_day
    return order[in_time], when[in_time], amount[in_time]
