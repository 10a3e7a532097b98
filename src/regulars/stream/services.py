"""Writing to the log: appending is all there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from pydantic import ValidationError

from regulars.kernel.actor import Actor
from regulars.kernel.faults import first_fault
from regulars.kernel.ids import new_id
from regulars.stream.errors import UnknownEventType
from regulars.stream.models import Event
from regulars.stream.sql import SETTLE_MOVED_LOG
from regulars.stream.types import event_type


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """Something to append.

    Attributes:
        type: Of `regulars.stream.types.TYPES`.
        source: Who tells: a till, a shop, the console.
        key: What the source calls it; the same source and key is the same event.
        customer_id: Whom it is about, or None while nobody knows.
        occurred_at: When it happened, aware.
        data: What the type's schema holds.
    """

    type: str
    source: str
    key: str
    customer_id: UUID | None
    occurred_at: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class Appended:
    """What became of an event.

    Attributes:
        id: Of the event, also where it was there before.
        is_new: Whether it has just been written.
    """

    id: UUID
    is_new: bool


def checked(event: NewEvent) -> dict[str, Any]:
    """An event's data as its type's schema has them.

    Raises:
        UnknownEventType: There is no such type.
        Fault: The data do not fit it; see `regulars.kernel.faults`.
    """
    kind = event_type(event.type)
    try:
        return kind.facts.model_validate(event.data).model_dump(mode="json", exclude_none=True)
    except ValidationError as error:
        raise first_fault(error) from error


def unfit(kind: str, data: object) -> bool:
    """Whether data do not fit the schema of a type, or there is no such type."""
    try:
        event_type(kind).facts.model_validate(data)
    except (UnknownEventType, ValidationError):
        return True
    return False


def append(*, events: Sequence[NewEvent], actor: Actor, now: datetime) -> tuple[Appended, ...]:
    """Appends events, each once; to be called inside a transaction.

    Args:
        events: In the order in which they are to stand.
        actor: Who says so.
        now: When.

    Returns:
        What became of each, in the same order.

    Raises:
        UnknownEventType, Fault: An event cannot be; nothing is written then.
    """
    rows = [
        Event(
            id=new_id(),
            type=event.type,
            version=event_type(event.type).version,
            source=event.source,
            key=event.key,
            customer_id=event.customer_id,
            occurred_at=event.occurred_at,
            recorded_at=now,
            recorded_by=str(actor),
            data=checked(event),
        )
        for event in events
    ]
    Event.objects.bulk_create(rows, ignore_conflicts=True)
    written = dict(
        Event.objects.filter(id__in=[row.id for row in rows]).values_list("id", "position")
    )
    ids = {(row.source, row.key): row.id for row in rows if row.id in written}
    missing = {(row.source, row.key) for row in rows} - ids.keys()
    for source, key in missing:
        ids[source, key] = Event.objects.values_list("id", flat=True).get(source=source, key=key)
    told: list[Appended] = []
    seen: set[UUID] = set()
    for row in rows:
        found = ids[row.source, row.key]
        told.append(Appended(found, is_new=found == row.id and found not in seen))
        seen.add(found)
    return tuple(told)


def settle_moved_log() -> None:
    """Makes a log readable that was brought from another server; a restore calls it once.

    The transactions of a new server are counted anew, so those that wrote the events there mean
    nothing here. Places that readers kept before no longer hold; the lake notices and begins anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_MOVED_LOG)
