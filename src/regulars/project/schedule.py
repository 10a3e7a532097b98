"""When work is done that nobody waits for, in the quiet hours: scores of each whole day, and a backup.

The question whether something is due is asked every few minutes, of the business's own clock and of
what has been done, so a night that the computer slept through is made up for when it wakes.
"""

import logging
import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from django.conf import settings
from django.db import close_old_connections

from regulars.kernel.actor import SYSTEM
from regulars.kernel.errors import RegularsError
from regulars.people.queries import aliases, business
from regulars.project.backups import daily
from regulars.scoring.queries import latest_run
from regulars.scoring.services import run_scoring, thin_history

QUIET_HOUR = 3  # what was left over of the day before has been told by then
ASKED_EVERY_MINUTES = 5

log = logging.getLogger(__name__)


def day_due(now: datetime, *, timezone: str, scored: date | None) -> date | None:
    """The last whole day, from the quiet hour after it on, unless it has been scored.

    Args:
        now: Aware.
        timezone: Of the business.
        scored: The latest day that has been scored.
    """
    local = now.astimezone(ZoneInfo(timezone))
    whole = local.date() - timedelta(days=1 if local.hour >= QUIET_HOUR else 2)
    return whole if scored is None or scored < whole else None


def score_what_is_due(now: datetime) -> None:
    """Scores the day that is due, if one is and there is a business, and thins old scores."""
    house = business()
    if house is None:
        return
    last = latest_run()
    day = day_due(now, timezone=house.time_zone, scored=last.until if last else None)
    if day is not None:
        run_scoring(until=day, actor=SYSTEM, now=now, kept=aliases())
        thin_history(now=now)


def back_up_what_is_due(now: datetime) -> None:
    """Backs up a shop's own file once a day, if there is a business."""
    house = business()
    if house is None:
        return
    local = now.astimezone(ZoneInfo(house.time_zone))
    if local.hour >= QUIET_HOUR:
        address = os.environ.get("DATABASE_URL")
        daily(home=settings.HOME, address=address, today=local.date(), now=now)


def ask() -> None:
    """Does what is due now; what keeps it from being done is asked about again soon."""
    for work in (back_up_what_is_due, score_what_is_due):
        close_old_connections()
        try:
            work(datetime.now(UTC))
        except RegularsError as error:
            log.warning("%s", error)
        finally:
            close_old_connections()


def in_background() -> BaseScheduler:
    """Asks beside whatever else this process does, until it ends."""
    return _started(BackgroundScheduler(timezone=UTC, daemon=True))


def until_told_to_stop() -> None:
    """Asks and does nothing else."""
    _started(BlockingScheduler(timezone=UTC))


def _started(scheduler: BaseScheduler) -> BaseScheduler:
    scheduler.add_job(
        ask,
        "interval",
        minutes=ASKED_EVERY_MINUTES,
        next_run_time=datetime.now(UTC),
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.start()
    return scheduler
