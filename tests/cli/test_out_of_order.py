"""A damaged file or a slip in a setting is said in a sentence with what to do, and is not called our fault."""

import sqlite3
from contextlib import closing

import pytest

from regulars.kernel.language import LANGUAGES, speaking
from regulars.project.damage import damage
from regulars.project.database import database
from regulars.project.environment import proxies, whole_number
from regulars.project.errors import (
    DatabaseDamaged,
    HomeNotAFolder,
    InvalidDatabaseUrl,
    InvalidProxies,
    SettingNoNumber,
)
from regulars.project.home import DATABASE, prepare_home
from regulars.project.sqlite_copies import set_apart


def test_a_damaged_file_leads_back_to_the_latest_backup(regulars, tmp_path):
    home = tmp_path / "home"
    backup = home / "backups" / "regulars-2026-06-30.zip"
    regulars("user", "add", "Mia", "--role", "owner", "--home", home)
    backup.parent.mkdir()
    assert regulars("backup", backup, "--home", home).returncode == 0
    with (home / DATABASE).open("r+b") as file:
        file.write(b"a fault of the disk " * 10)
    way = f'regulars restore "{backup}" --home "{home}"'
    for call in (
        ("check",),
        ("export", "customers", tmp_path / "c.csv"),
        ("restore", backup, "--force"),
    ):
        told = regulars(*call, "--home", home)
        assert told.returncode == 2, call
        assert f"{home / DATABASE} is damaged" in told.stderr
        assert way in told.stderr
        assert "our fault" not in told.stderr
    # And what it says leads out of it.
    (tmp_path / "elsewhere").mkdir()
    for part in home.glob(f"{DATABASE}*"):
        part.rename(tmp_path / "elsewhere" / part.name)
    assert regulars("restore", backup, "--home", home).returncode == 0
    assert "Mia" in regulars("user", "list", "--home", home).stdout


def test_a_slip_in_the_environment_is_said_by_every_command(regulars, tmp_path):
    afile = tmp_path / "afile"
    afile.write_text("")
    told = regulars("start", "--no-browser", "--home", afile)
    assert (told.returncode, told.stderr) == (
        2,
        f"{afile} is a file; choose a folder with --home, or by REGULARS_HOME.\n",
    )
    told = regulars("user", "list", "--home", tmp_path / "h", DATABASE_URL="mysql://u:pass@h/n")
    assert told.returncode == 2
    assert told.stderr.startswith("DATABASE_URL cannot be used")
    assert "pass@" not in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("told", ["abc", "0", "-5", "1.5", "٣", "1e3"])
def test_a_number_of_the_environment_is_one(monkeypatch, told):
    monkeypatch.setenv("REGULARS_UPLOAD_MB", told)
    with pytest.raises(SettingNoNumber):
        whole_number("REGULARS_UPLOAD_MB", default=500)


def test_what_is_not_set_is_as_it_is_without(monkeypatch):
    for name in ("REGULARS_UPLOAD_MB", "REGULARS_TRUSTED_PROXIES"):
        monkeypatch.setenv(name, "")
    assert whole_number("REGULARS_UPLOAD_MB", default=500) == 500
    assert proxies("REGULARS_TRUSTED_PROXIES", default="127.0.0.1") == ()
    monkeypatch.setenv("REGULARS_TRUSTED_PROXIES", "10.0.0.0/8, the proxy")
    with pytest.raises(InvalidProxies):
        proxies("REGULARS_TRUSTED_PROXIES", default="")


@pytest.mark.parametrize("address", ["mysql://h/n", "cafe", "postgresql://u:p@h:port/n"])
def test_an_address_of_no_postgresql_is_refused(address, tmp_path):
    with pytest.raises(InvalidDatabaseUrl):
        database(address, tmp_path)


def test_only_damage_is_called_damage(tmp_path):
    (tmp_path / DATABASE).write_bytes(b"nothing of a database" * 100)
    with pytest.raises(DatabaseDamaged) as found:
        set_apart(tmp_path / DATABASE)
    for language in LANGUAGES:
        with speaking(language):
            assert "BACKUP.zip" in str(found.value)
    with closing(sqlite3.connect(":memory:")) as one, pytest.raises(sqlite3.Error) as other:
        one.execute("SELECT nothing")
    assert damage(other.value, tmp_path) is None
    with pytest.raises(HomeNotAFolder):
        prepare_home(tmp_path / DATABASE)
