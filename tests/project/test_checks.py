"""``regulars check`` finds what is wrong, and nothing where nothing is."""

import shutil
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection

from regulars.jobs.backups.names import daily_backup
from regulars.jobs.replaced import REPLACED_KEPT, remove_replaced, replaced_folder
from regulars.kernel.actor import SYSTEM
from regulars.kernel.network import networks
from regulars.kernel.words import date_text
from regulars.people.models import Alias, Business, Employee, Identity, NameKey, NameWord
from regulars.people.services import add_customer, add_employee, erase, merge
from regulars.project.checks import findings
from regulars.project.home import DATABASE, KEY_FILE, prepare_home
from regulars.stream.models import Event
from regulars.stream.services import NewEvent, append

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
# The tests' database is in memory, which knows no write-ahead log; PostgreSQL's is as in a shop.
GOING_ROUND = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "SET CONSTRAINTS ALL DEFERRED",
}
OF_THE_TESTS = {"pragma", "sqlite_old", "not_durable", "not_utf8"}


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    prepare_home(folder)
    return folder


@pytest.fixture
def ana():
    return add_customer(
        name="Ana", identities=[("phone", "+491712345678")], region=None, actor=SYSTEM, now=NOW
    )


def visit(customer):
    event = NewEvent(
        type="visit.recorded",
        source="till",
        key=str(uuid4()),
        customer_id=customer,
        occurred_at=NOW,
        data={},
    )
    append(events=[event], actor=SYSTEM, now=NOW)


def sent(friend, sender):
    event = NewEvent(
        type="referral.recorded",
        source="till",
        key=str(uuid4()),
        customer_id=friend,
        occurred_at=NOW,
        data={"sender_id": str(sender)},
    )
    append(events=[event], actor=SYSTEM, now=NOW)


def found(home):
    return {one.code for one in findings(home)} - OF_THE_TESTS


def test_what_is_as_it_should_be_has_no_findings(home, ana):
    visit(ana)
    assert found(home) == set()


def test_what_a_restore_replaced_is_told_of_until_it_goes(home):
    folder = replaced_folder(home, now=NOW)
    folder.mkdir()
    (told,) = [one for one in findings(home) if one.code == "replaced_kept"]
    assert str(folder) in told.sentence
    assert "14 July" in told.sentence.replace("Jul 14", "14 July")
    assert remove_replaced(home, erased_at=NOW, now=NOW + REPLACED_KEPT / 2) == 0
    assert remove_replaced(home, erased_at=None, now=NOW + REPLACED_KEPT) == 1
    folder.mkdir()
    own = home / "replaced-by-me"
    own.mkdir()
    later = NOW + timedelta(seconds=1)
    assert remove_replaced(home, erased_at=later, now=later) == 1
    assert own.is_dir()


def test_the_day_until_which_it_is_kept_is_the_day_where_the_business_is(home):
    Business.objects.create(name="Café Ana", time_zone="Asia/Bangkok", created_at=NOW, ready_at=NOW)
    replaced_folder(home, now=datetime(2026, 6, 30, 18, tzinfo=UTC)).mkdir()
    (told,) = [one for one in findings(home) if one.code == "replaced_kept"]
    assert date_text(date(2026, 7, 15)) in told.sentence


def test_a_secret_that_others_can_read_is_to_be_mended(home):
    (home / KEY_FILE).chmod(0o644)
    assert found(home) == {"secret_key_readable"}


def test_a_home_without_a_secret_and_any_host_are_to_be_mended(home, settings):
    (home / KEY_FILE).unlink()
    settings.ALLOWED_HOSTS = ["*"]
    assert found(home) == {"no_secret_key", "any_host"}


def test_a_secret_that_can_be_guessed_is_to_be_mended(home, monkeypatch):
    monkeypatch.setenv("REGULARS_SECRET_KEY", "shop")
    assert found(home) == {"secret_key_short"}


