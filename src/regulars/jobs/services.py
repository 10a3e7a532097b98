"""Asking for work, taking it, telling how far it is, ending it.

A job is taken by comparing and setting: whoever changes the row that they have seen has it, and whoever
had it before finds out at the next thing they tell.
"""

import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from regulars.jobs import files, presence
from regulars.jobs.core import (
    AGAIN_AFTER,
    DONE,
    EXPORT,
    FAILED,
    IMPORT,
    MORE_MERGES_AWAITED,
    MOST_LOST,
    RUNNING,
    SCORE,
    WAITING,
    Form,
    Standing,
    Table,
    may_be_taken,
)
from regulars.jobs.errors import FileGone, JobLost, JobUnderWay, NoSuchUpload
from regulars.jobs.models import Fetched, Job, Upload
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, language, speaking
from regulars.people.audit import table_taken
from regulars.scoring.queries import last_day, latest_run

asked = threading.Event()
"""Rung when something was asked for in this process, so that its worker need not be waited for."""


class TakenAway(Exception):
    """Another worker has the job by now."""


def ask_for_scores(
    *, until: date | None = None, only: str | None = None, actor: Actor, now: datetime
) -> UUID:
    """Asks for everybody to be scored; one that waits already will do for all.

    Args:
        until: The last day that counts, or None for today, by the business's clock.
        only: A name under which it is asked for once, or None. One that failed may be asked for again.
        actor: Who asks.
        now: When.

    Returns:
        The job's id.

    Raises:
        DateOutOfRange: The day lies before 1900 or has not begun.
    """
    options = {} if until is None else {"until": last_day(until, now=now).isoformat()}
    with transaction.atomic():
        known = Job.objects.filter(kind=SCORE)
        found = (
            known.filter(only=only).first()
            if only
            else known.filter(state=WAITING, options=options).first()
        )
        if found is None:
            return _ask(SCORE, options, only=only, actor=actor, now=now)
        if found.state == FAILED:
            _wait_again(found, now=now)
        return found.id


def ask_for_scores_again(*, actor: Actor, now: datetime) -> None:
    """Asks for the last day's scores anew, once two customers are one person, or two again; inside a transaction.

    So it does once somebody did not bring whom they were said to have brought. It waits a little, so that whoever
    looks through many pairs asks once. Where nobody was scored yet, nothing is asked for.

    Args:
        actor: Who said so.
        now: When.
    """
    last = latest_run()
    if last is None:
        return
    job = ask_for_scores(until=last.until, actor=actor, now=now)
    fresh = Job.objects.filter(id=job, state=WAITING, asked_at=now)
    fresh.update(not_before=now + MORE_MERGES_AWAITED)


def ask_for_export(
    *, table: Table, form: Form, since: datetime | None = None, actor: Actor, now: datetime
) -> UUID:
    """Asks for a table as a file.

    Args:
        table: Which.
        form: Of the file.
        since: Of events, only those that were recorded from then on.
        actor: Who asks.
        now: When.
    """
    options: dict[str, Any] = {"table": table, "form": form}
    if since is not None and table == "events":
        options["since"] = since.isoformat()
    return _ask(EXPORT, options, actor=actor, now=now)


