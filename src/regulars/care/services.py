"""Writes of today's list, and what follows there from what happened.

Each reaction has two forms with one outcome: for an event, and for many that a file brings.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min

from regulars.care.core import returned
from regulars.care.models import Task
from regulars.stream.models import Event
from regulars.stream.services import NewEvent

NEWS_DAYS = 7  # what is told later than that is history, and nothing to act upon
CAME_BY = ("purchase.completed", "visit.recorded")
ASKED_AT_ONCE = 500


def is_news(event: Event, now: datetime) -> bool:
    """Whether something has just happened, and was not only just told."""
    return now - event.occurred_at <= timedelta(days=NEWS_DAYS)


def thank_for_first_friend(event: Event, *, now: datetime) -> Sequence[NewEvent]:
    """Who brings somebody for the first time is to be thanked by the next day."""
    if not is_news(event, now):
        return ()
    sender = event.data["sender_id"]
    brought = Event.objects.filter(type=event.type, data__sender_id=sender).exclude(
        position__gte=event.position
    )
    if not brought.exists():
        _to_thank(event, now=now).save(force_insert=True)
    return ()


def thank_for_first_friends(events: Sequence[Event], *, now: datetime) -> Sequence[NewEvent]:
    """The same for many events, in the order of the log."""
    news = [event for event in events if is_news(event, now)]
    if not news:
        return ()
    firsts = dict(
        Event.objects.filter(type=news[0].type)
        .values_list("data__sender_id")
        .annotate(first=Min("position"))
        .values_list("data__sender_id", "first")
    )
    Task.objects.bulk_create(
        _to_thank(event, now=now)
        for event in news
        if firsts[event.data["sender_id"]] == event.position
    )
    return ()


def returned_after_silence(event: Event, *, now: datetime) -> Sequence[NewEvent]:
    """Who comes back after a long silence is to be welcomed; see `regulars.care.core.returned`."""
    if event.customer_id is None or not is_news(event, now):
        return ()
    came = (
        Event.objects.filter(
            customer_id=event.customer_id, type__in=CAME_BY, occurred_at__lt=event.occurred_at
        )
        .order_by("occurred_at")
        .values_list("occurred_at", flat=True)
    )
    if returned(list(came), event.occurred_at):
        _to_welcome(event.customer_id, now=now).save(force_insert=True)
    return ()


def returned_after_silences(events: Sequence[Event], *, now: datetime) -> Sequence[NewEvent]:
    """The same for many events that are told in the order in which they happened."""
    news = [event for event in events if event.customer_id is not None and is_news(event, now)]
    came = _came_by({event.customer_id for event in news if event.customer_id is not None})
    Task.objects.bulk_create(
        _to_welcome(event.customer_id, now=now)
        for event in news
        if event.customer_id is not None
        and returned(
            came[event.customer_id][: bisect_left(came[event.customer_id], event.occurred_at)],
            event.occurred_at,
        )
    )
    return ()


def _came_by(customers: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    """When each of some customers came, in the order of time."""
    came: dict[UUID, list[datetime]] = defaultdict(list)
    asked = sorted(customers)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        rows = (
            Event.objects.filter(
                customer_id__in=asked[start : start + ASKED_AT_ONCE], type__in=CAME_BY
            )
            .order_by("occurred_at")
            .values_list("customer_id", "occurred_at")
        )
        for customer, moment in rows:
            if customer is not None:
                came[customer].append(moment)
    return came


def _to_thank(event: Event, *, now: datetime) -> Task:
    return Task(
        kind=Task.THANK,
        customer_id=UUID(event.data["sender_id"]),
        about_id=event.customer_id,
        due_on=(now + timedelta(days=1)).date(),
        created_at=now,
    )


def _to_welcome(customer_id: UUID, *, now: datetime) -> Task:
    return Task(
        kind=Task.WELCOME_BACK,
        customer_id=customer_id,
        due_on=now.date(),
        created_at=now,
    )
