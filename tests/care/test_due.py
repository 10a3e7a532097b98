"""What is due by a day is due by the business's own, wherever it is and whatever the hour."""

from datetime import UTC, date, datetime, timedelta

import pytest

from regulars.care.models import Task
from regulars.care.services import finish
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.measure.queries import known
from regulars.people.models import Business
from regulars.people.queries import day_here
from regulars.people.services import add_customer, add_date

pytestmark = pytest.mark.django_db

# Where, the moment there, and the day that their calendar shows; UTC has another.
AFTER_MIDNIGHT = ("Europe/Berlin", datetime(2026, 11, 22, 23, 39, tzinfo=UTC), date(2026, 11, 23))
BEFORE_SEVEN = ("Asia/Bangkok", datetime(2026, 11, 22, 23, 50, tzinfo=UTC), date(2026, 11, 23))
IN_THE_EVENING = ("America/New_York", datetime(2026, 11, 24, 0, 30, tzinfo=UTC), date(2026, 11, 23))


@pytest.fixture(params=[AFTER_MIDNIGHT, BEFORE_SEVEN, IN_THE_EVENING], ids=lambda one: one[0])
def there(request, db):
    """A café somewhere: now, and the day there."""
    zone, now, today = request.param
    Business.objects.create(
        name="Café Ana", language="en", time_zone=zone, country="DE", currency="EUR", created_at=now
    )
    return now, today


def tells(customer, type_, *, now, days_ago=0, **data):
    record(
        incoming=[
            Incoming(
                type=type_,
                source="till",
                key=f"{type_} {days_ago}",
                occurred_at=now - timedelta(days=days_ago),
                customer_id=customer,
                data=data,
            )
        ],
        region="DE",
        actor=SYSTEM,
        now=now,
    )


def test_who_comes_back_is_to_be_welcomed_on_that_day_and_who_sends_thanked_by_the_next(there):
    now, today = there
    ana, ben = (
        add_customer(name=one, region="DE", actor=SYSTEM, now=now) for one in ("Ana", "Ben")
    )
    tells(ana, "visit.recorded", now=now, days_ago=200)
    tells(ana, "visit.recorded", now=now)
    tells(ben, "referral.recorded", now=now, sender_id=str(ana))
    welcome, thanks = (Task.objects.get(kind=one) for one in (Task.WELCOME_BACK, Task.THANK))
    assert (welcome.due_on, thanks.due_on) == (today, today + timedelta(days=1))

    for line, moment in ((welcome, now), (thanks, now + timedelta(hours=12))):
        finish(task_id=line.id, actor=SYSTEM, now=moment)
    assert known(now=now).in_time == 2
    finished = now + timedelta(days=2)
    Task.objects.filter(id=thanks.id).update(done_at=finished)
    assert known(now=finished).in_time == 1


def test_a_day_that_has_begun_there_is_not_still_to_come(there):
    now, today = there
    ana = add_customer(name="Ana", region="DE", actor=SYSTEM, now=now)
    assert add_date(
        customer_id=ana,
        label="Moved here",
        month=today.month,
        day=today.day,
        year=today.year,
        actor=SYSTEM,
        now=now,
    )
    assert day_here(now) == today
