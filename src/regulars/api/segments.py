"""Segments of one's own: named conditions, counted live, every membership explained."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Status
from pydantic import Field

from regulars.api.looking import look, took
from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, done, may, once
from regulars.api.routes import ADDED, CHANGED, problems
from regulars.api.schemas import Answer, Cursor, Limit, Sent, Text
from regulars.people.models import Look
from regulars.people.queries import present_ids
from regulars.scoring import queries, services
from regulars.scoring.conditions import is_of_the_profile
from regulars.scoring.pages import members_page

router = Router(tags=["Segments"])
READ, WRITE = KeyWith("scores:read"), KeyWith("segments:write")
Id = Path[UUID]


class SegmentSent(Sent):
    """A segment of one's own: a name and a condition (docs/segments.md)."""

    name: Text
    condition: dict[str, Any]


class SegmentChanged(Sent):
    """What is to be different; what is left out stays as it is."""

    name: Text | None = None
    condition: dict[str, Any] | None = None


class ConditionSent(Sent):
    """A condition, before anybody keeps it (docs/segments.md)."""

    condition: dict[str, Any]


class CountAnswer(Answer):
    """How many customers fulfil a condition now."""

    customers: int


class SegmentAnswer(Answer):
    """A segment, with how many it holds now."""

    id: UUID
    name: str
    condition: dict[str, Any]
    customers: int
    changed_at: datetime


class SegmentsAnswer(Answer):
    """Every segment of one's own."""

    segments: tuple[SegmentAnswer, ...]


class RemovedAnswer(Answer):
    """What is no longer there."""

    segment_id: UUID


class Member(Answer):
    """Somebody who is in a segment."""

    customer_id: UUID
    name: str


class MembersAnswer(Answer):
    """A page of who is in a segment, the latest added first."""

    members: tuple[Member, ...]
    next_cursor: str | None


OF_THE_PROFILE = "of the profile, as likes and own attributes, null without `customers:read`"


class QuestionAnswer(Answer):
    """One question of a segment's condition, answered for somebody."""

    field: str
    operator: str
    value: Any
    holds: bool | None = Field(description=f"Whether it does; {OF_THE_PROFILE}.")
    known: Any = Field(description=f"What is known of them; {OF_THE_PROFILE}.")


class MembershipAnswer(Answer):
    """Whether somebody is in a segment, and each of its questions answered for them."""

    segment_id: UUID
    customer_id: UUID
    is_member: bool
    questions: tuple[QuestionAnswer, ...]


class SizeAnswer(Answer):
    """How many a segment held on a day."""

    until: date
    customers: int


class SegmentSizesAnswer(Answer):
    """How many a segment held, day by day, the earliest first."""

    sizes: tuple[SizeAnswer, ...]


@router.get(
    "/segments",
    auth=READ,
    response={200: SegmentsAnswer, **problems()},
    summary="List segments",
)
def list_segments(request: HttpRequest) -> SegmentsAnswer:
    """List the segments of one's own, counted now."""
    return SegmentsAnswer(segments=tuple(segment_answer(one) for one in queries.segments()))


@router.post(
    "/segments",
    auth=WRITE,
    response={201: SegmentAnswer, **ADDED},
    summary="Add a segment",
)
def add_segment(
    request: HttpRequest, sent: SegmentSent, idempotency_key: IdempotencyKey
) -> Status[SegmentAnswer]:
    """Add a segment of one's own."""

    def act(now: datetime) -> Mapping[str, UUID]:
        added = services.add_segment(
            name=sent.name, condition=sent.condition, actor=actor_of(request), now=now
        )
        return {"segment": added}

    made = once(request, idempotency_key, act)
    return Status(201, segment_answer(queries.counted(made["segment"])))


@router.post(
    "/segments/count",
    auth=READ,
    response={200: CountAnswer, **problems(400, 413, 422)},
    summary="Count a condition",
)
def count(request: HttpRequest, sent: ConditionSent) -> CountAnswer:
    """Count how many fulfil a condition, before anybody keeps it."""
    return CountAnswer(customers=queries.count(sent.condition))


