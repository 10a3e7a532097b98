"""PostgreSQL's own programs: ``pg_dump`` and ``pg_restore``."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import connections

from regulars.jobs.backups.errors import BackupDamaged
from regulars.kernel.language import gettext
from regulars.project.errors import HomeInUse, ToolAbsent, ToolFailed

DUMP, RESTORE = "pg_dump", "pg_restore"
TABLE = re.compile(r"COPY [\w\"]+\.\"?(\w+)\"? ")
# What psycopg calls a part of the address, and the variable that the programs read it from.
VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def dump(address: str, target: Path) -> dict[str, int]:
    """Copies a database while others read and write it, as it is at one moment.

    Args:
        address: ``postgresql://…``
        target: The file, in PostgreSQL's own format.

    Returns:
        The rows of every table at that moment.

    Raises:
        ToolAbsent, ToolFailed: ``pg_dump`` is not there, or cannot.
    """
    _program(DUMP)
    with _psycopg().connect(address, autocommit=False) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone()
        _run(
            DUMP,
            *("--format", "custom", "--no-owner", "--no-privileges", "--schema", "public"),
            *("--snapshot", snapshot, "--file", str(target)),
            address=address,
        )
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).fetchall()
        return {
            table: connection.execute(f'SELECT count(*) FROM public."{table}"').fetchone()[0]  # noqa: S608
            for (table,) in tables
        }


def check(dumped: Path, rows: Mapping[str, int], *, of: Path) -> None:
    """Reads a dump to its end and counts its rows.

    Args:
        dumped: The dump.
        rows: What every table should hold.
        of: The backup, for the message.

    Raises:
        BackupDamaged: It cannot be read, or holds other rows.
        ToolAbsent: ``pg_restore`` is not there.
    """
    found: dict[str, int] = {}
    table = None
    with subprocess.Popen(  # noqa: S603
        [_program(RESTORE), "--data-only", "--file", "-", str(dumped)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            if table is None:
                if named := TABLE.match(line):
                    table = named[1]
                    found[table] = 0
            elif line == "\\.\n":
                table = None
            else:
                found[table] += 1
        _, said = process.communicate()
    if process.returncode:
        raise BackupDamaged(path=of, why=" ".join(said.split()))
    if found != dict(rows):
        raise BackupDamaged(
            path=of, why=gettext("its tables hold other numbers of rows than it says.")
        )


def restore(address: str, dumped: Path) -> None:
    """Puts a dump in the place of what the database holds: all of it, or nothing.

    Raises:
        ToolAbsent, ToolFailed: ``pg_restore`` is not there, or cannot.
    """
    _run(
        RESTORE,
        *("--clean", "--if-exists", "--no-owner", "--no-privileges"),
        *("--single-transaction", "--exit-on-error", "--schema", "public"),
        *("--dbname", _parts(address).get("dbname", "postgres"), str(dumped)),
        address=address,
    )


@contextmanager
def alone(address: str, home: Path) -> Iterator[None]:
    """Keeps everybody else from the data while they are replaced.

    Args:
        address: ``postgresql://…``
        home: The home folder, for the message.

    Raises:
        HomeInUse: Somebody works with them.
    """
    ours = import_module("regulars.project.postgresql.base")
    connections.close_all()
    with _psycopg().connect(address, autocommit=True) as connection:
        asked = connection.execute("SELECT pg_try_advisory_lock(%s)", (ours.IN_USE,))
        (is_free,) = asked.fetchone()
        if not is_free:
            raise HomeInUse(folder=home)
        ours.DatabaseWrapper.has_it_alone = True
        try:
            yield
        finally:
            connections.close_all()
            ours.DatabaseWrapper.has_it_alone = False


def is_empty(address: str) -> bool:
    """Whether a database has no tables yet."""
    with _psycopg().connect(address) as connection:
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        return bool(connection.execute(query).fetchone()[0] == 0)


def _psycopg() -> Any:
    """The driver, an optional part."""
    return import_module("psycopg")


def _parts(address: str) -> dict[str, str]:
    found: dict[str, str] = import_module("psycopg.conninfo").conninfo_to_dict(address)
    return found


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise ToolAbsent(tool=name)
    return path


def _run(name: str, *arguments: str, address: str) -> None:
    # The password goes by the environment: who lists the processes does not read it.
    parts = {
        VARIABLES[key]: str(value) for key, value in _parts(address).items() if key in VARIABLES
    }
    done = subprocess.run(  # noqa: S603
        [_program(name), *arguments],
        env={**os.environ, **parts},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(tool=name, why=" ".join(done.stderr.split()))
