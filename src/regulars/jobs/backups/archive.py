"""The one file of a backup: the database, the installation's secret, and what they should be.

A zip with ``manifest.json``: kind of database, when, by which version, the digest of every other file in
it, and the rows of every table. A backup is believed when it was read back and all of that is so.
"""

import errno
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

from regulars.jobs.backups.errors import BackupDamaged, NotABackup
from regulars.kernel.language import gettext

MANIFEST = "manifest.json"
FORMAT = 1
READ_BYTES = 1024 * 1024
OWNER_ALONE = 0o600

# What reading a zip of which bytes were changed can come to; a directory that points outside the file as EINVAL.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)

Kind = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        format: Of the backup; a later one is not read.
        kind: Of database.
        made_at: ISO 8601, in UTC.
        version: Of Regulars.
        files: SHA-256 of every file in the backup, by name.
        rows: Of every table.
    """

    format: int
    kind: Kind
    made_at: str
    version: str
    files: Mapping[str, str]
    rows: Mapping[str, int]


def write_archive(path: Path, *, manifest: Manifest, folder: Path) -> None:
    """Writes the files of a folder with their manifest; the caller moves it to its name.

    Args:
        path: The file to write.
        manifest: Names the files.
        folder: Where they lie.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
    with os.fdopen(handle, "wb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2) + "\n")
            for name in manifest.files:
                archive.write(folder / name, name)
        stream.flush()
        os.fsync(stream.fileno())


def read_archive(path: Path, folder: Path | None = None) -> Manifest:
    """Reads a backup to its end and sees that every file in it is as its digest says.

    Args:
        path: The backup.
        folder: An empty one that its files go to; without one they are only read.

    Raises:
        NotABackup: It is something else, or of a later format.
        BackupDamaged: A file is missing, or is not as it was written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            if manifest.format != FORMAT:
                raise NotABackup(path=path)
            for name, digest in manifest.files.items():
                # A name is a name here, never a way out of the folder.
                if Path(name).name != name:
                    raise NotABackup(path=path)
                with archive.open(name) as source:
                    read = _passed_on(source, None if folder is None else folder / name)
                if read != digest:
                    raise BackupDamaged(path=path, why=_not_as_written(name))
    except (*DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        if not zipfile.is_zipfile(path):
            raise NotABackup(path=path) from error
        raise BackupDamaged(path=path, why=_not_as_written(path.name)) from error
    except (KeyError, ValueError, TypeError) as error:
        raise NotABackup(path=path) from error
    return manifest


def _passed_on(source: IO[bytes], target: Path | None) -> str:
    """The digest of what is read, which goes to a file where there is one for it."""
    digest = hashlib.sha256()
    with ExitStack() as until_read:
        written = None
        if target is not None:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT, OWNER_ALONE)
            written = until_read.enter_context(os.fdopen(handle, "wb"))
        while part := source.read(READ_BYTES):
            digest.update(part)
            if written is not None:
                written.write(part)
        if written is not None:
            written.flush()
            os.fsync(written.fileno())
    return digest.hexdigest()


def _not_as_written(name: str) -> str:
    return gettext("{file} in it is not as it was written.").format(file=name)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_on_disk(folder: Path) -> None:
    """Makes the names in a folder last through a loss of power, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
