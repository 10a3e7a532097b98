"""Files that are handed in: written to disk as they come, whole or not at all."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from regulars.insight.reading.source import TABLE_SUFFIXES
from regulars.jobs import files
from regulars.jobs.errors import UploadCutShort, UploadEmpty, UploadTooLarge, UploadUnnamed
from regulars.jobs.models import Upload
from regulars.kernel.actor import Actor
from regulars.kernel.ids import new_id

MEGABYTE = 1_000_000
OWNER_ALONE = 0o600


def receive(
    *,
    parts: Iterable[bytes],
    name: str,
    said_bytes: int | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Takes a file that comes part by part; it is never held in memory.

    Args:
        parts: Of the file, in their order.
        name: As the sender calls it; its ending says CSV or Parquet.
        said_bytes: How large it should be, or None where nobody said.
        actor: Who hands it in.
        now: When.

    Returns:
        The upload's id.

    Raises:
        UploadUnnamed: Its name does not say what it is.
        UploadTooLarge: It is larger than ``settings.REGULARS_UPLOAD_MB``.
        UploadEmpty: It has no byte.
        UploadCutShort: It ended too early.
    """
    called, limit = files.plain_file_name(name), settings.REGULARS_UPLOAD_MB
    if not called.lower().endswith(TABLE_SUFFIXES):
        raise UploadUnnamed(name=called)
    if said_bytes is not None and said_bytes > limit * MEGABYTE:
        raise UploadTooLarge(limit=limit)
    upload_id = new_id()
    folder = files.upload_folder(upload_id)
    folder.mkdir(mode=0o700, parents=True)
    try:
        size = _write(parts, folder / called, said_bytes=said_bytes, limit=limit)
        Upload.objects.create(id=upload_id, made_at=now, made_by=str(actor), size_bytes=size)
    except BaseException:
        files.remove(folder)
        raise
    return upload_id


def _write(parts: Iterable[bytes], path: Path, *, said_bytes: int | None, limit: int) -> int:
    """Writes the parts under a name that the file has only when it is whole; how many bytes it has.

    Raises:
        UploadTooLarge, UploadEmpty, UploadCutShort: It cannot be.
    """
    beside, size = path.with_name("arriving.part"), 0
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
    with os.fdopen(handle, "wb") as target:
        for part in parts:
            size += len(part)
            if size > limit * MEGABYTE:
                raise UploadTooLarge(limit=limit)
            target.write(part)
    if said_bytes is not None and size < said_bytes:
        raise UploadCutShort
    if not size:
        raise UploadEmpty
    beside.replace(path)
    return size
