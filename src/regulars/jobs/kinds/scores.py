"""Scoring everybody from the log."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from regulars.jobs.models import Job
from regulars.kernel.actor import parsed
from regulars.kernel.progress import Progress
from regulars.scoring.models import Run
from regulars.scoring.queries import last_day
from regulars.scoring.services import run_scoring, thin_history


def score(job: Job, *, progress: Progress, now: datetime) -> Mapping[str, Any]:
    """Scores everybody up to a day, today if none is asked for, and lets go of old scores.

    Args:
        job: As it was asked for.
        progress: Told about each stage.
        now: When.

    Returns:
        The run, and from how much it was made.
    """
    asked = job.options.get("until")
    run_id = run_scoring(
        until=last_day(date.fromisoformat(asked) if asked else None, now=now),
        actor=parsed(job.asked_by),
        now=now,
        progress=progress,
    )
    thin_history(now=now)
    run = Run.objects.get(id=run_id)
    return {
        "run_id": str(run_id),
        "until": run.until.isoformat(),
        "customers": run.customers,
        "events": run.events,
    }
