"""Keeping what was counted of everybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from regulars.people.models import Counted

LOOKS_NOTED_EVERY = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)


def keep_counted(what: str, figures: Any, *, places: Sequence[UUID] = (), now: datetime) -> None:
    """Keeps what was counted, in the place of what was counted before.

    Args:
        what: Which figures, and of whom.
        figures: As JSON.
        places: Those whose people alone were counted; none for everybody.
        now: When.
    """
    said = {"figures": figures, "counted_at": now, "places": list(map(str, places))}
    Counted.objects.update_or_create(what=what, defaults=said)


def note_look(what: str, *, now: datetime) -> None:
    """Notes that somebody looks at what was counted; one look an hour is enough."""
    lately = Q(looked_at=None) | Q(looked_at__lt=now - LOOKS_NOTED_EVERY)
    Counted.objects.filter(lately, what=what).update(looked_at=now)


def forget_unseen(*, now: datetime) -> None:
    """Forgets what was counted of some places that nobody looked at for a day."""
    unseen = Q(looked_at=None) | Q(looked_at__lt=now - FORGOTTEN_AFTER)
    Counted.objects.filter(unseen).exclude(places=[]).delete()
