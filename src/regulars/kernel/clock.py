"""Units of time, so that nobody has to guess: days are counted, weeks are the models' unit.

A year is 52 weeks wherever a yearly rate meets weeks: d_week = (1 + d_year) ** (1 / 52) - 1, which
a continuous rate of log(1 + d_week) a week compounds to.
"""

import math
from datetime import UTC, date, datetime, timedelta

DAYS_PER_WEEK = 7
WEEKS_PER_YEAR = 52
EPOCH = date(1970, 1, 1)
FIRST_MOMENT, LAST_MOMENT = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# How far apart what belongs together may be told, or dated, the wrong way round: clocks are off, a day alone is known,
# a system catches up after the weekend. What is further apart is something else.
OUT_OF_ORDER_DAYS = 7


def epoch_day(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(epoch_days: int) -> date:
    """The date that is ``epoch_days`` after 1970-01-01."""
    return EPOCH + timedelta(days=int(epoch_days))


def moved(moment: datetime, *, by: timedelta) -> datetime:
    """A moment so much later, or earlier; the first or the last that there is where it would be beyond."""
    try:
        return moment + by
    except OverflowError:
        return LAST_MOMENT if by > timedelta() else FIRST_MOMENT


def continuous_weekly_rate(yearly_rate: float) -> float:
    """The rate delta a week with exp(52 delta) = 1 + ``yearly_rate``."""
    return math.log1p(yearly_rate) / WEEKS_PER_YEAR
