"""The same told again counts once; another thing under its key is refused, and nothing is written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.intake.errors import ReceiptConflict
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer
from regulars.people.services import (
    add_customer,
    add_identity,
    add_location,
    erase,
    merge,
    remove_identity,
    unmerge,
)
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BEN = ("phone", "0171 2345678"), ("email", "ben@example.org")


def receipt(**other):
    said = {
        "type": "purchase.completed",
        "source": "till",
        "key": "R-1",
        "occurred_at": NOW - HOUR,
        "identities": (ANA,),
        "data": {"total": {"amount_minor": 1_250, "currency": "EUR"}, "order_id": "R-1"},
    }
    return Incoming(**(said | other))


def tell(*told, now=NOW):
    with transaction.atomic():
        return record(incoming=told, region="DE", actor=SYSTEM, now=now, refuse_other=True)


def add(name, *identities, now=NOW - HOUR):
    return add_customer(name=name, identities=identities, region="DE", actor=SYSTEM, now=now)


def of(minor, **more):
    return {"total": {"amount_minor": minor, "currency": "EUR"}, "order_id": "R-1", **more}


OTHER = {
    "amount": {"data": of(1_251)},
    "order": {"data": of(1_250) | {"order_id": "R-2"}},
    "line": {"data": of(1_250, lines=[{"amount_minor": 1_250}])},
    "moment": {"occurred_at": NOW},
    "type": {"type": "visit.recorded", "data": {}},
    "customer": {"identities": (BEN,)},
    "surest": {"identities": (ANA, BEN)},
}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
@pytest.mark.parametrize("together", [False, True])
def test_another_thing_under_a_key_is_refused_and_nothing_is_written(other, together):
    add("Ben", BEN)
    told = (receipt(key="R-0"), receipt(**other))
    if together:
        told = (receipt(), *told)
    else:
        tell(receipt())
    with pytest.raises(ReceiptConflict) as refused:
        tell(*told)
    blamed = {"event": len(told) - 1, "event_field": "key"}
    assert refused.value.data == {"source": "till", "key": "R-1", **blamed}
    assert Event.objects.count() == (0 if together else 1)


def test_the_same_in_other_words_is_the_same():
    ana = add("Ana", ANA)
    (first,) = tell(receipt())
    berlin = (NOW - HOUR).astimezone(datetime.now(UTC).astimezone().tzinfo)
    for other in (
        {},
        {"identities": (("phone", "+49 171 2345678"),)},
        {"identities": (), "customer_id": ana},
        {"identities": ()},
        {"occurred_at": berlin},
        {"data": of(1_250, lines=[], margin_minor=None)},
        {"identities": (("external", "never heard of"), ANA)},
    ):
        (again,) = tell(receipt(**other))
        assert (again.status, again.event_id, again.customer_id) == (
            "duplicate",
            first.event_id,
            ana,
        )


def test_of_somebody_else_by_our_own_id_is_something_else_unless_they_are_one():
    ana, ben = add("Ana", ANA), add("Ben", BEN)
    tell(receipt())
    with pytest.raises(ReceiptConflict):
        tell(receipt(identities=(), customer_id=ben))
    merge(kept=ben, merged=ana, actor=SYSTEM, now=NOW)
    assert tell(receipt(identities=(), customer_id=ben))[0].status == "duplicate"


# What may happen between a telling and its repetition, to whoever it was about.
def taken_over(ana, ben):
    remove_identity(customer_id=ana, kind=ANA[0], value=ANA[1], region="DE")
    given = {"customer_id": ben, "kind": ANA[0], "value": ANA[1]}
    add_identity(**given, region="DE", actor=SYSTEM, now=NOW + HOUR)


def merged_and_not(ana, ben):
    log = merge(kept=ben, merged=ana, actor=SYSTEM, now=NOW + HOUR)
    unmerge(merge_id=log, actor=SYSTEM, now=NOW + HOUR)


def merged(ana, ben):
    merge(kept=ben, merged=ana, actor=SYSTEM, now=NOW + HOUR)


def erased(ana, _ben):
    erase(customer_id=ana, actor=SYSTEM, now=NOW + HOUR)


BETWEEN = (taken_over, merged, merged_and_not, erased)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.sampled_from(BETWEEN),
    st.sampled_from([(), (ANA,), (BEN,), (ANA, BEN), (("external", "K-7"), ANA), "ana"]),
)
def test_whatever_happens_between_the_same_again_is_a_repetition(between, who):
    with transaction.atomic():
        ana, ben = add("Ana", ANA), add("Ben", BEN)
        told = receipt(
            identities=() if who == "ana" else who, customer_id=ana if who == "ana" else None
        )
        (first,) = tell(told)
        between(ana, ben)
        (again,) = tell(told, now=NOW + 2 * HOUR)
        assert (again.status, again.event_id) == ("duplicate", first.event_id)
        transaction.set_rollback(True)


def test_a_stranger_told_of_again_is_a_repetition_and_nobody_is_added():
    tell(receipt(identities=(BEN, ANA)))
    people = Customer.objects.count()
    assert tell(receipt(identities=(BEN, ANA)))[0].status == "duplicate"
    assert Customer.objects.count() == people


def test_a_place_may_be_told_by_its_name_or_by_its_id():
    market = add_location(name="Market", now=NOW)
    tell(receipt(location="Market"))
    for other in (
        {"location": "Market"},
        {"data": of(1_250, location_id=str(market))},
    ):
        assert tell(receipt(**other))[0].status == "duplicate"
