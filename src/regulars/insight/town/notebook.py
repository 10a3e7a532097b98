"""What the café writes down of who sent whom: much, not all, and not always right."""

from dataclasses import dataclass

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.sender.tree import NOBODY
from regulars.insight.town.people import Townspeople

CLAIMED_TWICE = 0.02  # of the right claims: somebody else claims the same friend later
CLAIMED_WHO_CAME_BEFORE = 0.005  # of the customers: claimed weeks after their first visit
SELF_CLAIMED = 0.003  # of the customers: name themselves
LATER_MEAN_DAYS = 30.0


@dataclass(frozen=True, kw_only=True)
class Notebook:
    """Claims in time order, and which of the people have one that stands.

    Attributes:
        sender: Row of the sender named, shape (m,).
        friend: Row of the friend, shape (m,).
        day: When, in days from the café's first day, shape (m,).
        recorded_sender: Of each person, the sender named in the claim about their coming, -1
            where none was recorded, shape (n,).
    """

    sender: IntArray
    friend: IntArray
    day: FloatArray
    recorded_sender: IntArray


def write_down(
    rng: np.random.Generator,
    people: Townspeople,
    *,
    days: int,
    unrecorded_share: float,
    wrong_share: float,
) -> Notebook:
    """The claims that the café has recorded by the end of day ``days``.

    Args:
        rng: The source of chance.
        people: Who really sent whom; in the order of their first visits.
        days: From the café's first day to the end of today.
        unrecorded_share: Share of the referrals that nobody wrote down.
        wrong_share: Share of the recorded ones that name another customer of that time.
    """
    told = np.flatnonzero((people.sender != NOBODY) & (people.told_day < days))
    friend = told[rng.random(len(told)) >= unrecorded_share]
    named = people.sender[friend].copy()
    wrong = np.flatnonzero(rng.random(len(friend)) < wrong_share)
    named[wrong] = _somebody_else(rng, people, named[wrong], people.told_day[friend[wrong]])
    recorded = np.full(len(people), NOBODY)
    recorded[friend] = named
    extra_sender, extra_friend, extra_day = _noise(rng, people, friend, days=days)
    sender = np.concatenate([named, extra_sender])
    friends = np.concatenate([friend, extra_friend])
    day = np.concatenate([people.told_day[friend], extra_day])
    kept = np.flatnonzero((day < days) & (sender != NOBODY))
    in_time = kept[np.lexsort((friends[kept], day[kept]))]
    return Notebook(
        sender=sender[in_time],
        friend=friends[in_time],
        day=day[in_time],
        recorded_sender=recorded,
    )


def _noise(
    rng: np.random.Generator, people: Townspeople, friend: IntArray, *, days: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Claims that should not count: a second sender, a friend of long standing, oneself."""
    came = np.flatnonzero(people.first_day < days)
    twice = friend[rng.random(len(friend)) < CLAIMED_TWICE]
    before = came[rng.random(len(came)) < CLAIMED_WHO_CAME_BEFORE]
    late = np.concatenate([twice, before])
    late_day = people.first_day[late] + 2 + rng.exponential(LATER_MEAN_DAYS, len(late))
    # Somebody who was told days before can be claimed anew on the very day of the first visit.
    at_the_door = (np.arange(len(late)) < len(twice)) & (
        np.floor(people.first_day[late]) > np.floor(people.told_day[late])
    )
    late_day[at_the_door] = people.first_day[late[at_the_door]]
    late_sender = _somebody_else(rng, people, late, late_day)
    itself = came[rng.random(len(came)) < SELF_CLAIMED]
    return (
        np.concatenate([late_sender, itself]),
        np.concatenate([late, itself]),
        np.concatenate([late_day, people.first_day[itself]]),
    )


def _somebody_else(
    rng: np.random.Generator, people: Townspeople, instead_of: IntArray, day: FloatArray
) -> IntArray:
    """A customer who had come before ``day``, other than the one given; -1 where there is none."""
    present = np.searchsorted(people.first_day, day)  # people are in the order of their coming
    chosen = (rng.random(len(day)) * np.maximum(present - 1, 0)).astype(np.int64)
    chosen += (chosen >= instead_of) & (instead_of < present)
    return np.where(present > 1, chosen, NOBODY)
