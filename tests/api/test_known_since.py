"""Customers by since when they are known."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest

from regulars.jobs import tables
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer
from regulars.people.services import add_customer, merge
from regulars.scoring.listing import Filters, listed
from regulars.stream.services import NewEvent, append

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
ORDER = ["Dora", "Cem", "Ben", "Ana"]


@pytest.fixture
def people():
    """Ana was added now, Ben bought before, Cem is a customer since then by a file, Dora by who is one with her."""
    names = ("Ana", "Ben", "Cem", "Dora", "Dora again")
    ids = {name: add_customer(name=name, region="DE", **BY) for name in names}
    for name, days in (("Ben", 10), ("Dora again", 100)):
        visit = NewEvent(
            type="visit.recorded",
            source="till",
            key=name,
            customer_id=ids[name],
            occurred_at=NOW - timedelta(days=days),
            data={},
        )
        append(events=[visit], **BY)
    Customer.objects.filter(id=ids["Cem"]).update(since=NOW - timedelta(days=50))
    merge(kept=ids["Dora"], merged=ids["Dora again"], **BY)
    return ids


def ask(call, **asked):
    answer = call("GET", f"/customers?{urlencode(asked)}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_who_is_known_longest_comes_first_page_by_page(call, people):
    first = ask(call, order="known_longest", limit=3)
    rest = ask(call, order="known_longest", limit=3, cursor=first["next_cursor"])
    assert [one["name"] for one in (*first["customers"], *rest["customers"])] == ORDER
    assert rest["next_cursor"] is None
    page = listed(Filters(), order="known", most=3)
    rest = listed(Filters(), order="known", most=3, cursor=page.cursor)
    assert (*page.customer_ids, *rest.customer_ids) == tuple(people[name] for name in ORDER)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"known_from": "2026-06-20"}, ["Ben", "Ana"]),
        ({"known_from": "2026-06-21"}, ["Ana"]),
        ({"known_until": "2026-05-11"}, ["Dora", "Cem"]),
        ({"known_until": "2026-05-10"}, ["Dora"]),
        ({"known_from": "2026-05-11", "known_until": "2026-06-20"}, ["Cem", "Ben"]),
    ],
)
def test_both_days_count(call, people, asked, names):
    found = ask(call, order="known_longest", **asked)
    assert [one["name"] for one in found["customers"]] == names
    newest_first = [one["name"] for one in ask(call, **asked)["customers"]]
    assert sorted(newest_first) == sorted(names)


@pytest.mark.parametrize("day", ["1850-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused(call, day):
    assert call("GET", f"/customers?known_until={day}").status_code == 422


def test_a_table_says_it(people):
    (rows,) = tables.customers()
    told = {UUID(row["customer_id"]): row["known_since"] for row in rows}
    assert told[people["Dora"]] == NOW - timedelta(days=100)
    assert told[people["Ana"]] == NOW
