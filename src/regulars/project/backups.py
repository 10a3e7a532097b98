"""Backups: taken while Regulars runs, believed only when read back."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from regulars import __version__
from regulars.insight.errors import CannotWrite
from regulars.jobs.backups.archive import (
    FORMAT,
    Kind,
    Manifest,
    digest_of,
    keep_on_disk,
    read_archive,
    write_archive,
)
from regulars.jobs.backups.names import (
    daily_backup,
    daily_backups,
    folder_of_backups,
    of_a_moment,
)
from regulars.project import postgresql_copies, sqlite_copies
from regulars.project.errors import BackupExists, NoDatabase
from regulars.project.home import DATABASE, KEY_FILE
from regulars.project.rotation import kept

DUMPED = "database.dump"


@dataclass(frozen=True, kw_only=True)
class BackedUp:
    """A backup that was read back.

    Attributes:
        path: The file.
        kind: Of database.
        rows: Of every table.
        size_bytes: Of the file.
    """

    path: Path
    kind: Kind
    rows: Mapping[str, int]
    size_bytes: int


def backup(*, home: Path, path: Path, address: str | None, now: datetime) -> BackedUp:
    """Backs up an installation; others may go on reading and writing.

    Args:
        home: The home folder.
        path: The file to write, or a folder for it.
        address: Of PostgreSQL, or None for the file in the home folder.
        now: When.

    Returns:
        What was written, and read back.

    Raises:
        NoDatabase: There is no database.
        BackupExists: Something stands there.
        BackupDamaged: What was written is not what was read; nothing is left there.
        CannotWrite: There is no room, or no right to write there; nothing is left there.
        ToolAbsent, ToolFailed: PostgreSQL's programs are not there, or cannot.
    """
    if path.is_dir():
        path /= of_a_moment(now)
    if path.exists():
        raise BackupExists(path=path)
    if address is None and not (home / DATABASE).is_file():
        raise NoDatabase(folder=home)
    try:
        kind, rows = _written(home, path, address, now)
    except OSError as error:
        raise CannotWrite(path=path) from error
    keep_on_disk(path.parent)
    return BackedUp(path=path, kind=kind, rows=rows, size_bytes=path.stat().st_size)


def _written(
    home: Path, path: Path, address: str | None, now: datetime
) -> tuple[Kind, Mapping[str, int]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
        stage = Path(folder)
        if address is None:
            kind: Kind = "sqlite"
            name = DATABASE
            rows = sqlite_copies.copy(home / DATABASE, stage / name)
        else:
            kind, name = "postgresql", DUMPED
            rows = postgresql_copies.dump(address, stage / name)
        names = [name]
        if (home / KEY_FILE).is_file():
            shutil.copyfile(home / KEY_FILE, stage / KEY_FILE)
            names.append(KEY_FILE)
        manifest = Manifest(
            format=FORMAT,
            kind=kind,
            made_at=now.astimezone(UTC).isoformat(),
            version=__version__,
            files={one: digest_of(stage / one) for one in names},
            rows=rows,
        )
        written = stage / "backup.zip"
        write_archive(written, manifest=manifest, folder=stage)
        (stage / "again").mkdir()
        see_whole(read_archive(written, stage / "again"), stage / "again", of=path)
        # A hard link fails where a name is taken, which a renaming would take over.
        try:
            os.link(written, path)
        except FileExistsError as error:
            raise BackupExists(path=path) from error
        except OSError:
            written.rename(path)
    return kind, rows


def daily(*, home: Path, address: str | None, today: date, now: datetime) -> Path | None:
    """The day's backup of a shop's own file, once a day, and the old ones rotated away.

    Args:
        home: The home folder; the backups are in ``backups`` there.
        address: Of PostgreSQL, whose backups are its administrator's, or None.
        today: The business's own date.
        now: When.

    Returns:
        The backup, or None where there is one of today already, or nothing to back up.

    Raises:
        BackupDamaged: What was written could not be read back; the earlier ones stay.
    """
    path = daily_backup(home, today)
    if address is not None or path.exists() or not (home / DATABASE).is_file():
        return None
    folder_of_backups(home).mkdir(mode=0o700, exist_ok=True)
    backup(home=home, path=path, address=None, now=now)
    there = daily_backups(home)
    for gone in there.keys() - kept(there):
        there[gone].unlink(missing_ok=True)
    return path


def see_whole(manifest: Manifest, folder: Path, *, of: Path) -> None:
    """Sees that the database that was taken out of a backup is whole.

    Raises:
        BackupDamaged: It is not.
    """
    if manifest.kind == "sqlite":
        sqlite_copies.check(folder / DATABASE, manifest.rows, of=of)
    else:
        postgresql_copies.check(folder / DUMPED, manifest.rows, of=of)
