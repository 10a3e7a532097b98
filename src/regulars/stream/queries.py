"""Reads of the log."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from regulars.kernel.clock import OUT_OF_ORDER_DAYS, moved
from regulars.kernel.cursors import as_moment, as_number, ends_at_both, paged
from regulars.stream.hot import as_id, rows, stored
from regulars.stream.models import GOES_ALONG, Event
from regulars.stream.sql import (
    BOUGHT_BY,
    BUYERS,
    GIVEN_BACK,
    GOING_ALONG,
    ORDERED,
    SENT_BY,
    TELLERS,
)
from regulars.stream.types import Facts, event_type

TIMELINE_PAGE = 50
MOST_SENT = 1000
ASKED_AT_ONCE = 500
OUT_OF_ORDER = timedelta(days=OUT_OF_ORDER_DAYS)  # how long before its purchase a refund may be
CAME_BY = ("purchase.completed", "visit.recorded")
Telling = tuple[str, datetime]
OrderThen = tuple[str, str, datetime]  # source, number and a moment
PAID_BY = ("purchase.completed", "purchase.refunded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What follows from an event elsewhere than in the log.

    Attributes:
        kind: ``task``, a line on today's list, or ``flag``, what somebody should look at.
        what: Of that kind: ``thank`` or ``welcome_back``; ``refund_exceeds_purchase``.
        customer_id: For whom, the kept one where several were merged; of a flag, None.
    """

    kind: Literal["task", "flag"]
    what: str
    customer_id: UUID | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A new event, as reactions are told of it.

    Attributes:
        position: In the log.
        id: Of the event.
        type: Of `regulars.stream.types.TYPES`.
        customer_id: Whom it is about, or None while nobody knows.
        occurred_at: When it happened, aware.
        facts: What it says.
    """

    position: int
    id: UUID
    type: str
    customer_id: UUID | None
    occurred_at: datetime
    facts: Facts


def happened(event_ids: Sequence[UUID | str]) -> list[Happened]:
    """Events as reactions are told of them, in the order of the log."""
    found = [
        Happened(
            position=event.position,
            id=event.id,
            type=event.type,
            customer_id=event.customer_id,
            occurred_at=event.occurred_at,
            facts=event_type(event.type).facts.model_validate(event.data),
        )
        for start in range(0, len(event_ids), ASKED_AT_ONCE)
        for event in Event.objects.filter(id__in=event_ids[start : start + ASKED_AT_ONCE])
    ]
    return sorted(found, key=lambda event: event.position)


@dataclass(frozen=True)
class TimelinePage:
    """Some events of one customer, the latest first.

    Attributes:
        events: As they are in the log.
        cursor: Where the next page begins, or None at the end.
    """

    events: tuple[Event, ...]
    cursor: str | None


def timeline(
    customer_ids: Sequence[UUID], *, cursor: str | None = None, limit: int = TIMELINE_PAGE
) -> TimelinePage:
    """A page of what happened with a customer, by when it happened, the latest first.

    Args:
        customer_ids: Every id of the one person; see `regulars.people.queries.ids_of`.
        cursor: Of the page before, or None for the first.
        limit: How many on a page.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    events = Event.objects.filter(customer_id__in=customer_ids).order_by(
        "-occurred_at", "-position"
    )
    if cursor is not None:
        when, position = ends_at_both(cursor, as_moment, as_number)
        events = events.filter(Q(occurred_at__lt=when) | Q(occurred_at=when, position__lt=position))
    return TimelinePage(
        *paged(
            events[: limit + 1],
            limit=limit,
            ordered_by=lambda one: (one.occurred_at, one.position),
        )
    )


def counts(customer_ids: Sequence[UUID]) -> Mapping[str, int]:
    """How many events of each type a person has, by all of their ids."""
    rows = (
        Event.objects.filter(customer_id__in=customer_ids)
        .values_list("type")
        .annotate(number=Count("position"))
        .order_by("type")
    )
    return dict(rows)


@dataclass(frozen=True, order=True)
class Referral:
    """That somebody sent somebody; sorted, what happened first is first.

    Attributes:
        occurred_at: When.
        position: In the log.
        sender_id: Who sent.
        friend_id: Who came.
    """

    occurred_at: datetime
    position: int
    sender_id: UUID
    friend_id: UUID


