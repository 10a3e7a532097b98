"""Writes of today's list, and what follows there from what happened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.care.models import Task
from regulars.kernel.actor import Actor
from regulars.people.models import Customer
from regulars.people.queries import ids_of, kept_id
from regulars.stream.models import Event
from regulars.stream.queries import CAME_BY, has_sent_before
from regulars.stream.services import NewEvent

LISTED_AHEAD_DAYS = 1
SILENCE_DAYS = 60
GAPS_SILENT = 3
NEWS_DAYS = 7  # what is told later than that is history, and nothing to act upon


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
        Task.objects.create(
            kind=Task.THANK,
            customer_id=sender,
            about_id=event.customer_id,
            due_on=(now + timedelta(days=1)).date(),
            created_at=now,
        )
    return ()


def returned_after_silence(event: Event, *, now: datetime) -> Sequence[NewEvent]:
    """Who comes back after a long silence is to be welcomed.

    Long is two months, or three times their own usual gap where they have one that is longer.
    """
    if event.customer_id is None or not is_news(event, now):
        return ()
    days = (
        Event.objects.filter(
            customer_id__in=ids_of(event.customer_id),
            type__in=CAME_BY,
            occurred_at__lt=event.occurred_at,
        )
        .order_by("occurred_at")
        .values_list("occurred_at", flat=True)
    )
    came = list(days)
    if not came:
        return ()
    usual = (came[-1] - came[0]) / (len(came) - 1) if len(came) > 1 else timedelta()
    if event.occurred_at - came[-1] > max(timedelta(days=SILENCE_DAYS), GAPS_SILENT * usual):
        Task.objects.create(
            kind=Task.WELCOME_BACK,
            customer_id=event.customer_id,
            due_on=now.date(),
            created_at=now,
        )
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
