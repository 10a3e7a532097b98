"""Reads of scores: only of runs that are finished."""

from uuid import UUID

from regulars.scoring.models import Run, Score


def latest_run() -> Run | None:
    """The run that looks at the latest day; of several of one day, the one that ended last."""
    finished = Run.objects.exclude(finished_at=None)
    return finished.order_by("-until", "-finished_at", "-id").first()


def latest(customer_id: UUID) -> Score | None:
    """What the latest run found about somebody; None where it does not know them."""
    run = latest_run()
    if run is None:
        return None
    return Score.objects.filter(run=run, customer_id=customer_id).select_related("run").first()


def history(customer_id: UUID) -> tuple[Score, ...]:
    """What all runs found about somebody, the latest day first."""
    scores = Score.objects.filter(customer_id=customer_id).exclude(run__finished_at=None)
    ordered = scores.select_related("run").order_by("-run__until", "-run__finished_at", "-run__id")
    return tuple(ordered)
