"""Writes of today's list, and what follows there from what happened.

Each reaction has two forms with one outcome: for an event, and for many that a file brings.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min

from regulars.care.core import returned
from regulars.care.models import Task
from regulars.kernel.actor import Actor
from regulars.people.models import Customer
from regulars.people.queries import aliases, ids_of, kept_id
from regulars.stream.models import Event
from regulars.stream.queries import CAME_BY, has_sent_before
from regulars.stream.services import NewEvent

LISTED_AHEAD_DAYS = 1
NEWS_DAYS = 7  # what is told later than that is history, and nothing to act upon
ASKED_AT_ONCE = 500


def is_news(event: Event, now: datetime) -> bool:
    """Whether something has just happened, and was not only just told."""
    return now - event.occurred_at <= timedelta(days=NEWS_DAYS)


def thank_for_first_friend(event: Event, *, now: datetime) -> Sequence[NewEvent]:
    """Who brings somebody for the first time is to be thanked by the next day."""
    if not is_news(event, now):
        return ()
    sender = kept_id(UUID(str(event.data["sender_id"])))
    is_here = Customer.objects.filter(id=sender).exists()
    if is_here and not has_sent_before(ids_of(sender), position=event.position):
        _to_thank(event, sender, now=now).save(force_insert=True)
    return ()


def thank_for_first_friends(events: Sequence[Event], *, now: datetime) -> Sequence[NewEvent]:
    """The same for many events, in the order of the log."""
    news = [event for event in events if is_news(event, now)]
    if not news:
        return ()
    kept = aliases()
    firsts: dict[UUID, int] = {}
    for told, first in (
        Event.objects.filter(type=news[0].type)
        .values_list("data__sender_id")
        .annotate(first=Min("position"))
        .values_list("data__sender_id", "first")
    ):
        sender = kept.get(UUID(told), UUID(told))
        firsts[sender] = min(first, firsts.get(sender, first))
    senders = [(event, UUID(event.data["sender_id"])) for event in news]
    senders = [(event, kept.get(sender, sender)) for event, sender in senders]
    there = set(
        Customer.objects.filter(id__in={sender for _, sender in senders}).values_list(
            "id", flat=True
        )
    )
    Task.objects.bulk_create(
        _to_thank(event, sender, now=now)
        for event, sender in senders
        if sender in there and firsts[sender] == event.position
    )
    return ()


def returned_after_silence(event: Event, *, now: datetime) -> Sequence[NewEvent]:
    """Who comes back after a long silence is to be welcomed; see `regulars.care.core.returned`."""
    if event.customer_id is None or not is_news(event, now):
        return ()
    came = (
        Event.objects.filter(
            customer_id__in=ids_of(event.customer_id),
            type__in=CAME_BY,
            occurred_at__lt=event.occurred_at,
        )
        .order_by("occurred_at")
        .values_list("occurred_at", flat=True)
    )
    if returned(list(came), event.occurred_at):
        _to_welcome(event.customer_id, now=now).save(force_insert=True)
    return ()


def finish(*, task_id: UUID, actor: Actor, now: datetime) -> Task | None:
    """Marks a line of the list as done; once. None where there is no such line.

    Args:
        task_id: Of the line.
        actor: Who did it.
        now: When.
    """
    Task.objects.filter(id=task_id, done_at=None).update(done_at=now, done_by=str(actor))
    return Task.objects.filter(id=task_id).first()


def reopen(*, task_id: UUID) -> Task | None:
    """Takes back that a line was done. None where there is no such line."""
    Task.objects.filter(id=task_id).update(done_at=None, done_by="")
    return Task.objects.filter(id=task_id).first()


def put_off(*, task_id: UUID, until: date) -> Task | None:
    """Puts an open line off; it is on the list again on a later day. None where there is no such line."""
    Task.objects.filter(id=task_id, done_at=None).update(
        due_on=until + timedelta(days=LISTED_AHEAD_DAYS)
    )
    return Task.objects.filter(id=task_id).first()


def take_up(*, kind: str, customer_id: UUID, listed_on: date, now: datetime) -> Task:
    """Makes a line of the list of what was only suggested; the same line where there is one.

    Args:
        kind: Of `regulars.care.core.Suggestion`.
        customer_id: For whom.
        listed_on: From this day on it is on the list.
        now: When.
    """
    theirs = Task.objects.filter(kind=kind, customer_id__in=ids_of(customer_id), done_at=None)
    found = theirs.first()
    return found or Task.objects.create(
        kind=kind,
        customer_id=customer_id,
        due_on=listed_on + timedelta(days=LISTED_AHEAD_DAYS),
        created_at=now,
    )


def returned_after_silences(events: Sequence[Event], *, now: datetime) -> Sequence[NewEvent]:
    """The same for many events that are told in the order in which they happened."""
    kept = aliases()
    news = [
        (event, kept.get(event.customer_id, event.customer_id))
        for event in events
        if event.customer_id is not None and is_news(event, now)
    ]
    came = _came_by({person for _, person in news}, kept)
    Task.objects.bulk_create(
        _to_welcome(event.customer_id, now=now)
        for event, person in news
        if event.customer_id is not None
        and returned(
            came[person][: bisect_left(came[person], event.occurred_at)], event.occurred_at
        )
    )
    return ()


def _came_by(persons: Set[UUID], kept: Mapping[UUID, UUID]) -> dict[UUID, list[datetime]]:
    """When each of some persons came, in the order of time, with what those merged into them did."""
    whose = {person: person for person in persons}
    whose |= {merged: person for merged, person in kept.items() if person in persons}
    came: dict[UUID, list[datetime]] = defaultdict(list)
    asked = sorted(whose)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        rows = Event.objects.filter(
            customer_id__in=asked[start : start + ASKED_AT_ONCE], type__in=CAME_BY
        ).values_list("customer_id", "occurred_at")
        for customer, moment in rows:
            if customer is not None:
                came[whose[customer]].append(moment)
    for moments in came.values():
        moments.sort()
    return came


def _to_thank(event: Event, sender: UUID, *, now: datetime) -> Task:
    return Task(
        kind=Task.THANK,
        customer_id=sender,
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
