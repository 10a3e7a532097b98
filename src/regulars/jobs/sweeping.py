"""Files of jobs go when their time is over, and when somebody is erased who may stand in them."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from regulars.jobs import files, presence
from regulars.jobs.core import (
    DONE,
    RESULTS_KEPT,
    RUNNING,
    UPLOADS_KEPT,
    WAITING,
    erasing_done_at,
    is_over,
)
from regulars.jobs.models import Job, Upload
from regulars.jobs.replaced import remove_replaced
from regulars.people.models import Erasure


def last_erasure() -> datetime | None:
    """When erasing somebody was done last: what is written later holds nobody who was erased."""
    found = Erasure.objects.aggregate(
        done=Max("done_at"), begun=Max("erased_at", filter=Q(done_at=None))
    )
    return erasing_done_at(done_at=found["done"], begun_at=found["begun"])


def sweep(*, now: datetime) -> int:
    """Removes what is over; work that waits or is under way keeps its file until it is done.

    Args:
        now: When.

    Returns:
        How many folders were removed.
    """
    erased_at, gone = last_erasure(), 0
    there = Upload.objects.filter(removed_at=None)
    for upload in there.exclude(jobs__state__in=(WAITING, RUNNING)):
        if is_in(upload) or is_over(
            made_at=upload.made_at, kept=UPLOADS_KEPT, erased_at=erased_at, now=now
        ):
            remove_upload(upload.id, now=now)
            gone += 1
    written = {path.name: path for path in (files.root() / files.RESULTS).glob("*")}
    ids = {name: one for name in written if (one := _id_of(name)) is not None}
    jobs = Job.objects.in_bulk(list(ids.values()))
    for name, one in ids.items():
        folder, job = written[name], jobs.get(one)
        if job is not None and job.finished_at and is_result_over(job, erased_at, now=now):
            files.remove(folder)
            gone += 1
    gone += _remove_what_nobody_knows(now)
    begun_at = Erasure.objects.aggregate(last=Max("erased_at"))["last"]
    gone += remove_replaced(Path(settings.HOME), erased_at=begun_at, now=now)
    working = Job.objects.filter(state=RUNNING).values_list("worker", flat=True)
    presence.forget_the_gone(Path(settings.HOME), but=frozenset(working))
    return gone


def sweep_after_erasure(*, now: datetime) -> None:
    """Removes at once what may name somebody who is being erased, when that is written down for good."""
    transaction.on_commit(lambda: sweep(now=now), robust=True)


def is_in(upload: Upload) -> bool:
    """Whether a file was taken in, so that it is not needed any more."""
    return upload.jobs.filter(state=DONE, options__is_dry=False).exists()


def is_result_over(job: Job, erased_at: datetime | None, *, now: datetime) -> bool:
    """Whether what a job wrote is not to be seen any more."""
    made_at = job.started_at or job.asked_at
    return is_over(made_at=made_at, kept=RESULTS_KEPT, erased_at=erased_at, now=now)


def remove_upload(upload_id: UUID, *, now: datetime) -> None:
    """Removes a file that was handed in; that it was stays known."""
    files.remove(files.upload_folder(upload_id))
    Upload.objects.filter(id=upload_id).update(removed_at=now)


def discard_upload(upload_id: UUID) -> None:
    """Forgets a file that was handed in, and that it ever was."""
    files.remove(files.upload_folder(upload_id))
    Upload.objects.filter(id=upload_id).delete()


def _remove_what_nobody_knows(now: datetime) -> int:
    """Removes what is old and has no row, because whoever brought it was cut off."""
    gone = 0
    for file in (files.root() / files.ARRIVING).glob("*"):
        if _is_old(file, now):
            file.unlink(missing_ok=True)
            gone += 1
    for kind, rows in ((files.UPLOADS, Upload), (files.RESULTS, Job)):
        for folder in (files.root() / kind).glob("*"):
            known = _id_of(folder.name)
            if known is None or not _is_old(folder, now):
                continue
            if not rows.objects.filter(id=known).exists():
                files.remove(folder)
                gone += 1
    return gone


def _id_of(name: str) -> UUID | None:
    """What a folder is called after; None for one that is not ours."""
    try:
        return UUID(name)
    except ValueError:
        return None


def _is_old(path: Path, now: datetime) -> bool:
    """Whether nobody has touched it for as long as files are kept; what has just gone is not."""
    try:
        touched_at = path.stat().st_mtime
    except FileNotFoundError:
        return False
    return datetime.fromtimestamp(touched_at, UTC) <= now - UPLOADS_KEPT
