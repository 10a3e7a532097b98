"""The figures of the five questions come from what was done and said, and from nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.care.models import Task
from regulars.kernel.actor import SYSTEM, Actor
from regulars.measure.queries import known
from regulars.people.models import Business, Employee
from regulars.people.services import add_customer, add_employee, add_preference

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


def done(customer: UUID, by: object, *, at: datetime, kind: str = Task.THANK) -> None:
    due = datetime(2026, 6, 20, tzinfo=UTC).date()
    Task.objects.create(
        kind=kind, customer_id=customer, due_on=due, created_at=at, done_at=at, done_by=str(by)
    )


@pytest.fixture
def ana(db: None) -> UUID:
    Business.objects.create(
        name="Café Ana", language="en", time_zone="Asia/Bangkok", currency="THB", created_at=NOW
    )
    return add_customer(name="Ana", region="DE", actor=SYSTEM, now=NOW)


def test_listening_counts_people_of_whom_needs_or_pains_are_known_once_each(ana: UUID) -> None:
    ben = add_customer(name="Ben", region="DE", actor=SYSTEM, now=NOW)
    for customer, kind in ((ana, "needs"), (ana, "pains"), (ben, "likes")):
        add_preference(customer_id=customer, kind=kind, text="a ramp", actor=SYSTEM, now=NOW)
    assert known(now=NOW).heard == 1


def test_in_time_is_by_the_day_of_the_business(ana: UUID) -> None:
    # In Bangkok the 20th ends at 17:00 UTC.
    done(ana, SYSTEM, at=datetime(2026, 6, 20, 16, 59, tzinfo=UTC))
    done(ana, SYSTEM, at=datetime(2026, 6, 20, 17, 1, tzinfo=UTC))
    done(ana, SYSTEM, at=datetime(2026, 6, 19, 9, tzinfo=UTC), kind=Task.WIN_BACK)
    figures = known(now=NOW)
    assert (figures.tasks_done, figures.in_time) == (2, 1)


def test_who_cares_are_those_who_work_here_and_did_a_line_of_the_list_lately(ana: UUID) -> None:
    told = {"role": Employee.ASSOCIATE, "password": "the best coffee", "now": NOW}
    ben, cem, dora = (add_employee(name=name, **told) for name in ("Ben", "Cem", "Dora"))  # type: ignore[arg-type]
    Employee.objects.filter(id=dora).update(is_active=False)
    lately, long_ago = NOW - timedelta(days=29), NOW - timedelta(days=31)
    for who, at in ((ben, lately), (ben, lately), (cem, long_ago), (dora, lately)):
        done(ana, Actor("employee", str(who)), at=at)
    done(ana, Actor("key", str(cem)), at=lately)
    figures = known(now=NOW)
    assert (figures.caring, figures.employees) == (1, 2)
