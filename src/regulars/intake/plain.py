"""What is plain is recorded by one statement: a till's next receipt of somebody who comes all the time.

The statement does what `regulars.intake.services.record` would, which does all the rest. PostgreSQL alone has it, where
every statement is a way there and back.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Literal, NamedTuple

import msgspec
from django.db import IntegrityError, connection, transaction

from regulars.care.core import SILENCE_DAYS
from regulars.intake.incoming import Incoming, Written
from regulars.intake.services import Recorded, record
from regulars.intake.sql import RECORD_PLAIN
from regulars.intake.where import location_id_of
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.ids import new_id_written
from regulars.people.errors import NotAnIdentity
from regulars.people.queries import comparable
from regulars.stream.anew import begun_anew
from regulars.stream.hot import rows, stored
from regulars.stream.queries import CAME_BY
from regulars.stream.services import checked
from regulars.stream.types import event_type

STATEMENT = {"postgresql": RECORD_PLAIN}


class RecordedPlainly(NamedTuple):
    """What became of a plain event: `Recorded`, its ids as they are written, and nothing follows from it.

    Attributes:
        event_id: Of the event.
        customer_id: Whom it is about.
        status: It was written now.
        effects: None.
    """

    event_id: str
    customer_id: str
    status: Literal["recorded"] = "recorded"
    effects: tuple[()] = ()


def record_now(
    incoming: Sequence[Incoming | Written], *, region: str | None, actor: Actor, now: datetime
) -> tuple[Recorded, ...] | tuple[RecordedPlainly, ...]:
    """Records what happened as `record` does, in a transaction of its own.

    The keys are the teller's own: another thing under one that was told before is refused.

    Args:
        incoming: In the order in which it is told; all of it or nothing.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Returns:
        What became of each, in the same order.

    Raises:
        RegularsError: As `record` says; nothing is recorded then.
    """
    # Two who tell the same in different orders wait for one another.
    return begun_anew(partial(_recorded, incoming, region=region, actor=actor, now=now))


def _recorded(
    incoming: Sequence[Incoming | Written], *, region: str | None, actor: Actor, now: datetime
) -> tuple[Recorded, ...] | tuple[RecordedPlainly, ...]:
    """What became of events, plain or not."""
    recorded = _recorded_plainly(incoming, region=region, actor=actor, now=now)
    if recorded:
        return recorded
    read = [one.read() if isinstance(one, Written) else one for one in incoming]
    with transaction.atomic():
        return record(incoming=read, region=region, actor=actor, now=now, refuse_other=True)


def _recorded_plainly(
    incoming: Sequence[Incoming | Written], *, region: str | None, actor: Actor, now: datetime
) -> tuple[RecordedPlainly, ...]:
    """What became of events if all of them are plain, else nothing, and nothing is recorded."""
    if connection.vendor != "postgresql":
        return ()
    if len({one.name for one in incoming}) < len(incoming) or not all(map(_may_be, incoming)):
        return ()
    ids = [new_id_written() for _ in incoming]
    try:
        each = zip(incoming, ids, strict=True)
        told = msgspec.json.encode([_row(one, event_id, region=region) for one, event_id in each])
        said = f"[{','.join(map(_said, incoming))}]"
        by = (str(actor), stored(now))
        owners = rows(STATEMENT, (told.decode(), said, SILENCE_DAYS, SILENCE_DAYS, *by, *by, *by))
    except (RegularsError, IntegrityError):
        return ()
    return tuple(map(RecordedPlainly, ids, (owner for (owner,) in owners))) if owners else ()


def _said(one: Incoming | Written) -> str:
    """What an event says, as it will be kept.

    Raises:
        RegularsError: It does not fit its type.
    """
    if isinstance(one, Written):
        return one.data
    return checked(one.type, one.data).model_dump_json(exclude_none=True)


def _may_be(one: Incoming | Written) -> bool:
    """Whether an event may be plain, as far as it says itself."""
    if isinstance(one, Written):
        return bool(one.identities)
    return (
        one.type in CAME_BY
        and one.customer_id is None
        and bool(one.identities)
        and not one.location
        and location_id_of(one.data) is None
    )


def _row(one: Incoming | Written, event_id: str, *, region: str | None) -> tuple[object, ...]:
    """An event as the statement takes it, but for what it says.

    Raises:
        RegularsError: It cannot be one, or names nobody.
    """
    named = comparable(one.identities, region=region)
    if not named:
        raise NotAnIdentity(value="")
    return (
        event_id,
        one.type,
        event_type(one.type).version,
        one.source,
        one.key,
        one.occurred_at,
        tuple(named.items()),
        new_id_written(),
    )
