"""Writes of today's list, and what follows there from what happened."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from regulars.care.core import SILENCE_DAYS, returned
from regulars.care.models import Task
from regulars.care.sql import AFTER_A_GAP
from regulars.kernel.actor import Actor
from regulars.people.models import Customer
from regulars.people.queries import ids_of, kept_id
from regulars.stream.hot import rows, stored
from regulars.stream.models import Event
from regulars.stream.queries import CAME_BY, Happened, has_sent_before
from regulars.stream.services import NewEvent
from regulars.stream.types import Referral

LISTED_AHEAD_DAYS = 1
NEWS_DAYS = 7  # what is told later than that is history, and nothing to act upon

Following = Sequence[tuple[UUID, NewEvent]]


def is_news(event: Happened, now: datetime) -> bool:
    """Whether something has just happened, and was not only just told."""
    return now - event.occurred_at <= timedelta(days=NEWS_DAYS)


def thank_for_first_friend(events: Sequence[Happened], *, now: datetime) -> Following:
    """Who brings somebody for the first time is to be thanked by the next day."""
    for event in events:
        if is_news(event, now) and isinstance(event.facts, Referral):
            sender = kept_id(event.facts.sender_id)
            is_here = Customer.objects.filter(id=sender).exists()
            if is_here and not has_sent_before(ids_of(sender), position=event.position):
                _to_thank(event, sender, now=now).save(force_insert=True)
    return ()


def returned_after_silence(events: Sequence[Happened], *, now: datetime) -> Following:
    """Who comes back after a long silence is to be welcomed; see `regulars.care.core.returned`."""
    for event in _after_a_gap([event for event in events if is_news(event, now)]):
        assert event.customer_id is not None  # noqa: S101  (whom nobody knows has no gap)
        came = (
            Event.objects.filter(
                customer_id__in=ids_of(event.customer_id),
                type__in=CAME_BY,
                occurred_at__lt=event.occurred_at,
                position__lt=event.position,
            )
            .order_by("occurred_at")
            .values_list("occurred_at", flat=True)
        )
        if returned(list(came), event.occurred_at) and not _is_welcomed(event.customer_id, now=now):
            _to_welcome(event.customer_id, now=now).save(force_insert=True)
    return ()


def _is_welcomed(customer_id: UUID, *, now: datetime) -> bool:
    """Whether somebody is to be welcomed back already, or was lately: one return is one line."""
    lately = Q(done_at=None) | Q(created_at__gt=now - timedelta(days=SILENCE_DAYS))
    theirs = Task.objects.filter(kind=Task.WELCOME_BACK, customer_id__in=ids_of(customer_id))
    return theirs.filter(lately).exists()


def _after_a_gap(events: Sequence[Happened]) -> Iterable[Happened]:
    """Those events before which a customer had not come for long, by one id alone.

    Most come all the time, and one look at their last visit tells; of the others everything is read.
    """
    told = {event.position: event for event in events if event.customer_id is not None}
    if not told:
        return ()
    asked = json.dumps(
        [
            (
                position,
                stored(event.customer_id),
                stored(event.occurred_at),
                stored(event.occurred_at - timedelta(days=SILENCE_DAYS)),
            )
            for position, event in told.items()
        ]
    )
    return [told[position] for (position,) in rows(AFTER_A_GAP, (asked,))]


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


def _to_thank(event: Happened, sender: UUID, *, now: datetime) -> Task:
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
