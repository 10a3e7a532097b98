"""``regulars user``: who works here, for whoever has lost every password too."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from argon2 import PasswordHasher

from tests.cli.conftest import Run


def stored_password(home: Path, login: str) -> str:
    with closing(sqlite3.connect(home / "regulars.sqlite3")) as connection:
        query = "SELECT password FROM people_employee WHERE login = ?"
        (stored,) = connection.execute(query, (login,)).fetchone()
    return str(stored).removeprefix("argon2")


def test_somebody_is_added_gets_another_password_and_is_let_go(
    regulars: Run, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    done = regulars("user", "add", "Mia", "--role", "owner", "--home", home, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["login"] == "mia"
    assert PasswordHasher().verify(stored_password(home, "mia"), told["password"])
    again = regulars("user", "password", "mia", "--home", home, "--json")
    new = json.loads(again.stdout)["password"]
    assert new != told["password"]
    assert PasswordHasher().verify(stored_password(home, "mia"), new)
    # Without an owner nobody could change anything.
    kept = regulars("user", "deactivate", "mia", "--home", home)
    assert (kept.returncode, kept.stdout) == (2, "")
    assert "has to own this" in kept.stderr
    assert regulars("user", "add", "Tom", "--home", home).returncode == 0
    assert regulars("user", "deactivate", "tom", "--home", home).returncode == 0
    shown = json.loads(regulars("user", "list", "--home", home, "--json").stdout)
    assert [(one["login"], one["role"], one["active"]) for one in shown] == [
        ("mia", "owner", True),
        ("tom", "associate", False),
    ]
    assert [(one["second_step"], one["one_time_password"]) for one in shown] == [(False, True)] * 2
    assert (
        regulars("user", "reactivate", "Tom", "--home", home).stdout == "Tom can sign in again.\n"
    )
    changed = regulars("user", "role", "tom", "owner", "--home", home)
    assert changed.stdout == "tom: Tom, owner\n"
    assert regulars("user", "role", "mia", "associate", "--home", home).returncode == 0
    kept = regulars("user", "role", "tom", "manager", "--home", home)
    assert (kept.returncode, "has to own this" in kept.stderr) == (2, True)
    lost = regulars("user", "second-step", "mia", "--home", home)
    assert lost.stdout == "Mia had no second step; they are signed out all the same.\n"
    unknown = regulars("user", "password", "nobody", "--home", home)
    assert (unknown.returncode, unknown.stderr) == (2, "There is no such employee.\n")
