"""Scores and segments: what is known by reckoning, with when and from how much."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Status
from pydantic import Field

from regulars.api.errors import NotScoredYet
from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, once
from regulars.api.routes import problems
from regulars.api.schemas import Answer, Sent, Text
from regulars.people.queries import present_ids
from regulars.scoring import queries, services
from regulars.scoring.core import LifeCycle
from regulars.scoring.models import Score

router = Router(tags=["Scores and segments"])
READ, WRITE = KeyWith("scores:read"), KeyWith("segments:write")
WRITTEN = problems(400, 404, 409, 413, 422)
Start = Annotated[int, Query(description="How many to leave out."), Field(ge=0, le=10**9)]
Limit = Annotated[int, Query(), Field(ge=1, le=100)]


class Amount(Answer):
    """Money, in minor units."""

    amount_minor: int
    currency: str


class ScoreAnswer(Answer):
    """What a run found about a customer; null where nobody knows."""

    until: date
    run_id: UUID
    value: str = Field(
        description="`champion`, `affluent`, `advocate` or `other`; empty if unknown."
    )
    life_cycle: str
    why: tuple[str, ...]
    repeats: int | None
    last_day: date | None
    usual_gap_days: float | None
    silent_days: int | None
    slipping: str
    r: int | None
    f: int | None
    v: int | None
    p_alive: float | None
    expected_purchases: float | None
    value_to_date: Amount | None
    clv: Amount | None
    sender_value: Amount | None
    friends: int | None


class ScoresAnswer(Answer):
    """What runs found about a customer, the latest first."""

    customer_id: UUID
    scores: tuple[ScoreAnswer, ...]


class ScoreOf(Answer):
    """A customer and their score."""

    customer_id: UUID
    score: ScoreAnswer


class StandingAnswer(Answer):
    """Who stands somewhere, whoever spent most first."""

    customers: tuple[ScoreOf, ...]


class RunAnswer(Answer):
    """The latest run: up to when, of how much, with which model, and how many stand where."""

    run_id: UUID
    until: date
    finished_at: datetime
    events: int
    customers: int
    ladder: str
    model: str
    sizes: dict[str, dict[str, int]] = Field(description="By value, then by life cycle.")


class SegmentSent(Sent):
    """A segment of one's own: a name and a condition (docs/segments.md)."""

    name: Text
    condition: dict[str, Any]


class SegmentAnswer(Answer):
    """A segment, with how many it holds now."""

    id: UUID
    name: str
    condition: Any
    customers: int


class SegmentsAnswer(Answer):
    """Every segment of one's own."""

    segments: tuple[SegmentAnswer, ...]


class MembersAnswer(Answer):
    """Who is in a segment."""

    customer_ids: tuple[UUID, ...]


@router.get(
    "/customers/{customer_id}/scores",
    auth=READ,
    response={200: ScoresAnswer, **problems(404, 410, 422)},
    summary="Read somebody's scores",
)
def read_scores(request: HttpRequest, customer_id: Path[UUID]) -> ScoresAnswer:
    """Read what runs found about a customer, the latest first, with when and why."""
    kept, *_ = present_ids(customer_id)
    return ScoresAnswer(
        customer_id=kept, scores=tuple(score_answer(one) for one in queries.history(kept))
    )


@router.get(
    "/scores/latest",
    auth=READ,
    response={200: RunAnswer, **problems(404)},
    summary="Read the latest run",
)
def read_run(request: HttpRequest) -> RunAnswer:
    """Read up to when everybody was scored, and how many stand where."""
    run = queries.latest_run()
    if run is None or run.finished_at is None:
        raise NotScoredYet
    return RunAnswer(
        run_id=run.id,
        until=run.until,
        finished_at=run.finished_at,
        events=run.events,
        customers=run.customers,
        ladder=run.rung,
        model=run.model,
        sizes={value: dict(sizes) for value, sizes in queries.sizes_of(run).items()},
    )


@router.get(
    "/scores",
    auth=READ,
    response={200: StandingAnswer, **problems(422)},
    summary="List who stands somewhere",
)
def list_standing(
    request: HttpRequest,
    value: Annotated[Literal["champion", "affluent", "advocate", "other"] | None, Query()] = None,
    life_cycle: Annotated[LifeCycle | None, Query()] = None,
    start: Start = 0,
    limit: Limit = 50,
) -> StandingAnswer:
    """List who stands where by value and life cycle, whoever spent most first."""
    found = queries.standing_at(value=value, life_cycle=life_cycle, start=start, limit=limit)
    return StandingAnswer(
        customers=tuple(
            ScoreOf(customer_id=one.customer_id, score=score_answer(one)) for one in found
        )
    )


@router.get(
    "/segments",
    auth=READ,
    response={200: SegmentsAnswer, **problems()},
    summary="List segments",
)
def list_segments(request: HttpRequest) -> SegmentsAnswer:
    """List the segments of one's own, counted now."""
    return SegmentsAnswer(
        segments=tuple(
            SegmentAnswer(
                id=one.segment.id,
                name=one.segment.name,
                condition=one.segment.condition,
                customers=one.customers,
            )
            for one in queries.segments()
        )
    )


@router.post(
    "/segments",
    auth=WRITE,
    response={201: SegmentsAnswer, **WRITTEN},
    summary="Add a segment",
)
def add_segment(
    request: HttpRequest, sent: SegmentSent, idempotency_key: IdempotencyKey
) -> Status[SegmentsAnswer]:
    """Add a segment of one's own."""

    def act(now: datetime) -> Mapping[str, UUID]:
        added = services.add_segment(
            name=sent.name, condition=sent.condition, actor=actor_of(request), now=now
        )
        return {"segment": added}

    once(request, idempotency_key, act)
    return Status(201, list_segments(request))


@router.get(
    "/segments/{segment_id}/members",
    auth=READ,
    response={200: MembersAnswer, **problems(404, 422)},
    summary="List who is in a segment",
)
def list_members(
    request: HttpRequest, segment_id: Path[UUID], start: Start = 0, limit: Limit = 50
) -> MembersAnswer:
    """List who is in a segment now, by when they were added."""
    return MembersAnswer(customer_ids=queries.members_of(segment_id, start=start, limit=limit))


def score_answer(score: Score) -> ScoreAnswer:
    """A score as it is answered."""

    def money(minor: int | None) -> Amount | None:
        return None if minor is None else Amount(amount_minor=minor, currency=score.run.currency)

    return ScoreAnswer(
        until=score.run.until,
        run_id=score.run_id,
        value=score.quadrant,
        life_cycle=score.life_cycle,
        why=queries.why_standing(score),
        repeats=score.repeats,
        last_day=score.last_day,
        usual_gap_days=score.usual_gap_days,
        silent_days=score.silent_days,
        slipping=score.slipping,
        r=score.r,
        f=score.f,
        v=score.v,
        p_alive=score.p_alive,
        expected_purchases=score.expected_purchases,
        value_to_date=money(score.value_to_date),
        clv=money(score.clv),
        sender_value=money(score.sender_value),
        friends=score.friends,
    )
