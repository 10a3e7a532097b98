"""Scores, runs and members by the page: every page begins where the one before it ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from regulars.people.models import Customer
from regulars.scoring.conditions import parsed
from regulars.scoring.models import Run, Score
from regulars.scoring.queries import latest_run, segment_of
from regulars.scoring.segments import members
from regulars.stream.errors import InvalidCursor


@dataclass(frozen=True)
class ScoresPage:
    """Some scores of the latest run, whoever spent most first.

    Attributes:
        scores: Of this page.
        cursor: Where the next page begins, or None at the end.
    """

    scores: tuple[Score, ...]
    cursor: str | None


@dataclass(frozen=True)
class RunsPage:
    """Some finished runs, the latest first; see `ScoresPage`."""

    runs: tuple[Run, ...]
    cursor: str | None


@dataclass(frozen=True)
class MembersPage:
    """Some who are in a segment, the latest added first; see `ScoresPage`."""

    customers: tuple[Customer, ...]
    cursor: str | None


def standing_page(
    *, value: str | None, life_cycle: str | None, cursor: str | None, limit: int
) -> ScoresPage:
    """A page of who stands somewhere now.

    Args:
        value: One of `regulars.scoring.core.VALUES`; None for all.
        life_cycle: One of `regulars.scoring.core.LIFE_CYCLES`; None for all.
        cursor: Of the page before, or None for the first.
        limit: How many on a page.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    scores = Score.objects.filter(run=latest_run()).select_related("run")
    if value is not None:
        scores = scores.filter(quadrant=value)
    if life_cycle is not None:
        scores = scores.filter(life_cycle=life_cycle)
    if cursor is not None:
        spent, _, last = cursor.partition("~")
        try:
            further = Q(value_to_date=int(spent) if spent else None, customer_id__gt=UUID(last))
            less = Q(value_to_date__lt=int(spent)) | Q(value_to_date=None) if spent else Q()
        except ValueError as error:
            raise InvalidCursor from error
        scores = scores.filter(further | less if spent else further)
    ordered = scores.order_by(F("value_to_date").desc(nulls_last=True), "customer_id")
    found = tuple(ordered[: limit + 1])
    if len(found) <= limit:
        return ScoresPage(found, None)
    end = found[limit - 1]
    spent_last = "" if end.value_to_date is None else end.value_to_date
    return ScoresPage(found[:limit], f"{spent_last}~{end.customer_id}")


def runs_page(*, cursor: str | None, limit: int) -> RunsPage:
    """A page of the runs that are finished, by when they were, thinned ones among them.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    runs = Run.objects.exclude(finished_at=None).order_by("-finished_at", "-id")
    if cursor is not None:
        moment, _, last = cursor.partition("~")
        try:
            finished, run = datetime.fromisoformat(moment), UUID(last)
        except ValueError as error:
            raise InvalidCursor from error
        if finished.tzinfo is None:
            raise InvalidCursor
        runs = runs.filter(Q(finished_at__lt=finished) | Q(finished_at=finished, id__lt=run))
    found = tuple(runs[: limit + 1])
    if len(found) <= limit or (finished_at := found[limit - 1].finished_at) is None:
        return RunsPage(found, None)
    return RunsPage(found[:limit], f"{finished_at.isoformat()}~{found[limit - 1].id}")


def members_page(segment_id: UUID, *, cursor: str | None, limit: int) -> MembersPage:
    """A page of who is in a segment now.

    Raises:
        NoSuchSegment: There is none of that id.
        InvalidCursor: The cursor is none of ours.
    """
    condition = parsed(segment_of(segment_id).condition)
    customers = members(condition, latest_run()).order_by("-id")
    if cursor is not None:
        try:
            customers = customers.filter(id__lt=UUID(cursor))
        except ValueError as error:
            raise InvalidCursor from error
    found = tuple(customers[: limit + 1])
    return MembersPage(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)
