"""When whole persons were here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

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
    *, most: int, cursor: str | None = None, among: QuerySet[Customer] | None = None
) -> LatestPage:
    """A page of customers by name, by when they were here last.

    Args:
        most: How many on a page.
        cursor: Of the page before, or None for the first.
        among: Who may stand on it; None for everybody.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    found: list[tuple[datetime, int, UUID]] = []
    for kind in CAME_BY:
        events = _last_of_each(Event.objects.filter(type=kind, customer_id__isnull=False))
        if cursor is not None:
            when, position = ends_at_both(cursor, as_moment, as_number)
            events = events.filter(
                Q(occurred_at__lt=when) | Q(occurred_at=when, position__lt=position)
            )
        if among is not None:
            events = events.filter(shown_id__in=among.values("id"))
        rows = events.order_by("-occurred_at", "-position")
        found += rows.values_list("occurred_at", "position", "shown_id")[: most + 1]
    found.sort(reverse=True)
    shown, further = paged(found, limit=most, ordered_by=lambda one: one[:2])
    return LatestPage(tuple(customer for _, _, customer in shown), further)


def _last_of_each(events: QuerySet[Event]) -> QuerySet[Any]:
    """Of some events, those after which nobody of the same person came."""
    later = Event.objects.filter(
        Q(occurred_at__gt=OuterRef("occurred_at"))
        | Q(occurred_at=OuterRef("occurred_at"), position__gt=OuterRef("position")),
        type__in=CAME_BY,
    )
    merged = Alias.objects.filter(kept_id=OuterRef(OuterRef("shown_id"))).values("merged_id")
    return of_somebody_named(events).filter(
        ~Exists(later.filter(customer_id=OuterRef("shown_id"))),
        ~Exists(later.filter(customer_id__in=merged)),
    )
