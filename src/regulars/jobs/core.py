"""The rules of long work: what there is, who may take it, for how long its files stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from regulars.kernel.language import mark

Kind = Literal["score", "export", "import"]
State = Literal["waiting", "running", "done", "failed"]
Taken = Literal["purchases", "refunds", "referrals", "customers"]
Table = Literal["customers", "events", "scores"]
Form = Literal["csv", "parquet", "json", "jsonl"]

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
SCORE, EXPORT, IMPORT = "score", "export", "import"
KINDS = {
    SCORE: mark("Score everybody"),
    EXPORT: mark("Write a table"),
    IMPORT: mark("Take a file in"),
}
STATES = {
    WAITING: mark("waits for its turn"),
    RUNNING: mark("under way"),
    DONE: mark("done"),
    FAILED: mark("could not be done"),
}
TAKEN: tuple[Taken, ...] = ("purchases", "refunds", "referrals", "customers")
TABLES: tuple[Table, ...] = ("customers", "events", "scores")
FORMS: tuple[Form, ...] = ("csv", "parquet", "json", "jsonl")

# A worker is heard of every few seconds; one that has not been for this long is taken for gone.
HEARD_OF_EVERY = timedelta(seconds=5)
GONE_AFTER = timedelta(seconds=60)
# What makes its worker die this often will make the next one die too.
MOST_LOST = 5
AGAIN_AFTER = timedelta(seconds=15)
MORE_MERGES_AWAITED = timedelta(minutes=2)

UPLOADS_KEPT = timedelta(hours=24)
RESULTS_KEPT = timedelta(days=7)
# Whoever is being erased is there for others until it is done; at the latest after this, where nobody noted when.
ERASING_TAKES = timedelta(minutes=1)


@dataclass(frozen=True)
class Standing:
    """What decides whether a job may be taken.

    Attributes:
        state: Of the job.
        not_before: When it may be taken.
        seen_at: When its worker was last heard of.
        is_worker_gone: Whether its worker is known to be no more.
    """

    state: str
    not_before: datetime
    seen_at: datetime | None
    is_worker_gone: bool


def may_be_taken(job: Standing, *, now: datetime) -> bool:
    """Whether a worker may take a job: it waits, or who worked at it is gone."""
    if job.state == WAITING:
        return job.not_before <= now
    if job.state != RUNNING:
        return False
    return job.is_worker_gone or job.seen_at is None or job.seen_at <= now - GONE_AFTER


def is_over(
    *, made_at: datetime, kept: timedelta, erased_at: datetime | None, now: datetime
) -> bool:
    """Whether a file's time is over: it is old, or somebody was erased who may stand in it.

    Args:
        made_at: When the file was written.
        kept: For how long files of its sort are kept.
        erased_at: When erasing somebody was last done (`erasing_done_at`), or None.
        now: When.
    """
    erased = erased_at is not None and made_at <= erased_at
    return erased or made_at <= now - kept


def erasing_done_at(*, done_at: datetime | None, begun_at: datetime | None) -> datetime | None:
    """Until when somebody who is erased by now may have come into a file.

    Args:
        done_at: When erasing was last done, as it was noted then; None where it never was.
        begun_at: When it last began without a note of its end; None where there is none.
    """
    by_then = None if begun_at is None else begun_at + ERASING_TAKES
    return max((one for one in (done_at, by_then) if one is not None), default=None)
