"""Taking a file in that was handed in."""

import csv
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from regulars.insight import Source
from regulars.intake.files import (
    Errors,
    Imported,
    ground,
    import_customers,
    import_purchases,
    import_referrals,
)
from regulars.jobs import files
from regulars.jobs.errors import FileGone
from regulars.jobs.models import Job
from regulars.kernel.actor import parsed
from regulars.kernel.progress import Progress

TAKE_IN: Mapping[str, Callable[..., Imported]] = {
    "purchases": import_purchases,
    "refunds": import_purchases,
    "referrals": import_referrals,
    "customers": import_customers,
}


def take_in(job: Job, *, progress: Progress, now: datetime) -> Mapping[str, Any]:
    """Takes a file in, or finds out what would be.

    Args:
        job: As it was asked for.
        progress: Told about each stage.
        now: When.

    Returns:
        What became of every row, in counts.

    Raises:
        RegularsError: The file cannot be used.
    """
    upload, reading = job.upload, files.reading_of(job.id)
    path = None if upload is None else files.uploaded(upload.id)
    if upload is None or reading is None or path is None:
        raise FileGone
    files.keep_told(job.id, files.Told(name=path.name))
    more = {"all_refunds": True} if reading.what == "refunds" else {}
    set_aside = files.job_folder(job.id) / files.SET_ASIDE
    told = TAKE_IN[reading.what](
        source=Source(
            paths=path,
            columns=reading.columns,
            day_first=reading.day_first,
            decimal=reading.decimal,
            skip_ragged=reading.skip_ragged,
        ),
        ground=ground(),
        errors=Errors(path=set_aside),
        is_dry=bool(job.options["is_dry"]),
        actor=parsed(job.asked_by),
        now=now,
        progress=progress,
        **more,
    )
    if told.has_errors:
        _name_plainly(set_aside, path.name)
    else:
        set_aside.unlink(missing_ok=True)
    files.keep_told(job.id, files.Told(notes=told.notes))
    return {name: value for name, value in told.as_json().items() if name != "notes"}


def _name_plainly(set_aside: Path, name: str) -> None:
    """Says in the first column what the file is called, instead of where it lies here."""
    beside = set_aside.with_suffix(".part")
    with (
        set_aside.open(encoding="utf-8", newline="") as before,
        beside.open("w", encoding="utf-8", newline="") as after,
    ):
        rows, writer = csv.reader(before), csv.writer(after)
        writer.writerow(next(rows))
        writer.writerows([name, *row[1:]] for row in rows)
    beside.replace(set_aside)
