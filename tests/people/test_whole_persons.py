"""Lists and counts are of whole persons whom the business knows by name."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.care.core import Person
from regulars.care.families import family_of, largest_families, people_of
from regulars.care.queries import due, tomorrow
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.kernel.cursors import InvalidCursor
from regulars.kernel.ids import new_id
from regulars.measure.queries import known
from regulars.people.queries import (
    Sending,
    customers_by_id,
    customers_page,
    last_here,
    latest_here,
    likes_of,
    search,
    senders_and_friends,
    top_senders,
)
from regulars.people.services import Stranger, add_customer, add_strangers, erase, merge

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def add(name, *identities, likes=()):
    return add_customer(name=name, identities=identities, likes=likes, region="DE", **BY)


def stranger(address):
    one = Stranger(new_id(), (("email", address),))
    add_strangers(strangers=[one], **BY)
    return one.id


def tell(kind, customer, *, days=0, **data):
    record(
        incoming=[
            Incoming(
                type=kind,
                source="till",
                key=f"{kind}{customer}{days}{data}",
                occurred_at=NOW - timedelta(days=days),
                customer_id=customer,
                data=data,
            )
        ],
        region="DE",
        **BY,
    )


def sent(sender, friend, *, days=0):
    tell("referral.recorded", friend, days=days, sender_id=str(sender))


def visit(customer, *, days=0):
    tell("visit.recorded", customer, days=days)


def one(kept, merged):
    merge(kept=kept, merged=merged, **BY)


def brought(*customers):
    return {person.name: person.brought for person in people_of(customers) if person.brought}


def test_whom_two_brought_who_are_one_the_one_brought():
    ana, anna, ben, cem, dora = (add(name) for name in ("Ana", "Anna", "Ben", "Cem", "Dora"))
    sent(ana, cem, days=3)
    sent(anna, dora, days=2)
    sent(ben, dora, days=1)  # told of Dora too, and later
    assert brought(ana, anna, ben) == {"Ana": (cem,), "Anna": (dora,)}
    one(ana, anna)
    assert brought(ana, ben) == {"Ana": (cem, dora)}
    assert top_senders(5) == (ana,)
    assert senders_and_friends() == Sending(1, 2)
    assert {person.name for person in family_of(ana).people} == {"Ana", "Cem", "Dora"}
    assert {person.name for person in largest_families().people} == {"Ana", "Cem", "Dora"}


def test_who_sent_most_comes_first_counted_over_all_of_a_person():
    ana, anna, ben, cem, dora, eva, fred, gina = (
        add(name) for name in ("Ana", "Anna", "Ben", "Cem", "Dora", "Eva", "Fred", "Gina")
    )
    sent(ben, fred)
    sent(ben, gina)
    for sender, friend in ((ana, cem), (ana, cem), (anna, dora), (anna, eva)):
        sent(sender, friend, days=1)
    sent(ben, cem)  # as Ana did before
    assert top_senders(3) == (anna, ben, ana)
    one(ana, anna)
    assert top_senders(5) == (ana, ben)  # three against two
    assert top_senders(1) == (ana,)


def test_who_brought_themselves_by_another_id_brought_nobody():
    ana, anna = add("Ana"), add("Anna")
    sent(ana, anna)
    assert (known(now=NOW).senders, known(now=NOW).friends) == (1, 1)
    one(ana, anna)
    assert (known(now=NOW).senders, known(now=NOW).friends) == (0, 0)
    assert (brought(ana), top_senders(3)) == ({}, ())


def test_strangers_and_the_erased_are_in_no_list_and_no_count():
    ana, ben = add("Ana"), add("Ben", likes=["tea"])
    nobody = stranger("new@example.org")
    sent(nobody, ana)
    sent(ben, nobody)
    sent(ben, ana, days=1)
    visit(nobody)
    visit(ben, days=2)
    visit(ben, days=90)
    assert latest_here(most=5).customer_ids == (ben,)
    assert [person.came_through for person in people_of([ana, nobody])] == [ben]
    assert (top_senders(5), senders_and_friends()) == ((ben,), Sending(1, 1))
    assert [one.id for one in customers_page(cursor=None, limit=9, by_name=True).customers] == [
        ben,
        ana,
    ]
    before = known(now=NOW)
    assert (before.customers, before.senders, before.friends, before.remembered) == (2, 1, 1, 1)
    erase(customer_id=ben, **BY)
    after = known(now=NOW)
    assert (after.customers, after.senders, after.friends, after.remembered) == (1, 0, 0, 0)
    assert latest_here(most=5).customer_ids == top_senders(5) == ()
    assert people_of([ana, ben, nobody]) == (Person(id=ana, name="Ana"),)
    assert customers_by_id([ben, ana]) == customers_by_id([ana])
    assert [line.suggestion.person.name for line in due(today=NOW.date())[0]] == []
    assert [told.person.name for told in tomorrow(now=NOW)] == ["Ana"]


def test_a_line_of_today_of_somebody_merged_since_is_the_kept_ones_and_is_not_said_twice():
    ana, anna, ben = add("Ana"), add("Anna"), add("Ben")
    sent(anna, ben)
    one(ana, anna)
    ((line,), more) = due(today=NOW.date())
    assert (line.suggestion.kind, line.suggestion.person.name, more) == ("thank", "Ana", 0)
    assert [told.person.name for told in tomorrow(now=NOW)] == ["Ben"]


def test_pages_of_who_was_here_last_leave_nobody_out_and_name_nobody_twice():
    people = [add(name) for name in ("Ana", "Ben", "Cem", "Dora", "Eva")]
    others = [add(f"{name} again") for name in ("Ana", "Ben", "Cem")]
    for place, person in enumerate(people):
        visit(person, days=place)
        tell(
            "purchase.completed",
            person,
            days=place + 10,
            total={"amount_minor": 1, "currency": "EUR"},
        )
        visit(person, days=50)
    for place, other in enumerate(others):
        visit(other, days=place + 2)
        visit(other, days=60)
        one(people[place], other)
    one(people[3], people[4])
    found, cursor = [], None
    for _ in range(2):
        page = latest_here(most=2, cursor=cursor)
        found += page.customer_ids
        cursor = page.cursor
    assert (found, cursor) == (people[:4], None)
    with pytest.raises(InvalidCursor):
        latest_here(most=2, cursor="x")
    assert last_here([people[3], people[0]]) == {
        people[3]: NOW - timedelta(days=3),
        people[0]: NOW,
    }


def test_what_was_here_by_the_merged_one_counts_as_the_kept_ones_latest():
    ana, anna, ben = add("Ana", likes=["tea"]), add("Anna", likes=["cake"]), add("Ben")
    visit(ana, days=3)
    visit(ben, days=2)
    visit(anna, days=1)
    one(ana, anna)
    assert latest_here(most=5).customer_ids == (ana, ben)
    assert last_here([ana]) == {ana: NOW - timedelta(days=1)}
    assert likes_of([ana, ben]) == {ana: ("tea", "cake")}
    assert [one.id for one in customers_by_id([anna, ben, ana])] == [ana, ben]


def test_a_search_finds_who_is_shown_for_a_name_that_was_merged():
    ana = add("Ana Sommer", ("phone", "0171 2345678"))
    anna = add("Johanna Sommer", ("email", "johanna@example.org"))
    one(ana, anna)
    for asked in ("Johan", "johanna sommer", "johanna@example.org", "0171 2345678", "Som"):
        found = search(asked, region="DE", most=5)
        assert [(one.customer_id, one.name) for one in found] == [(ana, "Ana Sommer")], asked
