"""A customer brings a receipt of nobody: it is found by what stands on it, theirs, and put back where it was not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Employee
from regulars.stream.models import Event
from regulars.stream.queries import paid

pytestmark = pytest.mark.django_db


def bought(key, minor=450, *, hours=1, who=None, of=None, **more):
    """A purchase of a till's, of somebody or nobody; or one told again, as it was."""
    now = datetime.now(UTC)
    (told,) = record(
        incoming=[
            Incoming(
                type="purchase.completed",
                source="till",
                key=key,
                occurred_at=of.occurred_at if of else now - timedelta(hours=hours),
                customer_id=who,
                data={
                    "total": {"amount_minor": minor, "currency": "EUR"},
                    "order_id": key,
                    "lines": [{"name": "Flat white", "amount_minor": minor}],
                    **more,
                },
            )
        ],
        region="DE",
        actor=SYSTEM,
        now=now,
    )
    return told.event_id


def look(client, customer, status=200, **asked) -> str:
    answer = client.get(f"/customers/{customer}/receipt/", asked)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def given(client, customer, receipt):
    return client.post(f"/customers/{customer}/receipt/", {"receipt": str(receipt)})


def purchase_of(customer):
    return Event.objects.get(customer_id=customer, type="purchase.completed")


def refund(client, customer, amount, status=302):
    told = {"key": str(uuid4()), "amount": amount, "day": ""}
    answer = client.post(f"/customers/{customer}/purchase/{purchase_of(customer).id}/", told)
    assert answer.status_code == status


def sum_of(customer):
    return sum(one.amount_minor for one in paid([UUID(customer)]))


def test_the_latest_receipts_of_nobody_are_shown_and_one_is_given(owner, town):
    receipt, other = bought("R-1"), bought("R-2", 1_250)
    cem = town["Cem"]
    page = look(owner, cem)
    for words in ("Flat white · R-1", "€4.50", "€12.50", "It is theirs", str(other)):
        assert words in page
    answer = given(owner, cem, receipt)
    assert answer.headers["Location"] == f"/customers/{cem}/?said=receipt#timeline"
    assert sum_of(cem) == 450
    assert str(receipt) not in look(owner, cem)
    page = " ".join(owner.get(f"/customers/{cem}/?said=receipt").content.decode().split())
    assert "The receipt is theirs now." in page
    assert f"when {Employee.objects.get().name} gave it to them." in page
    again = given(owner, cem, receipt)
    assert again.headers["Location"].startswith(f"/customers/{cem}/?said=again")
    assert sum_of(cem) == 450


@pytest.mark.parametrize("asked", ["R-77", "r-77", "4.50", "€ 4,50"])
def test_a_receipt_is_found_by_its_number_or_its_amount(owner, town, asked):
    bought("R-77", hours=24 * 20)
    bought("R-78", 999)
    page = look(owner, town["Cem"], on_it=asked)
    assert "R-77" in page
    assert "R-78" not in page
    assert "No purchase without a customer fits that." in look(owner, town["Cem"], on_it="R-79")


def test_a_receipt_is_found_by_its_day(owner, town):
    bought("R-77", hours=24 * 20)
    bought("R-78", hours=24 * 30)
    day = (datetime.now(UTC) - timedelta(days=20)).date()
    days = [str(day + timedelta(days=one)) for one in (-1, 0, 1)]  # whatever the hour
    pages = [look(owner, town["Cem"], day=one) for one in days]
    assert sum("R-77" in page for page in pages) == 1
    assert not any("R-78" in page for page in pages)
    assert "This is not a day." in look(owner, town["Cem"], 400, day="tomorrow")


def test_a_wrong_choice_is_put_back_and_given_to_another(owner, town):
    receipt = bought("R-1")
    cem, ben = town["Cem"], town["Ben Vogel"]
    given(owner, cem, receipt)
    theirs = Event.objects.get(customer_id=cem, type="purchase.completed")
    back = f"/customers/{cem}/receipt/{theirs.id}/back/"
    assert back in owner.get(f"/customers/{cem}/").content.decode()
    assert owner.post(back).headers["Location"].startswith(f"/customers/{cem}/?said=receipt_back")
    assert owner.post(back).headers["Location"].startswith(f"/customers/{cem}/?said=again")
    assert sum_of(cem) == 0
    assert "R-1" in look(owner, ben)
    given(owner, ben, receipt)
    assert (sum_of(cem), sum_of(ben)) == (0, 450)


