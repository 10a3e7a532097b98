"""Where somebody is at home, as a file of customers tells it: by the name of the place."""

import csv
from datetime import UTC, datetime

import pytest

from regulars.insight import Source
from regulars.intake.files import Errors, Ground, counted, import_customers
from regulars.kernel.actor import Actor
from regulars.people.models import Customer, Location
from regulars.people.services import add_customer, add_location, close_location

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": Actor("command", "import"), "now": NOW}
BERLIN = Ground(currency="EUR", time_zone="Europe/Berlin", region="DE")
TEXT = "Name,Filiale\nAna,marktplatz\nBen,Bahnhof\nCem,\nDora,Hafen\nAna,Bahnhof\n"


def take(tmp_path, text=TEXT, *, columns=None, **more):
    path = tmp_path / "customers.csv"
    path.write_text(text, encoding="utf-8")
    source = Source(paths=path, columns=columns or {})
    return import_customers(source=source, ground=BERLIN, **BY, **more)


def homes():
    return dict(Customer.objects.values_list("name", "location__name"))


def test_who_is_at_home_somewhere_is_found_there_and_a_place_that_is_none_is_said(tmp_path):
    add_location(name="Marktplatz", now=NOW)
    close_location(location_id=add_location(name="Hafen", now=NOW), now=NOW)
    errors = tmp_path / "errors.csv"
    for is_dry in (True, False):
        told = take(tmp_path, errors=Errors(path=errors), is_dry=is_dry)
        assert (told.customers, told.rejected) == (4, {})
        assert told.kept == {"unknown_location": 3}
        assert "taken all the same: 3 with a place that is none of ours" in counted(told)
        rows = list(csv.DictReader(errors.read_text().splitlines()))
        assert [(row["line"], row["reason"]) for row in rows] == [
            ("3", "unknown_location"),
            ("5", "unknown_location"),  # closed: nobody is at home there
            ("6", "unknown_location"),
        ]
    assert homes() == {"Ana": "Marktplatz", "Ben": None, "Cem": None, "Dora": None}


def test_where_somebody_says_that_it_is_the_column_of_places_a_new_name_is_a_new_place(tmp_path):
    add_location(name="Marktplatz", now=NOW)
    dry = take(tmp_path, columns={"location": "Filiale"}, is_dry=True)
    assert Location.objects.count() == 1, "a dry run teaches nothing"
    told = take(tmp_path, columns={"location": "Filiale"})
    assert dry.kept == told.kept == {}
    assert homes() == {"Ana": "Marktplatz", "Ben": "Bahnhof", "Cem": None, "Dora": "Hafen"}


def test_where_somebody_is_at_home_already_they_stay(tmp_path):
    market, station = (add_location(name=name, now=NOW) for name in ("Marktplatz", "Bahnhof"))
    ana, ben = (add_customer(name=name, region="DE", **BY) for name in ("Ana", "Ben"))
    Customer.objects.filter(id=ana).update(location_id=station)
    take(tmp_path)
    assert homes()["Ana"] == "Bahnhof"
    assert Customer.objects.get(id=ben).location_id == station
    assert market
