"""Whether an error says that a shop's own file is damaged, and what is to be done then."""

import sqlite3
from pathlib import Path

from regulars.jobs.backups.names import backups_in
from regulars.project.errors import DatabaseDamaged
from regulars.project.home import DATABASE

DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
PRIMARY = 0xFF  # the kind of an error; SQLite tells more of it in the bits above


def damage(error: BaseException, home: Path) -> DatabaseDamaged | None:
    """What to say where a database's error is that its file is damaged; None of every other error.

    Args:
        error: SQLite's own, or Django's that it caused.
        home: The folder where the file lies.
    """
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    told = getattr(cause, "sqlite_errorcode", None)
    if told is None or told & PRIMARY not in DAMAGED:
        return None
    latest = next(iter(backups_in(home)), None)
    return DatabaseDamaged(
        file=home / DATABASE,
        command=f'regulars restore "{latest or "BACKUP.zip"}" --home "{home}"',
    )
