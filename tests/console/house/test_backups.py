"""Backups are seen, taken along by owners who show that it is them, and said how to go back to."""

import os
from pathlib import Path

import pytest
from tests.console.conftest import show_again

from regulars.people.audit import looks
from regulars.people.models import Employee, Look

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def backups(home: Path) -> None:
    """Two of them, and something else."""
    (home / "backups").mkdir()
    for day, name in enumerate(("regulars-2026-06-28", "regulars-2026-06-29", "notes"), 1):
        path = home / "backups" / f"{name}.zip"
        path.write_bytes(b"x" * 2_000)
        os.utime(path, (1_780_000_000 + day * 86_400,) * 2)


def test_before_the_first_night_it_says_when_there_will_be_one(owner) -> None:
    shown = owner.get("/settings/backups/").content.decode()
    assert ("The first one is made tonight" in shown) != ("PostgreSQL" in shown)


def test_the_newest_comes_first_and_is_taken_along(owner, backups) -> None:
    shown = owner.get("/settings/backups/").content.decode()
    assert shown.index("regulars-2026-06-29.zip") < shown.index("regulars-2026-06-28.zip")
    assert "notes" not in shown
    answer = owner.get("/settings/backups/regulars-2026-06-29.zip/")
    assert b"".join(answer.streaming_content) == b"x" * 2_000
    assert answer.headers["Cache-Control"] == "no-store"
    assert "regulars-2026-06-29.zip" in answer.headers["Content-Disposition"]
    (taken,) = looks(what=Look.TABLE, limit=9)
    assert (taken.table, taken.looked_by) == ("backup", f"employee:{Employee.objects.get().pk}")
    assert "a backup with everything" in owner.get("/settings/looks/").content.decode()


@pytest.mark.parametrize("name", ["notes.zip", "regulars-2026-01-01.zip", "..%2Fsecret-key"])
def test_nothing_else_is_handed_out(owner, backups, home, name) -> None:
    (home / "secret-key").write_text("secret")
    assert owner.get(f"/settings/backups/{name}/").status_code == 404
    assert not looks(limit=9)


def test_who_takes_one_along_shows_that_it_is_them(owner, backups) -> None:
    show_again(owner, Employee.objects.get(), ago_seconds=3_600)
    answer = owner.get("/settings/backups/regulars-2026-06-29.zip/")
    assert answer.status_code == 302
    assert "/sign-in/again/" in answer.headers["Location"]


def test_postgresql_and_a_server_that_cannot_start_anew_say_how_it_is_done(owner, backups) -> None:
    shown = owner.get("/settings/backups/").content.decode()
    assert "regulars restore" in shown
    assert "/back/" not in shown
    answer = owner.get("/settings/backups/regulars-2026-06-29.zip/back/")
    assert answer.headers["Location"] == "/settings/backups/"
