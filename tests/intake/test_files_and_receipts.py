"""What a file tells of receipts: whose a refund is, what was told otherwise before, which numbers can be."""

import csv
from datetime import UTC, datetime
from itertools import permutations

import pytest

from regulars.insight import Source
from regulars.intake.files import Errors, Ground, counted, import_purchases, reasons
from regulars.kernel.actor import Actor
from regulars.people.models import Customer, Identity
from regulars.people.queries import kept_id
from regulars.people.services import erase
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
BY = {"actor": Actor("command", "import"), "now": datetime(2026, 6, 30, 9, tzinfo=UTC)}
BERLIN = Ground(currency="EUR", time_zone="Europe/Berlin", region="DE")
BOUGHT = "customer_id,customer_name,occurred_at,amount,order_id\nK-7,Ana,2026-06-01,10,A1\n"
BACK = "occurred_at,amount,order_id\n2026-06-02,4,A1\n"


def take(tmp_path, text, **more):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    return import_purchases(source=Source(paths=path), ground=BERLIN, **BY, **more)


def take_refunds(tmp_path, text=BACK, **more):
    return take(tmp_path, text, all_refunds=True, **more)


def whose_refunds():
    found = Event.objects.filter(type="purchase.refunded").order_by("occurred_at")
    return [one.customer_id and kept_id(one.customer_id) for one in found]


def set_aside(path):
    return [(row["line"], row["reason"]) for row in csv.DictReader(path.read_text().splitlines())]


class TestARefundThatNamesItsOrderAndNobody:
    def test_it_is_theirs_who_bought(self, tmp_path):
        take(tmp_path, BOUGHT)
        dry, told = take_refunds(tmp_path, is_dry=True), take_refunds(tmp_path)
        for one in (dry, told):
            assert (one.recorded, one.customers, one.awaiting) == ({"purchase.refunded": 1}, 0, 0)
            assert one.rejected == {}
        assert whose_refunds() == [Customer.objects.get().id]
        assert take_refunds(tmp_path).duplicates == 1

    def test_a_column_of_customers_may_be_there_and_empty(self, tmp_path):
        take(tmp_path, BOUGHT)
        text = "customer_id,occurred_at,amount,order_id\n,2026-06-02,4,A1\nguest,2026-06-03,1,A1\n,2026-06-03,1,\n"
        told = take_refunds(tmp_path, text)
        assert told.rejected == {"no_customer": 1}, "which names no order either"
        assert whose_refunds() == [Customer.objects.get().id] * 2

    def test_in_one_file_with_its_purchase_in_any_order_of_rows(self, tmp_path):
        text = (
            "customer_id,occurred_at,amount,order_id,refund_of\n"
            ",2026-06-02,-4,,A1\nK-7,2026-06-01,10,A1,\n,2026-06-02,5,A2,\n"
        )
        told = take(tmp_path, text)
        assert told.rejected == {"no_customer": 1}, "a purchase needs a customer"
        assert told.recorded == {"purchase.completed": 1, "purchase.refunded": 1}
        assert whose_refunds() == [Customer.objects.get().id]

    @pytest.mark.parametrize("day", ["2026-05-31", "2026-06-01", "2026-06-02"])
    def test_whoever_bought_is_told_of_whole_whichever_came_first(self, tmp_path, day):
        head = "customer_id,customer_name,occurred_at,amount,order_id,refund_of\n"
        told = take(tmp_path, f"{head},,{day},-4,,A1\nK-7,Ana,2026-06-01,10,A1,\n")
        assert (told.customers, Customer.objects.get().name) == (1, "Ana")
        assert Identity.objects.get().value == "K-7"

    def test_it_waits_for_its_purchase(self, tmp_path):
        dry, told = take_refunds(tmp_path, is_dry=True), take_refunds(tmp_path)
        for one in (dry, told):
            assert (one.customers, one.awaiting) == (0, 1)
        assert "1 refund that waits for its order: whose it is, the order will tell" in counted(
            told
        )
        later = BACK.replace("06-02", "06-03")
        assert take_refunds(tmp_path, later).awaiting == 1
        assert whose_refunds() == [None, None]
        take(tmp_path, BOUGHT)
        ana = Customer.objects.get().id
        assert whose_refunds() == [ana, ana]

    @pytest.mark.parametrize(("day", "waits"), [("2026-05-25", 0), ("2026-05-24", 1)])
    @pytest.mark.parametrize("first", ["purchase", "refund", "in one file"])
    def test_it_waits_for_an_order_of_the_week_after_it_alone(self, tmp_path, first, day, waits):
        back = BACK.replace("2026-06-02", day)
        if first == "in one file":
            head = "customer_id,occurred_at,amount,order_id,refund_of\n"
            rows = f"{head},{day},-4,,A1\nK-7,2026-06-01,10,A1,\n"
            assert take(tmp_path, rows, is_dry=True).awaiting == waits
            assert take(tmp_path, rows).awaiting == waits
        elif first == "purchase":
            take(tmp_path, BOUGHT)
            assert take_refunds(tmp_path, back, is_dry=True).awaiting == waits
            assert take_refunds(tmp_path, back).awaiting == waits
        else:
            assert take_refunds(tmp_path, back).awaiting == 1
            take(tmp_path, BOUGHT)
        assert whose_refunds() == [None if waits else Customer.objects.get().id]

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_of_several_who_bought_under_one_number_it_is_the_latest_before(self, tmp_path, order):
        head = BOUGHT.partition("\n")[0] + "\n"
        files = BOUGHT, f"{head}K-8,Ben,2026-06-05,10,A1\n", BACK + "2026-06-05,1,A1\n"
        for number in order:
            take(tmp_path, files[number], all_refunds=number == 2)
        ana, ben = (Customer.objects.get(name=name).id for name in ("Ana", "Ben"))
        assert whose_refunds() == [ana, ben]
        assert Customer.objects.count() == 2

    def test_nobody_who_was_erased_is_found_by_their_order(self, tmp_path):
        take(tmp_path, BOUGHT)
        erase(customer_id=Customer.objects.get().id, **BY)
        take_refunds(tmp_path)
        both = "customer_id,occurred_at,amount,order_id,refund_of\nK-7,2026-06-01,10,A1,\n,2026-06-05,-1,,A1\n"
        take(tmp_path, both)
        assert whose_refunds() == [None, None]
        assert not Customer.objects.exists()


