"""Which claims of “she sent me” stand: pure rules, over what the log tells.

The log keeps every claim. Of those about one friend the earliest stands that closes no circle: whom somebody
brought, directly or through others, cannot have brought them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

Pair = tuple[UUID, UUID]


def those_that_stand(claims: Sequence[tuple[Any, Any]]) -> list[int]:
    """The places of the claims that stand; nobody comes through themselves, or through two.

    Whether a claim stands depends on nothing but those about its friend, its sender, and those through whom
    the sender may have come.

    Args:
        claims: Sender and friend, in the order of time.
    """
    through: dict[Any, Any] = {}
    stand = []
    for place, (sender, friend) in enumerate(claims):
        if friend in through:
            continue
        above = sender
        while above is not None and above != friend:
            above = through.get(above)
        if above is None:
            through[friend] = sender
            stand.append(place)
    return stand


def knotted_with(friends: Collection[UUID], claims: Iterable[Pair]) -> set[UUID]:
    """Some friends, and everybody who is in a circle of claims with one of them.

    Only the claims about these can stand, or stand no longer, because of another claim about one of the friends.

    Args:
        friends: Whom a claim is about.
        claims: Sender and friend: every claim about these friends, and about everybody through whom
            they may have come.
    """
    pairs = list(claims)
    senders: dict[UUID, set[UUID]] = defaultdict(set)
    sent: dict[UUID, set[UUID]] = defaultdict(set)
    for sender, friend in pairs:
        senders[friend].add(sender)
        sent[sender].add(friend)
    knot: set[UUID] = set()
    for one in friends:
        knot |= {one} | (_reached(one, senders) & _reached(one, sent))
    return knot


def _reached(one: UUID, onward: Mapping[UUID, set[UUID]]) -> set[UUID]:
    found, at = {one}, [one]
    while at:
        fresh = onward.get(at.pop(), set()) - found
        found |= fresh
        at += fresh
    return found
