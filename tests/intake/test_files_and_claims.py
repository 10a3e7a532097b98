"""An order that is known without a customer is theirs whom a file tells; it is not told twice."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import transaction
from tests.intake.taking import BY, NOW, add, take

from regulars.intake.files import counted
from regulars.intake.giving import give, put_back
from regulars.intake.noted import refund_key
from regulars.intake.services import Incoming, record
from regulars.people.models import Customer
from regulars.people.queries import ids_of
from regulars.stream.models import Event
from regulars.stream.queries import paid

pytestmark = pytest.mark.django_db
HEAD = "customer_id,customer_name,occurred_at,amount,order_id,refund_of\n"
SHOP = "info@shop.example"  # stands for nobody
GUESTS = f"{HEAD}{SHOP},,2026-06-01,10,A1,\n{SHOP},,2026-06-02,7,A2,\n"
ANAS = f"{HEAD}K-7,Ana,2026-06-01,10,A1,\n"
BACK = ",,2026-06-03,-4,,A1\n"


def till(
    kind="purchase.completed", key="A1", minor=1_000, *, source="till", customer_id=None, **more
):
    with transaction.atomic():
        (told,) = record(
            incoming=[
                Incoming(
                    type=kind,
                    source=source,
                    key=key,
                    occurred_at=datetime(2026, 6, 1, 16, 20, tzinfo=UTC),
                    customer_id=customer_id,
                    data={"total": {"amount_minor": minor, "currency": "EUR"}, **more},
                )
            ],
            region="DE",
            **BY,
        )
    return told.event_id


def sums(name="Ana"):
    found = [paid(ids_of(one.id)) for one in Customer.objects.filter(name=name)]
    return [(one.amount_minor, one.purchases) for some in found for one in some]


@pytest.mark.parametrize("by_till", [False, True])
def test_an_order_of_nobody_becomes_the_customers(tmp_path, by_till):
    if by_till:
        till(order_id="A1")
    else:
        take(tmp_path, GUESTS)
    dry, told = take(tmp_path, ANAS, is_dry=True), take(tmp_path, ANAS)
    for one in (dry, told):
        assert (one.claimed, one.customers, one.recorded, one.duplicates) == (1, 1, {}, 0)
    assert "1 that was nobody’s is somebody’s now" in counted(told)
    assert sums() == [(1_000, 1)]
    again = take(tmp_path, ANAS)
    assert (again.claimed, again.recorded, again.duplicates) == (0, {}, 1)
    assert Event.objects.filter(data__order_id="A1").count() == 1
    assert Event.objects.get(data__order_id="A1").occurred_at < NOW


def test_what_was_given_back_of_it_goes_with_it_whoever_tells_it(tmp_path):
    till(order_id="A1")
    till("purchase.refunded", "back", 300, refund_of="A1")
    take(tmp_path, ANAS + BACK)
    assert sums() == [(300, 1)]
    with_customer = ANAS + "K-7,Ana,2026-06-01,-3,,A1\n"
    assert take(tmp_path, with_customer).duplicates == 2
    assert sums() == [(300, 1)]


def test_what_was_noted_of_it_while_it_was_anothers_goes_with_it(tmp_path):
    ben, receipt = add("Ben"), till(order_id="A1")
    theirs = give(event_id=receipt, customer_id=ben, **BY).event_id
    key = refund_key(Event.objects.get(id=theirs), uuid4())
    till("purchase.refunded", key, 300, source="console", customer_id=ben)
    assert sums("Ben") == [(700, 1)]
    put_back(event_id=theirs, **BY)
    take(tmp_path, ANAS)
    assert (sums("Ben"), sums()) == ([], [(700, 1)])


def test_a_refund_that_is_told_with_its_customer_counts_once(tmp_path):
    till(order_id="A1")
    till("purchase.refunded", "back", 300, refund_of="A1")
    told = take(tmp_path, ANAS + "K-7,Ana,2026-06-01,-3,,A1\n")
    assert (told.claimed, told.recorded) == (2, {})
    assert sums() == [(700, 1)]


def test_another_amount_or_another_day_is_another_order(tmp_path):
    till(order_id="A1")
    told = take(tmp_path, ANAS.replace(",10,", ",11,") + "K-7,Ana,2026-06-09,10,A1,\n")
    assert (told.claimed, told.recorded) == (0, {"purchase.completed": 2})


def test_what_is_somebody_elses_by_now_is_set_aside(tmp_path):
    ben, receipt = add("Ben"), till(order_id="A1")
    give(event_id=receipt, customer_id=ben, **BY)
    told = take(tmp_path, ANAS)
    assert (told.claimed, told.recorded, told.rejected) == (0, {}, {"receipt_conflict": 1})
    assert (sums(), sums("Ben")) == ([], [(1_000, 1)])
    put_back(event_id=Event.objects.get(customer_id=ben).id, **BY)
    assert take(tmp_path, ANAS).claimed == 1
    assert (sums(), sums("Ben")) == ([(1_000, 1)], [])
