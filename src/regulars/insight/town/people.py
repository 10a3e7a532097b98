"""Who lives in the town: how they come, how long they stay, what they are like, whom they tell."""

from dataclasses import dataclass, fields, replace

import numpy as np

from regulars.insight.arrays import BoolArray, FloatArray, IntArray
from regulars.insight.sender.tree import NOBODY
from regulars.kernel.clock import DAYS_PER_WEEK

# Visits while somebody is a customer: Poisson, its rate a week gamma over people (Pareto/NBD).
VISIT_SHAPE = 0.7
VISIT_SCALE_WEEKS = 2.5
# For how long somebody is a customer: exponential, its rate a week gamma over people.
LEAVING_SHAPE = 0.8
LEAVING_SCALE_WEEKS = 40.0
# Friends brought a week while a customer: Poisson, its rate gamma with a heavy tail.
SENDING_SHAPE = 0.2
SENDING_MEAN_A_WEEK = 0.018
SENDING_WITH_VISITS = 0.2  # power of the relative visit rate: frequent guests tell a little more
SENDING_INHERITED = 0.1  # power of the sender's relative rate: it runs in circles of friends
CAME_ANYWAY = 0.35
DELAYED = 0.5  # friends who come later than they were told
DELAY_MEAN_DAYS = 5.0
MOST_GENERATIONS = 200


@dataclass(frozen=True, kw_only=True)
class Townspeople:
    """The n people of a town, each field of shape (n,); days count from the café's first day.

    Attributes:
        sender: Row of the person who sent them, -1 where nobody did.
        told_day: When they were told; the first visit for those who found the café themselves.
        first_day: Their first visit.
        last_day: When they stop being customers.
        visits_per_week: While a customer.
        sending_per_week: Friends they bring a week while a customer.
        came_anyway: Whether a friend would have come without being sent.
    """

    sender: IntArray
    told_day: FloatArray
    first_day: FloatArray
    last_day: FloatArray
    visits_per_week: FloatArray
    sending_per_week: FloatArray
    came_anyway: BoolArray

    def __len__(self) -> int:
        return len(self.sender)


def settle(rng: np.random.Generator, *, customers: int, days: int, days_ahead: int) -> Townspeople:
    """People the town so that at least ``customers`` of them have come within ``days``.

    Everybody who finds the café founds a tree of friends. As many trees are kept as are needed, so
    a few more people than asked for can come with the last of them.

    Args:
        rng: The source of chance.
        customers: How many are to have come by then.
        days: From the café's first day to today.
        days_ahead: For how long after today friends keep coming.

    Returns:
        The people in the order of their first visits, those of the days ahead included.
    """
    generation = _arrive(rng, sender=np.full(customers, NOBODY), told=rng.random(customers) * days)
    generations = [generation]
    founder = [np.arange(customers)]
    offset = 0
    for _ in range(MOST_GENERATIONS):
        size = len(generation)
        friends = _friends_of(rng, generation, end_day=days + days_ahead)
        if not len(friends):
            break
        founder.append(founder[-1][friends.sender])
        generation = replace(friends, sender=friends.sender + offset)
        generations.append(generation)
        offset += size
    founders = np.concatenate(founder)
    everybody = _joined(generations)
    came = np.cumsum(np.bincount(founders[everybody.first_day < days], minlength=customers))
    kept = np.flatnonzero(founders <= np.searchsorted(came, customers))
    return _in_order_of_coming(everybody, kept)


def _arrive(
    rng: np.random.Generator,
    *,
    sender: IntArray,
    told: FloatArray,
    sender_rate: FloatArray | None = None,
) -> Townspeople:
    """One generation with their traits drawn; friends come at once or a few days later."""
    count = len(sender)
    visits = rng.gamma(VISIT_SHAPE, 1 / VISIT_SCALE_WEEKS, count)
    leaving = rng.gamma(LEAVING_SHAPE, 1 / LEAVING_SCALE_WEEKS, count)
    stay_weeks = rng.exponential(1.0, count) / np.maximum(leaving, 1e-9)
    sending = rng.gamma(SENDING_SHAPE, SENDING_MEAN_A_WEEK / SENDING_SHAPE, count)
    sending *= (visits * VISIT_SCALE_WEEKS / VISIT_SHAPE) ** SENDING_WITH_VISITS
    first = told
    came_anyway = np.zeros(count, bool)
    if sender_rate is not None:
        sending *= (sender_rate / SENDING_MEAN_A_WEEK) ** SENDING_INHERITED
        later = rng.random(count) < DELAYED
        first = told + np.where(later, rng.exponential(DELAY_MEAN_DAYS, count), 0.0)
        came_anyway = rng.random(count) < CAME_ANYWAY
    return Townspeople(
        sender=sender,
        told_day=told,
        first_day=first,
        last_day=first + stay_weeks * DAYS_PER_WEEK,
        visits_per_week=visits,
        sending_per_week=sending,
        came_anyway=came_anyway,
    )


def _friends_of(rng: np.random.Generator, people: Townspeople, *, end_day: int) -> Townspeople:
    """The next generation: everybody whom ``people`` tell and who comes before ``end_day``."""
    last = np.minimum(people.last_day, end_day)
    weeks = np.maximum(last - people.first_day, 0.0) / DAYS_PER_WEEK
    friends = rng.poisson(people.sending_per_week * weeks)
    sender = np.repeat(np.arange(len(people)), friends)
    told = people.first_day[sender] + rng.random(len(sender)) * weeks[sender] * DAYS_PER_WEEK
    generation = _arrive(rng, sender=sender, told=told, sender_rate=people.sending_per_week[sender])
    return _take(generation, np.flatnonzero(generation.first_day < end_day))


def _joined(generations: list[Townspeople]) -> Townspeople:
    return Townspeople(
        **{
            field.name: np.concatenate([getattr(people, field.name) for people in generations])
            for field in fields(Townspeople)
        }
    )


def _in_order_of_coming(people: Townspeople, kept: IntArray) -> Townspeople:
    """Some of the people, whole trees, sorted by first visit, with ``sender`` following."""
    order = kept[np.lexsort((kept, people.told_day[kept], people.first_day[kept]))]
    row = np.full(len(people) + 1, NOBODY)
    row[order] = np.arange(len(order))
    chosen = _take(people, order)
    return replace(chosen, sender=row[chosen.sender])


def _take(people: Townspeople, rows: IntArray) -> Townspeople:
    return Townspeople(
        **{field.name: getattr(people, field.name)[rows] for field in fields(Townspeople)}
    )
