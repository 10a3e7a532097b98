"""A backup is one file, taken while others write, and believed only when it was read back."""

import json
import resource
import sqlite3
import zipfile
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.insight.errors import CannotWrite
from regulars.jobs.backups.archive import digest_of, read_archive
from regulars.jobs.backups.errors import BackupDamaged, NotABackup
from regulars.jobs.backups.names import daily_backups
from regulars.project.backups import backup, daily
from regulars.project.errors import BackupExists, NoDatabase
from regulars.project.home import DATABASE, KEY_FILE
from regulars.project.rotation import DAILY, WEEKLY, kept

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    """A home with a database in which somebody is just writing."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / KEY_FILE).write_text("the secret", encoding="ascii")
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE people (name TEXT)")
        connection.executemany("INSERT INTO people VALUES (?)", [("Ana",), ("Ben",)])
        connection.commit()
        connection.execute("INSERT INTO people VALUES ('not said yet')")
        yield folder


def folder_in(parent, name):
    folder = parent / name
    folder.mkdir()
    return folder


def back_up(home, path):
    return backup(home=home, path=path, address=None, now=NOW)


class TestBackup:
    def test_it_holds_what_was_committed_the_secret_and_what_they_should_be(self, home, tmp_path):
        done = back_up(home, tmp_path / "backup.zip")
        assert done.rows == {"people": 2}
        with zipfile.ZipFile(done.path) as archive:
            assert archive.read(KEY_FILE) == b"the secret"
            manifest = json.loads(archive.read("manifest.json"))
            archive.extract(DATABASE, tmp_path)
        assert manifest["rows"] == {"people": 2}
        with closing(sqlite3.connect(tmp_path / DATABASE)) as copied:
            assert copied.execute("SELECT name FROM people").fetchall() == [("Ana",), ("Ben",)]
            # One file, which needs no log beside it.
            assert copied.execute("PRAGMA journal_mode").fetchone() == ("delete",)

    def test_to_a_full_disk_is_refused_in_a_sentence_and_leaves_nothing(self, home, tmp_path):
        with closing(sqlite3.connect(home / DATABASE, timeout=0)) as connection:
            connection.execute("PRAGMA wal_checkpoint")
        place = folder_in(tmp_path, "full")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        # A file that may not grow on is to whoever writes it what a full disk is.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            with pytest.raises(CannotWrite):
                back_up(home, place / "backup.zip")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert list(place.iterdir()) == []

    def test_where_no_folder_can_be_is_refused_in_a_sentence(self, home):
        with pytest.raises(CannotWrite):
            back_up(home, home / KEY_FILE / "backup.zip")

    def test_nobody_else_may_read_it(self, home, tmp_path):
        assert back_up(home, tmp_path / "backup.zip").path.stat().st_mode & 0o077 == 0

    def test_wherever_a_byte_is_changed_what_is_read_is_as_written_or_nothing_is(
        self, home, tmp_path
    ):
        path = back_up(home, tmp_path / "backup.zip").path
        whole = read_archive(path, folder_in(tmp_path, "whole"))
        written = path.read_bytes()
        damaged = tmp_path / "damaged.zip"
        for position in range(0, len(written), 7):
            changed = bytearray(written)
            changed[position] ^= 0xFF
            damaged.write_bytes(changed)
            folder = folder_in(tmp_path, f"at-{position}")
            with suppress(BackupDamaged, NotABackup):
                read = read_archive(damaged, folder)
                assert read.files.keys() == whole.files.keys()
                assert {name: digest_of(folder / name) for name in read.files} == whole.files

    def test_no_backup_is_ever_written_over(self, home, tmp_path):
        path = tmp_path / "backup.zip"
        path.write_text("mine", encoding="ascii")
        with pytest.raises(BackupExists):
            back_up(home, path)
        assert path.read_text("ascii") == "mine"

    def test_a_folder_gets_a_file_named_after_the_day_and_nothing_else(self, home, tmp_path):
        folder = tmp_path / "backups"
        folder.mkdir()
        done = back_up(home, folder)
        assert list(folder.iterdir()) == [done.path]
        assert done.path.name == "regulars-2026-06-30-090000.zip"

    def test_a_home_without_a_database_has_no_database(self, tmp_path):
        with pytest.raises(NoDatabase):
            back_up(tmp_path, tmp_path / "backup.zip")


class TestDaily:
    def take(self, home, day):
        return daily(home=home, address=None, today=day, now=NOW)

    def test_there_is_one_a_day_and_old_ones_are_rotated_away(self, home):
        days = [date(2026, 6, 30) - timedelta(days=back) for back in range(60, -1, -1)]
        for day in days[:-1]:
            path = home / "backups" / f"regulars-{day}.zip"
            path.parent.mkdir(exist_ok=True)
            path.write_text("an earlier one", encoding="ascii")
        assert self.take(home, days[-1]) is not None
        assert self.take(home, days[-1]) is None
        # 30 June is a Tuesday: seven days, then Tuesday the 23rd and the Sundays of three weeks.
        weekly = [date(2026, 6, 7), date(2026, 6, 14), date(2026, 6, 21), date(2026, 6, 23)]
        assert sorted(daily_backups(home)) == [*weekly, *days[-7:]]

    def test_postgresql_is_left_to_its_administrator(self, home):
        assert daily(home=home, address="postgresql://x/y", today=NOW.date(), now=NOW) is None

    def test_what_somebody_keeps_there_is_not_touched(self, home):
        own = home / "backups" / "regulars-before-the-move.zip"
        own.parent.mkdir()
        own.write_text("mine", encoding="ascii")
        self.take(home, NOW.date())
        assert own.exists()


class TestRotation:
    @given(st.sets(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=60))
    def test_the_latest_seven_are_kept_and_at_most_four_weeks_before_them(self, days):
        latest = sorted(days)[-DAILY:]
        found = kept(days)
        assert found <= days
        assert set(latest) <= found
        older = sorted(found - set(latest))
        weeks = [day.isocalendar()[:2] for day in older]
        assert len(older) <= WEEKLY
        assert len(set(weeks)) == len(weeks)

    def test_day_after_day_there_is_always_one_of_each_of_the_last_four_weeks(self):
        there: set[date] = set()
        day = date(2026, 1, 1)
        for _ in range(120):
            there = set(kept(there | {day}))
            day += timedelta(days=1)
        newest = max(there)
        ages = sorted((newest - one).days for one in there)
        assert ages[:DAILY] == list(range(DAILY))
        assert len(ages) == DAILY + WEEKLY
        assert 21 <= ages[-1] <= 35
