"""Appending to the log: whoever something early is told of is known since then."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.services import known_from
from regulars.stream import services
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
    return appended
