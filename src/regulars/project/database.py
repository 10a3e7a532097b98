"""Which database: a shop's own file, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any

import dj_database_url

from regulars.project.errors import InvalidDatabaseUrl
from regulars.project.home import DATABASE

POSTGRESQL = "regulars.project.postgresql"
BUSY_SECONDS = 20
# Every commit is on disk before it is answered, a reader never waits for the writer, and what is
# deleted is overwritten in the file, which not every build of SQLite does unasked.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA secure_delete=ON;"
)


def database(address: str | None, home: Path) -> dict[str, Any]:
    """Django's settings of the database.

    Args:
        address: As ``postgresql://user:password@host/name``, or None for the file.
        home: The folder where the file lies.

    Raises:
        InvalidDatabaseUrl: The address is not that of a PostgreSQL database.
    """
    if address:
        if not address.startswith(("postgresql://", "postgres://")):
            raise InvalidDatabaseUrl
        try:
            parsed = dj_database_url.parse(
                address, engine=POSTGRESQL, conn_max_age=60, conn_health_checks=True
            )
        except ValueError as error:  # a port that is no number
            raise InvalidDatabaseUrl from error
        found: dict[str, Any] = {**parsed}
        # What is asked often is prepared once a connection; see `regulars.stream.hot`.
        return {**found, "OPTIONS": {"prepare_threshold": 0, **found.get("OPTIONS", {})}}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / DATABASE,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        },
    }
