"""Appending to the log: whoever something early is told of is known since then, and while it is told of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.queries import everyone
from regulars.people.services import known_from, reckon
from regulars.stream import services
from regulars.stream.models import Event
from regulars.stream.services import Appended, NewEvent


def append(*, events: Sequence[NewEvent], actor: Actor, now: datetime) -> tuple[Appended, ...]:
    """Appends events as `regulars.stream.services.append` does; to be called inside a transaction."""
    appended = services.append(events=events, actor=actor, now=now)
    first: dict[UUID, datetime] = {}
    for event, was in zip(events, appended, strict=True):
        if was.is_new and event.customer_id is not None:
            told = first.get(event.customer_id, event.occurred_at)
            first[event.customer_id] = min(told, event.occurred_at)
    known_from(first)
    pairs = zip(events, appended, strict=True)
    replaced = [one.replaces for one, was in pairs if was.is_new and one.replaces is not None]
    if replaced:
        _reckon_before(replaced)
    return appended


def _reckon_before(replaced: Sequence[UUID]) -> None:
    """Reckons since when those are known whose events were, in whose place others stand now."""
    were = Event.told.filter(id__in=replaced, customer_id__isnull=False)
    whose = {one for one in were.values_list("customer_id", flat=True) if one is not None}
    if whose:
        reckon(everyone(whose).keys() | whose)
