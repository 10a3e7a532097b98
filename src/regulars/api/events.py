"""Telling what happened."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Router

from regulars.api.requests import KeyWith, actor_of
from regulars.api.routes import problems
from regulars.api.schemas import (
    EventAnswer,
    EventAnswers,
    EventBatch,
    EventEffect,
    EventFlag,
    EventSent,
    Told,
)
from regulars.intake.incoming import Incoming, Written
from regulars.intake.plain import RecordedPlainly, record_now
from regulars.intake.services import Recorded
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.together import Together
from regulars.people.core import needs_region
from regulars.people.queries import region
from regulars.stream.hot import leave_old_connection
from regulars.stream.queries import Effect

KEYS_AT_ONCE = 64
PATIENCE_SECONDS = 0.0005  # what a commit takes anyway, for those who come meanwhile
FILLS_A_TRANSACTION = 50  # events that gain nothing any more by a commit shared with others

Answers = Sequence[Recorded | RecordedPlainly]

router = Router(tags=["Events"])


@router.post(
    "/events",
    auth=KeyWith("events:write"),
    response={200: EventAnswers, **problems(400, 404, 409, 410, 413, 422)},
    summary="Tell what happened",
)
def tell(request: HttpRequest, told: Body[Told]) -> HttpResponse:
    """Record one event (1 MB at most), or up to a thousand as `{"events": […]}` (8 MB): all of them, or none.

    What is refused says which `field` is to blame, of several as `events.17.customer.email`, counted from 0.

    `source` and `key` together name an event: told again, it is answered `duplicate` and counts once;
    anything else told by that name is refused (`receipt_conflict`). What was told of nobody may be told again of
    a customer, and becomes theirs.
    Whoever is named by an identity that nobody has becomes a new customer.
    """
    several: tuple[Any, ...] = tuple(told.events) if isinstance(told, EventBatch) else (told,)
    default: str = request.auth.source  # type: ignore[attr-defined]
    try:
        recorded = recorded_now(actor_of(request), [incoming(one, default) for one in several])
    except RegularsError as error:
        if "event" in error.data:
            error.data["field"] = _path(error, is_batch=isinstance(told, EventBatch))
        raise
    return HttpResponse(answered(recorded), content_type="application/json; charset=utf-8")


def _path(error: RegularsError, *, is_batch: bool) -> str:
    """Where in a body stands what is to blame for an error."""
    field = str(error.data["event_field"])
    return f"events.{error.data['event']}.{field}" if is_batch else field


def answered(recorded: Answers) -> bytes:
    """What became of events, as `EventAnswers` has it."""
    return f'{{"results":[{",".join(map(_result, recorded))}]}}'.encode()


def _result(one: Recorded | RecordedPlainly) -> str:
    """One of the results; what nothing follows from, which is nearly all, is written out by hand."""
    if isinstance(one, Recorded) and one.effects:
        return EventAnswer(
            status=one.status,
            event_id=one.event_id,
            customer_id=one.customer_id,
            effects=tuple(map(effect, one.effects)),
        ).model_dump_json()
    whose = f'"{one.customer_id}"' if one.customer_id else "null"
    return (
        f'{{"status":"{one.status}","event_id":"{one.event_id}",'
        f'"customer_id":{whose},"effects":[]}}'
    )


def recorded_now(actor: Actor, told: Sequence[Incoming | Written]) -> Answers:
    """What became of events that a key tells: of few together with those that it tells at the same moment.

    A shop's own file has one writer at a time, so there everybody goes together.
    """
    if len(told) >= FILLS_A_TRANSACTION and connection.vendor == "postgresql":
        return _all_of_them([told], actor=actor)[0]
    return _at_once(actor).ask(told)


@lru_cache(maxsize=KEYS_AT_ONCE)
def _at_once(actor: Actor) -> Together[Sequence[Incoming | Written], Answers]:
    """Where the events that a key tells at the same moment become one transaction."""
    return Together(partial(_all_of_them, actor=actor), patience=PATIENCE_SECONDS)


def _all_of_them(
    told: Sequence[Sequence[Incoming | Written]], *, actor: Actor
) -> Sequence[Answers]:
    happened = [one for some in told for one in some]
    needed = any(needs_region(*identity) for one in happened for identity in one.identities)
    leave_old_connection()
    where = region() if needed else None
    recorded: Iterator[Recorded | RecordedPlainly] = iter(
        record_now(happened, region=where, actor=actor, now=timezone.now())
    )
    return [tuple(islice(recorded, len(some))) for some in told]


def effect(one: Effect) -> EventEffect | EventFlag:
    """What followed, as it is answered."""
    if one.kind == "flag":
        return EventFlag.model_construct(kind=one.kind, flag=one.what)
    return EventEffect.model_construct(kind=one.kind, task=one.what, customer_id=one.customer_id)


def incoming(event: EventSent, source: str) -> Incoming:
    """An event as intake takes it.

    Args:
        event: As it was sent, of one of the types.
        source: Who tells where the event does not say.
    """
    said: Any = event
    who = event.customer
    return Incoming(
        said.type,
        event.source or source,
        event.key,
        event.occurred_at,
        who.id if who else None,
        who.told() if who else (),
        said.data,
        getattr(said, "location", None) or "",
    )
