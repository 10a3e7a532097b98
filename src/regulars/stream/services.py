"""Writing to the log: appending is all there is."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from pydantic import ValidationError

from regulars.kernel.actor import Actor
from regulars.kernel.faults import first_fault
from regulars.kernel.ids import new_id
from regulars.stream.errors import UnknownEventType
from regulars.stream.hot import as_id, rows, stored
from regulars.stream.models import GOES_ALONG
from regulars.stream.sql import APPEND, SETTLE_MOVED_LOG, TOLD_BEFORE
from regulars.stream.types import Facts, event_type


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """Something to append.

    Attributes:
        type: Of `regulars.stream.types.TYPES`.
        source: Who tells: a till, a shop, the console.
        key: What the source calls it; the same source and key is the same event.
        customer_id: Whom it is about, or None while nobody knows.
        occurred_at: When it happened, aware.
        data: What the type's schema holds, or has made of it already.
        replaces: The event in whose place it is to stand; its key is `in_place_of` that one's, then.
    """

    type: str
    source: str
    key: str
    customer_id: UUID | None
    occurred_at: datetime
    data: Mapping[str, Any] | Facts
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an event.

    Attributes:
        id: Of the event, also where it was there before.
        customer_id: Whom the log says it is about.
        position: In the log, where it has just been written; else None.
        is_claim: Whether it was written in the place of another.
        is_open: Whether it is nobody's, or somebody's only because its purchase is: who names them says more.
    """

    id: UUID
    customer_id: UUID | None
    position: int | None = None
    is_claim: bool = False
    is_open: bool = False

    @property
    def is_new(self) -> bool:
        """Whether it has just been written."""
        return self.position is not None


def checked(kind: str, data: Mapping[str, Any] | Facts) -> Facts:
    """What an event of some type says, as the type's schema has it.

    Raises:
        UnknownEventType: There is no such type.
        Fault: The data do not fit it; see `regulars.kernel.faults`.
    """
    facts = event_type(kind).facts
    if isinstance(data, facts):
        return data
    try:
        return facts.model_validate(data)
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
    if not events:
        return ()
    ids = [new_id() for _ in events]
    told = ",".join(map(_row, events, ids))
    positions = {
        as_id(one): position
        for one, position in rows(APPEND, (str(actor), stored(now), f"[{told}]"))
    }
    became = {
        _name(event): Appended(
            one,
            event.customer_id,
            positions[one],
            event.replaces is not None,
            event.customer_id is None or actor == GOES_ALONG,
        )
        for event, one in zip(events, ids, strict=True)
        if one in positions
    }
    missing = {_name(event) for event in events} - became.keys()
    became |= told_before(missing)
    return tuple(
        found if one in positions else replace(found, position=None)
        for one, found in zip(ids, (became[_name(event)] for event in events), strict=True)
    )


def told_before(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Appended]:
    """Events that are in the log, by source and key.

    Where another stands in the place of one, that is meant.
    """
    if not keys:
        return {}
    before, replaced = {}, {}
    for source, key, event, who, by, stands in rows(TOLD_BEFORE, (json.dumps(sorted(keys)),)):
        before[source, key] = Appended(
            as_id(event), who and as_id(who), is_open=who is None or by == str(GOES_ALONG)
        )
        if not stands:
            replaced[source, key] = (source, in_place_of(key))
    if replaced:
        standing = told_before(set(replaced.values()))
        before |= {name: standing[other] for name, other in replaced.items()}
    return before


def in_place_of(key: str) -> str:
    """The key of the event that stands in the place of another, by the key of that.

    The source's own, and a second line with how often, which no source can tell: so that of several who claim
    the same at the same moment one does.
    """
    told, _, turn = key.partition("\n")
    return f"{told}\n{int(turn or 0) + 1}"


def earlier_keys(key: str) -> list[str]:
    """The keys of the events in whose place one stands, by its key, but for the first."""
    told, _, turn = key.partition("\n")
    return [f"{told}\n{number}" for number in range(1, int(turn or 0))]


def _name(event: NewEvent) -> tuple[str, str]:
    return event.source, event.key


def _row(event: NewEvent, one: UUID) -> str:
    """An event as a row of JSON."""
    facts = checked(event.type, event.data)
    row = (
        one.hex,
        event.type,
        event_type(event.type).version,
        event.source,
        event.key,
        event.customer_id and event.customer_id.hex,
        stored(event.occurred_at),
        event.replaces and event.replaces.hex,
    )
    return f"{json.dumps(row)[:-1]},{facts.model_dump_json(exclude_none=True)}]"


def settle_moved_log() -> None:
    """Makes a log readable that was brought from another server; a restore calls it once.

    The transactions of a new server are counted anew, so those that wrote the events there mean
    nothing here. Places that readers kept before no longer hold; the lake notices and begins anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_MOVED_LOG)
