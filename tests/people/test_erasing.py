"""Everything about a person can be taken along, and all of it can be gone."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.people import names, sounds, thai
from regulars.people.audit import looked_at, looks_at
from regulars.people.contact import may_contact
from regulars.people.errors import CustomerErased, UnknownCustomer
from regulars.people.export import everything, everything_zipped
from regulars.people.held import all_held
from regulars.people.models import Customer, Erasure
from regulars.people.personal import HELD
from regulars.people.queries import (
    erasures,
    ids_of,
    merges_of,
    profile,
    recognise,
    recognise_by_name,
)
from regulars.people.services import (
    add_customer,
    add_date,
    add_note,
    add_preference,
    block_identity,
    define_attribute,
    erase,
    merge,
    note_told_together,
    record_consent,
    record_contact,
    replay_erasures,
    say_not_the_same,
    set_attribute,
    suppress,
    unmerge,
)
from regulars.stream.models import Event
from regulars.stream.queries import timeline

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
JO = Actor("employee", "jo")
BY = {"actor": JO, "now": NOW}
# Words that are nowhere else, to be looked for in every table.
PERSONAL = (
    *("Quillabamba", "zebrafinch", "xylophone", "wheelchairramp", "hasquintuplets", "jubilee"),
    *("chinchilla", "paperform", "171555", "ombudsman", "quokka", "C-4711"),
)


def known_in_every_way(name="Ana Quillabamba", tag=""):
    customer = add_customer(
        name=name,
        identities=[
            ("email", f"zebrafinch{tag}@example.org"),
            ("phone", f"0171 555{len(tag)}001"),
            ("external", f"C-4711{tag}"),
            ("handle", f"@quokka{tag}"),
        ],
        likes=["xylophone"],
        region="DE",
        **BY,
    )
    whom = {"customer_id": customer, **BY}
    add_preference(kind="needs", text="wheelchairramp", **whom)
    add_note(text="=hasquintuplets", **whom)
    add_date(label="jubilee", month=5, day=1, year=1990, **whom)
    consent = {"channel": "", "given": True, "text_version": "1", "said_at": NOW}
    record_consent(purpose="profile", proof="paperform", **consent, **whom)
    set_attribute(key="pet", value="chinchilla", **whom)
    suppress(channel="sms", reason="complaint", **whom)
    record_contact(purpose="care", channel="phone", **whom)
    looked_at(**whom)
    visit(f"visit{tag}", customer)
    return customer


def visit(key, customer):
    record(
        incoming=[
            Incoming(
                type="visit.recorded",
                source="till",
                key=key,
                occurred_at=NOW,
                customer_id=customer,
            )
        ],
        region="DE",
        **BY,
    )


@pytest.fixture
def ana(db):
    define_attribute(key="pet", name="Pet", kind="text", needs_consent=True, now=NOW)
    return known_in_every_way()


def every_value():
    """All that stands in any table, as text."""
    return "\n".join(
        str(value)
        for model in apps.get_models(include_auto_created=True)
        for row in model._default_manager.values_list()
        for value in row
    )


class TestExporting:
    def test_every_table_has_something_and_it_is_json(self, ana):
        anna = known_in_every_way("Anna Ombudsman", "2")
        merge(kept=ana, merged=anna, **BY)
        ben = add_customer(name="Ben", region="DE", **BY)
        say_not_the_same(one=ana, other=ben, **BY)
        note_told_together({(ana, ben): "phone"}, now=NOW)
        told = everything(anna)
        assert [name for name in HELD if not told[name]] == []
        text = json.dumps(told)
        assert [word for word in PERSONAL if word.lower() not in text.lower()] == []
        assert {row["name"] for row in told["customers"]} == {"Ana Quillabamba", "Anna Ombudsman"}
        assert told["attributes"][0]["attribute_key"] == "pet"

    def test_it_is_written_as_json_and_as_tables_that_no_spreadsheet_runs(self, ana, tmp_path):
        with ZipFile(BytesIO(everything_zipped(ana))) as packed:
            packed.extractall(tmp_path / "ana")
        assert json.loads((tmp_path / "ana/everything.json").read_text("utf-8")) == everything(ana)
        assert {path.stem for path in (tmp_path / "ana").glob("*.csv")} == set(all_held())
        with (tmp_path / "ana/notes.csv").open(encoding="utf-8", newline="") as file:
            (note,) = csv.DictReader(file)
        assert (note["customer_id"], note["text"]) == (str(ana), "'=hasquintuplets")
        with (tmp_path / "ana/identities.csv").open(encoding="utf-8", newline="") as file:
            values = {row["value"] for row in csv.DictReader(file)}
        assert values >= {"+491715550001", "quokka"}

    def test_nothing_of_others_is_in_it(self, ana):
        known_in_every_way("Ben Ombudsman", "2")
        assert "Ombudsman" not in json.dumps(everything(ana))


class TestErasing:
    def test_nothing_of_the_person_is_in_any_table_and_the_events_are_still_there(self, ana):
        anna = known_in_every_way("Anna Ombudsman", "2")
        merge(kept=ana, merged=anna, **BY)
        found = every_value()
        assert [word for word in PERSONAL if word.lower() not in found.lower()] == []
        told = erase(customer_id=anna, **BY)
        left = every_value()
        assert [word for word in PERSONAL if word.lower() in left.lower()] == []
        assert set(told.customer_ids) == {ana, anna}
        assert Event.objects.count() == 2
        assert len(timeline(ids_of(ana)).events) == 2

    def test_others_are_as_they_were(self, ana):
        ben = known_in_every_way("Ben Winter", "2")
        before = everything(ben)
        erase(customer_id=ana, **BY)
        assert everything(ben) == before

    def test_whoever_asks_for_them_is_told_that_they_were_erased(self, ana):
        anna = known_in_every_way("Anna Ombudsman", "2")
        log = merge(kept=ana, merged=anna, **BY)
        erase(customer_id=ana, **BY)
        for ask in (
            lambda: profile(ana),
            lambda: profile(anna),
            lambda: everything(anna),
            lambda: erase(customer_id=ana, **BY),
            lambda: merge(kept=ana, merged=ana, **BY),
            lambda: unmerge(merge_id=log, **BY),
            lambda: add_note(customer_id=anna, text="hello", **BY),
            lambda: may_contact(customer_id=ana, purpose="news", channel="email", now=NOW),
            lambda: visit("later", anna),
        ):
            with pytest.raises(CustomerErased) as told:
                ask()
            assert told.value.http_status == 410
        assert recognise([("external", "C-4711")], region="DE") is None
        assert recognise_by_name("Quillabamba") == ()
        assert len(merges_of(ana)) == 1
        assert next(look.what for look in looks_at(ana)) == "erasure"

    def test_no_word_of_a_name_stays_remembered(self, ana, django_capture_on_commit_callbacks):
        recognise_by_name("สมชาย Quilabamba")
        assert any(one.cache_info().currsize for one in caches())
        with django_capture_on_commit_callbacks() as done_after:
            erase(customer_id=ana, **BY)
        assert names.forget_remembered in done_after
        names.forget_remembered()
        assert not any(one.cache_info().currsize for one in caches())

    def test_their_identities_are_free_for_somebody_new(self, ana):
        erase(customer_id=ana, **BY)
        new = known_in_every_way()
        assert new != ana
        assert profile(new).name == "Ana Quillabamba"

    def test_nobody_unknown_is_erased(self, ana):
        with pytest.raises(UnknownCustomer):
            erase(customer_id=ana.__class__(int=5), **BY)
        assert not Erasure.objects.exists()


class TestReplaying:
    def test_whom_a_backup_brings_back_is_erased_again(self, ana):
        other = known_in_every_way("Ben Winter", "2")
        backup = {
            model: list(model._default_manager.filter(**{f"{field}__in": [ana]}).values())
            for model, field in ((Customer, "id"), *hanging_tables())
        }
        erase(customer_id=ana, **BY)
        journal = erasures()
        Erasure.objects.all().delete()
        for model, rows in backup.items():
            model._default_manager.bulk_create(model(**row) for row in rows)
        assert profile(ana).name == "Ana Quillabamba"
        assert replay_erasures(journal=journal) == 1
        assert "Quillabamba" not in every_value()
        assert erasures() == journal == ((ana, NOW),)
        assert replay_erasures(journal=journal) == 0
        assert profile(other).name == "Ben Winter"

    def test_who_was_merged_when_the_backup_was_taken_and_erased_alone_later_takes_nobody_along(
        self, ana
    ):
        ben = known_in_every_way("Ben Winter", "2")
        cem = known_in_every_way("Cem Herbst", "22")
        merge(kept=ben, merged=cem, **BY)
        merge(kept=ana, merged=ben, **BY)  # so it stood in the backup
        replay_erasures(journal=[(ana, NOW)])
        assert profile(ben).name == "Ben Winter"
        assert ids_of(cem) == (ben, cem)
        replay_erasures(journal=[(cem, NOW)])
        assert ids_of(ben) == (ben,)
        with pytest.raises(CustomerErased):
            profile(cem)


def caches():
    return [
        one
        for module in (names, sounds, thai)
        for one in vars(module).values()
        if hasattr(one, "cache_info")
    ]


def hanging_tables():
    return [(one.related_model, one.field.attname) for one in Customer._meta.related_objects]


def test_the_journal_holds_ids_and_times_alone():
    fields = {field.name for field in Erasure._meta.concrete_fields}
    assert fields == {"customer_id", "erased_at", "done_at"}


def test_a_blocked_value_is_nobodys_and_stays(ana):
    block_identity(kind="phone", value="030 1234567", region="DE", **BY)
    erase(customer_id=ana, actor=JO, now=NOW + timedelta(days=1))
    assert "+49301234567" in every_value()