def sent_by(senders: Collection[UUID]) -> tuple[Referral, ...]:
    """Whom some customers sent, by the ids that they were told of; the first 1,000 altogether."""
    if not senders:
        return ()
    asked = json.dumps([str(one) for one in set(senders)])
    rows = _rows(SENT_BY[connection.vendor], [asked, MOST_SENT])
    positions = [position for (position,) in rows]
    return _referrals(Event.objects.filter(position__in=positions))


@dataclass(frozen=True, order=True, slots=True)
class Came:
    """That somebody was here; sorted, what happened first is first, in whatever order it was told.

    Attributes:
        occurred_at: When.
        source, key: Which tell events of one moment apart.
        event_id: Of the event.
        customer_id: Whom it tells of.
    """

    occurred_at: datetime
    source: str
    key: str
    event_id: UUID
    customer_id: UUID


def came(customer_ids: Collection[UUID]) -> list[Came]:
    """When some customers were here, by the ids that it was told of; in no order."""
    ids = list(customer_ids)
    found: list[Came] = []
    for start in range(0, len(ids), ASKED_AT_ONCE):
        events = _of_some(CAME_BY).filter(customer_id__in=ids[start : start + ASKED_AT_ONCE])
        cells = events.values_list("occurred_at", "source", "key", "id", "customer_id")
        found += [Came(*row[:4], row[4]) for row in cells if row[4] is not None]
    return found


def came_lately(*, since: datetime, but_told: Telling) -> set[UUID]:
    """Who was here from a moment on, by all that was told but for what one source told at one moment."""
    told = Event.objects.filter(
        type__in=CAME_BY, occurred_at__gte=since, customer_id__isnull=False
    ).exclude(source=but_told[0], recorded_at=but_told[1])
    found = told.values_list("customer_id", flat=True).distinct()
    return {one for one in found if one is not None}


def sent_lately(*, since: datetime, but_told: Telling) -> set[UUID]:
    """Who sent somebody from a moment on, by all that was told but for what one source told at one moment."""
    told = Event.objects.filter(
        type="referral.recorded", occurred_at__gte=since, customer_id__isnull=False
    ).exclude(source=but_told[0], recorded_at=but_told[1])
    return {UUID(str(one)) for one in told.values_list("data__sender_id", flat=True).distinct()}


def came_on(customer_ids: Collection[UUID]) -> tuple[datetime, ...]:
    """When somebody was here, by all of their ids, the first time first."""
    return tuple(
        _of_some(CAME_BY)
        .filter(customer_id__in=customer_ids)
        .order_by("occurred_at")
        .values_list("occurred_at", flat=True)
    )


def came_since(moment: datetime) -> QuerySet[Event]:
    """Visits and purchases from a moment on, to be asked for by customer."""
    return _of_some(CAME_BY).filter(occurred_at__gte=moment)


