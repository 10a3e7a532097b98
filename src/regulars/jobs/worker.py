"""A worker: takes one job after the other until it is told to stop.

What a job tells of its progress is kept in memory and written when no transaction of the work is open,
and by a thread of its own while the work is silent, so that nothing waits for it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, connections

from regulars.jobs import presence
from regulars.jobs.core import EXPORT, HEARD_OF_EVERY, IMPORT, SCORE
from regulars.jobs.errors import JobFailed
from regulars.jobs.kinds.exports import export_table
from regulars.jobs.kinds.imports import take_in
from regulars.jobs.kinds.scores import score
from regulars.jobs.models import Job
from regulars.jobs.services import (
    TakenAway,
    asked,
    fail,
    finish,
    give_back,
    keep_waiting,
    take,
    tell,
)
from regulars.jobs.sweeping import sweep
from regulars.kernel.errors import RegularsError, told_of
from regulars.kernel.ids import new_id
from regulars.kernel.language import speaking
from regulars.kernel.progress import Progress
from regulars.scoring.errors import ScoringBusy
from regulars.stream.away import hindered_by
from regulars.stream.errors import LakeBusy

ASKED_EVERY_SECONDS = 2.0
SWEPT_EVERY_SECONDS = 30.0
WRITTEN_EVERY_SECONDS = 0.5
STOPS_WITHIN_SECONDS = 5.0

log = logging.getLogger(__name__)


class Work(Protocol):
    """Does a job and says what it came to."""

    def __call__(self, job: Job, *, progress: Progress, now: datetime) -> Mapping[str, Any]: ...  # noqa: D102


WORK: Mapping[str, Work] = {SCORE: score, EXPORT: export_table, IMPORT: take_in}


class Stopped(Exception):
    """The worker is told to stop; the job goes on with another."""


def now_in_utc() -> datetime:
    """The time of the clock."""
    return datetime.now(UTC)


class Telling:
    """What a job tells of how far it is."""

    def __init__(self, job: Job, stop: threading.Event, clock: Callable[[], datetime]) -> None:
        self.job, self.stop, self.clock = job, stop, clock
        self.stage, self.fraction = "", None
        self.is_taken_away = False
        self.is_over = threading.Event()
        self.written_at = 0.0

    stage: str
    fraction: float | None

    def __call__(self, stage: str, fraction: float | None = None) -> None:
        """Told by the work itself.

        Raises:
            Stopped: The worker is to stop.
            TakenAway: The job is another worker's by now.
        """
        self.stage, self.fraction = stage, fraction
        if self.stop.is_set():
            raise Stopped
        if self.is_taken_away:
            raise TakenAway
        if time.monotonic() - self.written_at >= WRITTEN_EVERY_SECONDS:
            if connection.in_atomic_block:
                return
            self.write()

    def write(self) -> None:
        """Writes it down; a database that is busy is asked another time."""
        self.written_at = time.monotonic()
        with suppress(DatabaseError):
            tell(self.job, stage=self.stage, fraction=self.fraction, now=self.clock())

    def keep_telling(self) -> None:
        """Writes it down every few seconds, for as long as the work goes on."""
        try:
            while not self.is_over.wait(HEARD_OF_EVERY.total_seconds()):
                self.write()
        except TakenAway:
            self.is_taken_away = True
        finally:
            connections.close_all()

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Has it written by a thread of its own until the block ends."""
        thread = threading.Thread(target=self.keep_telling, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.is_over.set()
            thread.join()


class Worker:
    """Takes jobs, one after the other.

    Args:
        clock: Tells the time.
    """

    def __init__(self, *, clock: Callable[[], datetime] = now_in_utc) -> None:
        self.name = new_id().hex
        self.clock = clock
        self.stop = threading.Event()
        self.thread: threading.Thread | None = None

    def work_off(self) -> int:
        """Does everything that waits, in this thread.

        Returns:
            How many jobs were taken.
        """
        taken = 0
        while (job := take(worker=self.name, now=self.clock())) is not None:
            self.work_at(job)
            taken += 1
            if self.stop.is_set():
                break
        sweep(now=self.clock())
        return taken

    def work(self) -> None:
        """Takes jobs until it is told to stop."""
        swept_at = float("-inf")
        with presence.present(Path(settings.HOME), self.name):
            while not self.stop.is_set():
                close_old_connections()
                try:
                    job = take(worker=self.name, now=self.clock())
                    if job is not None:
                        self.work_at(job)
                        swept_at = float("-inf")  # its file may not be needed any more
                    elif time.monotonic() - swept_at >= SWEPT_EVERY_SECONDS:
                        sweep(now=self.clock())
                        swept_at = time.monotonic()
                except DatabaseError as error:  # asked again soon
                    log.warning("A turn of the worker: %s", hindered_by(error))
                    job = None
                except Exception as error:  # noqa: BLE001  (whatever it is, the next turn is taken)
                    log.error("a turn failed: %s", told_of(error))  # noqa: TRY400
                    job = None
                if job is None:
                    asked.wait(ASKED_EVERY_SECONDS)
                    asked.clear()
        connections.close_all()

    def start(self) -> None:
        """Takes jobs in a thread beside whatever else this process does."""
        self.thread = threading.Thread(target=self.work, daemon=True, name="jobs")
        self.thread.start()

    def wait(self) -> None:
        """Waits until it is told to stop.

        Not by joining the thread: a join that a signal interrupts takes the thread for over (in Python 3.11).
        """
        self.stop.wait()

    def end(self) -> None:
        """Stops within seconds; what is under way is left for whoever comes next."""
        self.stop.set()
        asked.set()
        if self.thread is not None:
            self.thread.join(STOPS_WITHIN_SECONDS)

    def work_at(self, job: Job) -> None:
        """Does a job that was taken."""
        telling = Telling(job, self.stop, self.clock)
        with suppress(TakenAway), speaking(job.language):
            try:
                with telling.beside():
                    result = WORK[job.kind](job, progress=telling, now=self.clock())
            except Stopped:
                give_back(job, now=self.clock())
            except (ScoringBusy, LakeBusy):
                keep_waiting(job, now=self.clock())
            except RegularsError as error:
                fail(job, error=error, now=self.clock())
            except (TakenAway, DatabaseError):
                raise
            except Exception as error:  # noqa: BLE001  (whatever it is, the next job is done)
                log.error("job %s of kind %s failed: %s", job.id, job.kind, told_of(error))  # noqa: TRY400
                fail(job, error=JobFailed(), now=self.clock())
            else:
                finish(job, result=result, now=self.clock())
