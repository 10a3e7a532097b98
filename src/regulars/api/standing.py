"""Scores: what is known by reckoning, with when and from how much."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from regulars.api.errors import NotScoredYet
from regulars.api.requests import KeyWith
from regulars.api.routes import problems
from regulars.api.schemas import Answer, Cursor, Limit
from regulars.people.queries import present_ids
from regulars.scoring import queries
from regulars.scoring.core import LifeCycle
from regulars.scoring.models import Run, Score
from regulars.scoring.pages import runs_page, standing_page

router = Router(tags=["Scores"])
READ = KeyWith("scores:read")


class Amount(Answer):
    """Money, in minor units."""

    amount_minor: int
    currency: str


class ScoreAnswer(Answer):
    """What a run found about a customer; null where nobody knows."""

    until: date
    run_id: UUID
    finished_at: datetime | None
    model: str
    version: int
    inputs: str
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
    """A page of who stands somewhere, whoever spent most first."""

    customers: tuple[ScoreOf, ...]
    next_cursor: str | None


class RunAnswer(Answer):
    """The latest run: up to when, of how much, with which model, and how many stand where."""

    run_id: UUID
    until: date
    finished_at: datetime
    events: int
    customers: int
    ladder: str = Field(description="What the data were enough for.")
    model: str = Field(description="Of purchases; empty where none was fitted.")
    version: int = Field(description="Of how scores are computed.")
    inputs: str = Field(description="A digest of everything that the scores follow from.")
    is_thinned: bool = Field(description="Whether its scores were let go for others of its days.")
    sizes: dict[str, dict[str, int]] = Field(description="By value, then by life cycle.")


class RunsAnswer(Answer):
    """A page of runs, the latest first."""

    runs: tuple[RunAnswer, ...]
    next_cursor: str | None


class SizesAnswer(Answer):
    """How many customers stood where on a day: by value, then by life cycle."""

    until: date
    sizes: dict[str, dict[str, int]]


class SizesOverTime(Answer):
    """How many customers stood where, day by day, the earliest first."""

    days: tuple[SizesAnswer, ...]


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
    if run is None:
        raise NotScoredYet
    return run_answer(run)


@router.get(
    "/scores/runs",
    auth=READ,
    response={200: RunsAnswer, **problems(400, 422)},
    summary="List runs",
)
def list_runs(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> RunsAnswer:
    """List when everybody was scored, of how much and by which model, the latest first."""
    page = runs_page(cursor=cursor, limit=limit)
    return RunsAnswer(runs=tuple(run_answer(one) for one in page.runs), next_cursor=page.cursor)


@router.get(
    "/scores/sizes",
    auth=READ,
    response={200: SizesOverTime, **problems()},
    summary="Read how many stood where",
)
def read_sizes(request: HttpRequest) -> SizesOverTime:
    """Read how many customers stood where by value and life cycle, day by day."""
    return SizesOverTime(
        days=tuple(
            SizesAnswer(until=day, sizes={value: dict(some) for value, some in sizes.items()})
            for day, sizes in queries.sizes_over_time()
        )
    )


@router.get(
    "/scores",
    auth=READ,
    response={200: StandingAnswer, **problems(400, 422)},
    summary="List who stands somewhere",
)
def list_standing(
    request: HttpRequest,
    value: Annotated[Literal["champion", "affluent", "advocate", "other"] | None, Query()] = None,
    life_cycle: Annotated[LifeCycle | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> StandingAnswer:
    """List who stands where by value and life cycle, whoever spent most first."""
    page = standing_page(value=value, life_cycle=life_cycle, cursor=cursor, limit=limit)
    return StandingAnswer(
        customers=tuple(
            ScoreOf(customer_id=one.customer_id, score=score_answer(one)) for one in page.scores
        ),
        next_cursor=page.cursor,
    )


def run_answer(run: Run) -> RunAnswer:
    """A finished run as it is answered."""
    assert run.finished_at is not None  # noqa: S101  (only those are read)
    return RunAnswer(
        run_id=run.id,
        until=run.until,
        finished_at=run.finished_at,
        events=run.events,
        customers=run.customers,
        ladder=run.rung,
        model=run.model,
        version=run.version,
        inputs=run.inputs,
        is_thinned=run.thinned_at is not None,
        sizes=run.sizes,
    )


def score_answer(score: Score) -> ScoreAnswer:
    """A score as it is answered."""

    def money(minor: int | None) -> Amount | None:
        return None if minor is None else Amount(amount_minor=minor, currency=score.run.currency)

    return ScoreAnswer(
        until=score.run.until,
        run_id=score.run_id,
        finished_at=score.run.finished_at,
        model=score.run.model,
        version=score.run.version,
        inputs=score.run.inputs,
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