def last_here(customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When some customers were here last, each by one id; who never was is left out."""
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


def paid(customer_ids: Collection[UUID]) -> tuple[Paid, ...]:
    """What somebody paid so far, by all of their ids and by currency."""
    rows = (
        _of_some(PAID_BY)
        .filter(customer_id__in=customer_ids)
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


def has_anybody_paid() -> bool:
    """Whether there is any purchase."""
    return Event.objects.filter(type="purchase.completed").exists()


def refunded(customer_ids: Collection[UUID], purchases: Sequence[Event]) -> dict[UUID, int]:
    """What of some purchases of one person was given back, in minor units, by the purchase's own id.

    A refund tells its purchase by the order's number; a purchase without one cannot be asked for.

    Args:
        customer_ids: Every id of the one person.
        purchases: Theirs.
    """
    orders = {one.data["order_id"]: one.id for one in purchases if one.data.get("order_id")}
    if not orders:
        return {}
    back: dict[UUID, int] = {}
    rows = (
        _of_some(("purchase.refunded",))
        .filter(customer_id__in=customer_ids, data__refund_of__in=list(orders))
        .values_list(KT("data__refund_of"), "data__total__amount_minor")  # a text, also of digits
    )
    for order, amount in rows:
        back[orders[order]] = back.get(orders[order], 0) + amount
    return back


def ordered(order_ids: Collection[str]) -> list[Event]:
    """The purchases that have some numbers of orders, whoever told and whoever bought, the first first."""
    return _by_number(ORDERED, order_ids)


def sources_of(order_ids: Collection[str]) -> dict[str, set[str]]:
    """Who told of purchases by some numbers of orders, by number."""
    sources: dict[str, set[str]] = {}
    for number, source in _asked_by_number(TELLERS, order_ids):
        sources.setdefault(number, set()).add(source)
    return sources


def buyers_of(orders: Mapping[str, datetime]) -> dict[tuple[str, str], set[UUID | None]]:
    """Who bought by some numbers of orders until a moment each, nobody too, by source and number."""
    asked = json.dumps([(number, stored(until)) for number, until in orders.items()])
    found: dict[tuple[str, str], set[UUID | None]] = {}
    for source, number, who in rows(BUYERS, (asked,)) if orders else ():
        found.setdefault((source, number), set()).add(who and as_id(who))
    return found


def given_back(order_ids: Collection[str]) -> list[Event]:
    """The refunds that name some numbers of orders, whoever told and whose ever they are, the first first."""
    return _by_number(GIVEN_BACK, order_ids)


def going_along(orders: Collection[OrderThen]) -> list[Event]:
    """The refunds that go with their purchases, and of which purchases of some orders and moments may be.

    Args:
        orders: What was bought, or was given back by nobody. Of a source, those refunds are looked at that are its
            own or told by files; those of before the moment (see `OUT_OF_ORDER`) only where it told of no purchase of
            the number before.
    """
    if not orders:
        return []
    told = rows(GOING_ALONG, (_as_json(sorted(orders), within=-OUT_OF_ORDER), str(GOES_ALONG)))
    return _by_position([position for (position,) in told])


def bought_by(orders: Sequence[OrderThen]) -> list[UUID | None]:
    """Whose the purchases are that are given back at some moments, in the same order; None where it is nobody's.

    It is the latest purchase of the source by that number that was not after the moment, else the first of the days
    after it (see `OUT_OF_ORDER`), in whatever order all of them were told; of one moment the last by key.
    """
    found = dict(rows(BOUGHT_BY, (_as_json(orders, within=OUT_OF_ORDER),))) if orders else {}
    return [(who := found.get(place)) and as_id(who) for place in range(len(orders))]


def _as_json(orders: Collection[OrderThen], *, within: timedelta) -> str:
    """Orders and moments, and how far from each moment is looked besides."""
    return json.dumps(
        [
            (source, number, stored(moment), stored(moved(moment, by=within)))
            for source, number, moment in orders
        ]
    )


def _by_number(statement: str, order_ids: Collection[str]) -> list[Event]:
    """The events that a statement finds by numbers of orders, in the order of the log."""
    return _by_position([position for (position,) in _asked_by_number(statement, order_ids)])


def _asked_by_number(statement: str, order_ids: Collection[str]) -> list[tuple[Any, ...]]:
    asked, found = list(order_ids), list[tuple[Any, ...]]()
    for start in range(0, len(asked), ASKED_AT_ONCE):
        part = asked[start : start + ASKED_AT_ONCE]
        found += _rows(statement.format(places=_places(part)), list(part))
    return found


def _by_position(positions: Sequence[int]) -> list[Event]:
    found: list[Event] = []
    for start in range(0, len(positions), ASKED_AT_ONCE):
        found += Event.objects.filter(position__in=positions[start : start + ASKED_AT_ONCE])
    return sorted(found, key=attrgetter("position"))


def _referrals(events: QuerySet[Event]) -> tuple[Referral, ...]:
    rows = events.order_by("occurred_at", "position").values_list(
        "occurred_at", "position", "data__sender_id", "customer_id"
    )
    return tuple(
        Referral(moment, position, UUID(str(sender)), friend)
        for moment, position, sender, friend in rows
        if friend is not None
    )


def _of_some(kinds: tuple[str, ...]) -> QuerySet[Event]:
    """Events of some types, to be looked up by customer.

    SQLite would rather walk all events of a type than those of a customer; what is wrapped, it cannot.
    """
    return Event.objects.alias(kind=Coalesce("type", Value(""))).filter(kind__in=kinds)


def _places(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _rows(statement: str, told: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return list(cursor.fetchall())
