"""Where what is noted in the console happens: at the place of whoever notes it, where that is sure."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.console.conftest import NOW

from regulars.people.models import Employee
from regulars.people.services import add_location, change_locations, close_location
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def work_at(role: str, *places: UUID) -> None:
    change_locations(employee_id=Employee.objects.get(role=role).id, locations=places)


def note_visit(client: Client, customer: str) -> dict[str, str]:
    address = reverse("customer_visit", kwargs={"customer_id": customer})
    assert client.post(address, {"key": str(uuid4())}).status_code == 302
    data: dict[str, str] = Event.objects.order_by("position").last().data
    return data


def test_what_somebody_notes_happens_at_the_one_place_where_they_work(
    signed_in: SignIn, town: dict[str, str]
) -> None:
    client = signed_in(Employee.ASSOCIATE)
    market = add_location(name="Marktplatz", now=NOW)
    station = add_location(name="Bahnhof", now=NOW)
    assert note_visit(client, town["Cem"]) == {}, "who works everywhere may be anywhere"
    work_at(Employee.ASSOCIATE, market, station)
    assert note_visit(client, town["Cem"]) == {}, "nobody knows at which of two"
    work_at(Employee.ASSOCIATE, market)
    assert note_visit(client, town["Cem"]) == {"location_id": str(market)}


def test_nothing_happens_at_a_place_that_is_closed(signed_in: SignIn, town: dict[str, str]) -> None:
    client = signed_in(Employee.ASSOCIATE)
    market = add_location(name="Marktplatz", now=NOW)
    work_at(Employee.ASSOCIATE, market)
    close_location(location_id=market, now=NOW)
    assert note_visit(client, town["Cem"]) == {}
