"""Recording what happened, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from regulars.intake.reactions import REACTIONS, REACTIONS_TO_MANY
from regulars.kernel.actor import Actor
from regulars.people.core import IdentityKind
from regulars.people.queries import recognise
from regulars.stream.models import Event
from regulars.stream.services import NewEvent, append

DEEPEST_REACTION = 4
ASKED_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """Something that happened, as its source tells it.

    Attributes:
        type: Of event.
        source: Who tells.
        key: What the source calls it; the same source and key is the same event.
        occurred_at: When, aware.
        customer_id: Whom it is about, where the source knows our id.
        identities: Kind and value of whom it is about, where it does not.
        data: What the type's schema holds.
    """

    type: str
    source: str
    key: str
    occurred_at: datetime
    customer_id: UUID | None = None
    identities: tuple[tuple[IdentityKind, str], ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What became of it.

    Attributes:
        status: Whether it was written now, or had been before.
        event_id: Of the event.
        customer_id: Whom it is about, or None while nobody knows.
        effects: Types of the events that followed from it.
    """

    status: Literal["recorded", "duplicate"]
    event_id: UUID
    customer_id: UUID | None
    effects: tuple[str, ...] = ()


def record(
    *, incoming: Sequence[Incoming], region: str | None, actor: Actor, now: datetime
) -> tuple[Recorded, ...]:
    """Records what happened and what follows from it; to be called inside a transaction.

    Args:
        incoming: In the order in which it is told; all of it or nothing.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Returns:
        What became of each, in the same order.

    Raises:
        RegularsError: Something cannot be recorded; nothing is then.
    """
    known = [one.customer_id or _recognised(one, region) for one in incoming]
    events = [
        NewEvent(
            type=one.type,
            source=one.source,
            key=one.key,
            customer_id=customer,
            occurred_at=one.occurred_at,
            data=one.data,
        )
        for one, customer in zip(incoming, known, strict=True)
    ]
    appended = append(events=events, actor=actor, now=now)
    recorded = []
    for found, customer in zip(appended, known, strict=True):
        effects = _react(found.id, actor=actor, now=now) if found.is_new else ()
        recorded.append(
            Recorded(
                status="recorded" if found.is_new else "duplicate",
                event_id=found.id,
                customer_id=customer,
                effects=effects,
            )
        )
    return tuple(recorded)


def _recognised(one: Incoming, region: str | None) -> UUID | None:
    found = recognise(one.identities, region=region) if one.identities else None
    return found.customer_id if found else None


def _react(event_id: UUID, *, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Calls the reactions breadth first, and appends what they answer, at most four deep."""
    effects: list[str] = []
    level = [event_id]
    for _ in range(DEEPEST_REACTION):
        following: list[NewEvent] = []
        for event in Event.objects.filter(id__in=level).order_by("position"):
            for reaction in REACTIONS.get(event.type, ()):
                following += reaction(event, now=now)
        if not following:
            break
        effects += [event.type for event in following]
        level = [one.id for one in append(events=following, actor=actor, now=now) if one.is_new]
    return tuple(effects)


def react_to_many(
    event_ids: Sequence[UUID | str], *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Calls the reactions to many new events, as `record` does for each; inside a transaction.

    Args:
        event_ids: Of events that were told in the order in which they happened.
        actor: Who told them.
        now: When.

    Returns:
        Types of the events that followed.
    """
    effects: list[str] = []
    level: list[UUID | str] = list(event_ids)
    for _ in range(DEEPEST_REACTION):
        events = [
            event
            for start in range(0, len(level), ASKED_AT_ONCE)
            for event in Event.objects.filter(id__in=level[start : start + ASKED_AT_ONCE])
        ]
        by_type: dict[str, list[Event]] = {}
        for event in sorted(events, key=lambda one: one.position):
            by_type.setdefault(event.type, []).append(event)
        following = [
            answer
            for kind, told in by_type.items()
            for reaction in REACTIONS_TO_MANY.get(kind, ())
            for answer in reaction(told, now=now)
        ]
        if not following:
            break
        effects += [event.type for event in following]
        level = [one.id for one in append(events=following, actor=actor, now=now) if one.is_new]
    return tuple(effects)
