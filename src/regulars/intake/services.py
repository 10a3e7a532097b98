"""Recording what happened, in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from regulars.intake.errors import ReferralNotAllowed
from regulars.intake.reactions import REACTIONS, REACTIONS_TO_MANY
from regulars.kernel.actor import Actor
from regulars.people.core import IdentityKind
from regulars.people.errors import (
    IdentityBlocked,
    IdentityTaken,
    NotAnIdentity,
    TooManyIdentities,
)
from regulars.people.queries import check_known, check_not_erased, kept_id, kept_ids, recognise
from regulars.people.services import add_identity, add_stranger
from regulars.stream.models import Event
from regulars.stream.services import NewEvent, append

DEEPEST_REACTION = 4
NOT_LEARNT = (IdentityBlocked, IdentityTaken, NotAnIdentity, TooManyIdentities)
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
        customer_id: Whom it is about, the kept one where several were merged, or None where nothing
            tells who it was.
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
        CustomerErased: Something is told of somebody who was erased.
        RegularsError: Something cannot be recorded; nothing is then.
    """
    seen = _seen_before(incoming)
    known = _customers(incoming, seen, region=region, actor=actor, now=now)
    shown = kept_ids(customer for customer in known if customer)
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
                customer_id=shown[customer] if customer else None,
                effects=effects,
            )
        )
    return tuple(recorded)


def _seen_before(incoming: Sequence[Incoming]) -> dict[tuple[str, str], UUID | None]:
    """Whom those events are about that are in the log already, by source and key."""
    keys: dict[str, list[str]] = defaultdict(list)
    for one in incoming:
        keys[one.source].append(one.key)
    return {
        (source, key): customer
        for source, some in keys.items()
        for key, customer in Event.objects.filter(source=source, key__in=some).values_list(
            "key", "customer_id"
        )
    }


def _customers(
    incoming: Sequence[Incoming],
    seen: Mapping[tuple[str, str], UUID | None],
    *,
    region: str | None,
    actor: Actor,
    now: datetime,
) -> list[UUID | None]:
    """Whom each event is about; what was seen before says nothing new of anybody.

    Raises:
        CustomerErased, UnknownCustomer: An id is nobody's.
        ReferralNotAllowed: Somebody sent themselves.
        RegularsError: An identity cannot be one; see `regulars.people.errors`.
    """
    new = [one for one in incoming if (one.source, one.key) not in seen]
    told = [one.customer_id for one in new if one.customer_id]
    check_not_erased(told)
    # Who was erased may have sent somebody once, and the log says so.
    check_known(told + [sender for one in new if (sender := _sender(one))])
    customers: list[UUID | None] = []
    for one in incoming:
        if (one.source, one.key) in seen:
            customers.append(seen[one.source, one.key])
            continue
        customer = one.customer_id or _recognised(one, region, actor, now)
        sender = _sender(one)
        if sender and customer and kept_id(sender) == kept_id(customer):
            raise ReferralNotAllowed
        customers.append(customer)
    return customers


def _sender(one: Incoming) -> UUID | None:
    """Who sent them, where it tells one by an id that can be."""
    try:
        return UUID(str(one.data.get("sender_id")))
    except ValueError:
        return None


def _recognised(one: Incoming, region: str | None, actor: Actor, now: datetime) -> UUID | None:
    """Whom an event is about: somebody known, or a stranger until they are."""
    if not one.identities:
        return None
    found = recognise(one.identities, region=region)
    if found is None:
        try:
            with transaction.atomic():
                return add_stranger(identities=one.identities, region=region, actor=actor, now=now)
        except IdentityTaken:  # by another event of theirs, at the same moment
            found = recognise(one.identities, region=region)
    if found is None:
        return None
    if len(one.identities) > 1:
        _learn(found.recorded_with, one, region, actor, now)
    return found.recorded_with


def _learn(
    customer_id: UUID, one: Incoming, region: str | None, actor: Actor, now: datetime
) -> None:
    """Keeps with a customer what else they are recognised by, where it is nobody else's."""
    for kind, value in one.identities:
        if recognise([(kind, value)], region=region) is None:
            with suppress(*NOT_LEARNT):
                add_identity(
                    customer_id=customer_id,
                    kind=kind,
                    value=value,
                    region=region,
                    actor=actor,
                    now=now,
                )


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