def test_what_was_given_back_here_goes_with_it(owner, town):
    receipt, cem = bought("R-1"), town["Cem"]
    given(owner, cem, receipt)
    refund(owner, cem, "1.50")
    assert sum_of(cem) == 300
    owner.post(f"/customers/{cem}/receipt/{purchase_of(cem).id}/back/")
    assert sum_of(cem) == 0
    assert not Event.objects.filter(customer_id=cem, type__startswith="purchase").exists()


def test_what_somebody_has_by_now_is_not_given_to_another(owner, town):
    receipt = bought("R-1")
    given(owner, town["Cem"], receipt)
    answer = given(owner, town["Ben Vogel"], receipt)
    assert answer.status_code == 409
    assert "This receipt is somebody’s by now." in answer.content.decode()
    assert sum_of(town["Ben Vogel"]) == 0


def test_only_what_was_claimed_can_be_put_back(owner, town):
    cem = town["Cem"]
    owner.post(f"/customers/{cem}/purchase/", {"key": str(uuid4()), "amount": "4.50"})
    event = Event.objects.get(customer_id=cem, type="purchase.completed")
    assert owner.post(f"/customers/{cem}/receipt/{event.id}/back/").status_code == 404
    assert given(owner, cem, uuid4()).status_code == 404
    assert given(owner, cem, "no id").status_code == 404
    assert sum_of(cem) == 450


@pytest.mark.parametrize("number", ["R-1", None])
def test_what_was_given_back_here_stays_with_the_purchase_whose_ever_it_is(owner, town, number):
    receipt, cem, ben = bought("R-1", order_id=number), town["Cem"], town["Ben Vogel"]
    given(owner, cem, receipt)
    refund(owner, cem, "1.50")
    assert (sum_of(cem), sum_of(ben)) == (300, 0)
    owner.post(f"/customers/{cem}/receipt/{purchase_of(cem).id}/back/")
    assert "€1.50 of it was given back." in look(owner, ben)
    given(owner, ben, purchase_of(None).id)
    assert (sum_of(cem), sum_of(ben)) == (0, 300)
    page = owner.get(f"/customers/{ben}/purchase/{purchase_of(ben).id}/").content.decode()
    assert "€3.00 of it is left" in page
    refund(owner, ben, "3.00")
    assert sum_of(ben) == 0
    refund(owner, ben, "0.50", status=400)
    owner.post(f"/customers/{ben}/receipt/{purchase_of(ben).id}/back/")
    given(owner, cem, purchase_of(None).id)
    assert (sum_of(cem), sum_of(ben)) == (0, 0)
    assert Event.objects.filter(type="purchase.refunded").count() == 2


@pytest.mark.parametrize("number", ["R-1", None])
def test_it_does_so_too_where_the_till_tells_whose_the_purchase_is(owner, town, number):
    receipt, cem, ben = bought("R-1", order_id=number), town["Cem"], town["Ben Vogel"]
    given(owner, cem, receipt)
    refund(owner, cem, "1.50")
    owner.post(f"/customers/{cem}/receipt/{purchase_of(cem).id}/back/")
    assert bought("R-1", order_id=number, of=purchase_of(None), who=UUID(ben)) != receipt
    assert (sum_of(cem), sum_of(ben)) == (0, 300)


def test_a_number_that_a_till_gives_anew_each_day_is_found_on_its_day(owner, town):
    receipts = [bought(f"R-{days}", hours=24 * days, order_id="7") for days in range(1, 35)]
    day = (datetime.now(UTC) - timedelta(days=33)).date()
    days = [str(day + timedelta(days=one)) for one in (-1, 0, 1)]  # whatever the hour
    pages = [look(owner, town["Cem"], on_it="7", day=one) for one in days]
    assert sum(str(receipts[32]) in page for page in pages) == 1


def test_an_amount_is_meant_in_the_currency_of_the_business(owner, town):
    bought("R-1", total={"amount_minor": 450, "currency": "JPY"})
    assert "No purchase without a customer fits that." in look(owner, town["Cem"], on_it="4.50")
