"""Today's list costs as much for many lines as for few."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.care.queries import due
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.services import add_customer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def came_back(name, *, away_days):
    customer = add_customer(name=name, region="DE", **BY)
    record(
        incoming=[
            Incoming(
                type="visit.recorded",
                source="till",
                key=f"{name} {days}",
                occurred_at=NOW - timedelta(days=days),
                customer_id=customer,
            )
            for days in (1 + away_days, 1)
        ],
        region="DE",
        **BY,
    )


def listed():
    with CaptureQueriesContext(
        connection,
    ) as asked:
        lines, _ = due(today=NOW.date())
    return {one.suggestion.person.name: one.suggestion.away_days for one in lines}, len(asked)


def test_how_long_everybody_was_away_is_asked_for_at_once():
    came_back("Ana", away_days=90)
    few, once = listed()
    came_back("Ben", away_days=200)
    came_back("Cem", away_days=61)
    many, as_often = listed()
    assert few == {"Ana": 90}
    assert many == {"Ana": 90, "Ben": 200, "Cem": 61}
    assert as_often == once
