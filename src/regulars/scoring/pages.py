"""Scores, runs and members by the page: every page begins where the one before it ended."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q

from regulars.kernel.cursors import as_moment, as_number_or_none, ends_at, ends_at_both, paged
from regulars.people.models import Customer
from regulars.scoring.models import Run, Score
from regulars.scoring.own_fields import asked_of
from regulars.scoring.queries import latest_run, segment_of
from regulars.scoring.segments import members


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
        spent, last = ends_at_both(cursor, as_number_or_none, UUID)
        after = Q(value_to_date=spent, customer_id__gt=last)
        if spent is not None:
            after |= Q(value_to_date__lt=spent) | Q(value_to_date=None)
        scores = scores.filter(after)
    ordered = scores.order_by(F("value_to_date").desc(nulls_last=True), "customer_id")
    return ScoresPage(
        *paged(
            ordered[: limit + 1],
            limit=limit,
            ordered_by=lambda one: (one.value_to_date, one.customer_id),
        )
    )


def runs_page(*, cursor: str | None, limit: int) -> RunsPage:
    """A page of the runs that are finished, by when they were, thinned ones among them.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    runs = Run.objects.exclude(finished_at=None).order_by("-finished_at", "-id")
    if cursor is not None:
        finished_at, last = ends_at_both(cursor, as_moment, UUID)
        runs = runs.filter(Q(finished_at__lt=finished_at) | Q(finished_at=finished_at, id__lt=last))
    return RunsPage(
        *paged(runs[: limit + 1], limit=limit, ordered_by=lambda one: (one.finished_at, one.id))
    )


def members_page(segment_id: UUID, *, cursor: str | None, limit: int) -> MembersPage:
    """A page of who is in a segment now.

    Raises:
        NoSuchSegment: There is none of that id.
        InvalidCursor: The cursor is none of ours.
    """
    condition = asked_of(segment_of(segment_id).condition)
    customers = members(condition, latest_run(), some=True).order_by("-id")
    if cursor is not None:
        customers = customers.filter(id__lt=ends_at(cursor, UUID))
    return MembersPage(
        *paged(customers[: limit + 1], limit=limit, ordered_by=lambda one: (one.id,))
    )
