"""A restore: verified and made ready beside the data, and put in their place at one moment.

Of a shop's own file everything that has to be done to a backup is done to a copy: it is brought up to
date, and what must not be undone is told to it again. Then the copy takes the place of the file by one
renaming, so that whoever is cut off finds the old data or the new ones. PostgreSQL puts its dump in place
in one transaction, and is told after it: by whoever opens it next, where this one is cut off.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from regulars.jobs.backups.archive import Kind, Manifest, keep_on_disk, read_archive
from regulars.jobs.replaced import replaced_folder
from regulars.project import postgresql_copies, sqlite_copies
from regulars.project.backups import DUMPED, backup, see_whole
from regulars.project.carried_over import CARRIED_OVER
from regulars.project.errors import HomeNotEmpty, OtherDatabase
from regulars.project.home import DATABASE, KEY_FILE, key_of, settle_key
from regulars.project.promised import STAGE, keep_until_told, make_ready
from regulars.project.server import prepare, set_up

KIND_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


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


def nothing(database: Path, made_at: str, replaced: Path | None) -> None:
    """For whoever need not know what is about to take whose place."""


def restore(
    *,
    home: Path,
    path: Path,
    address: str | None,
    force: bool = False,
    about_to: Callable[[Path, str, Path | None], None] = nothing,
    now: datetime,
) -> Restored:
    """Puts a backup in place of an installation's data, verified before anything is replaced.

    Args:
        home: The home folder; made where it is absent.
        path: The backup.
        address: Of PostgreSQL, or None for the file in the home folder.
        force: Whether to replace data that are there; they are kept beside the new ones.
        about_to: Told before a file takes the place of the one in the home folder: which it is, when the
            backup was made, and where what was there is kept.
        now: When.

    Raises:
        NotABackup, BackupDamaged: The file cannot be restored.
        OtherDatabase: It is a backup of the other kind of database.
        HomeNotEmpty: There are data already, and they are not to be replaced.
        HomeInUse: Regulars is running with them.
        ToolAbsent, ToolFailed: PostgreSQL's programs are not there, or cannot.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as whole:
        stage = Path(whole.enter_context(tempfile.TemporaryDirectory(prefix=STAGE, dir=home)))
        manifest = _read_whole(path, stage, address)
        there = _is_there(home, address)
        if there and not force:
            raise HomeNotEmpty(folder=home)
        taken: dict[str, object] = {}
        replaced = None
        if address is not None:
            set_up(home)
            whole.enter_context(postgresql_copies.alone(address, home))
        if there:
            if address is None:
                sqlite_copies.set_apart(home / DATABASE)
            taken = _promises(home)
            replaced = _set_beside(home, address, now=now)
        set_up(home)
        if address is None:
            _make_ready_beside(stage / DATABASE, taken, now)
            about_to(stage / DATABASE, manifest.made_at, replaced)
            _put_in_place(home, stage)
        else:
            _put_dump_in_place(home, stage, address, taken)
    forget_files_of_jobs()
    return Restored(
        home=home,
        made_at=manifest.made_at,
        rows=manifest.rows,
        replaced=replaced,
        carried_over=tuple(taken),
    )


def _read_whole(path: Path, stage: Path, address: str | None) -> Manifest:
    """Unpacks a backup, verified; what it says of itself.

    Raises:
        NotABackup, BackupDamaged, OtherDatabase: See `restore`.
    """
    manifest = read_archive(path, stage)
    ours: Kind = "sqlite" if address is None else "postgresql"
    if manifest.kind != ours:
        names = {"theirs": KIND_NAMES[manifest.kind], "ours": KIND_NAMES[ours]}
        raise OtherDatabase(path=path, **names)
    see_whole(manifest, stage, of=path)
    return manifest


def forget_files_of_jobs() -> None:
    """Removes the files of long work: they are of the data that were replaced, and may name anybody."""
    from regulars.jobs.files import forget_all  # noqa: PLC0415  (once Django is set up)

    forget_all()


def _is_there(home: Path, address: str | None) -> bool:
    """Whether there are data already."""
    if address is None:
        return (home / DATABASE).is_file()
    return not postgresql_copies.is_empty(address)


def _make_ready_beside(database: Path, taken: Mapping[str, object], now: datetime) -> None:
    """Brings the copy of a file up to date, and tells it what must not be undone."""
    with _working_on(database):
        call_command("migrate", verbosity=0, interactive=False)
        make_ready(taken, now)
    sqlite_copies.set_apart(database)


def _put_dump_in_place(home: Path, stage: Path, address: str, taken: Mapping[str, object]) -> None:
    """A dump in the place of what the database holds, and told what must not be undone."""
    if (stage / KEY_FILE).is_file():
        (stage / KEY_FILE).replace(home / KEY_FILE)
    keep_until_told(home, taken)
    postgresql_copies.restore(address, stage / DUMPED)
    _open(home)  # which tells them what was kept


def _put_in_place(home: Path, stage: Path) -> None:
    """The new database and its secret in the place of the old; the moment is that of one renaming."""
    for left in home.glob(f"{KEY_FILE}-*"):
        left.unlink()  # of one that was cut off
    if (stage / KEY_FILE).is_file():
        (stage / KEY_FILE).replace(key_of(home, stage / DATABASE))
    keep_on_disk(home)
    (stage / DATABASE).replace(home / DATABASE)
    keep_on_disk(home)
    settle_key(home)
    keep_on_disk(home)


@contextmanager
def _working_on(database: Path) -> Iterator[None]:
    """Django on another file than the one in the home folder."""
    connections.close_all()
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    before = settings["NAME"]
    settings["NAME"] = database
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = before


def _promises(home: Path) -> dict[str, object]:
    """What must hold through the restore, from the data that are replaced."""
    _open(home)
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


def _open(home: Path) -> None:
    """Django on the home's database, brought up to date."""
    set_up(home)
    connections.close_all()
    prepare(home)