def test_a_proxy_that_could_be_anybody_is_to_be_mended(home, settings):
    settings.REGULARS_TRUSTED_PROXIES = networks("127.0.0.1, 0.0.0.0/0")
    assert found(home) == {"any_proxy"}


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("https://regulars.example.org", set()),
        ("https://elsewhere.example.org", {"address_not_let_in"}),
    ],
)
def test_messages_lead_to_where_people_are_let_in(home, settings, address, codes):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "regulars.example.org"]
    Business.objects.create(
        name="Café Ana",
        language="en",
        time_zone="Europe/Berlin",
        currency="EUR",
        created_at=NOW,
        public_address=address,
    )
    assert found(home) == codes


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is backed up by others")
@pytest.mark.parametrize(("last", "codes"), [("06-29", set()), ("06-26", {"backup_old"})])
def test_what_has_been_in_no_backup_for_days_is_found(home, ana, last, codes):
    visit(ana)
    made = daily_backup(home, date.fromisoformat(f"2026-{last}"))
    made.parent.mkdir()
    made.touch()
    assert found(home) == codes


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is backed up by others")
def test_a_disk_without_space_for_a_backup_is_found(home, monkeypatch):
    (home / DATABASE).write_bytes(bytes(1_000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_500))
    assert found(home) == {"disk_full"}


def test_an_event_that_does_not_fit_its_type_is_named(home, ana):
    visit(ana)
    Event.objects.update(data={"total": "much"})
    (one,) = [one for one in findings(home) if one.area == "books"]
    assert one.code == "event_unfit"
    assert str(Event.objects.get().id) in one.sentence


def test_an_event_about_nobody_who_is_there_is_found(home):
    visit(uuid4())
    assert found(home) == {"event_orphaned"}


def test_an_identity_that_is_not_folded_is_found(home, ana):
    Identity.objects.update(kind="email", value="Ana@Example.org")
    assert found(home) == {"identity_unfolded"}


def test_a_referral_by_somebody_who_never_was_is_found(home, ana):
    sent(ana, uuid4())
    assert found(home) == {"sender_unknown"}


def test_a_referral_by_somebody_who_was_erased_is_as_it_should_be(home, ana):
    ben = add_customer(name="Ben", identities=[], region=None, actor=SYSTEM, now=NOW)
    sent(ana, ben)
    erase(customer_id=ben, actor=SYSTEM, now=NOW)
    assert found(home) == set()


def test_a_version_that_a_type_does_not_have_is_found(home, ana):
    visit(ana)
    Event.objects.update(version=9)
    assert found(home) == {"event_version"}


def test_merges_are_as_they_should_be_and_a_circle_of_them_is_found(home, ana):
    ben = add_customer(name="Ben", identities=[], region=None, actor=SYSTEM, now=NOW)
    merge(kept=ana, merged=ben, actor=SYSTEM, now=NOW)
    assert found(home) == set()
    Alias.objects.create(merged_id=ana, kept_id=ben)
    assert found(home) == {"alias_astray"}


@pytest.mark.parametrize("table", [NameKey, NameWord])
def test_a_name_that_nobody_is_found_by_is_found(home, ana, table):
    table.objects.all().delete()
    assert found(home) == {"name_lost"}


def test_customers_and_employees_of_no_business_are_found(home, ana):
    add_employee(name="Mia", role=Employee.OWNER, password="a long password here", now=NOW)
    assert found(home) == {"no_business"}


def test_a_row_that_belongs_to_nothing_is_found_however_it_came_about(home, ana):
    identity = Identity.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(GOING_ROUND[connection.vendor])
    Identity.objects.update(customer_id=uuid4())
    (one,) = [one for one in findings(home) if one.area == "books"]
    assert (one.code, one.is_wrong) == ("row_orphaned", True)
    assert "people_identity" in one.sentence
    Identity.objects.update(
        customer_id=identity.customer_id
    )  # what a test leaves is looked at, too


def test_a_commit_that_does_not_wait_for_the_disk_is_found(home):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL synchronous_commit = off")
            told = "synchronous_commit=off"
        else:
            cursor.execute("PRAGMA journal_mode")
            told = f"journal_mode={cursor.fetchone()[0]}"
    assert any(told in one.sentence and one.is_wrong for one in findings(home))
