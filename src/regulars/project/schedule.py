"""When work is asked for that nobody waits for, in the quiet hours: scores of each whole day, and a backup.

The question whether something is due is asked every few minutes, of the business's own clock and of
what has been done, so a night that the computer slept through is made up for when it wakes. However many
processes ask, a night's scores are one job. A refund that missed its purchase finds it.
Mail goes out beside it, every few seconds.
"""

import logging
import os
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from django.conf import settings
from django.db import close_old_connections

from regulars.intake.services import follow_what_was_missed
from regulars.jobs.services import ask_for_scores
from regulars.kernel.actor import SYSTEM
from regulars.kernel.errors import RegularsError, told_of
from regulars.kernel.language import speaking
from regulars.measure.services import count_again
from regulars.people.queries import business
from regulars.project.backups import daily
from regulars.project.mailing import beside, take_in_what_came_back
from regulars.scoring.models import Run
from regulars.scoring.queries import latest_run

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


def ask_for_scores_due(now: datetime) -> UUID | None:
    """Asks for the scores of the day that is due, if one is and there is a business.

    Args:
        now: When.

    Returns:
        The job's id, or None where nothing is due.
    """
    house = business()
    if house is None:
        return None
    last = latest_run()
    scored = None if last is None else whole_day_of(last, timezone=house.time_zone)
    day = day_due(now, timezone=house.time_zone, scored=scored)
    if day is None:
        return None
    with speaking(house.language):
        return ask_for_scores(until=day, only=f"night {day}", actor=SYSTEM, now=now)


def whole_day_of(run: Run, *, timezone: str) -> date:
    """The last day that a run saw to its end: one that was made during a day has not seen all of it."""
    made = run.started_at.astimezone(ZoneInfo(timezone)).date()
    return min(run.until, made - timedelta(days=1))


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
    due = (
        *(back_up_what_is_due, ask_for_scores_due, take_in_what_came_back, follow_what_was_missed),
        count_again,
    )
    for work in due:
        close_old_connections()
        try:
            work(datetime.now(UTC))
        except RegularsError as error:
            log.warning("%s", error)
        except Exception as error:  # noqa: BLE001  (the other work is not to suffer for it)
            log.error("%s failed: %s", work.__name__, told_of(error))  # noqa: TRY400
        finally:
            close_old_connections()


def in_background() -> BaseScheduler:
    """Asks beside whatever else this process does, until it ends."""
    scheduler = BackgroundScheduler(timezone=UTC, daemon=True)
    scheduler.add_job(
        ask,
        "interval",
        minutes=ASKED_EVERY_MINUTES,
        next_run_time=datetime.now(UTC),
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.start()
    beside()
    return scheduler
