"""Backups: taken while Regulars runs, believed only when read back, restored whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import connections, transaction

from regulars import __version__
from regulars.jobs.replaced import replaced_folder
from regulars.project import postgresql_copies, sqlite_copies
from regulars.project.archive import (
    FORMAT,
    Kind,
    Manifest,
    digest_of,
    keep_on_disk,
    read_archive,
    write_archive,
)
from regulars.project.carried_over import AFTER_RESTORE, CARRIED_OVER
from regulars.project.errors import BackupExists, HomeNotEmpty, NoDatabase, OtherDatabase
from regulars.project.home import DATABASE, KEY_FILE
from regulars.project.rotation import kept
from regulars.project.server import prepare, set_up

DUMPED = "database.dump"
BACKUPS = "backups"
NAME = "regulars-{day}.zip"
KIND_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


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


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A home as a backup had it.

    Attributes:
        home: The folder.
        made_at: When the backup was taken, ISO 8601.
        rows: Of every table of the backup.
        replaced: Where what was there before is kept, or None where nothing was.
        carried_over: What was told again.
    """

    home: Path
    made_at: str
    rows: Mapping[str, int]
    replaced: Path | None
    carried_over: tuple[str, ...] = field(default=())


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
        ToolAbsent, ToolFailed: PostgreSQL's programs are not there, or cannot.
    """
    if path.is_dir():
        path /= NAME.format(day=f"{now.astimezone(UTC):%Y-%m-%d-%H%M%S}")
    if path.exists():
        raise BackupExists(path=path)
    if address is None and not (home / DATABASE).is_file():
        raise NoDatabase(folder=home)
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
        _verify(read_archive(written, stage / "again"), stage / "again", of=path)
        # A hard link fails where a name is taken, which a renaming would take over.
        try:
            os.link(written, path)
        except FileExistsError as error:
            raise BackupExists(path=path) from error
        except OSError:
            written.rename(path)
    keep_on_disk(path.parent)
    return BackedUp(path=path, kind=kind, rows=rows, size_bytes=path.stat().st_size)


def restore(
    *, home: Path, path: Path, address: str | None, force: bool = False, now: datetime
) -> Restored:
    """Puts a backup in place of an installation's data, verified before anything is replaced.

    Args:
        home: The home folder; made where it is absent.
        path: The backup.
        address: Of PostgreSQL, or None for the file in the home folder.
        force: Whether to replace data that are there; they are kept beside the new ones.
        now: When.

    Raises:
        NotABackup, BackupDamaged: The file cannot be restored.
        OtherDatabase: It is a backup of the other kind of database.
        HomeNotEmpty: There are data already, and they are not to be replaced.
        HomeInUse: Regulars is running with them.
        ToolAbsent, ToolFailed: PostgreSQL's programs are not there, or cannot.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as folder:
        stage = Path(folder)
        manifest = read_archive(path, stage)
        ours: Kind = "sqlite" if address is None else "postgresql"
        if manifest.kind != ours:
            names = {"theirs": KIND_NAMES[manifest.kind], "ours": KIND_NAMES[ours]}
            raise OtherDatabase(path=path, **names)
        _verify(manifest, stage, of=path)
        there = (
            (home / DATABASE).is_file()
            if address is None
            else not postgresql_copies.is_empty(address)
        )
        if there and not force:
            raise HomeNotEmpty(folder=home)
        taken: dict[str, object] = {}
        replaced = None
        if there:
            if address is None:
                sqlite_copies.set_apart(home / DATABASE)
            taken = _promises(home)
            replaced = _set_beside(home, address, now=now)
        if (stage / KEY_FILE).is_file():
            (stage / KEY_FILE).replace(home / KEY_FILE)
        if address is None:
            (stage / DATABASE).replace(home / DATABASE)
        else:
            postgresql_copies.restore(address, stage / DUMPED)
    keep_on_disk(home)
    _set_up(home)
    with transaction.atomic():
        for make_ready in AFTER_RESTORE:
            make_ready()
        for promise in CARRIED_OVER:
            if promise.name in taken:
                promise.keep(taken[promise.name], now)
    return Restored(
        home=home,
        made_at=manifest.made_at,
        rows=manifest.rows,
        replaced=replaced,
        carried_over=tuple(taken),
    )


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
    path = home / BACKUPS / NAME.format(day=today.isoformat())
    if address is not None or path.exists() or not (home / DATABASE).is_file():
        return None
    (home / BACKUPS).mkdir(mode=0o700, exist_ok=True)
    backup(home=home, path=path, address=None, now=now)
    there = daily_backups(home)
    for gone in there.keys() - kept(there):
        there[gone].unlink(missing_ok=True)
    return path


def daily_backups(home: Path) -> dict[date, Path]:
    """The daily backups by their day."""
    found = {}
    prefix, suffix = NAME.split("{day}")
    for path in (home / BACKUPS).glob(NAME.format(day="*")):
        try:
            day = date.fromisoformat(path.name.removeprefix(prefix).removesuffix(suffix))
        except ValueError:
            continue  # somebody's own, which no rotation touches
        found[day] = path
    return found


def _verify(manifest: Manifest, folder: Path, *, of: Path) -> None:
    """Sees that the database that was taken out of a backup is whole."""
    if manifest.kind == "sqlite":
        sqlite_copies.check(folder / DATABASE, manifest.rows, of=of)
    else:
        postgresql_copies.check(folder / DUMPED, manifest.rows, of=of)


def _promises(home: Path) -> dict[str, object]:
    """What must hold through the restore, from the data that are replaced."""
    if not CARRIED_OVER:
        return {}
    _set_up(home)
    try:
        return {promise.name: promise.take() for promise in CARRIED_OVER}
    finally:
        connections.close_all()


def _set_beside(home: Path, address: str | None, *, now: datetime) -> Path:
    """Keeps the data that are replaced."""
    beside = replaced_folder(home, now=now)
    beside.mkdir(mode=0o700)
    if address is not None:
        return backup(home=home, path=beside, address=address, now=now).path
    sqlite_copies.set_apart(home / DATABASE)
    for name in (DATABASE, KEY_FILE):
        if (home / name).is_file():
            shutil.copy2(home / name, beside / name)
    keep_on_disk(beside)
    return beside


def _set_up(home: Path) -> None:
    """Django on the home's database, brought up to date."""
    set_up(home)
    connections.close_all()
    prepare(home)
