"""What is known can be taken out, and taken in again elsewhere."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from regulars.insight import Source, open_engine, read_purchases
from regulars.insight.errors import CannotWrite, MissingColumn
from regulars.intake.files import Ground, import_customers, import_purchases
from regulars.intake.services import Incoming, record
from regulars.jobs.errors import FileExists, UnknownForm
from regulars.jobs.tables import export
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity, Preference
from regulars.people.queries import standing
from regulars.people.services import add_customer, erase, merge
from regulars.scoring.models import Run, Score

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
    assert (first["name"], first["email"], first["external_id"]) == (
        "'=Ana Sommer",
        "ana@example.org",
        "K-7",
    )
    assert first["likes"] == "flat white; window seat"
    assert first["other_identities"] == "email:a@example.org"
    assert (second["phone"], second["came_through_id"]) == ("+491712345678", str(ana))
    assert second["customer_id"] == str(ben)


def test_what_was_exported_can_be_imported_elsewhere(shop, tmp_path):
    path = tmp_path / "customers.csv"
    export(what="customers", path=path)
    before = set(Identity.objects.values_list("kind", "value", "customer__name"))
    Customer.objects.all().delete()
    told = import_customers(
        source=Source(paths=path),
        ground=Ground(currency="EUR", time_zone="UTC", region=None),
        actor=SYSTEM,
        now=NOW,
    )
    assert set(Identity.objects.values_list("kind", "value", "customer__name")) == before
    assert set(Preference.objects.values_list("text", flat=True)) == {"flat white", "window seat"}
    ana, ben = (Customer.objects.get(name=name).id for name in ("=Ana Sommer", "Ben"))
    assert {one.sender_id for one in standing((ben,)).values()} == {ana}
    assert told.notes[-1] == "Not read, as nothing of them is saved: “created_at”."


def test_who_is_known_for_long_is_known_as_long_elsewhere(shop, tmp_path):
    since = datetime(2020, 5, 1, 12, tzinfo=UTC)
    Customer.objects.filter(name="Ben").update(since=since, known_since=since)
    path = tmp_path / "customers.csv"
    export(what="customers", path=path)
    Customer.objects.all().delete()
    import_customers(
        source=Source(paths=path),
        ground=Ground(currency="EUR", time_zone="UTC", region=None),
        actor=SYSTEM,
        now=NOW + timedelta(days=90),
    )
    assert Customer.objects.get(name="Ben").since == since


def test_a_customers_id_is_called_the_same_in_all_three_tables(shop, tmp_path):
    ana, ben = shop
    run = Run.objects.create(
        until=NOW.date(), inputs="x", events=1, version=1, started_at=NOW, finished_at=NOW
    )
    for whose in shop:
        Score.objects.create(run=run, customer_id=whose, repeats=0)
    told = {}
    for what in ("customers", "events", "scores"):
        export(what=what, path=tmp_path / f"{what}.csv")
        with (tmp_path / f"{what}.csv").open(encoding="utf-8", newline="") as stream:
            told[what] = {row["customer_id"] for row in csv.DictReader(stream)}
    assert told["customers"] == told["scores"] == {str(ana), str(ben)}
    assert told["events"] == {str(ben)}


class TestWhoWasMerged:
    """A person is one row, by the id that is shown, with all that any of their ids holds."""

    @pytest.fixture
    def merged(self, shop):
        ana, ben = shop
        anna, benny = (
            add_customer(
                name=name,
                identities=[("phone", phone)],
                likes=[like],
                region=None,
                actor=SYSTEM,
                now=NOW,
            )
            for name, phone, like in (
                ("Anna", "+491712345670", "flat white"),
                ("Benny", "+491712345671", "rye"),
            )
        )
        told = [
            ("purchase.completed", anna, {"total": {"amount_minor": 400, "currency": "EUR"}}),
            ("purchase.completed", ana, {"total": {"amount_minor": 300, "currency": "EUR"}}),
            ("referral.recorded", benny, {"sender_id": str(anna)}),
        ]
        incoming = [
            Incoming(
                type=kind,
                source="till",
                key=f"m{at}",
                occurred_at=NOW,
                customer_id=whose,
                data=data,
            )
            for at, (kind, whose, data) in enumerate(told)
        ]
        record(incoming=incoming, region=None, actor=SYSTEM, now=NOW)
        run = Run.objects.create(
            until=NOW.date(), events=4, version=1, started_at=NOW, finished_at=NOW, currency="EUR"
        )
        for whose, value in ((anna, 400), (ana, 300), (ben, 200)):
            Score.objects.create(run=run, customer_id=whose, value_to_date=value)
        merge(kept=ana, merged=anna, actor=SYSTEM, now=NOW)
        merge(kept=benny, merged=ben, actor=SYSTEM, now=NOW)
        return ana, benny

    def test_is_one_row_with_everything_that_identifies_them(self, merged, tmp_path):
        ana, benny = map(str, merged)
        assert export(what="customers", path=tmp_path / "c.jsonl") == 2
        first, second = map(json.loads, (tmp_path / "c.jsonl").read_text("utf-8").splitlines())
        assert (first["customer_id"], first["name"], first["email"]) == (
            ana,
            "=Ana Sommer",
            "ana@example.org",
        )
        assert (first["phone"], first["likes"]) == ("+491712345670", "flat white; window seat")
        assert first["came_through_id"] is None
        assert (second["customer_id"], second["phone"]) == (benny, "+491712345671")
        assert second["other_identities"] == "phone:+491712345678"
        assert second["came_through_id"] == ana

    def test_is_named_by_the_id_that_is_shown_wherever_events_name_them(self, merged, tmp_path):
        ana, benny = map(str, merged)
        export(what="events", path=tmp_path / "e.json")
        told = json.loads((tmp_path / "e.json").read_text("utf-8"))
        assert {one["customer_id"] for one in told} == {ana, benny}
        sent = [one["data"]["sender_id"] for one in told if one["type"] == "referral.recorded"]
        assert sent == [ana, ana]

    def test_has_one_row_of_scores_also_before_the_next_run(self, merged, tmp_path):
        ana, benny = map(str, merged)
        assert export(what="scores", path=tmp_path / "s.json") == 2
        told = json.loads((tmp_path / "s.json").read_text("utf-8"))
        found = {one["customer_id"]: (one["name"], one["value_to_date"]) for one in told}
        assert found == {ana: ("=Ana Sommer", 300), benny: ("Benny", 200)}

    def test_came_through_nobody_once_whoever_brought_them_was_erased(self, merged, tmp_path):
        ana, _ = merged
        erase(customer_id=ana, actor=SYSTEM, now=NOW)
        assert export(what="customers", path=tmp_path / "c.json") == 1
        (row,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
        assert row["came_through_id"] is None


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


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "jsonl"])
def test_a_place_where_nothing_can_be_written_is_said_in_a_sentence(shop, form):
    place = Path("/proc") / f"customers.{form}"  # nobody makes a file there
    with pytest.raises(CannotWrite) as told:
        export(what="customers", path=place)
    assert str(told.value).startswith(f"{place} cannot be written")


def test_no_file_is_written_over_and_a_name_says_what_it_is(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("mine", encoding="ascii")
    with pytest.raises(FileExists):
        export(what="customers", path=path)
    with pytest.raises(UnknownForm):
        export(what="customers", path=tmp_path / "customers.xlsx")
    assert [file.name for file in tmp_path.iterdir()] == ["customers.csv"]


def test_of_events_those_alone_that_were_recorded_since_and_other_tables_whole(shop, tmp_path):
    ana, _ = shop
    later = NOW + timedelta(days=3)
    visit = Incoming(
        type="visit.recorded",
        source="till",
        key="2",
        occurred_at=NOW - timedelta(days=1),  # told late
        customer_id=ana,
        data={},
    )
    record(incoming=[visit], region=None, actor=SYSTEM, now=later)
    assert export(what="events", path=tmp_path / "all.csv") == 2
    assert export(what="events", path=tmp_path / "new.csv", since=later) == 1
    assert "visit.recorded" in (tmp_path / "new.csv").read_text()
    assert export(what="customers", path=tmp_path / "customers.csv", since=later) == 2


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_events_that_were_exported_can_be_scored_and_are_known_where_they_come_from(
    shop, tmp_path, form
):
    ana, ben = shop

    def told(key, kind, minor, days, who, **data):
        total = {"amount_minor": minor, "currency": "EUR"}
        return Incoming(
            type=kind,
            source="till",
            key=key,
            occurred_at=NOW - timedelta(days=days),
            customer_id=who,
            data={"total": total, **data},
        )

    bought = (
        told("2", "purchase.completed", 1_250, 40, ana, order_id="R-1"),
        told("3", "purchase.completed", 900, 30, ben, order_id="R-2"),
        told("4", "purchase.refunded", 250, 29, ana, refund_of="R-1"),
    )
    record(incoming=bought, region=None, actor=SYSTEM, now=NOW)
    path = tmp_path / f"events.{form}"
    assert export(what="events", path=path) == 4
    found = import_purchases(
        source=Source(paths=path),
        ground=Ground(currency="EUR", time_zone="UTC", region=None),
        is_dry=True,
        actor=SYSTEM,
        now=NOW,
    )
    # Here they are known; elsewhere `test_there_and_back` takes them in.
    assert (found.recorded, found.duplicates, found.rejected) == ({}, 3, {})
    with open_engine() as engine:
        lines = read_purchases(engine, Source(paths=path), until=NOW.date())
        assert sorted(engine.fetch(lines.table())["is_refund"].to_pylist()) == [False, False, True]


def test_a_hint_names_no_column_that_cannot_be_meant(tmp_path):
    (tmp_path / "old.csv").write_text("id,customer_id,occurred_at,data\n1,a,2026-01-01,x\n")
    with pytest.raises(MissingColumn) as told:
        import_purchases(
            source=Source(paths=tmp_path / "old.csv"),
            ground=Ground(currency="EUR", time_zone="UTC", region=None),
            actor=SYSTEM,
            now=NOW,
        )
    assert "--map amount=…" in str(told.value)
