"""Writes of today's list, and what follows there from what happened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.care.listing import LISTED_AHEAD_DAYS, came_back, settle, settle_thanks
from regulars.care.models import Task
from regulars.kernel.actor import Actor
from regulars.people.queries import ids_of
from regulars.stream.queries import Effect, Happened
from regulars.stream.services import NewEvent
from regulars.stream.types import Referral

Following = Sequence[tuple[UUID, NewEvent | Effect]]


def thank_for_first_friend(events: Sequence[Happened], *, now: datetime) -> Following:
    """Who brings somebody for the first time is to be thanked by the next day."""
    friends = {one.customer_id for one in events if isinstance(one.facts, Referral)}
    return settle_thanks({one for one in friends if one is not None}, now=now)


def returned_after_silence(events: Sequence[Happened], *, now: datetime) -> Following:
    """Who comes back after a long silence is to be welcomed; see `regulars.care.core.last_return`."""
    return settle(came_back(events, now=now), kinds=(Task.WELCOME_BACK,), now=now)


def finish(*, task_id: UUID, actor: Actor, now: datetime) -> Task | None:
    """Marks a line of the list as done; once, and also where it was withdrawn meanwhile.

    None where there is no such line.

    Args:
        task_id: Of the line.
        actor: Who did it.
        now: When.
    """
    Task.objects.filter(id=task_id, done_at=None).update(
        done_at=now, done_by=str(actor), withdrawn_at=None
    )
    return Task.objects.filter(id=task_id).first()


def reopen(*, task_id: UUID, now: datetime) -> Task | None:
    """Takes back that a line was done; to be called inside a transaction. None where there is no such line."""
    Task.objects.filter(id=task_id).update(done_at=None, done_by="")
    found = Task.objects.filter(id=task_id).first()
    if found is not None:
        settle([found.customer_id], now=now)
    return found


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
    theirs = theirs.filter(withdrawn_at=None)
    found = theirs.first()
    return found or Task.objects.create(
        kind=kind,
        customer_id=customer_id,
        due_on=listed_on + timedelta(days=LISTED_AHEAD_DAYS),
        created_at=now,
    )
