"""Who brought whom, around some people, by the claims that stand."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from regulars.care.core import Person
from regulars.kernel.language import gettext
from regulars.people.models import Customer
from regulars.people.queries import (
    everyone,
    kept_id,
    kept_ids,
    likes_of,
    named_ids,
    standing,
    top_senders,
)
from regulars.stream.queries import sent_by

TREES_DRAWN = 6
DEEPEST_TREE = 6
PEOPLE_DRAWN = 120


@dataclass(frozen=True)
class Web:
    """Who brought whom, around some people.

    Attributes:
        through: Who sent each of them, where somebody did.
        brought: Whom each of them sent, in the order in which they came.
        around: Who they are.
    """

    through: Mapping[UUID, UUID] = field(default_factory=dict)
    brought: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    around: frozenset[UUID] = frozenset()

    def and_around(self, customer_ids: Collection[UUID], *, stranger: UUID | None = None) -> "Web":
        """The same around some more; of whom it is known already is not asked again, for a few send thousands."""
        others = set(customer_ids) - self.around
        if not others:
            return self
        more = web_of(others, stranger=stranger)
        return Web(
            {**self.through, **more.through},
            {**self.brought, **more.brought},
            self.around | more.around,
        )


NOBODY = Web()


@dataclass(frozen=True)
class Family:
    """Some people and who brought whom among them.

    Attributes:
        people: In the order in which they were added.
        is_whole: Whether everybody who belongs to them is here.
        web: What was found around them.
    """

    people: tuple[Person, ...]
    is_whole: bool
    web: Web


def web_of(customer_ids: Collection[UUID], *, stranger: UUID | None = None) -> Web:
    """Who sent some customers and whom they sent, whole persons by name alone.

    Args:
        customer_ids: Of those who are shown; who has no name here is left out.
        stranger: Of them, who is not left out, whatever they are called.
    """
    asked = set(customer_ids)
    friends = kept_ids(one.friend_id for one in sent_by(everyone(asked)))
    stands = standing(asked | set(friends.values()))
    around = [
        one.ends for one in stands.values() if one.friend_id in asked or one.sender_id in asked
    ]
    here = named_ids({end for pair in around for end in pair}) | {stranger}
    pairs = [pair for pair in around if here.issuperset(pair)]
    brought: dict[UUID, list[UUID]] = defaultdict(list)
    for sender, friend in pairs:
        brought[sender].append(friend)
    return Web(
        through={friend: sender for sender, friend in pairs if friend in asked},
        brought={sender: tuple(brought[sender]) for sender in asked & brought.keys()},
        around=frozenset(asked),
    )


def came_by_way_of(customer_id: UUID) -> tuple[UUID, ...]:
    """Everybody through whom somebody came who is shown, the nearest first."""
    stands = standing((kept_id(customer_id),))
    way: list[UUID] = []
    at = stands.get(kept_id(customer_id))
    while at is not None:
        way.append(at.sender_id)
        at = stands.get(at.sender_id)
    return tuple(way)


def people_of(
    customer_ids: Collection[UUID], *, stranger: UUID | None = None, web: Web = NOBODY
) -> tuple[Person, ...]:
    """Some customers with what they like and who brought whom, in the order in which they were added.

    Args:
        customer_ids: Of those who are shown; who has no name here is left out.
        stranger: Of them, who is not left out, whatever they are called.
        web: What was found around some of them before.
    """
    likes, web = likes_of(customer_ids), web.and_around(customer_ids, stranger=stranger)
    return tuple(
        Person(
            id=customer.id,
            name=customer.name or gettext("Somebody without a name"),
            likes=likes.get(customer.id, ()),
            brought=web.brought.get(customer.id, ()),
            came_through=web.through.get(customer.id),
        )
        for customer in Customer.objects.filter(id__in=customer_ids).order_by("id")
        if customer.name or customer.id == stranger
    )


def family_of(customer_id: UUID) -> Family:
    """Who brought somebody who is shown, and the tree of those whom they brought."""
    web = web_of([customer_id], stranger=customer_id)
    return _below([customer_id], stranger=customer_id, web=web, above=web.through.values())


def largest_families() -> Family:
    """The trees of those who sent most."""
    senders = top_senders(TREES_DRAWN)
    stands = standing(senders)
    named = named_ids(one.sender_id for one in stands.values())
    roots: dict[UUID, None] = {}
    for one in senders:
        root = one
        while root in stands and stands[root].sender_id in named:
            root = stands[root].sender_id
        roots[root] = None
    return _below(list(roots))


def _below(
    roots: list[UUID],
    *,
    stranger: UUID | None = None,
    web: Web = NOBODY,
    above: Collection[UUID] = (),
) -> Family:
    """Roots and those below them, level by level, as many as a page can show, with some above them."""
    found = dict.fromkeys(roots)
    level, is_whole = list(roots), True
    for _ in range(DEEPEST_TREE):
        web = web.and_around(level, stranger=stranger)
        below = [one for sender in level for one in web.brought.get(sender, ()) if one not in found]
        level = below[: max(PEOPLE_DRAWN - len(found), 0)]
        found |= dict.fromkeys(level)
        if len(level) < len(below):
            is_whole = False
            break
    web = web.and_around([*above, *found], stranger=stranger)
    if is_whole:
        is_whole = not any(one in web.brought for one in level)
    return Family(people_of([*above, *found], stranger=stranger, web=web), is_whole, web)
