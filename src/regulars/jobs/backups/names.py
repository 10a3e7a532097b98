"""How backups are called, and which there are in the home folder.

<home>/backups/regulars-2026-06-30.zip          of a night
<home>/backups/regulars-2026-06-30-090000.zip   of a moment, by command
"""

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

FOLDER = "backups"
NAME = "regulars-{stamp}.zip"
MOMENT = "%Y-%m-%d-%H%M%S"


def folder_of_backups(home: Path) -> Path:
    """Where those of the nights go, and what else the pages are to show."""
    return home / FOLDER


def of_a_moment(now: datetime) -> str:
    """What a backup is called that somebody asked for."""
    return NAME.format(stamp=f"{now.astimezone(UTC):{MOMENT}}")


def daily_backup(home: Path, day: date) -> Path:
    """The backup of a day."""
    return folder_of_backups(home) / NAME.format(stamp=day.isoformat())


def backups_in(home: Path) -> list[Path]:
    """Every backup in the home folder, the latest first."""
    made = {}
    for path in folder_of_backups(home).glob(NAME.format(stamp="*")):
        with suppress(FileNotFoundError):  # gone just now: its turn was over
            made[path] = path.stat().st_mtime
    return sorted(made, key=made.__getitem__, reverse=True)


def daily_backups(home: Path) -> dict[date, Path]:
    """The daily backups by their day."""
    found = {}
    before, after = NAME.split("{stamp}")
    for path in backups_in(home):
        try:
            day = date.fromisoformat(path.name.removeprefix(before).removesuffix(after))
        except ValueError:
            continue  # somebody's own, which no rotation touches
        found[day] = path
    return found
