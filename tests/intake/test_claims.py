"""What was told of nobody becomes whose it is, once somebody says so; and counts once."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import transaction

from regulars.care.models import Task
from regulars.intake.errors import ReceiptConflict
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer
from regulars.people.queries import kept_id
from regulars.people.services import add_customer, erase
from regulars.stream.models import Event
from regulars.stream.queries import paid, timeline

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BEN = (("phone", "0171 2345678"),), (("email", "ben@example.org"),)


def bought(**other):
    said = {
        "type": "purchase.completed",
        "source": "till",
        "key": "1",
        "occurred_at": NOW - 2 * HOUR,
        "data": {"total": {"amount_minor": 1_250, "currency": "EUR"}, "order_id": "R-1"},
    }
    return Incoming(**(said | other))


def back(**other):
    data = {"total": {"amount_minor": 250, "currency": "EUR"}, "refund_of": "R-1"}
    said = {"type": "purchase.refunded", "key": "2", "occurred_at": NOW - HOUR, "data": data}
    return bought(**(said | other))


def visit(key, days, **who):
    moment = NOW - timedelta(days=days)
    return bought(type="visit.recorded", key=key, occurred_at=moment, data={}, **who)


def tell(*told, now=NOW):
    with transaction.atomic():
        return record(incoming=told, region="DE", actor=SYSTEM, now=now, refuse_other=True)


def add(name, *identities):
    return add_customer(
        name=name, identities=identities, region="DE", actor=SYSTEM, now=NOW - 3 * HOUR
    )


def of(customer):
    return [one.type for one in timeline([customer]).events]


def test_a_receipt_of_nobody_becomes_the_customers_and_counts_once():
    ana, ben = add("Ana", *ANA), add("Ben", *BEN)
    (first,) = tell(bought())
    (claimed,) = tell(bought(identities=ANA))
    assert (first.customer_id, claimed.status, claimed.customer_id) == (None, "recorded", ana)
    assert paid([ana])[0].amount_minor == 1_250
    assert Event.objects.count() == 1
    for again in (bought(identities=ANA), bought(), bought(customer_id=ana)):
        (answer,) = tell(again)
        assert (answer.status, answer.event_id, answer.customer_id) == (
            "duplicate",
            claimed.event_id,
            ana,
        )
    with pytest.raises(ReceiptConflict):
        tell(bought(customer_id=ben))
    assert Event.told.count() == 2


def test_the_log_keeps_what_was_told_first():
    ana = add("Ana", *ANA)
    (first,) = tell(bought())
    tell(bought(customer_id=ana))
    one, other = Event.told.order_by("position")
    assert (one.id, one.key, one.customer_id) == (first.event_id, "1", None)
    assert (other.replaces, other.customer_id) == (one.id, ana)
    assert (other.source, other.occurred_at, other.data) == (one.source, one.occurred_at, one.data)


def test_something_else_under_the_key_is_refused():
    ana = add("Ana", *ANA)
    tell(bought())
    other = {"total": {"amount_minor": 1_251, "currency": "EUR"}, "order_id": "R-1"}
    with pytest.raises(ReceiptConflict):
        tell(bought(customer_id=ana, data=other))
    assert Event.told.count() == 1


def test_whoever_claims_by_an_identity_of_nobody_is_new():
    tell(bought())
    (claimed,) = tell(bought(identities=(("card", "4711"),)))
    assert Customer.objects.get().id == claimed.customer_id


def test_what_follows_from_a_claim_is_what_would_have_followed():
    ana = add("Ana", *ANA)
    tell(visit("0", 200, customer_id=ana), visit("1", 0))
    (claimed,) = tell(visit("1", 0, customer_id=ana))
    assert [one.what for one in claimed.effects] == ["welcome_back"]
    (line,) = Task.objects.filter(withdrawn_at=None)
    assert (line.customer_id, line.event_id) == (ana, claimed.event_id)
    assert tell(visit("1", 0, customer_id=ana))[0].effects == claimed.effects


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2)])
@pytest.mark.parametrize("together", [False, True])
def test_a_refund_of_nobody_goes_with_its_purchase(order, together):
    ana = add("Ana", *ANA)
    told = (bought(), back(), bought(identities=ANA))
    told = [told[place] for place in order]
    for some in [told] if together else [[one] for one in told]:
        tell(*some)
    (sums,) = paid(
        [
            one
            for one in (ana, *Customer.objects.values_list("id", flat=True))
            if kept_id(one) == ana
        ]
    )
    assert (sums.amount_minor, sums.purchases) == (1_000, 1)
    assert Event.objects.count() == 2
    assert Customer.objects.count() == 1
    (answer,) = tell(back())
    assert (answer.status, answer.customer_id) == ("duplicate", ana)


def test_a_refund_that_waits_is_claimed_as_well():
    ana = add("Ana", *ANA)
    tell(back())
    (claimed,) = tell(back(identities=ANA))
    assert claimed.customer_id == ana
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_refund_is_theirs_whom_it_names_whoever_bought_and_whichever_is_told_first(order):
    ana, ben = add("Ana", *ANA), add("Ben", *BEN)
    told = bought(identities=BEN), back(), back(identities=ANA)
    for place in order:
        tell(told[place])
    assert (of(ana), of(ben)) == (["purchase.refunded"], ["purchase.completed"])
    assert [one.status for one in tell(*told)] == ["duplicate"] * 3


def test_a_batch_is_as_one_after_another():
    ana = add("Ana", *ANA)
    answers = tell(bought(), bought(identities=ANA), bought(), bought(customer_id=ana))
    assert [(one.status, one.customer_id) for one in answers] == [
        ("recorded", None),
        ("recorded", ana),
        ("duplicate", ana),
        ("duplicate", ana),
    ]
    with pytest.raises(ReceiptConflict):
        tell(
            bought(key="9"),
            bought(key="9", identities=ANA),
            bought(key="9", customer_id=add("Ben")),
        )
    assert Event.objects.count() == 1


def test_whoever_claimed_and_was_erased_has_bought_it_all_the_same():
    ana, ben = add("Ana", *ANA), add("Ben", *BEN)
    tell(bought())
    tell(bought(customer_id=ana))
    with transaction.atomic():
        erase(customer_id=ana, actor=SYSTEM, now=NOW)
    with pytest.raises(ReceiptConflict):
        tell(bought(customer_id=ben))
    assert [one.customer_id for one in Event.objects.all()] == [ana]
