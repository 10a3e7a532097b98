"""All that is kept of a customer: what happened, everything to take along, who looked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router
from pydantic import Field

from regulars.api.requests import KeyWith, actor_of
from regulars.api.routes import problems
from regulars.api.schemas import Answer, Cursor, Limit
from regulars.credentials.models import ApiKey
from regulars.kernel.actor import Actor, parsed
from regulars.people.audit import looked_at, looks_page, table_taken
from regulars.people.export import everything
from regulars.people.models import Employee, Look
from regulars.people.queries import present_ids, standing
from regulars.stream.models import Event
from regulars.stream.queries import timeline
from regulars.stream.refunding import (
    REFUND_EXCEEDS_PURCHASE,
    orders_given_back,
    refunded_beyond,
)

router = Router(tags=["Customers"])
READ = KeyWith("customers:read")
Flag = Literal["refund_exceeds_purchase", "referral_does_not_stand"]


class TimelineEvent(Answer):
    """One thing that happened with a customer."""

    id: UUID
    type: str
    version: int
    source: str
    key: str
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    flags: tuple[Flag, ...] = Field(
        (),
        description=(
            "`refund_exceeds_purchase`: more was given back of the order than was bought. "
            "`referral_does_not_stand`: they came through another, as was told of an earlier moment, or "
            "it would close a circle."
        ),
    )


class TimelineAnswer(Answer):
    """A page of what happened, the latest first."""

    events: tuple[TimelineEvent, ...]
    next_cursor: str | None


class LookAnswer(Answer):
    """Somebody looked at a customer."""

    looked_by: str
    name: str = Field(
        description="Of the employee, or of the key with the mark that lists of keys show; empty for others."
    )
    what: str
    looked_at: datetime


class LooksAnswer(Answer):
    """A page of who looked at a customer, the latest first."""

    looks: tuple[LookAnswer, ...]
    next_cursor: str | None


@router.get(
    "/customers/{customer_id}/timeline",
    auth=READ,
    response={200: TimelineAnswer, **problems(400, 404, 410, 422)},
    summary="Read what happened",
)
def read_timeline(
    request: HttpRequest, customer_id: Path[UUID], cursor: Cursor = None, limit: Limit = 50
) -> TimelineAnswer:
    """Read what happened with a customer, by when it happened, the latest first."""
    ids = present_ids(customer_id)
    page = timeline(ids, cursor=cursor, limit=limit)
    flags = _flags(page.events, ids)
    look(request, customer_id, Look.TIMELINE)
    return TimelineAnswer(
        events=tuple(
            TimelineEvent(
                id=event.id,
                type=event.type,
                version=event.version,
                source=event.source,
                key=event.told_key,
                occurred_at=event.occurred_at,
                recorded_at=event.recorded_at,
                data=event.data,
                flags=flags.get(event.id, ()),
            )
            for event in page.events
        ),
        next_cursor=page.cursor,
    )


def _flags(events: Sequence[Event], ids: Sequence[UUID]) -> dict[UUID, tuple[Flag, ...]]:
    """What is to be known of some events of a person, by event."""
    flags: dict[UUID, tuple[Flag, ...]] = dict.fromkeys(
        refunded_beyond(orders_given_back(events)), (REFUND_EXCEEDS_PURCHASE,)
    )
    claims = {one.id for one in events if one.type == "referral.recorded"}
    stand = {one.event_id for one in standing(ids).values()} if claims else set()
    return flags | dict.fromkeys(claims - stand, ("referral_does_not_stand",))


@router.get(
    "/customers/{customer_id}/export",
    auth=READ,
    response={200: dict[str, list[dict[str, Any]]], **problems(404, 410, 422)},
    summary="Export everything about somebody",
)
def export(request: HttpRequest, customer_id: Path[UUID]) -> dict[str, Any]:
    """Read everything that is kept about a person, table by table, as they may ask for it."""
    told = everything(customer_id)
    look(request, customer_id, Look.EXPORT)
    return told


@router.get(
    "/customers/{customer_id}/looks",
    auth=READ,
    response={200: LooksAnswer, **problems(400, 404, 410, 422)},
    summary="Read who looked at somebody",
)
def read_looks(
    request: HttpRequest, customer_id: Path[UUID], cursor: Cursor = None, limit: Limit = 50
) -> LooksAnswer:
    """Read who looked at a customer or took their data away, the latest first."""
    present_ids(customer_id)
    page = looks_page(customer_id, cursor=cursor, limit=limit)
    names = _names(page.looks)
    return LooksAnswer(
        looks=tuple(
            LookAnswer(
                looked_by=one.looked_by,
                name=names.get(one.looked_by, ""),
                what=one.what,
                looked_at=one.looked_at,
            )
            for one in page.looks
        ),
        next_cursor=page.cursor,
    )


def _names(looks: Iterable[Look]) -> dict[str, str]:
    """Who looked, by how an actor is written."""
    actors = [parsed(one.looked_by) for one in looks]
    ids = {kind: {one.id for one in actors if one.kind == kind} for kind in ("key", "employee")}
    keys = ApiKey.objects.filter(id__in=ids["key"])
    employees = Employee.objects.filter(id__in=ids["employee"])
    return {
        **{str(Actor("key", str(one.id))): f"{one.name} ({one.mark})" for one in keys},
        **{str(Actor("employee", str(one.id))): one.name for one in employees},
    }


def took(request: HttpRequest, table: str, rows: int) -> None:
    """Writes down that a program read a page of a list, where anybody is on it."""
    if rows:
        table_taken(table=table, rows=rows, actor=actor_of(request), now=timezone.now())


def look(request: HttpRequest, customer_id: UUID, what: str) -> None:
    """Writes down that a program looked at a customer."""
    looked_at(customer_id=customer_id, what=what, actor=actor_of(request), now=timezone.now())
