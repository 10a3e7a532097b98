"""What is plain is recorded by one statement: a till's next receipt of somebody who comes all the time.

The statement does what `regulars.intake.services.record` would, which does all the rest. PostgreSQL alone has it, where
every statement is a way there and back.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from pydantic import SerializeAsAny, TypeAdapter

from regulars.care.core import SILENCE_DAYS
from regulars.intake.incoming import Incoming
from regulars.intake.services import Recorded, record
from regulars.intake.sql import RECORD_PLAIN
from regulars.intake.where import location_id_of
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.ids import new_id, new_id_text
from regulars.people.errors import NotAnIdentity
from regulars.people.queries import comparable
from regulars.stream.anew import begun_anew
from regulars.stream.hot import rows, stored
from regulars.stream.queries import CAME_BY
from regulars.stream.services import checked
from regulars.stream.types import Facts, event_type

STATEMENT = {"postgresql": RECORD_PLAIN}
FACTS: TypeAdapter[list[Facts]] = TypeAdapter(list[SerializeAsAny[Facts]])


def record_now(
    incoming: Sequence[Incoming], *, region: str | None, actor: Actor, now: datetime
) -> tuple[Recorded, ...]:
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
    incoming: Sequence[Incoming], *, region: str | None, actor: Actor, now: datetime
) -> tuple[Recorded, ...]:
    """What became of events, plain or not."""
    recorded = _recorded_plainly(incoming, region=region, actor=actor, now=now)
    if recorded:
        return recorded
    with transaction.atomic():
        return record(incoming=incoming, region=region, actor=actor, now=now, refuse_other=True)


def _recorded_plainly(
    incoming: Sequence[Incoming], *, region: str | None, actor: Actor, now: datetime
) -> tuple[Recorded, ...]:
    """What became of events if all of them are plain, else nothing, and nothing is recorded."""
    if connection.vendor != "postgresql":
        return ()
    if len({one.name for one in incoming}) < len(incoming) or not all(map(_may_be, incoming)):
        return ()
    ids = [new_id() for _ in incoming]
    try:
        told = json.dumps([_row(*each, region=region) for each in zip(incoming, ids, strict=True)])
        said = FACTS.dump_json(
            [checked(one.type, one.data) for one in incoming], exclude_none=True
        ).decode()
        by = (str(actor), stored(now))
        given = (told, said, SILENCE_DAYS, *by, *by, *by)
        owners = rows(STATEMENT, given)
    except (RegularsError, IntegrityError):
        return ()
    return tuple(
        Recorded("recorded", one, owner) for one, (owner,) in zip(ids, owners, strict=False)
    )


def _may_be(one: Incoming) -> bool:
    """Whether an event may be plain, as far as it says itself."""
    return (
        one.type in CAME_BY
        and one.customer_id is None
        and bool(one.identities)
        and not one.location
        and location_id_of(one.data) is None
    )


def _row(one: Incoming, event_id: UUID, *, region: str | None) -> tuple[object, ...]:
    """An event as the statement takes it, but for what it says.

    Raises:
        RegularsError: It cannot be one, or names nobody.
    """
    named = comparable(one.identities, region=region)
    if not named:
        raise NotAnIdentity(value="")
    return (
        event_id.hex,
        one.type,
        event_type(one.type).version,
        one.source,
        one.key,
        one.occurred_at.isoformat(),
        tuple(named.items()),
        new_id_text(),
    )
