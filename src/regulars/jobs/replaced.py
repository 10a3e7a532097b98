"""What a restore replaced is kept beside for a while, in case it was the wrong backup.

    <home>/replaced-2026-06-30-090000/

It knows nothing of who is erased later on, so it goes then, and after two weeks in any case.
"""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from regulars.jobs import files

REPLACED_KEPT = timedelta(days=14)
PREFIX, STAMP = "replaced-", "%Y-%m-%d-%H%M%S"


def replaced_folder(home: Path, *, now: datetime) -> Path:
    """Where what a restore replaces is kept."""
    return home / f"{PREFIX}{now.astimezone(UTC):{STAMP}}"


def replaced_folders(home: Path) -> dict[Path, datetime]:
    """What restores kept, and when; what somebody else calls alike is not ours."""
    found = {}
    for folder in sorted(home.glob(f"{PREFIX}*")):
        try:
            made_at = datetime.strptime(folder.name.removeprefix(PREFIX), STAMP)  # noqa: DTZ007
        except ValueError:
            continue
        found[folder] = made_at.replace(tzinfo=UTC)
    return found


def files_replaced(home: Path) -> dict[str, tuple[Path, datetime]]:
    """A shop's own files that restores kept, and when, by the names of their folders; the latest first."""
    kept = reversed(replaced_folders(home).items())
    return {
        folder.name: (file, at) for folder, at in kept for file in sorted(folder.glob("*.sqlite3"))
    }


def rows_kept(file: Path, tables: Collection[str]) -> dict[str, int]:
    """How many rows tables of a file have that was kept."""
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as kept:
        return {
            table: kept.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
            for table in tables
        }


def remove_replaced(home: Path, *, erased_at: datetime | None, now: datetime) -> int:
    """Removes what is old, or older than the last erasure.

    Args:
        home: The home folder.
        erased_at: When somebody was last erased, or None.
        now: When.

    Returns:
        How many folders were removed.
    """
    gone = 0
    for folder, made_at in replaced_folders(home).items():
        if made_at <= now - REPLACED_KEPT or (erased_at is not None and made_at < erased_at):
            files.remove(folder)
            gone += 1
    return gone
