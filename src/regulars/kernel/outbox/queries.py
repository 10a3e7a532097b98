"""Reads of the outbox."""

from datetime import datetime, timedelta

from regulars.kernel.outbox.models import OutboxRow


def overdue(*, now: datetime, longer_than: timedelta) -> int:
    """How many rows that were due so long ago nobody has tried, or that failed since so long."""
    since = now - longer_than
    waiting = OutboxRow.objects.filter(ended_at=None)
    untouched = waiting.filter(due_at__lt=since)
    failing = waiting.filter(tries__gt=0, written_at__lt=since)
    return (untouched | failing).count()
