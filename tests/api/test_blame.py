"""Of a batch that is refused, the answer says which event is to blame, and which of its fields."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.utils import timezone

from regulars.kernel.actor import SYSTEM
from regulars.people.models import Business
from regulars.people.services.erasing import erase
from regulars.stream.models import Event
from tests.api.test_events import purchase, results

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db
NOBODYS = "01890a5d-ac96-774b-bcce-b302099a8057"


def referral(customer: dict[str, str], sender: str) -> dict[str, Any]:
    return {
        "type": "referral.recorded",
        "key": "sent",
        "occurred_at": "2026-06-30T10:15:00+02:00",
        "customer": customer,
        "data": {"sender_id": sender},
    }


def at(location: str) -> dict[str, Any]:
    return purchase(
        "X", data={"total": {"amount_minor": 1, "currency": "EUR"}, "location_id": location}
    )


def without_a_country() -> dict[str, Any]:
    Business.objects.update(country="")
    return purchase("X", customer={"phone": "030 901820"})


AMISS: list[tuple[Callable[[str], dict[str, Any]], str, str]] = [
    (lambda _: {**purchase("X"), "type": "dance.danced"}, "unknown_event_type", "type"),
    (lambda _: purchase("X", customer={"email": "ana@"}), "invalid_email", "customer.email"),
    (
        lambda _: purchase("X", customer={"external": "123", "phone": "123"}),
        "invalid_phone",
        "customer.phone",
    ),
    (
        lambda _: without_a_country(),
        "phone_needs_country",
        "customer.phone",
    ),
    (lambda _: purchase("X", customer={"id": NOBODYS}), "unknown_customer", "customer.id"),
    (
        lambda _: referral({"email": "ben@vogel.example"}, NOBODYS),
        "unknown_customer",
        "data.sender_id",
    ),
    (lambda ana: referral({"id": ana}, ana), "referral_not_allowed", "data.sender_id"),
    (lambda _: purchase("X", location="Nowhere"), "unknown_location_name", "location"),
    (lambda _: at(NOBODYS), "unknown_location", "data.location_id"),
    (lambda _: purchase("known", minor=77), "receipt_conflict", "key"),
    (lambda _: purchase("X", minor=-1), "number_out_of_range", "data.total.amount_minor"),
]


def plain(count: int) -> list[dict[str, Any]]:
    return [purchase(f"P-{number}", customer={"phone": "+49 30 901821"}) for number in range(count)]


def refused(response: HttpResponse) -> tuple[str, str]:
    told = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    return told["code"], told.get("field", "")


@pytest.fixture
def ana(call: Call) -> str:
    told = call("POST", "/events", purchase("known", customer={"email": "ana@weber.example"}))
    return str(results(told)[0]["customer_id"])


@pytest.mark.parametrize(("amiss", "code", "field"), AMISS)
def test_what_is_amiss_is_found_among_many(
    call: Call, ana: str, amiss: Callable[[str], dict[str, Any]], code: str, field: str
) -> None:
    one = amiss(ana)
    assert refused(call("POST", "/events", one)) == (code, field)
    # The first of two is said; with 60 PostgreSQL does without what others tell at the same moment.
    for before, after in ((0, 0), (2, 1), (17, 43)):
        events = [*plain(before), one, *plain(after), {**one, "key": f"{one['key']} again"}]
        events = events if code != "receipt_conflict" else events[:-1]
        answer = call("POST", "/events", {"events": events})
        assert refused(answer) == (code, f"events.{before}.{field}")
    assert Event.objects.count() == 1


def test_who_was_erased_is_found_among_many(call: Call, ana: str) -> None:
    erase(customer_id=UUID(ana), actor=SYSTEM, now=timezone.now())
    events = [*plain(3), purchase("X", customer={"id": ana})]
    assert refused(call("POST", "/events", {"events": events})) == (
        "customer_erased",
        "events.3.customer.id",
    )


def test_a_name_that_is_there_twice_is_found_among_many(call: Call) -> None:
    body = json.dumps({"events": plain(3)}).replace('"key": "P-2"', '"key": "P-2", "key": "P-3"')
    assert refused(call("POST", "/events", raw=body.encode())) == (
        "duplicate_field",
        "events.2.key",
    )


def test_what_stands_for_nobody_is_no_fault(call: Call) -> None:
    (told,) = results(call("POST", "/events", purchase("till", customer={"phone": "0"})))
    assert told["customer_id"] is None
    assert refused(call("POST", "/events", purchase("X", customer={"phone": "123"}))) == (
        "invalid_phone",
        "customer.phone",
    )
