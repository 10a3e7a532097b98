"""When whole persons were here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from regulars.kernel.cursors import as_moment, as_number, ends_at_both, paged
from regulars.people.models import Alias, Customer
from regulars.people.queries.one_person import everyone, of_somebody_named
from regulars.stream.models import Event
from regulars.stream.queries import CAME_BY
from regulars.stream.queries import last_here as last_here_by_id


def last_here(customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When some persons were here last, by whichever of their ids; who never was is left out.

    Args:
        customer_ids: Of those who are shown.
    """
    whose = everyone(customer_ids)
    latest: dict[UUID, datetime] = {}
    for one, moment in last_here_by_id(whose).items():
        latest[whose[one]] = max(moment, latest.get(whose[one], moment))
    return latest


@dataclass(frozen=True)
class LatestPage:
    """Some customers by when they were here last, the latest first.

    Attributes:
        customer_ids: Of those who are shown.
        cursor: Where the next page begins, or None at the end.
    """

    customer_ids: tuple[UUID, ...]
    cursor: str | None


def latest_here(
    *,
    most: int,
    cursor: str | None = None,
    among: QuerySet[Customer] | None = None,
    before: datetime | None = None,
    kinds: Sequence[str] = CAME_BY,
) -> LatestPage:
    """A page of customers by name, by when they were here last.

    Args:
        most: How many on a page.
        cursor: Of the page before, or None for the first.
        among: Who may stand on it; None for everybody.
        before: When all of those were here last, at the latest; None where nobody knows.
        kinds: By what they were here, where not by both.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    found: list[tuple[datetime, int, UUID]] = []
    for kind in kinds:
        events = _last_of_each(Event.objects.filter(type=kind, customer_id__isnull=False))
        if before is not None:
            events = events.filter(occurred_at__lt=before)
        if cursor is not None:
            when, position = ends_at_both(cursor, as_moment, as_number)
            events = events.filter(occurred_at__lte=when).filter(
                Q(occurred_at__lt=when) | Q(occurred_at=when, position__lt=position)
            )
        if among is not None:
            events = events.filter(Exists(among.filter(id=OuterRef("shown_id"))))
        rows = events.order_by("-occurred_at", "-position")
        found += rows.values_list("occurred_at", "position", "shown_id")[: most + 1]
    found.sort(reverse=True)
    shown, further = paged(found, limit=most, ordered_by=lambda one: one[:2])
    return LatestPage(tuple(customer for _, _, customer in shown), further)


def latest_here_of(
    customer_ids: Collection[UUID], *, most: int, cursor: str | None = None
) -> LatestPage:
    """The same of a few who are shown, each asked by themselves.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    found = sorted(((moment, one) for one, moment in last_here(customer_ids).items()), reverse=True)
    if cursor is not None:
        end = ends_at_both(cursor, as_moment, UUID)
        found = [one for one in found if one < end]
    shown, further = paged(found, limit=most, ordered_by=lambda one: one)
    return LatestPage(tuple(customer for _, customer in shown), further)


def _last_of_each(events: QuerySet[Event]) -> QuerySet[Any]:
    """Of some events, those after which nobody of the same person came."""
    own = _later(OuterRef("occurred_at"), OuterRef("position"))
    theirs = _later(OuterRef(OuterRef("occurred_at")), OuterRef(OuterRef("position")))
    merged = Alias.objects.filter(
        Exists(theirs.filter(customer_id=OuterRef("merged_id"))), kept_id=OuterRef("shown_id")
    )
    return of_somebody_named(events).filter(
        ~Exists(own.filter(customer_id=OuterRef("shown_id"))), ~Exists(merged)
    )


def _later(moment: OuterRef, position: OuterRef) -> QuerySet[Event]:
    """Visits and purchases after another event.

    From where on is said first, and the type so that SQLite does not walk all events of it.
    """
    return Event.objects.alias(kind=Coalesce("type", Value(""))).filter(
        Q(occurred_at__gt=moment) | Q(occurred_at=moment, position__gt=position),
        occurred_at__gte=moment,
        kind__in=CAME_BY,
    )
