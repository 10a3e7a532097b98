"""The lake holds every event once, whatever stopped the run that wrote it."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.stream.beside import WRITERS

from regulars.kernel.actor import SYSTEM
from regulars.stream.errors import LakeBusy
from regulars.stream.lake import export, locked, read_lake
from regulars.stream.models import Event
from regulars.stream.services import NewEvent, append, in_place_of

# The lake reads on a connection of its own, so what it is to see has to be committed.
pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 6, 30, 9, 0, 0, 250, tzinfo=UTC)
EURO = {"amount_minor": 450, "currency": "EUR"}


def visits(*keys):
    return [event(key, "visit.recorded") for key in keys]


def event(key, kind, *, customer=None, data=None, source="till"):
    return NewEvent(
        type=kind,
        source=source,
        key=key,
        customer_id=customer,
        occurred_at=NOW - timedelta(days=1),
        data=data or {},
    )


def write(*events):
    append(events=events, actor=SYSTEM, now=NOW)


def rows(lake):
    tables = [pq.read_table(path) for path in lake.paths()]
    return pa.concat_tables(tables).sort_by("position").to_pylist()


def ids_written():
    return [str(one) for one in Event.objects.order_by("position").values_list("id", flat=True)]


def ids_in(lake):
    return [str(row["id"]) for row in rows(lake)]


def test_an_event_comes_out_as_it_went_in_with_what_scoring_reads(tmp_path):
    ana, ben = uuid4(), uuid4()
    bought = {"total": EURO, "order_id": "A1", "lines": [{"name": "Käse “neu”", "amount_minor": 5}]}
    write(
        event("1", "purchase.completed", customer=ana, data=bought, source="Kasse\n\x1f ฟ"),
        event("2", "purchase.refunded", customer=ana, data={"total": EURO, "refund_of": "A1"}),
        event("3", "referral.recorded", customer=ben, data={"sender_id": str(ana)}),
        event("4", "visit.recorded"),
    )
    found = rows(export(tmp_path / "lake"))
    stored = list(Event.objects.order_by("position"))
    for name in ("position", "id", "type", "version", "source", "customer_id"):
        assert [row[name] for row in found] == [getattr(one, name) for one in stored]
    assert [row["occurred_at"] for row in found] == [one.occurred_at for one in stored]
    assert [row["recorded_at"] for row in found] == [one.recorded_at for one in stored]
    assert [json.loads(row["data"]) for row in found] == [one.data for one in stored]
    told = [
        (row["amount_minor"], row["currency"], row["order_id"], row["refund_of"], row["sender_id"])
        for row in found
    ]
    assert told == [
        (450, "EUR", "A1", None, None),
        (450, "EUR", None, "A1", None),
        (None, None, None, None, ana),
        (None, None, None, None, None),
    ]


def test_every_run_adds_what_is_new_and_a_run_without_news_adds_nothing(tmp_path):
    assert export(tmp_path).files == ()
    write(*visits("1", "2"))
    first = export(tmp_path)
    write(*visits("3"))
    second = export(tmp_path)
    third = export(tmp_path)
    assert (first.events, second.events, third.events) == (2, 3, 3)
    assert second.files[:1] == first.files
    assert third == second == read_lake(tmp_path)
    assert ids_in(third) == ids_written()


def test_a_run_that_is_stopped_before_its_manifest_has_not_been(tmp_path):
    write(*visits("1", "2"))
    before = export(tmp_path)
    write(*visits("3"))

    def stop(stage, fraction=None):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(tmp_path, progress=stop)
    assert read_lake(tmp_path) == before
    assert len(list(tmp_path.glob("*.parquet"))) == 2
    (tmp_path / "events-000009-0001.parquet.part").write_bytes(b"half")
    after = export(tmp_path)
    assert ids_in(after) == ids_written()
    assert {path.name for path in tmp_path.glob("events-*")} == set(after.files)


def test_a_log_that_was_restored_from_a_backup_is_exported_anew(tmp_path):
    write(*visits("1", "2", "3"))
    export(tmp_path)
    Event.objects.filter(key__in=("2", "3")).delete()
    write(*visits("4"))
    assert ids_in(export(tmp_path)) == ids_written()


def test_two_exports_at_a_time_are_one_too_many(tmp_path):
    write(*visits("1"))
    with locked(tmp_path), pytest.raises(LakeBusy):
        export(tmp_path)
    assert export(tmp_path).events == 1


def test_the_lake_misses_nothing_beside_eight_writers(apart):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stream.beside", "lake", "20"],
        env=apart,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    events = WRITERS * 20
    assert json.loads(done.stdout) == {"written": events, "read": events, "missed": 0}


def test_what_stands_in_the_place_of_another_says_so(tmp_path):
    ana = uuid4()
    write(event("1", "visit.recorded"), event("2", "visit.recorded"), event("3", "visit.recorded"))
    first = export(tmp_path / "lake")
    one, other, _ = Event.told.order_by("position")
    for claimed in (one, other):
        write(
            replace(
                event(in_place_of(claimed.key), "visit.recorded", customer=ana), replaces=claimed.id
            )
        )
        write(event(f"{claimed.key} next", "visit.recorded"))
    lake = export(tmp_path / "lake")
    assert (first.events, lake.events) == (3, 7)
    told = [(row["customer_id"], row["replaces"]) for row in rows(lake)]
    nobody = (None, None)
    assert told == [nobody] * 3 + [(ana, one.id), nobody, (ana, other.id), nobody]
    assert not {one.id, other.id} & set(Event.objects.values_list("id", flat=True))
