"""The figures that the answers are made of."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate

from regulars.care.models import Task
from regulars.kernel.actor import parsed
from regulars.measure.core import CARING_DAYS, Known
from regulars.people.models import Customer, Employee, Preference
from regulars.people.queries import (
    business,
    how_many,
    how_many_told,
    of_places,
    of_somebody,
    senders_and_friends,
)
from regulars.stream.models import Event
from regulars.stream.places import at_locations

BOUGHT, VISITED = "purchase.completed", "visit.recorded"
HEARD = ("needs", "pains")


def known(*, now: datetime, places: Collection[UUID] = ()) -> Known:
    """What is known today, of whole persons whom the business knows by name.

    Args:
        now: When.
        places: Of whose people alone, and of what happened there; none for everywhere.
    """
    among = Customer.objects.filter(of_places(places)) if places else None
    sending = senders_and_friends(among=among)
    events = at_locations(places) if places else Event.objects.all()
    done = _of(among, Task.objects.exclude(done_at=None))
    thanked = done.filter(kind__in=(Task.THANK, Task.WELCOME_BACK))
    return Known(
        customers=how_many(among=among),
        senders=sending.senders,
        friends=sending.friends,
        remembered=how_many_told(Preference.LIKES, among=among),
        heard=how_many_told(*HEARD, among=among),
        purchases=events.filter(type=BOUGHT).count(),
        visits=events.filter(type=VISITED).count(),
        tasks_done=thanked.count(),
        in_time=_in_time(thanked).count(),
        **_staff(done, now=now, places=places),
    )


def _of(among: QuerySet[Customer] | None, tasks: QuerySet[Task]) -> QuerySet[Any]:
    """Those for somebody of a place."""
    if among is None:
        return tasks
    return of_somebody(tasks).filter(shown_id__in=among.values("id"))


def _in_time(tasks: QuerySet[Any]) -> QuerySet[Any]:
    """Those that were done by their day, on the business's own calendar."""
    house = business()
    zone = ZoneInfo(house.time_zone) if house else None
    found: QuerySet[Any] = tasks.annotate(done_on=TruncDate("done_at", tzinfo=zone)).filter(
        done_on__lte=F("due_on")
    )
    return found


def _staff(done: QuerySet[Any], *, now: datetime, places: Collection[UUID]) -> dict[str, Any]:
    """How many work here, and how many of them did a line of the list lately."""
    employees = Employee.objects.filter(is_active=True)
    if places:  # who works nowhere in particular works everywhere
        here = employees.filter(locations__in=places) | employees.filter(locations=None)
        employees = here.distinct()
    ids = set(employees.values_list("id", flat=True))
    lately = done.filter(done_at__gt=now - timedelta(days=CARING_DAYS))
    by = {parsed(one) for one in lately.values_list("done_by", flat=True).distinct()}
    cared = {one.id for one in by if one.kind == "employee"}
    return {"employees": len(ids), "caring": len(cared & {str(one) for one in ids})}
