"""Which two customers may be one person, and why: pure rules.

The same phone or address twice cannot be, so what points to one person is alike without being the
same: a number with and without its country, one mailbox at two providers, a slip in the name.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Literal
from uuid import UUID

from regulars.kernel.language import mark
from regulars.people.names import folded_name, likeness, name_keys, name_words

Clue = Literal[
    "same_name",
    "alike_name",
    "rare_name",
    "told_together",
    "same_digits",
    "same_mailbox",
    "same_date",
    "same_likes",
]
# How surely each clue points to one person by itself; clues add up as independent ones do.
WEIGHTS: dict[Clue, float] = {
    "same_name": 0.5,
    "alike_name": 0.35,
    "rare_name": 0.3,
    "told_together": 0.75,
    "same_digits": 0.8,
    "same_mailbox": 0.7,
    "same_date": 0.6,
    "same_likes": 0.3,
}
SENTENCES: dict[Clue, str] = {
    "same_name": mark("They have the same name."),
    "alike_name": mark("Their names are alike."),
    "rare_name": mark("Nobody else is called by this name."),
    "told_together": mark("A file, a till or a shop took them for one person."),
    "same_digits": mark("Their phone numbers end in the same digits."),
    "same_mailbox": mark("Their e-mail addresses begin alike."),
    "same_date": mark("They have an important date in common."),
    "same_likes": mark("They like the same."),
}
ALIKE_FROM = 0.6
DIGITS_COMPARED = 7  # of a phone: what is left of it where country and area are written or not
SHORTEST_MAILBOX = 5
FULL_NAME = 2  # parts
SHORTEST_NAME = 2  # letters; one letter is an abbreviation
# By which a woman's name differs from a man's: Gerd and Gerda, Mario and Maria.
LAST_VOWEL = re.compile("[aeo]$")
# What more people than these share tells nobody apart.
LARGEST_BLOCK = 40


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is compared of a customer, everybody merged into them included.

    Attributes:
        id: Of the customer.
        name: Theirs.
        phones: As E.164 writes them.
        emails: As they are compared.
        likes: In a few words each.
        dates: Label, month and day.
        told_with: With whom they were named as one.
    """

    id: UUID
    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    dates: tuple[tuple[str, int, int], ...] = ()
    told_with: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Two customers who may be one person.

    Attributes:
        one: Of the two, who has the smaller id, so was known first.
        other: The other.
        likelihood: From 0 to 1; for the order, not to be believed as a number.
        clues: Why.
    """

    one: UUID
    other: UUID
    likelihood: float
    clues: tuple[Clue, ...]


def compared(first: Known, second: Known, *, is_rare: bool = False) -> Suspicion | None:
    """Whether two customers may be one, or None where too little points to it.

    Alike names need a further clue. The same full name is enough, and so is a first name alone that nobody
    else has, unless they keep the same day (a birthday) on different dates. Whom somebody took for one may
    be one, whatever they are called.

    Args:
        first: One of the two.
        second: The other.
        is_rare: Whether nobody else is called by the one name of either; see `only_two`.
    """
    one, other = sorted((first, second), key=lambda known: known.id)
    name = _name_clue(one.name, other.name)
    further: tuple[Clue, ...] = ()
    if other.id in one.told_with or one.id in other.told_with:
        further = ("told_together",)
    if name is None and not further:
        return None
    further += tuple(_further_clues(one, other))
    clues: tuple[Clue, ...] = further if name is None else (name, *further)
    full = name == "same_name" and len(folded_name(one.name).split()) >= FULL_NAME
    if not further and not full:
        clues = ("rare_name",) if is_rare else ()
    if not clues or (not further and _contradict(one, other)):
        return None
    likelihood = 1 - prod(1 - WEIGHTS[clue] for clue in clues)
    return Suspicion(one=one.id, other=other.id, likelihood=likelihood, clues=clues)


def fits(one: str, other: str) -> bool:
    """Whether somebody who is called one thing may be called another: in short, misspelt, in another script.

    Gerd and Gerda are two, as near as they are; so are sisters, who have but the family name in common.
    Whoever has no name may be anybody.
    """
    if not one or not other or one == other:
        return True
    if max(likeness(one, other), likeness(other, one)) < ALIKE_FROM:
        return False
    first, second = name_words(one)[0], name_words(other)[0]
    return first == second or LAST_VOWEL.sub("", first) != LAST_VOWEL.sub("", second)


def ranked(suspicions: Iterable[Suspicion]) -> tuple[Suspicion, ...]:
    """The likeliest first."""
    return tuple(sorted(suspicions, key=lambda found: (-found.likelihood, found.one, found.other)))


def block_keys(known: Known) -> frozenset[Hashable]:
    """What two customers must have in common to be compared at all.

    Every suspicion has one, except that what rests on a date or a taste alone needs names of which a part
    begins with the same letter, or is at most one slip from the other.
    """
    parts = folded_name(known.name).split()
    keys: set[Hashable] = set()
    if len(parts) >= FULL_NAME:
        keys.add(tuple(sorted(parts)))
    keys |= {("together", *sorted((known.id, other))) for other in known.told_with}
    keys |= {("digits", phone[-DIGITS_COMPARED:]) for phone in known.phones}
    keys |= {("mailbox", box) for box in _mailboxes(known)}
    shared: set[Hashable] = {(month, day) for _, month, day in known.dates}
    shared |= {folded_name(like) for like in known.likes}
    starts = name_keys(known.name) | {f"{part[0]}…" for part in parts}
    keys |= {(start, thing) for start in starts for thing in shared}
    return frozenset(keys)


def pairs(blocks: Iterable[tuple[int, Hashable]]) -> frozenset[tuple[int, int]]:
    """Who is to be compared with whom: those who share a key that few have.

    Args:
        blocks: Number of the customer, and key.
    """
    sharing: dict[Hashable, list[int]] = defaultdict(list)
    for number, key in blocks:
        sharing[key].append(number)
    return frozenset(
        pair
        for numbers in sharing.values()
        if len(numbers) <= LARGEST_BLOCK
        for pair in combinations(sorted(numbers), 2)
    )


def only_two(names: Iterable[tuple[int, str]]) -> frozenset[tuple[int, int]]:
    """Pairs of whom one is called by a single name that only the other has besides, alone or among others.

    However many are called Anna, it is nobody's then; and whoever goes by one name is in one pair at most.

    Args:
        names: Number of the customer, and what they are called.
    """
    called: dict[str, set[int]] = defaultdict(set)
    by_one_name: set[int] = set()
    for number, name in names:
        parts = set(folded_name(name).split())
        if len(parts) == 1:
            by_one_name.add(number)
        for part in parts:
            called[part].add(number)
    return frozenset(
        (min(two), max(two))
        for part, two in called.items()
        if len(two) == 2 and len(part) >= SHORTEST_NAME and two & by_one_name  # noqa: PLR2004
    )


def _name_clue(one: str, other: str) -> Clue | None:
    parts, others = folded_name(one).split(), folded_name(other).split()
    if parts and sorted(parts) == sorted(others):
        return "same_name"
    return "alike_name" if max(likeness(one, other), likeness(other, one)) >= ALIKE_FROM else None


def _further_clues(one: Known, other: Known) -> Iterator[Clue]:
    if {p[-DIGITS_COMPARED:] for p in one.phones} & {p[-DIGITS_COMPARED:] for p in other.phones}:
        yield "same_digits"
    if _mailboxes(one) & _mailboxes(other):
        yield "same_mailbox"
    if {day[1:] for day in one.dates} & {day[1:] for day in other.dates}:
        yield "same_date"
    if {folded_name(like) for like in one.likes} & {folded_name(like) for like in other.likes}:
        yield "same_likes"


def _mailboxes(known: Known) -> frozenset[str]:
    """Mailboxes without dots and what follows a plus, where they are long enough to mean somebody."""
    boxes = (re.sub(r"\+.*|\.", "", mail.rpartition("@")[0]) for mail in known.emails)
    return frozenset(box for box in boxes if len(box) >= SHORTEST_MAILBOX)


def _contradict(one: Known, other: Known) -> bool:
    days = {folded_name(label): day for label, *day in one.dates}
    return any(days.get(folded_name(label), day) != day for label, *day in other.dates)