class TestAnOrderThatWasToldOtherwise:
    def test_another_amount_is_set_aside_and_said_and_the_same_is_told_before(self, tmp_path):
        take(tmp_path, BOUGHT + "K-8,Ben,2026-06-01,3,A2\n")
        text = BOUGHT.replace(",10,", ",12,") + "K-8,Ben,2026-06-01,3,A2\nK-9,Cem,2026-06-01,1,A3\n"
        for is_dry in (True, False):
            errors = tmp_path / "errors.csv"
            told = take(tmp_path, text, errors=Errors(path=errors), is_dry=is_dry)
            assert told.rejected == {"receipt_conflict": 1}
            assert (told.recorded, told.duplicates) == ({"purchase.completed": 1}, 1)
            assert set_aside(errors) == [("2", "receipt_conflict")]
        (said,) = reasons(told)
        assert said.startswith(
            "1 of orders that were told with another amount before: tell the diff"
        )
        totals = {one.data["order_id"]: one.data["total"] for one in Event.objects.all()}
        assert totals["A1"] == {"amount_minor": 1_000, "currency": "EUR"}

    def test_every_row_of_such_an_order_is_set_aside(self, tmp_path):
        take(tmp_path, BOUGHT)
        told = take(tmp_path, BOUGHT + "K-7,Ana,2026-06-01,2,A1\n")
        assert (told.rejected, told.duplicates) == ({"receipt_conflict": 2}, 0)

    def test_what_else_a_later_file_tells_of_an_order_is_no_other_order(self, tmp_path):
        take(tmp_path, BOUGHT)
        more = BOUGHT.replace("order_id\n", "order_id,item\n").replace("A1", "A1,Cake")
        assert take(tmp_path, more).duplicates == 1

    def test_refunds_of_one_order_are_several(self, tmp_path):
        take(tmp_path, BOUGHT)
        take_refunds(tmp_path)
        told = take_refunds(tmp_path, BACK.replace(",4,", ",3,"))
        assert (told.recorded, told.rejected) == ({"purchase.refunded": 1}, {})


def test_an_order_number_obeys_the_rules_of_keys(tmp_path):
    rows = [
        f"K-7,Ana,2026-06-01,1,{number}\n" for number in ("A" * 200, "B" * 201, "C\x07", "D\u200bE")
    ]
    errors = tmp_path / "errors.csv"
    text = BOUGHT + "".join(rows)
    told = take(tmp_path, text, errors=Errors(path=errors))
    assert told.recorded == {"purchase.completed": 2}
    assert told.rejected == {"bad_order_id": 3}
    assert [why for _, why in set_aside(errors)] == ["bad_order_id"] * 3
    assert told.rows == sum(told.recorded.values()) + sum(told.rejected.values())
