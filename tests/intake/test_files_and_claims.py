"""An order that is known without a customer is theirs whom a file tells; it is not told twice."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from tests.intake.taking import BY, NOW, add, take

from regulars.intake.files import chunks, counted
from regulars.intake.giving import give, put_back
from regulars.intake.noted import refund_key
from regulars.intake.services import Incoming, record
from regulars.people.models import Customer
from regulars.people.queries import ids_of
from regulars.stream.models import Event
from regulars.stream.queries import paid
from regulars.stream.refunding import orders_given_back, refunded_beyond

pytestmark = pytest.mark.django_db
HEAD = "customer_id,customer_name,occurred_at,amount,order_id,refund_of\n"
SHOP = "info@shop.example"  # stands for nobody
GUESTS = f"{HEAD}{SHOP},,2026-06-01,10,A1,\n{SHOP},,2026-06-02,7,A2,\n"
ANAS = f"{HEAD}K-7,Ana,2026-06-01,10,A1,\n"
ALL = {"all_refunds": True}
BACK = ",,2026-06-03,-4,,A1\n"


def till(
    kind="purchase.completed",
    key="A1",
    minor=1_000,
    *,
    source="till",
    customer_id=None,
    days=0,
    **more,
):
    with transaction.atomic():
        (told,) = record(
            incoming=[
                Incoming(
                    type=kind,
                    source=source,
                    key=key,
                    occurred_at=datetime(2026, 6, 1, 16, 20, tzinfo=UTC) + timedelta(days=days),
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


def test_what_was_put_back_stays_so_however_often_the_file_comes(tmp_path):
    till(order_id="A1")
    take(tmp_path, ANAS)
    put_back(event_id=Event.objects.get().id, **BY)
    again = take(tmp_path, ANAS)
    assert (again.claimed, again.recorded, again.duplicates, again.rejected) == (0, {}, 1, {})
    assert sums() == []
    assert take(tmp_path, ANAS.replace("K-7,Ana", "K-8,Ben")).claimed == 1
    assert (sums(), sums("Ben")) == ([], [(1_000, 1)])


def test_what_is_somebody_elses_by_now_is_set_aside(tmp_path):
    ben, receipt = add("Ben"), till(order_id="A1")
    give(event_id=receipt, customer_id=ben, **BY)
    told = take(tmp_path, ANAS)
    assert (told.claimed, told.recorded, told.rejected) == (0, {}, {"receipt_conflict": 1})
    assert (sums(), sums("Ben")) == ([], [(1_000, 1)])
    put_back(event_id=Event.objects.get(customer_id=ben).id, **BY)
    assert take(tmp_path, ANAS).claimed == 1
    assert (sums(), sums("Ben")) == ([(1_000, 1)], [])


class TestAShopThatTellsWhatWasGivenBackSoFar:
    """As a sum beside the order, that grows from file to file."""

    HEAD = "Name,Email,Financial Status,Total,Currency,Created at,Refunded Amount,Lineitem name\n"
    ORDER = "A1,ana@example.org,paid,10.00,EUR,2026-06-01 18:20:00 +0200,{back},Tea\n"

    def file(self, tmp_path, back, **more):
        return take(tmp_path, self.HEAD + self.ORDER.format(back=back), **more)

    def left(self):
        return [
            (one.amount_minor, one.purchases)
            for customer in Customer.objects.all()
            for one in paid(ids_of(customer.id))
        ]

    @pytest.mark.parametrize("days", [0, 3])
    @pytest.mark.parametrize("parts", [(500,), (200, 300)])
    def test_what_the_till_gave_back_counts_once(self, tmp_path, days, parts):
        till(order_id="A1")
        for number, minor in enumerate(parts):
            till("purchase.refunded", f"back{number}", minor, days=days, refund_of="A1")
        for one in (self.file(tmp_path, "5.00", is_dry=True), self.file(tmp_path, "5.00")):
            assert (one.claimed, one.recorded, one.duplicates) == (1, {}, 1)
        assert self.left() == [(500, 1)]
        for one in (self.file(tmp_path, "8.00", is_dry=True), self.file(tmp_path, "8.00")):
            assert (one.claimed, one.recorded) == (0, {"purchase.refunded": 1})
        assert self.left() == [(200, 1)]
        assert self.file(tmp_path, "8.00").recorded == self.file(tmp_path, "5.00").recorded == {}
        assert self.file(tmp_path, "9.00").recorded == {"purchase.refunded": 1}
        again = self.file(tmp_path, "9.00")
        assert (again.recorded, again.duplicates, again.rejected) == ({}, 2, {})
        assert self.left() == [(100, 1)]

    def test_nor_twice_of_an_order_that_a_file_told_of_nobody(self, tmp_path):
        guest = self.ORDER.replace("ana@example.org", SHOP)
        take(tmp_path, self.HEAD + guest.format(back="5.00"))
        assert self.file(tmp_path, "5.00").claimed == 1
        assert self.left() == [(500, 1)]
        self.file(tmp_path, "8.00")
        self.file(tmp_path, "9.00")
        assert self.file(tmp_path, "9.00").recorded == {}
        assert self.left() == [(100, 1)]

    def test_what_the_till_did_not_tell_is_given_back_of_its_order(self, tmp_path):
        till(order_id="A1")
        assert self.file(tmp_path, "5.00").recorded == {"purchase.refunded": 1}
        assert Event.objects.get(type="purchase.refunded").source == "till"
        assert self.file(tmp_path, "5.00").duplicates == 2
        assert self.left() == [(500, 1)]

    def test_what_the_console_noted_of_it_counts_once(self, tmp_path):
        self.file(tmp_path, "0.00")
        order = Event.objects.get()
        key = refund_key(order, uuid4())
        more = {"source": "console", "customer_id": order.customer_id, "refund_of": "A1"}
        till("purchase.refunded", key, 300, **more)
        assert self.file(tmp_path, "3.00").recorded == {}
        for back, left in (("5.00", 500), ("5.00", 500), ("9.00", 100), ("5.00", 100)):
            told = self.file(tmp_path, back)
            assert (self.left(), told.rejected) == ([(left, 1)], {})
        refunds = Event.objects.filter(type="purchase.refunded")
        assert refunded_beyond(orders_given_back(refunds)) == frozenset()
        till("purchase.refunded", refund_key(order, uuid4()), 200, **more)
        refunds = Event.objects.filter(type="purchase.refunded")
        assert len(refunded_beyond(orders_given_back(refunds))) == 4

    def test_of_what_is_somebody_elses_nothing_is_taken(self, tmp_path):
        give(event_id=till(order_id="A1"), customer_id=add("Ben"), **BY)
        told = self.file(tmp_path, "5.00")
        assert (told.recorded, told.rejected) == ({}, {"receipt_conflict": 1})
        assert self.left() == [(1_000, 1)]


class TestARefundOfAClaimedOrderInALaterFile:
    @pytest.mark.parametrize("whose", ["", "K-7"])
    def test_it_is_theirs_who_bought_and_of_that_order(self, tmp_path, whose):
        till(order_id="A1")
        take(tmp_path, ANAS)
        back = f"{HEAD}{whose},,2026-06-03,-4,,A1\n"
        for one in (take(tmp_path, back, **ALL, is_dry=True), take(tmp_path, back, **ALL)):
            assert (one.recorded, one.awaiting) == ({"purchase.refunded": 1}, 0)
        assert sums() == [(600, 1)]
        assert take(tmp_path, back, **ALL).duplicates == 1
        refund = Event.objects.get(type="purchase.refunded")
        assert refund.source == ("till" if whose else "file")
        assert refunded_beyond(orders_given_back([refund])) == frozenset()
        take(tmp_path, f"{HEAD}{whose},,2026-06-04,-7,,A1\n", **ALL)
        refunds = Event.objects.filter(type="purchase.refunded")
        assert len(refunded_beyond(orders_given_back(refunds))) == 2

    def test_more_than_was_bought_is_said(self, tmp_path):
        till(order_id="A1")
        till("purchase.refunded", "back", 300, refund_of="A1")
        take(tmp_path, ANAS + "K-7,Ana,2026-06-09,-9,,A1\n")
        refunds = Event.objects.filter(type="purchase.refunded")
        assert len(refunded_beyond(orders_given_back(refunds))) == 2

    def test_one_that_waited_finds_who_bought(self, tmp_path):
        back = f"{HEAD},,2026-06-03,-4,,A1\n"
        assert take(tmp_path, back, **ALL).awaiting == 1
        till(order_id="A1")
        take(tmp_path, ANAS)
        assert sums() == [(600, 1)]
        assert take(tmp_path, back, **ALL).duplicates == 1

    def test_more_than_was_bought_is_said_of_one_that_waited(self, tmp_path):
        take(tmp_path, f"{HEAD},,2026-06-03,-40,,A1\n", **ALL)
        till(order_id="A1")
        take(tmp_path, ANAS)
        refunds = Event.objects.filter(type="purchase.refunded")
        assert len(refunded_beyond(orders_given_back(refunds))) == 1
        assert sums() == [(-3_000, 1)]

    def test_of_an_order_that_was_given_away_and_put_back_it_is_nobodys_till_the_next_has_it(
        self, tmp_path
    ):
        ben, cem = add("Ben"), add("Cem")
        theirs = give(event_id=till(order_id="A1"), customer_id=ben, **BY).event_id
        put_back(event_id=theirs, **BY)
        back = f"{HEAD},,2026-06-03,-4,,A1\n"
        told = take(tmp_path, back, **ALL)
        assert (told.of_nobody, told.awaiting, sums("Ben")) == (1, 0, [])
        give(event_id=Event.objects.get(source="till").id, customer_id=cem, **BY)
        assert (sums("Ben"), sums("Cem")) == ([], [(600, 1)])

    def test_an_order_of_the_files_own_keeps_its_refunds(self, tmp_path):
        till(order_id="A1")
        take(tmp_path, f"{HEAD}K-7,Ana,2026-06-20,25,A1,\n")
        take(tmp_path, ANAS)
        take(tmp_path, f"{HEAD}K-7,,2026-06-21,-4,,A1\n", **ALL)
        assert Event.objects.get(type="purchase.refunded").source == "file"


def test_what_another_claims_at_that_moment_is_set_aside(tmp_path, monkeypatch):
    receipt, ben = till(order_id="A1"), add("Ben")
    looked = chunks.claims_of

    def just_before(*told, **more):
        found = looked(*told, **more)
        give(event_id=receipt, customer_id=ben, **BY)
        return found

    monkeypatch.setattr(chunks, "claims_of", just_before)
    told = take(tmp_path, ANAS)
    assert (told.claimed, told.recorded, told.duplicates) == (0, {}, 0)
    assert told.rejected == {"receipt_conflict": 1}
    assert (sums(), sums("Ben")) == ([], [(1_000, 1)])
