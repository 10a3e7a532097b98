"""Reads of the log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from regulars.stream.errors import InvalidCursor
from regulars.stream.models import Event
from regulars.stream.sql import BROUGHT_BY, REFERRALS_COUNTED, SENT_BEFORE, TOP_SENDERS

TIMELINE_PAGE = 50
MOST_BROUGHT = 1000
CAME_BY = ("purchase.completed", "visit.recorded")
PAID_BY = ("purchase.completed", "purchase.refunded")


@dataclass(frozen=True)
class TimelinePage:
    """Some events of one customer, the latest first.

    Attributes:
        events: As they are in the log.
        cursor: Where the next page begins, or None at the end.
    """

    events: tuple[Event, ...]
    cursor: str | None


def timeline(customer_id: UUID, *, cursor: str | None = None) -> TimelinePage:
    """A page of what happened with a customer, by when it happened, the latest first.

    Args:
        customer_id: Of the customer.
        cursor: Of the page before, or None for the first.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    events = Event.objects.filter(customer_id=customer_id).order_by("-occurred_at", "-position")
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


def came_through(friends: Collection[UUID]) -> dict[UUID, UUID]:
    """Who sent each of some customers first; who came through nobody is left out."""
    rows = (
        _of_some(("referral.recorded",))
        .filter(customer_id__in=friends)
        .order_by("-occurred_at", "-position")
        .values_list("customer_id", "data__sender_id")
    )
    return {friend: UUID(str(sender)) for friend, sender in rows if friend is not None}


def brought_by(senders: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Whom each of some customers sent, in the order in which they came; at most 1,000 altogether.

    Who is said to have been sent by several belongs to the first.
    """
    if not senders:
        return {}
    places = ", ".join(["%s"] * len(senders))
    rows = _rows(BROUGHT_BY.format(places=places), [*map(str, senders), MOST_BROUGHT])
    pairs = [(UUID(str(sender)), UUID(str(friend))) for sender, friend in rows if friend]
    first = came_through({friend for _, friend in pairs})
    found: dict[UUID, dict[UUID, None]] = {}
    for sender, friend in pairs:
        if first[friend] == sender:
            found.setdefault(sender, {})[friend] = None
    return {sender: tuple(friends) for sender, friends in found.items()}


def has_sent_before(sender: UUID, *, position: int) -> bool:
    """Whether somebody had sent anybody when the event at ``position`` was written."""
    return bool(_rows(SENT_BEFORE, [str(sender), position]))


def top_senders(most: int) -> tuple[UUID, ...]:
    """Who sent most, the one who sent most first."""
    return tuple(UUID(str(sender)) for (sender,) in _rows(TOP_SENDERS, [most]))


def referrals_counted() -> tuple[int, int]:
    """How many senders there are, and how many friends came through them."""
    ((senders, friends),) = _rows(REFERRALS_COUNTED, [])
    return int(senders), int(friends)


def came_on(customer_id: UUID) -> tuple[datetime, ...]:
    """When somebody was here, the first time first."""
    return tuple(
        _of_some(CAME_BY)
        .filter(customer_id=customer_id)
        .order_by("occurred_at")
        .values_list("occurred_at", flat=True)
    )


def last_here(customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When some customers were here last; who never was is left out."""
    rows = (
        _of_some(CAME_BY)
        .filter(customer_id__in=customer_ids)
        .values_list("customer_id")
        .annotate(Max("occurred_at"))
    )
    return {customer: moment for customer, moment in rows if customer is not None}


@dataclass(frozen=True)
class Paid:
    """What somebody paid in one currency.

    Attributes:
        currency: ISO 4217.
        amount_minor: Purchases less what was given back.
        purchases: How many.
        since: When the first of all was.
    """

    currency: str
    amount_minor: int
    purchases: int
    since: datetime


def paid(customer_id: UUID) -> tuple[Paid, ...]:
    """What somebody paid so far, by currency."""
    rows = (
        _of_some(PAID_BY)
        .filter(customer_id=customer_id)
        .order_by("occurred_at")
        .values_list("type", "occurred_at", "data__total__currency", "data__total__amount_minor")
    )
    totals: dict[str, Paid] = {}
    for kind, moment, currency, amount in rows:
        bought = kind == "purchase.completed"
        before = totals.get(currency, Paid(currency, 0, 0, moment))
        totals[currency] = Paid(
            currency,
            before.amount_minor + (amount if bought else -amount),
            before.purchases + bought,
            before.since,
        )
    return tuple(totals.values())


@dataclass(frozen=True)
class LatestPage:
    """Some customers by when they were here last, the latest first.

    Attributes:
        customer_ids: Of the customers.
        cursor: Where the next page begins, or None at the end.
    """

    customer_ids: tuple[UUID, ...]
    cursor: str | None


def latest_here(*, most: int, cursor: str | None = None) -> LatestPage:
    """A page of customers by when they were here last.

    Args:
        most: How many on a page.
        cursor: Of the page before, or None for the first.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    later = (
        _of_some(CAME_BY)
        .filter(customer_id=OuterRef("customer_id"))
        .filter(
            Q(occurred_at__gt=OuterRef("occurred_at"))
            | Q(occurred_at=OuterRef("occurred_at"), position__gt=OuterRef("position"))
        )
    )
    found: list[Event] = []
    for kind in CAME_BY:
        events = Event.objects.filter(~Exists(later), type=kind, customer_id__isnull=False)
        if cursor is not None:
            moment, position = parsed_cursor(cursor)
            events = events.filter(
                Q(occurred_at__lt=moment) | Q(occurred_at=moment, position__lt=position)
            )
        found += events.order_by("-occurred_at", "-position")[: most + 1]
    found.sort(key=lambda event: (event.occurred_at, event.position), reverse=True)
    shown = found[:most]
    further = len(found) > most
    return LatestPage(
        tuple(event.customer_id for event in shown if event.customer_id),
        f"{shown[-1].occurred_at.isoformat()}~{shown[-1].position}" if further else None,
    )


def _of_some(kinds: tuple[str, ...]) -> QuerySet[Event]:
    """Events of some types, to be looked up by customer.

    SQLite would rather walk all events of a type than those of a customer; what is wrapped, it cannot.
    """
    return Event.objects.alias(kind=Coalesce("type", Value(""))).filter(kind__in=kinds)


def _rows(statement: str, told: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return list(cursor.fetchall())
