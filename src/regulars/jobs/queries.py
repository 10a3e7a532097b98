"""Reads of jobs and of the files that belong to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q

from regulars.jobs import files
from regulars.jobs.core import DONE, IMPORT, RUNNING, WAITING
from regulars.jobs.errors import FileGone, NoSuchJob, NoSuchUpload
from regulars.jobs.models import Fetched, Job, Upload
from regulars.jobs.sweeping import is_result_over, last_erasure
from regulars.kernel.cursors import as_moment, ends_at_both, paged
from regulars.kernel.language import gettext


@dataclass(frozen=True)
class Page:
    """Some jobs, the latest first.

    Attributes:
        jobs: As they stand.
        cursor: Where the next page begins, or None at the end.
    """

    jobs: tuple[Job, ...]
    cursor: str | None


def job_of(job_id: UUID) -> Job:
    """A job as it stands.

    Raises:
        NoSuchJob: There is none of that id.
    """
    found = Job.objects.filter(id=job_id).first()
    if found is None:
        raise NoSuchJob
    return found


def jobs_page(*, kind: str | None = None, cursor: str | None = None, limit: int = 50) -> Page:
    """Jobs, the latest first.

    Args:
        kind: Of `regulars.jobs.core.KINDS`, or None for all.
        cursor: Of the page before, or None.
        limit: How many at most.

    Raises:
        InvalidCursor: No page gave that cursor.
    """
    jobs = Job.objects.order_by("-asked_at", "-id")
    if kind is not None:
        jobs = jobs.filter(kind=kind)
    if cursor is not None:
        asked_at, last = ends_at_both(cursor, as_moment, UUID)
        jobs = jobs.filter(Q(asked_at__lt=asked_at) | Q(asked_at=asked_at, id__lt=last))
    return Page(
        *paged(jobs[: limit + 1], limit=limit, ordered_by=lambda one: (one.asked_at, one.id))
    )


def latest_of(kind: str) -> Job | None:
    """The job of a kind that was asked for last."""
    return Job.objects.filter(kind=kind).order_by("-asked_at", "-id").first()


def latest_of_upload(upload_id: UUID) -> Job | None:
    """What was asked for last with a file that was handed in."""
    return Job.objects.filter(upload_id=upload_id).order_by("-asked_at", "-id").first()


def taken_in(*, most: int = 20) -> tuple[Job, ...]:
    """Files that were taken in, or are, the latest first."""
    jobs = Job.objects.filter(kind=IMPORT, options__is_dry=False)
    return tuple(jobs.order_by("-asked_at", "-id")[:most])


def uploads_there(*, most: int = 20) -> tuple[Upload, ...]:
    """Files that were handed in and not taken in yet, the latest first."""
    there = Upload.objects.filter(removed_at=None)
    waiting = there.exclude(jobs__options__is_dry=False, jobs__state__in=(WAITING, RUNNING, DONE))
    return tuple(waiting.order_by("-made_at", "-id")[:most])


def times_fetched(jobs: Collection[Job]) -> dict[UUID, int]:
    """How often what some jobs wrote was taken away; what never was is left out."""
    found = Fetched.objects.filter(job__in=jobs).values_list("job_id").annotate(Count("id"))
    return dict(found)


def is_open(job: Job | None) -> bool:
    """Whether something is still to come of a job."""
    return job is not None and job.state in (WAITING, RUNNING)


def why_failed(job: Job) -> str:
    """What kept a job from being done, in the language in which it was asked for."""
    told = files.told_by(job.id).error
    return told or gettext("It could not be done; the reason is not kept any more.")


def written_by(job: Job, *, now: datetime) -> Path:
    """The file that a job wrote: a table, or the rows that could not be used.

    Raises:
        FileGone: There is none, or its time is over.
    """
    if job.state != DONE or is_result_over(job, last_erasure(), now=now):
        raise FileGone
    path = files.job_folder(job.id) / str(job.result.get("file", files.SET_ASIDE))
    if not path.is_file():
        raise FileGone
    return path


def upload_of(upload_id: UUID) -> Upload:
    """A file that was handed in.

    Raises:
        NoSuchUpload: There never was one of that id.
    """
    found = Upload.objects.filter(id=upload_id).first()
    if found is None:
        raise NoSuchUpload
    return found
