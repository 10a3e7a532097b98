"""Two who act at the same moment do not both get what there is once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction
from tests.waiting import until_somebody_waits

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.errors import (
    AlreadyMerged,
    CustomerErased,
    IdentityTaken,
    LastOwner,
    LoginTaken,
)
from regulars.people.models import Business, Customer, Employee, Identity, Note
from regulars.people.queries import aliases
from regulars.people.services import (
    add_customer,
    add_employee,
    add_identity,
    add_note,
    claim_contact,
    deactivate_employee,
    erase,
    merge,
    record_consent,
    set_contact_rules,
)
from regulars.people.services.holding import hold_person
from regulars.stream.anew import in_one

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="SQLite has one writer; its tests live in memory"
    ),
]
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs acts in as many transactions that begin together; what each returned or raised."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            with transaction.atomic():
                ready.wait()
                return act()
        except (AlreadyMerged, CustomerErased, IdentityTaken, LastOwner, LoginTaken) as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def add(name):
    return add_customer(name=name, region="DE", **BY)


def test_the_last_contact_of_a_budget_is_given_once():
    Business.objects.create(
        name="Café", language="en", time_zone="UTC", currency="EUR", created_at=NOW
    )
    set_contact_rules(quiet_from=time(0), quiet_until=time(0), contacts_most=1, contacts_days=7)
    ana = add("Ana")
    with transaction.atomic():
        record_consent(
            customer_id=ana, purpose="news", channel="post", given=True, text_version="1",
            proof="form", said_at=NOW, **BY,
        )  # fmt: skip
    answers = at_once(
        *[lambda: claim_contact(customer_id=ana, purpose="news", channel="post", **BY)] * 6
    )
    assert sorted(answer.reason for answer in answers) == ["allowed", *["contact_budget"] * 5]


@pytest.mark.parametrize("attempt", range(5))
def test_merges_that_meet_make_no_circle(attempt):
    ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
    told = at_once(
        lambda: merge(kept=ana, merged=ben, **BY),
        lambda: merge(kept=ben, merged=cem, **BY),
        lambda: merge(kept=cem, merged=ana, **BY),
    )
    assert AlreadyMerged in told
    shown = aliases()
    assert all(kept not in shown for kept in shown.values())


@pytest.mark.parametrize("attempt", range(5))
def test_what_is_told_of_somebody_while_they_are_erased_is_erased_or_refused(attempt):
    ana, ben = add("Ana"), add("Ben")
    with transaction.atomic():
        merge(kept=ana, merged=ben, **BY)
    told = at_once(
        lambda: add_note(customer_id=ana, text="hello", **BY),
        lambda: erase(customer_id=ana, **BY),
        lambda: add_note(customer_id=ben, text="hello", **BY),
    )
    assert set(told[1].customer_ids) == {ana, ben}
    assert not Note.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize("attempt", range(4))
def test_who_is_merged_noted_and_erased_at_once_waits_for_nobody_who_waits(attempt):
    ana, ben = add("Ana"), add("Ben")
    at_once(
        lambda: merge(kept=ana, merged=ben, **BY),
        lambda: erase(customer_id=ana, **BY),
        lambda: erase(customer_id=ben, **BY),
        lambda: add_note(customer_id=ben, text="hello", **BY),
        lambda: merge(kept=ben, merged=ana, **BY),
    )
    assert not Customer.objects.exists()
    assert not Note.objects.exists()


def test_two_who_wait_for_one_another_begin_anew():
    """Whom a transaction will touch is not always known beforehand, as with a form of many lines."""
    ana, ben = add("Ana"), add("Ben")
    both = Barrier(2)

    def notes(first, second):
        waited = []

        def act():
            add_note(customer_id=first, text="one", **BY)
            if not waited:
                waited.append(both.wait())
            add_note(customer_id=second, text="two", **BY)

        try:
            in_one(act)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(notes, (ana, ben), (ben, ana)))
    assert Note.objects.count() == 4


def test_whoever_turns_out_to_be_somebody_else_is_let_go():
    """What is held of somebody who has become a part of another is not held on the way to the other."""
    ana, ben = add("Ana"), add("Ben")
    merged = Event()

    def merges():
        with transaction.atomic():
            merge(kept=ana, merged=ben, **BY)
            merged.set()
            until_somebody_waits()
        connection.close()

    def erases():
        merged.wait(5)
        with transaction.atomic():
            hold_person(ben)
            with ThreadPoolExecutor(1) as third:
                free = third.submit(free_of, {ana, ben}).result()
        connection.close()
        return free

    with ThreadPoolExecutor(2) as threads:
        threads.submit(merges)
        assert threads.submit(erases).result() == {ben}


def free_of(customers):
    """Whom of some nobody holds."""
    try:
        with transaction.atomic():
            rows = Customer.objects.filter(id__in=customers)
            return {one.id for one in rows.select_for_update(skip_locked=True)}
    finally:
        connection.close()


def test_an_identity_is_given_to_one():
    ana, ben = add("Ana"), add("Ben")
    give = {"kind": "email", "value": "one@example.org", "region": None, **BY}
    told = at_once(
        lambda: add_identity(customer_id=ana, **give), lambda: add_identity(customer_id=ben, **give)
    )
    given = Identity.objects.get(kind="email")
    assert set(told) == {given.id, IdentityTaken}


@pytest.mark.parametrize("attempt", range(5))
def test_a_stranger_who_is_met_twice_at_once_is_one(attempt):
    def meet(key):
        (told,) = record(
            incoming=[
                Incoming(
                    type="visit.recorded",
                    source="till",
                    key=key,
                    occurred_at=NOW,
                    identities=(("email", "new@example.org"),),
                )
            ],
            region=None,
            **BY,
        )
        return told.customer_id

    met = at_once(*[lambda key=key: meet(key) for key in ("1", "2", "3", "4")])
    assert len(set(met)) == 1
    assert Customer.objects.count() == 1


def test_the_last_two_owners_cannot_both_go():
    owners = [
        add_employee(name=name, role=Employee.OWNER, password="der beste Kaffee", now=NOW)
        for name in ("Ana", "Ben")
    ]
    told = at_once(
        *[
            lambda owner=owner: deactivate_employee(
                employee_id=owner, now=NOW + timedelta(minutes=1)
            )
            for owner in owners
        ]
    )
    assert sorted(map(str, told)) == sorted(map(str, [None, LastOwner]))


def test_who_is_added_twice_at_one_moment_is_added_once_and_the_other_hears_why() -> None:
    def add() -> str:
        add_employee(name="Ana", role=Employee.OWNER, password="a long password", now=NOW)
        return "added"

    assert sorted(map(str, at_once(add, add))) == sorted([str(LoginTaken), "added"])
    assert Employee.objects.count() == 1