@router.get(
    "/segments/{segment_id}",
    auth=READ,
    response={200: SegmentAnswer, **problems(404, 422)},
    summary="Read a segment",
)
def read_segment(request: HttpRequest, segment_id: Id) -> SegmentAnswer:
    """Read a segment and how many it holds now."""
    return segment_answer(queries.counted(segment_id))


@router.patch(
    "/segments/{segment_id}",
    auth=WRITE,
    response={200: SegmentAnswer, **CHANGED},
    summary="Change a segment",
)
def change_segment(
    request: HttpRequest, segment_id: Id, sent: SegmentChanged, idempotency_key: IdempotencyKey
) -> SegmentAnswer:
    """Give a segment another name or condition; its sizes so far stay as they were counted."""

    def act(now: datetime) -> Mapping[str, UUID]:
        known = queries.segment_of(segment_id)
        services.change_segment(
            segment_id=segment_id,
            name=known.name if sent.name is None else sent.name,
            condition=known.condition if sent.condition is None else sent.condition,
            actor=actor_of(request),
            now=now,
        )
        return {"segment": segment_id}

    return segment_answer(queries.counted(once(request, idempotency_key, act)["segment"]))


@router.delete(
    "/segments/{segment_id}",
    auth=WRITE,
    response={200: RemovedAnswer, **CHANGED},
    summary="Remove a segment",
)
def remove_segment(
    request: HttpRequest, segment_id: Id, idempotency_key: IdempotencyKey
) -> RemovedAnswer:
    """Forget a segment and its sizes; nobody who was in it is touched."""

    def act(_now: datetime) -> Mapping[str, UUID]:
        services.remove_segment(segment_id=segment_id)
        return done(request)

    once(request, idempotency_key, act)
    return RemovedAnswer(segment_id=segment_id)


@router.get(
    "/segments/{segment_id}/members",
    auth=READ,
    response={200: MembersAnswer, **problems(400, 404, 422)},
    summary="List who is in a segment",
)
def list_members(
    request: HttpRequest, segment_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> MembersAnswer:
    """List who is in a segment now, the latest added first."""
    page = members_page(segment_id, cursor=cursor, limit=limit)
    took(request, "segment", len(page.customers))
    return MembersAnswer(
        members=tuple(Member(customer_id=one.id, name=one.name) for one in page.customers),
        next_cursor=page.cursor,
    )


@router.get(
    "/segments/{segment_id}/members/{customer_id}",
    auth=READ,
    response={200: MembershipAnswer, **problems(404, 410, 422)},
    summary="Explain whether somebody is in a segment",
)
def explain_member(request: HttpRequest, segment_id: Id, customer_id: Id) -> MembershipAnswer:
    """Read whether somebody is in a segment, with each question answered for them."""
    kept, *_ = present_ids(customer_id)
    is_member, answers = queries.why_member(segment_id, kept)
    look(request, kept, Look.PROFILE)
    whole = may(request, "customers:read")
    return MembershipAnswer(
        segment_id=segment_id,
        customer_id=kept,
        is_member=is_member,
        questions=tuple(
            QuestionAnswer(
                field=one.leaf.field.name,
                operator=one.leaf.operator,
                value=one.leaf.value,
                holds=one.holds if is_open else None,
                known=one.known if is_open else None,
            )
            for one in answers
            for is_open in (whole or not is_of_the_profile(one.leaf.field.name),)
        ),
    )


@router.get(
    "/segments/{segment_id}/sizes",
    auth=READ,
    response={200: SegmentSizesAnswer, **problems(404, 422)},
    summary="Read a segment's size over time",
)
def read_sizes(request: HttpRequest, segment_id: Id) -> SegmentSizesAnswer:
    """Read how many a segment held, day by day, as counted when everybody was scored."""
    return SegmentSizesAnswer(
        sizes=tuple(
            SizeAnswer(until=day, customers=customers)
            for day, customers in queries.size_over_time(segment_id)
        )
    )


def segment_answer(found: queries.Counted) -> SegmentAnswer:
    """A segment as it is answered."""
    return SegmentAnswer(
        id=found.segment.id,
        name=found.segment.name,
        condition=found.segment.condition,
        customers=found.customers,
        changed_at=found.segment.changed_at,
    )
