"""SQLite's file: a copy of it while it is used, and what a copy must stand up to."""

import errno
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from regulars.jobs.backups.errors import BackupDamaged
from regulars.kernel.language import gettext
from regulars.project.damage import damage
from regulars.project.errors import HomeInUse

BUSY_SECONDS = 20
NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC)


def copy(source: Path, target: Path) -> dict[str, int]:
    """Copies a database while others read and write it, as it is at one moment.

    Returns:
        The rows of every table of the copy.

    Raises:
        OSError: There is no room for it.
    """
    with (
        closing(_opened(source)) as original,
        closing(sqlite3.connect(target)) as copied,
    ):
        try:
            # All pages in one step: a read transaction that nobody's writing can begin again.
            original.backup(copied, pages=-1)
            # One file, without a log beside it.
            copied.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in NO_ROOM:
                raise OSError(errno.ENOSPC, str(error), str(target)) from error
            raise
        return _rows(copied)


def check(database: Path, rows: Mapping[str, int], *, of: Path) -> None:
    """Sees that a copy is whole.

    Args:
        database: The copy.
        rows: What every table of it should hold.
        of: The backup, for the message.

    Raises:
        BackupDamaged: It is not.
    """
    try:
        with closing(_opened(database)) as connection:
            told = [row for (row,) in connection.execute("PRAGMA integrity_check")]
            if told != ["ok"]:
                raise BackupDamaged(path=of, why=told[0])
            if _rows(connection) != dict(rows):
                raise BackupDamaged(
                    path=of, why=gettext("its tables hold other numbers of rows than it says.")
                )
    except sqlite3.DatabaseError as error:
        raise BackupDamaged(path=of, why=str(error)) from error


def set_apart(database: Path) -> None:
    """Brings a database that is to be replaced into one file.

    Raises:
        HomeInUse: Somebody has it open.
        DatabaseDamaged: It cannot be read.
    """
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            # Only who has it alone can leave the write-ahead log.
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise HomeInUse(folder=database.parent) from error
        except sqlite3.DatabaseError as error:
            if (damaged := damage(error, database.parent)) is None:
                raise
            raise damaged from error


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True, timeout=BUSY_SECONDS)


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {
        table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        for (table,) in tables
    }
