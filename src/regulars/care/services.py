"""Writes of today's list, and what follows there from what happened."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from regulars.care.models import Task
from regulars.people.models import Customer
from regulars.people.queries import ids_of, kept_id
from regulars.stream.models import Event
from regulars.stream.services import NewEvent

SILENCE_DAYS = 60
GAPS_SILENT = 3
NEWS_DAYS = 7  # what is told later than that is history, and nothing to act upon
CAME_BY = ("purchase.completed", "visit.recorded")


def is_news(event: Event, now: datetime) -> bool:
    """Whether something has just happened, and was not only just told."""
    return now - event.occurred_at <= timedelta(days=NEWS_DAYS)


def thank_for_first_friend(event: Event, *, now: datetime) -> Sequence[NewEvent]:
    """Who brings somebody for the first time is to be thanked by the next day."""
    if not is_news(event, now):
        return ()
    sender = kept_id(UUID(event.data["sender_id"]))
    brought = Event.objects.filter(
        type=event.type,
        data__sender_id__in=[str(one) for one in ids_of(sender)],
        position__lt=event.position,
    )
    if Customer.objects.filter(id=sender).exists() and not brought.exists():
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
