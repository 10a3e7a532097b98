"""Places in the console: where what is noted happens, and whose people one looks at first."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.console.conftest import NOW

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Employee
from regulars.people.services import add_location, change_locations, close_location, set_location
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


@pytest.fixture
def two(town: dict[str, str]) -> dict[str, UUID]:
    """Two places: Ben is at home at the market, Cem was at the station, Dora nowhere in particular."""
    places = {name: add_location(name=name, now=NOW) for name in ("Marktplatz", "Bahnhof")}
    set_location(customer_id=UUID(town["Ben Vogel"]), location_id=places["Marktplatz"])
    record(
        incoming=[
            Incoming(
                type="visit.recorded",
                source="test",
                key="1",
                occurred_at=NOW,
                customer_id=UUID(town["Cem"]),
                location="bahnhof",
            )
        ],
        region=None,
        actor=SYSTEM,
        now=NOW,
    )
    return places


def look_at(client: Client, place: object, back: str = "/customers/") -> str:
    answer = client.post("/place/", {"place": str(place), "next": back})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def listed(client: Client, **asked: str) -> set[str]:
    page = client.get("/customers/", asked).content.decode()
    results = page[page.index('id="results"') :]
    return {name for name in ("Ben Vogel", "Cem", "Dora") if f"{name}<" in results}


def test_everybody_is_listed_first_for_who_works_everywhere_and_one_place_where_they_say_so(
    owner: Client, two: dict[str, UUID]
) -> None:
    assert listed(owner) == {"Ben Vogel", "Cem", "Dora"}
    look_at(owner, two["Marktplatz"])
    assert listed(owner) == {"Ben Vogel"}
    look_at(owner, two["Bahnhof"])
    assert listed(owner) == {"Cem"}
    table = b"".join(owner.get("/customers/list.csv").streaming_content).decode()
    assert "Cem" in table
    assert "Dora" not in table
    look_at(owner, "everywhere")
    assert listed(owner) == {"Ben Vogel", "Cem", "Dora"}


def test_who_works_at_a_place_sees_its_people_first_and_finds_everybody(
    signed_in: SignIn, two: dict[str, UUID]
) -> None:
    client = signed_in(Employee.MANAGER)
    work_at(Employee.MANAGER, two["Bahnhof"])
    assert listed(client) == {"Cem"}
    assert listed(client, q="Dora") == {"Dora"}, "a preset is no wall"
    look_at(client, "everywhere")
    assert listed(client) == {"Ben Vogel", "Cem", "Dora"}
    work_at(Employee.MANAGER, two["Bahnhof"], two["Marktplatz"])
    look_at(client, "mine")
    assert listed(client) == {"Ben Vogel", "Cem"}
    look_at(client, two["Marktplatz"])
    assert note_visit(client, str(Customer.objects.get(name="Dora").id)) == {
        "location_id": str(two["Marktplatz"])
    }


def test_todays_list_and_the_five_questions_are_of_the_place_that_is_looked_at(
    owner: Client, two: dict[str, UUID]
) -> None:
    def names() -> set[str]:
        page = owner.get("/").content.decode()
        cards = page[page.index('id="names"') : page.index('id="questions"')]
        return {name for name in ("Ben Vogel", "Cem", "Dora") if f">{name}" in cards}

    assert names() >= {"Ben Vogel"}
    assert look_at(owner, two["Bahnhof"], "/") == "/"
    assert names() == {"Cem"}
    page = owner.get("/").content.decode()
    assert "are those of Bahnhof" in page
    assert "From 1 customer and 1 visit" in page
    look_at(owner, two["Marktplatz"])
    page = owner.get("/").content.decode()
    assert "One person brought others: 2 came through them." in page
    assert "From the 3 people whom you know by name" in page, "the trees are everybody's"


def test_a_place_is_no_way_to_another_site(owner: Client, two: dict[str, UUID]) -> None:
    for back in ("https://else.example/", "//else.example/", "javascript:alert(1)", ""):
        assert look_at(owner, "everywhere", back) == "/"
    look_at(owner, "nothing that is a place")
    assert listed(owner) == {"Ben Vogel", "Cem", "Dora"}


def test_with_one_place_there_is_nothing_to_choose(owner: Client, town: dict[str, str]) -> None:
    add_location(name="Marktplatz", now=NOW)
    assert 'action="/place/"' not in owner.get("/").content.decode()
