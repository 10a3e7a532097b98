"""Whom to speak to next, what to say, and why: rules over the little that is known on the first day.

Thanks come first: who brings people hears it before anybody gets a reward. Then those about whom
something is known, because being remembered is what a card never gave anybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

SUGGESTED = 3
SILENCE_DAYS = 60
GAPS_SILENT = 3


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is known of somebody.

    Attributes:
        id: Of the customer.
        name: As people say it.
        likes: In a few words each.
        brought: Whom they brought, in the order in which they came.
        came_through: Who brought them, or None.
    """

    id: UUID
    name: str
    likes: tuple[str, ...] = ()
    brought: tuple[UUID, ...] = ()
    came_through: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One person for tomorrow.

    Attributes:
        kind: Why them: they brought others, they came through somebody, something that they like is
            known, or nothing is and it is time to ask.
        person: Who.
        about: Whom it is about besides, at most two.
        others: How many more.
    """

    kind: Literal["thank", "greet_friend", "remember", "ask"]
    person: Person
    about: tuple[Person, ...] = ()
    others: int = 0


def first_come_through(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """Through whom each came: what was told first counts, and nobody comes through themselves.

    Where customers who brought each other turn out to be one person, what would close a circle is
    left out.

    Args:
        pairs: Sender and friend, in the order in which it happened.

    Returns:
        Friend to sender, without circles.
    """
    through: dict[UUID, UUID] = {}
    for sender, friend in pairs:
        above: UUID | None = sender
        while above is not None and above != friend:
            above = through.get(above)
        if above is None:
            through.setdefault(friend, sender)
    return through


def returned(came: Sequence[datetime], at: datetime) -> bool:
    """Whether somebody comes back after a long silence.

    Long is two months, or three times their own usual gap where they have one that is longer.

    Args:
        came: When they came before, in the order of time.
        at: When they come now.
    """
    if not came:
        return False
    usual = (came[-1] - came[0]) / (len(came) - 1) if len(came) > 1 else timedelta()
    return at - came[-1] > max(timedelta(days=SILENCE_DAYS), GAPS_SILENT * usual)


def suggestions(people: Sequence[Person], *, most: int = SUGGESTED) -> tuple[Suggestion, ...]:
    """Whom to speak to tomorrow: nobody twice, and not three times for the same reason.

    Args:
        people: Everybody, in the order in which they were told.
        most: How many at most.
    """
    by_id = {person.id: person for person in people}
    senders = sorted((p for p in people if p.brought), key=lambda p: -len(p.brought))
    friends = [p for p in people if p.came_through in by_id and not p.brought]
    remembered = [p for p in people if p.likes]
    waiting = {
        "thank": [_thank(person, by_id) for person in senders],
        "greet_friend": [_greet(person, by_id) for person in friends],
        "remember": [Suggestion(kind="remember", person=person) for person in remembered],
        "ask": [Suggestion(kind="ask", person=person) for person in people],
    }
    return tuple(_in_turn(waiting.values(), most))


def _in_turn(reasons: Iterable[Sequence[Suggestion]], most: int) -> list[Suggestion]:
    """The first of each reason, then the second of each, without anybody twice."""
    chosen: list[Suggestion] = []
    told: set[UUID] = set()
    queues = [list(queue) for queue in reasons]
    while len(chosen) < most and any(queues):
        for queue in queues:
            fresh = next((one for one in queue if one.person.id not in told), None)
            queue[:] = [one for one in queue if one is not fresh and one.person.id not in told]
            if fresh is not None and len(chosen) < most:
                chosen.append(fresh)
                told.add(fresh.person.id)
    return chosen


def _thank(person: Person, by_id: Mapping[UUID, Person]) -> Suggestion:
    brought = [by_id[one] for one in person.brought if one in by_id]
    return Suggestion(
        kind="thank", person=person, about=tuple(brought[:2]), others=max(len(brought) - 2, 0)
    )


def _greet(person: Person, by_id: Mapping[UUID, Person]) -> Suggestion:
    through = by_id[person.came_through] if person.came_through else person
    return Suggestion(kind="greet_friend", person=person, about=(through,))