def ask_for_import(
    *, upload_id: UUID, reading: files.Reading, is_dry: bool, actor: Actor, now: datetime
) -> UUID:
    """Asks for a file that was handed in to be taken in.

    Args:
        upload_id: Of the file.
        reading: What it holds, and how it is to be read.
        is_dry: Whether to find out only what would be.
        actor: Who asks.
        now: When.

    Raises:
        NoSuchUpload: There never was such a file.
        FileGone: It is not there any more.
        JobUnderWay: It is being worked at.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(id=upload_id).first()
        if upload is None:
            raise NoSuchUpload
        if upload.removed_at is not None or files.uploaded(upload.id) is None:
            raise FileGone
        if upload.jobs.filter(state__in=(WAITING, RUNNING)).exists():
            raise JobUnderWay
        options = {"what": reading.what, "is_dry": is_dry}
        job = _ask(IMPORT, options, upload=upload, actor=actor, now=now)
        files.keep_reading(files.job_folder(job), reading)
    return job


def note_fetched(*, job_id: UUID, actor: Actor, now: datetime) -> None:
    """Writes down that somebody took away what a job had written; inside a transaction."""
    Fetched.objects.create(job_id=job_id, fetched_by=str(actor), fetched_at=now)
    job = Job.objects.get(id=job_id)
    if job.kind == EXPORT:
        table, rows = job.options["table"], job.result.get("rows", 0)
        table_taken(table=table, rows=rows, actor=actor, now=now)


def take(*, worker: str, now: datetime) -> Job | None:
    """The next job, from now on this worker's alone; None where there is none to be taken.

    Work whose worker is gone is taken up again, for a few times.

    Args:
        worker: Its name.
        now: When.
    """
    home = Path(settings.HOME)
    for job in Job.objects.filter(finished_at=None).order_by("asked_at", "id"):
        standing = Standing(
            job.state, job.not_before, job.seen_at, presence.is_gone(home, job.worker)
        )
        if not may_be_taken(standing, now=now):
            continue
        lost = job.lost + (job.state == RUNNING)
        if lost > MOST_LOST:
            _end(job, FAILED, now=now, error=JobLost(times=lost))
            continue
        seen = Job.objects.filter(id=job.id, state=job.state, taken=job.taken)
        mine = seen.update(
            state=RUNNING,
            worker=worker,
            taken=job.taken + 1,
            lost=lost,
            seen_at=now,
            started_at=job.started_at or now,
        )
        if mine:
            job.refresh_from_db()
            return job
    return None


def tell(job: Job, *, stage: str, fraction: float | None, now: datetime) -> None:
    """Tells how far a job is, and that its worker is there.

    Raises:
        TakenAway: It is another worker's by now.
    """
    told = _mine(job).update(stage=stage[:200], fraction=fraction, seen_at=now)
    if not told:
        raise TakenAway


def finish(job: Job, *, result: Mapping[str, Any], now: datetime) -> None:
    """A job is done.

    Args:
        job: As it was taken.
        result: Counts and ids.
        now: When.

    Raises:
        TakenAway: It is another worker's by now.
    """
    _end(job, DONE, now=now, result=result)


def fail(job: Job, *, error: RegularsError, now: datetime) -> None:
    """A job cannot be done.

    Raises:
        TakenAway: It is another worker's by now.
    """
    _end(job, FAILED, now=now, error=error)


def give_back(job: Job, *, now: datetime, wait: timedelta = timedelta()) -> None:
    """A job is left for whoever comes next.

    Args:
        job: As it was taken.
        now: When.
        wait: For how long nobody takes it.
    """
    _mine(job).update(
        state=WAITING,
        worker="",
        not_before=now + wait,
        stage=gettext("Waits to go on"),
        fraction=None,
    )


def keep_waiting(job: Job, *, now: datetime) -> None:
    """A job needs what is in use at this moment, and comes again soon."""
    give_back(job, now=now, wait=AGAIN_AFTER)


def _ask(
    kind: str,
    options: Mapping[str, Any],
    *,
    only: str | None = None,
    upload: Upload | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    job = Job(
        kind=kind,
        state=WAITING,
        options=dict(options),
        upload=upload,
        asked_at=now,
        asked_by=str(actor),
        language=language(),
        only=only,
        not_before=now,
    )
    if only is None:
        job.save()
    else:
        # Another process may be asking for the same at this moment.
        Job.objects.bulk_create([job], ignore_conflicts=True)
        job = Job.objects.get(only=only)
    transaction.on_commit(asked.set)
    return job.id


def _wait_again(job: Job, *, now: datetime) -> None:
    Job.objects.filter(id=job.id, state=FAILED).update(
        state=WAITING, not_before=now, finished_at=None, lost=0, error="", stage="", fraction=None
    )
    transaction.on_commit(asked.set)


def _mine(job: Job) -> Any:
    return Job.objects.filter(id=job.id, state=RUNNING, taken=job.taken)


def _end(
    job: Job,
    state: str,
    *,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    error: RegularsError | None = None,
) -> None:
    with transaction.atomic():
        seen = Job.objects.filter(id=job.id, state=job.state, taken=job.taken)
        ended = seen.update(
            state=state,
            worker="",
            finished_at=now,
            stage="",
            fraction=None,
            result=dict(result or {}),
            error=error.code if error else "",
        )
        if not ended:
            raise TakenAway
        if error is not None:
            with speaking(job.language):
                files.keep_told(job.id, files.Told(error=_said_of(job, error)))


def _said_of(job: Job, error: RegularsError) -> str:
    """What keeps a job from being done; where its file lies is nobody's business."""
    if job.upload_id is None:
        return str(error)
    return str(error).replace(f"{files.upload_folder(job.upload_id)}/", "")
