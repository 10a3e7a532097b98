"""Reads of the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from regulars.stream.errors import InvalidCursor
from regulars.stream.models import Event
from regulars.stream.sql import READABLE_AFTER

TIMELINE_PAGE = 50


@dataclass(frozen=True, order=True)
class Place:
    """A place in the log: everything up to it has been read, and nothing will appear before it.

    Attributes:
        written_in: Of the last event that was read.
        position: Of the same event.
    """

    written_in: int
    position: int

    def __str__(self) -> str:
        return f"{self.written_in}~{self.position}"

    @classmethod
    def parsed(cls, text: str) -> "Place":
        """A place from its text.

        Raises:
            InvalidCursor: The text is none of ours.
        """
        parts = text.split("~")
        if len(parts) != 2 or not all(part.isdecimal() for part in parts):  # noqa: PLR2004
            raise InvalidCursor
        return cls(int(parts[0]), int(parts[1]))


BEGINNING = Place(0, 0)


@dataclass(frozen=True)
class EventPage:
    """Events in the order in which they can be read.

    Attributes:
        events: As they are in the log.
        end: Where the next page begins; where this one began if there is nothing new.
    """

    events: tuple[Event, ...]
    end: Place


def events_after(place: Place, *, limit: int) -> EventPage:
    """The next events of the log; whoever reads page after page reads every event once.

    Args:
        place: The end of the page before, or `BEGINNING`.
        limit: How many at most.
    """
    query = f"SELECT * {READABLE_AFTER[connection.vendor]} LIMIT %s"
    parameters = (place.written_in, place.position, limit)
    events = tuple(Event.objects.raw(query, parameters))
    if not events:
        return EventPage((), place)
    return EventPage(events, Place(events[-1].written_in, events[-1].position))


@dataclass(frozen=True)
class TimelinePage:
    """Some events of one customer, the latest first.

    Attributes:
        events: As they are in the log.
        cursor: Where the next page begins, or None at the end.
    """

    events: tuple[Event, ...]
    cursor: str | None


def timeline(customer_ids: Sequence[UUID], *, cursor: str | None = None) -> TimelinePage:
    """A page of what happened with a customer, by when it happened, the latest first.

    Args:
        customer_ids: Every id of the one person; see `regulars.people.queries.ids_of`.
        cursor: Of the page before, or None for the first.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    events = Event.objects.filter(customer_id__in=customer_ids).order_by(
        "-occurred_at", "-position"
    )
    if cursor is not None:
        moment, position = parsed_cursor(cursor)
        events = events.filter(
            Q(occurred_at__lt=moment) | Q(occurred_at=moment, position__lt=position)
        )
    page = list(events[: TIMELINE_PAGE + 1])
    shown = tuple(page[:TIMELINE_PAGE])
    further = len(page) > TIMELINE_PAGE
    last = f"{shown[-1].occurred_at.isoformat()}~{shown[-1].position}" if further else None
    return TimelinePage(shown, last)


def counts(customer_ids: Sequence[UUID]) -> Mapping[str, int]:
    """How many events of each type a person has, by all of their ids."""
    rows = (
        Event.objects.filter(customer_id__in=customer_ids)
        .values_list("type")
        .annotate(number=Count("position"))
        .order_by("type")
    )
    return dict(rows)


def parsed_cursor(cursor: str) -> tuple[datetime, int]:
    """When and where a page ended.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    moment, _, position = cursor.partition("~")
    try:
        found = datetime.fromisoformat(moment), int(position)
    except ValueError as error:
        raise InvalidCursor from error
    if found[0].tzinfo is None:
        raise InvalidCursor
    return found


def referrals() -> tuple[tuple[UUID, UUID], ...]:
    """Who sent whom, sender and friend, in the order in which it happened."""
    rows = (
        Event.objects.filter(type="referral.recorded", customer_id__isnull=False)
        .order_by("occurred_at", "position")
        .values_list("data__sender_id", "customer_id")
    )
    return tuple((UUID(str(sender)), friend) for sender, friend in rows if friend is not None)
