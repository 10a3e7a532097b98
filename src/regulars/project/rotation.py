"""Which of the daily backups are kept."""

from collections.abc import Iterable
from datetime import date

DAILY = 7
WEEKLY = 4


def kept(days: Iterable[date]) -> frozenset[date]:
    """The days whose backups are kept: the latest seven, and before them the last of each of four weeks.

    Args:
        days: On which there are backups, in any order.
    """
    latest_first = sorted(set(days), reverse=True)
    last_of_week: dict[tuple[int, int], date] = {}
    for day in latest_first[DAILY:]:
        year, week, _ = day.isocalendar()
        last_of_week.setdefault((year, week), day)
    weekly = list(last_of_week.values())[:WEEKLY]
    return frozenset((*latest_first[:DAILY], *weekly))
