"""An owner goes back to a backup: sees what is in it, says that they are sure, and waits until it is there."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests.console.conftest import show_again

from regulars import __version__
from regulars.jobs.backups import wishes
from regulars.jobs.backups.archive import FORMAT, Manifest, digest_of, write_archive
from regulars.jobs.replaced import replaced_folder
from regulars.people.models import Employee

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="of a shop's own file"),
]
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
NAME = "regulars-2026-06-29.zip"
BACK = f"/settings/backups/{NAME}/back/"


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    """With a backup of two customers."""
    settings.HOME = tmp_path
    (tmp_path / "backups").mkdir()
    (tmp_path / "regulars.sqlite3").write_bytes(b"a database")
    manifest = Manifest(
        format=FORMAT,
        kind="sqlite",
        made_at="2026-06-29T01:05:00+00:00",
        version=__version__,
        files={"regulars.sqlite3": digest_of(tmp_path / "regulars.sqlite3")},
        rows={"people_customer": 2_000, "people_employee": 1},
    )
    write_archive(tmp_path / "backups" / NAME, manifest=manifest, folder=tmp_path)
    return tmp_path


@pytest.fixture
def server(monkeypatch):
    """A process that stands for the server."""
    monkeypatch.setattr(wishes, "ANSWERED_WITHIN_SECONDS", 0)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        monkeypatch.setenv(wishes.SERVER, str(process.pid))
        yield process
        process.kill()


def test_it_says_what_is_in_it_and_what_there_is_now(owner, home, town, server) -> None:
    shown = owner.get(BACK).content.decode()
    assert "Back to 29 June 2026, 03:05?" in shown
    assert "is whole" in shown
    assert "2,000" in shown  # customers then; now there are three
    assert "<td>3</td>" in shown
    assert wishes.latest_wish(home) is None


def test_nothing_happens_before_the_box_is_ticked(owner, home, server) -> None:
    answer = owner.post(BACK)
    assert answer.status_code == 400
    assert "Tick the box first" in answer.content.decode()
    assert wishes.latest_wish(home) is None
    assert server.poll() is None


def test_who_is_sure_has_it_asked_for_and_the_server_told_to_end(owner, home, server) -> None:
    answer = owner.post(BACK, {"sure": "1"})
    wish = wishes.latest_wish(home)
    assert (wish.backup, wish.state, wish.language) == (NAME, "asked", "en")
    assert answer.headers["Location"] == f"/restored/{wish.token}/"
    assert server.wait(timeout=10) == -signal.SIGTERM
    # Who waits is not signed in any more once it is done, and nobody else gets to see it.
    waits = Client().get(f"/restored/{wish.token}/").content.decode()
    assert "Going back …" in waits
    assert "every 1s" in waits
    assert Client().get("/restored/another/").status_code == 404


def test_what_a_restore_replaced_is_offered_with_what_was_in_it(owner, home, town, server) -> None:
    assert "Back to how it was before" not in owner.get("/settings/backups/").content.decode()
    kept = replaced_folder(home, now=NOW)
    kept.mkdir()
    with closing(sqlite3.connect(kept / "regulars.sqlite3")) as before:
        for table in ("people_customer", "people_employee", "stream_event"):
            before.execute(f"CREATE TABLE {table} (id INTEGER)")
        before.executemany("INSERT INTO people_customer VALUES (?)", [(one,) for one in range(7)])
        before.commit()
    back = f"/settings/backups/{kept.name}/back/"
    assert back in owner.get("/settings/backups/").content.decode()
    shown = owner.get(back).content.decode()
    assert "Back to 30 June 2026, 11:00?" in shown
    assert "<td>7</td><td>3</td>" in shown
    assert owner.post(back, {"sure": "1"}).status_code == 302
    wish = wishes.latest_wish(home)
    assert wish is not None
    assert wish.backup == kept.name


@pytest.mark.parametrize(
    ("came_of_it", "said"),
    [
        ({"state": "done", "made_at": "2026-06-29T01:05:00+00:00"}, "as it was on 29 June 2026"),
        ({"state": "failed", "error": "No space."}, "everything is as it was. No space."),
    ],
)
def test_what_came_of_it_is_said_there_and_among_the_backups(owner, home, came_of_it, said) -> None:
    asked = wishes.ask_for(home, NAME, language="en", now=NOW)
    wishes.write_down(home, wishes.Wish(**(vars(asked) | came_of_it)))
    for address in (f"/restored/{asked.token}/", "/settings/backups/"):
        shown = owner.get(address).content.decode()
        assert said in shown
        assert "every 1s" not in shown


def test_a_damaged_one_is_not_offered(owner, home, server) -> None:
    path = home / "backups" / NAME
    path.write_bytes(path.read_bytes()[:-40])
    answer = owner.get(BACK)
    assert answer.status_code == 400
    assert "is no backup" in answer.content.decode()


def test_who_goes_back_shows_that_it_is_them(owner, home, server) -> None:
    show_again(owner, Employee.objects.get(), ago_seconds=3_600)
    answer = owner.post(BACK, {"sure": "1"})
    assert "/sign-in/again/" in answer.headers["Location"]
    assert wishes.latest_wish(home) is None


@pytest.mark.parametrize("written", ["", "[]", '{"token": "x", "of another version": 1}'])
def test_what_is_not_as_we_write_it_was_not_asked_for(owner, home, written) -> None:
    (home / wishes.FILE).write_text(written)
    assert wishes.latest_wish(home) is None
    assert owner.get("/settings/backups/").status_code == 200
