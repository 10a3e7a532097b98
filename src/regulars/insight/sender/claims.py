"""Which claims of "she sent me" stand: the earliest valid one of each friend, and no cycles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regulars.insight.arrays import BoolArray, IntArray
from regulars.insight.sender.tree import NO_DAY, NOBODY, Tree

ACCEPTED, SELF_REFERRAL, FRIEND_CAME_FIRST, ALREADY_REFERRED, CYCLE = range(5)
REASONS = ("accepted", "self_referral", "friend_came_first", "already_referred", "cycle")
MOST_ROUNDS = 12

_NEVER = np.iinfo(np.int64).max
_AFTER_ALL_DAYS = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Referrals:
    """Who was sent by whom, of n people, by m claims.

    Attributes:
        parent: Code of the sender of each person, ``NOBODY`` where nobody's claim stands, shape (n,).
        since_day: Day of the claim that stands, in days since 1970-01-01, ``NO_DAY`` where none, (n,).
        reason: What became of each claim, an index into ``REASONS``, shape (m,).
        set_aside: How many claims do not stand, by reason; reasons without claims are left out.
        tree: The same referrals, ready for sums over everybody below.
    """

    parent: IntArray
    since_day: IntArray
    reason: NDArray[np.uint8]
    set_aside: dict[str, int]
    tree: Tree


def resolve_claims(
    sender: IntArray, friend: IntArray, day: IntArray, *, first_day: IntArray
) -> Referrals:
    """Take the claims in time order and keep each that is valid then.

    A claim is valid when the sender is not the friend, the friend had not bought on an earlier
    day, the friend has no sender yet, and the sender was not brought by the friend, directly or
    through others. Time order is (day, friend, sender), so the order of the rows never matters.

    Args:
        sender: Codes of the people named as senders, shape (m,).
        friend: Codes of the people said to have been sent, shape (m,).
        day: Days of the claims since 1970-01-01, shape (m,).
        first_day: Of each of the n people, the day of the first purchase since 1970-01-01, or
            ``NO_DAY`` where there is none, shape (n,).

    Returns:
        The referrals that stand and what became of every claim.
    """
    people = len(first_day)
    day_zero = int(day.min(initial=0))
    itself = sender == friend
    late = day > np.where(first_day == NO_DAY, _AFTER_ALL_DAYS, first_day).astype(np.int32)[friend]
    late &= ~itself
    key = (day.astype(np.int64) - day_zero) * people + sender
    key[itself | late] = _NEVER
    best, cyclic, tree = _earliest_without_cycles(friend, key, people=people)
    sent = best != _NEVER
    reason = np.full(len(sender), ALREADY_REFERRED, np.uint8)
    reason[itself] = SELF_REFERRAL
    reason[late] = FRIEND_CAME_FIRST
    reason[cyclic] = CYCLE
    reason[_one_row_each(friend, key == best[friend], sent)] = ACCEPTED
    counts = {name: int(np.count_nonzero(reason == code)) for code, name in enumerate(REASONS)}
    return Referrals(
        parent=_senders(best, people),
        since_day=np.where(sent, best // max(people, 1) + day_zero, NO_DAY),
        reason=reason,
        set_aside={name: count for name, count in counts.items() if count and name != "accepted"},
        tree=tree,
    )


def _one_row_each(friend: IntArray, agrees: BoolArray, sent: BoolArray) -> IntArray:
    """The row of the claim that stands, of each friend; of identical rows it is any one."""
    rows = np.flatnonzero(agrees)
    row = np.full(len(sent), NOBODY)
    row[friend[rows]] = rows
    return row[sent]


def _senders(best: IntArray, people: int) -> IntArray:
    return np.where(best == _NEVER, NOBODY, best % max(people, 1))


def _earliest_without_cycles(
    friend: IntArray, key: IntArray, *, people: int
) -> tuple[IntArray, IntArray, Tree]:
    """Of each person the key of the claim that stands, and the rows that would close a cycle.

    A key packs (day, sender). In the graph of everybody's earliest claim, the latest claim of each
    cycle is the one that a reading in time order refuses: all others of that cycle were in
    place before it. That friend's next claim takes its place, until there is no cycle.
    """
    best = np.full(people, _NEVER)
    np.minimum.at(best, friend, key)
    is_cyclic = np.zeros(len(friend), bool)
    for _ in range(MOST_ROUNDS):
        tree = Tree.of(_senders(best, people))
        if not len(tree.cyclic):
            return best, np.flatnonzero(is_cyclic), tree
        refused = np.zeros(people, bool)
        refused[_latest_of_cycles(best, tree.cyclic)] = True
        rows = np.flatnonzero(refused[friend] & ~is_cyclic & (key != _NEVER))
        # A sender whom the friend brought stays so: their later claims are refused too.
        again = key[rows] % people == best[friend[rows]] % people
        is_cyclic[rows[again]] = True
        best[refused] = _NEVER
        np.minimum.at(best, friend[rows[~again]], key[rows[~again]])
    best, cyclic = _one_by_one(friend, key, people=people)
    return best, cyclic, Tree.of(_senders(best, people))


def _latest_of_cycles(best: IntArray, members: IntArray) -> IntArray:
    """The friend whose claim is the latest, of each cycle among everybody's best claims.

    Args:
        best: The keys, shape (n,).
        members: Everybody who is on a cycle, ascending.
    """
    people = len(best)
    rank = np.empty(len(members), np.int64)
    rank[np.lexsort((members, best[members] // people))] = np.arange(len(members))
    step = np.searchsorted(members, best[members] % people)
    latest = rank.copy()
    span = 1
    while span < len(members):
        latest = np.maximum(latest, latest[step])
        step = step[step]
        span *= 2
    refused: IntArray = members[latest == rank]
    return refused


def _one_by_one(friend: IntArray, key: IntArray, *, people: int) -> tuple[IntArray, IntArray]:
    """The same outcome claim by claim, for files whose cycles are knotted on purpose."""
    rows = np.flatnonzero(key != _NEVER)
    rows = rows[np.lexsort((key[rows] % people, friend[rows], key[rows] // people))]
    best = np.full(people, _NEVER)
    cyclic = []
    above = list(range(people))  # towards the root of one's tree, with the path halved on the way
    for row, sent, claim in zip(
        rows.tolist(), friend[rows].tolist(), key[rows].tolist(), strict=True
    ):
        if best[sent] != _NEVER:
            continue
        person = claim % people
        while above[person] != person:
            above[person] = above[above[person]]
            person = above[person]
        if person == sent:
            cyclic.append(row)
        else:
            best[sent] = claim
            above[sent] = person
    return best, np.array(cyclic, np.int64)
