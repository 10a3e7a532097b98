"""A refund that names its receipt and nobody is theirs who bought, whichever is told first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import AwaitedReceipt, Customer, Identity
from regulars.people.queries import ids_of, kept_id
from regulars.people.services import add_customer, erase
from regulars.stream.models import Event
from regulars.stream.queries import paid, refunded

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
ANA, PHONE = ("external", "ana"), ("phone", "+491712345678")


def told(key, order, minor, *, who=(), back=False, source="till", **more):
    number = "refund_of" if back else "order_id"
    return Incoming(
        type="purchase.refunded" if back else "purchase.completed",
        source=source,
        key=key,
        occurred_at=NOW - timedelta(days=1 if back else 2),
        identities=who,
        data={"total": {"amount_minor": minor, "currency": "EUR"}, number: order},
        **more,
    )


def tell(*incoming):
    return record(incoming=incoming, region="DE", **BY)


def add(name, *identities):
    return add_customer(name=name, identities=identities, region="DE", **BY)


def whose(key):
    found = Event.objects.get(key=key).customer_id
    return found and kept_id(found)


BOUGHT = told("1", "R-1", 1_000, who=(ANA,))
BACK = told("2", "R-1", 400, back=True)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("first", ["purchase", "refund"])
def test_a_refund_is_theirs_who_bought(first, together):
    ana = add("Ana", ANA)
    order = (BOUGHT, BACK) if first == "purchase" else (BACK, BOUGHT)
    answers = tell(*order) if together else [tell(one)[0] for one in order]
    if first == "purchase":
        assert {one.customer_id for one in answers} == {ana}
    assert whose("2") == ana
    (sum_,) = paid(ids_of(ana))
    assert (sum_.amount_minor, sum_.purchases) == (600, 1)
    purchase = Event.objects.get(key="1")
    assert refunded(ids_of(ana), [purchase]) == {purchase.id: 400}
    assert not AwaitedReceipt.objects.exists()
    assert Customer.objects.exclude(name="").count() == 1


def test_until_somebody_tells_of_the_purchase_a_refund_is_a_strangers():
    first, second = tell(BACK), tell(told("3", "R-1", 100, back=True))
    assert first[0].customer_id == second[0].customer_id
    assert tell(BACK)[0].status == "duplicate"
    assert AwaitedReceipt.objects.count() == 1


def test_the_number_of_a_refund_is_that_of_its_own_source():
    ana, ben = add("Ana", ANA), add("Ben", PHONE)
    tell(BOUGHT, told("1", "R-1", 700, who=(PHONE,), source="shop"))
    tell(BACK, told("3", "R-1", 100, back=True, source="shop"))
    assert (whose("2"), whose("3")) == (ana, ben)
    # Where a number begins again, nobody can tell whose it is.
    tell(told("4", "R-1", 900, who=(PHONE,)), told("5", "R-1", 100, back=True))
    assert whose("5") is None


def test_who_is_named_by_the_refund_is_who_it_is_about():
    add("Ana", ANA)
    ben = add("Ben", PHONE)
    tell(BOUGHT, told("2", "R-1", 400, back=True, who=(PHONE,)))
    assert whose("2") == ben


def test_what_nobody_bought_nobody_brings_back():
    tell(told("1", "R-1", 1_000), BACK)
    assert (whose("1"), whose("2")) == (None, None)
    assert not Customer.objects.exists()


def test_what_a_stranger_brought_back_is_theirs_once_they_say_who_they_are():
    tell(told("1", "R-1", 1_000, who=(PHONE,)), BACK)
    ana = add("Ana", PHONE)
    assert (whose("1"), whose("2")) == (ana, ana)


def test_nothing_more_is_recorded_of_who_was_erased():
    ana = add("Ana", ANA)
    tell(BOUGHT)
    erase(customer_id=ana, **BY)
    tell(BACK)
    assert whose("2") is None


def test_more_than_was_bought_is_recorded_as_it_is_told_in_either_order():
    ana = add("Ana", ANA)
    tell(told("2", "R-1", 1_200, back=True))
    tell(BOUGHT)
    (sum_,) = paid(ids_of(ana))
    assert (sum_.amount_minor, sum_.purchases) == (1_000 - 1_200, 1)


FLAG = ("flag", "refund_exceeds_purchase")


def flags(*answers):
    return [[(one.kind, one.what) for one in answer.effects] for answer in answers]


def test_more_than_was_bought_is_flagged_alone_or_together():
    add("Ana", ANA)
    assert flags(*tell(BOUGHT, BACK, told("3", "R-1", 600, back=True))) == [[], [], []]
    assert flags(*tell(told("4", "R-1", 1, back=True), BACK)) == [[FLAG], [FLAG]]
    # In another currency, or of what nobody told to be bought, nobody can tell.
    yen = told("5", "R-1", 9_000, back=True)
    yen.data["total"]["currency"] = "JPY"
    assert flags(*tell(yen, told("6", "R-7", 0, back=True), told("7", "R-7", 5, back=True))) == [
        [],
        [],
        [],
    ]
    assert flags(*tell(told("8", "R-1", 9_000, back=True, source="shop"))) == [[]]


def test_a_refund_that_came_first_is_flagged_once_the_purchase_is_there():
    add("Ana", ANA)
    early = told("2", "R-1", 1_200, back=True)
    assert flags(*tell(early)) == [[]]
    tell(BOUGHT)
    assert flags(*tell(early)) == [[FLAG]]


def test_whom_somebody_sent_who_was_erased_has_arrived_and_nobody_is_thanked():
    ana, ben = add("Ana", ANA), add("Ben", PHONE)
    erase(customer_id=ana, **BY)
    sent = Incoming(
        type="referral.recorded",
        source="till",
        key="1",
        occurred_at=NOW,
        customer_id=ben,
        data={"sender_id": str(ana)},
    )
    (answer,) = tell(sent)
    assert (answer.status, answer.customer_id, tuple(answer.effects)) == ("recorded", ben, ())
    assert not Customer.objects.filter(id=ana).exists()


STORY = (
    BOUGHT,
    BACK,
    told("3", "R-1", 100, back=True),
    told("4", "R-2", 500, who=(PHONE,)),
    told("5", "R-2", 500, back=True),
    told("6", "R-3", 300),
    told("7", "R-3", 300, back=True),
    told("8", "R-9", 900, back=True),
)


def lived(order, sizes):
    with transaction.atomic():
        ana = add("Ana", ANA)
        rest = [STORY[number] for number in order]
        while rest:
            size = sizes[len(rest) % len(sizes)]
            tell(*rest[:size])
            rest = rest[size:]
        by_phone = Identity.objects.get(kind="phone").customer_id
        names = {ana: "ana", kept_id(by_phone): "stranger"}
        found = {one.key: names.get(whose(one.key)) for one in Event.objects.all()}
        transaction.set_rollback(True)
    return found


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.permutations(range(len(STORY))),
    st.lists(st.integers(0, len(STORY) - 1), max_size=4),
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
)
def test_in_any_order_it_is_the_same_persons(order, repeated, sizes):
    assert lived([*order, *repeated], sizes) == {
        **dict.fromkeys("123", "ana"),
        **dict.fromkeys("45", "stranger"),
        **dict.fromkeys("678", None),
    }
