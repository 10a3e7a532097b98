"""What is known can be taken out, and taken in again elsewhere."""

import csv
import json
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from regulars.insight import Source
from regulars.intake.files import Ground, import_customers
from regulars.intake.services import Incoming, record
from regulars.jobs.errors import FileExists, UnknownForm
from regulars.jobs.tables import export
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity, Preference
from regulars.people.services import add_customer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


@pytest.fixture
def shop():
    ana = add_customer(
        name="=Ana Sommer",
        identities=[("email", "ana@example.org"), ("email", "a@example.org"), ("external", "K-7")],
        likes=["flat white", "window seat"],
        region=None,
        actor=SYSTEM,
        now=NOW,
    )
    ben = add_customer(
        name="Ben", identities=[("phone", "+491712345678")], region=None, actor=SYSTEM, now=NOW
    )
    referral = Incoming(
        type="referral.recorded",
        source="till",
        key="1",
        occurred_at=NOW,
        customer_id=ben,
        data={"sender_id": str(ana)},
    )
    record(incoming=[referral], region=None, actor=SYSTEM, now=NOW)
    return ana, ben


def test_customers_come_as_one_row_each_and_no_cell_runs_in_a_spreadsheet(shop, tmp_path):
    ana, ben = shop
    assert export(what="customers", path=tmp_path / "customers.csv") == 2
    with (tmp_path / "customers.csv").open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["name"], first["email"], first["customer_id"]) == (
        "'=Ana Sommer",
        "ana@example.org",
        "K-7",
    )
    assert first["likes"] == "flat white; window seat"
    assert first["other_identities"] == "email:a@example.org"
    assert (second["phone"], second["came_through_id"]) == ("+491712345678", str(ana))
    assert second["id"] == str(ben)


def test_what_was_exported_can_be_imported_elsewhere(shop, tmp_path):
    path = tmp_path / "customers.csv"
    export(what="customers", path=path)
    before = set(Identity.objects.values_list("kind", "value", "customer__name"))
    Customer.objects.all().delete()
    import_customers(
        source=Source(paths=path),
        ground=Ground(currency="EUR", time_zone="UTC", region=None),
        actor=SYSTEM,
        now=NOW,
    )
    after = set(Identity.objects.values_list("kind", "value", "customer__name"))
    assert after == before - {("email", "a@example.org", "=Ana Sommer")}
    assert set(Preference.objects.values_list("text", flat=True)) == {"flat white", "window seat"}


@pytest.mark.parametrize("form", ["parquet", "json", "jsonl"])
def test_events_come_with_what_they_say(shop, tmp_path, form):
    path = tmp_path / f"events.{form}"
    assert export(what="events", path=path) == 1
    if form == "parquet":
        (event,) = pq.read_table(path).to_pylist()
        data, moment = json.loads(event["data"]), event["occurred_at"]
    else:
        event = json.loads(path.read_text("utf-8"))
        event = event[0] if form == "json" else event
        data, moment = event["data"], datetime.fromisoformat(event["occurred_at"])
    assert (event["type"], moment) == ("referral.recorded", NOW)
    assert data == {"sender_id": str(shop[0])}


def test_nothing_known_is_an_empty_table(tmp_path):
    assert export(what="events", path=tmp_path / "events.json") == 0
    assert json.loads((tmp_path / "events.json").read_text("utf-8")) == []


def test_no_file_is_written_over_and_a_name_says_what_it_is(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("mine", encoding="ascii")
    with pytest.raises(FileExists):
        export(what="customers", path=path)
    with pytest.raises(UnknownForm):
        export(what="customers", path=tmp_path / "customers.xlsx")
    assert [file.name for file in tmp_path.iterdir()] == ["customers.csv"]
