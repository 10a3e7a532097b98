"""Keeping what was counted of everybody."""

from datetime import datetime
from typing import Any

from regulars.people.models import Counted


def keep_counted(what: str, figures: Any, *, now: datetime) -> None:
    """Keeps what was counted, in the place of what was counted before.

    Args:
        what: Which figures, and of whom.
        figures: As JSON.
        now: When.
    """
    Counted.objects.update_or_create(what=what, defaults={"figures": figures, "counted_at": now})
