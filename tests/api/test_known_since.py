"""Customers by since when they are known."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest

from regulars.intake.giving import give, put_back
from regulars.intake.incoming import Incoming
from regulars.intake.plain import record_now
from regulars.intake.services import record
from regulars.jobs import tables
from regulars.kernel.actor import SYSTEM
from regulars.people.bulk import Told, tell_more
from regulars.people.queries import Known, customers_page, known_since
from regulars.people.queries.knowing import reckoned
from regulars.people.services import add_customer, merge, unmerge
from regulars.scoring.listing import Filters, listed
from tests.plans import asked

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
        came(ids[name], days=days)
    tell_more(people=[Told(id=ids["Cem"], since=NOW - timedelta(days=50))], **BY)
    merge(kept=ids["Dora"], merged=ids["Dora again"], **BY)
    return ids


def came(customer_id, *, days, source="till"):
    """Somebody was here so many days ago."""
    moment = NOW - timedelta(days=days)
    key = f"{customer_id} {days}"
    visit = Incoming("visit.recorded", source, key, moment, customer_id=customer_id, data={})
    record(incoming=[visit], region="DE", **BY)


def known(*customer_ids):
    """How many days each is known; as it is kept, and as everything kept of them tells."""
    kept, told = known_since(customer_ids), reckoned(customer_ids)
    assert kept == told
    return [(NOW - kept[one]).days for one in customer_ids]


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


def test_what_happened_long_ago_counts_whenever_it_is_told(people):
    assert known(people["Ben"], people["Dora"]) == [10, 100]
    came(people["Ben"], days=300)
    came(people["Ben"], days=200)
    came(people["Dora again"], days=400)
    assert known(people["Ben"], people["Dora"]) == [300, 400]


def test_two_who_are_two_again_are_known_each_by_what_is_told_of_them(people):
    merged = merge(kept=people["Ana"], merged=people["Ben"], **BY)
    came(people["Ben"], days=30)
    came(people["Ana"], days=5)
    assert known(people["Ana"]) == [30]
    unmerge(merge_id=merged, **BY)
    assert known(people["Ana"], people["Ben"]) == [5, 30]


def test_a_receipt_that_is_put_back_tells_of_nobody_any_more(people):
    bought = Incoming(
        "purchase.completed", "till", "A1", NOW - timedelta(days=500),
        data={"total": {"amount_minor": 450, "currency": "EUR"}},
    )  # fmt: skip
    (told,) = record(incoming=[bought], region="DE", **BY)
    given = give(event_id=told.event_id, customer_id=people["Ana"], **BY)
    assert known(people["Ana"]) == [500]
    put_back(event_id=given.event_id, **BY)
    assert known(people["Ana"]) == [0]


def test_a_stranger_is_known_since_their_first_receipt(people):
    for key, days in (("A1", 20), ("A2", 60)):
        bought = Incoming(
            "purchase.completed", "till", key, NOW - timedelta(days=days),
            identities=(("card", "c-1"),), data={"total": {"amount_minor": 450, "currency": "EUR"}},
        )  # fmt: skip
        (told,) = record_now([bought], region="DE", **BY)
    assert known(UUID(str(told.customer_id))) == [60]


def test_lists_in_this_order_read_an_index(people):
    with asked() as found:
        page = customers_page(cursor=None, limit=3, known=Known(longest_first=True))
        customers_page(cursor=page.cursor, limit=3, known=Known(longest_first=True))
        shown = listed(Filters(), order="known", most=3)
        listed(Filters(), order="known", most=3, cursor=shown.cursor)
    plans = found.plans('ORDER BY "people_customer"."known_since"')
    assert len(plans) == 4
    for plan in plans:
        assert "people_customer_known" in plan
        assert "stream_event" not in plan
