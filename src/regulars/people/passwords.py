"""Passwords that are handed over on a slip of paper."""

import secrets
from datetime import datetime, timedelta

# Nothing that looks like something else when it is read out.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4
ONE_TIME_DAYS = 7


def one_time_password() -> str:
    """A password of 79 bits: four groups of four."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )


def is_too_old(made_at: datetime | None, *, now: datetime) -> bool:
    """Whether a one-time password lets nobody in any more; None is a password of one's own."""
    return made_at is not None and now - made_at > timedelta(days=ONE_TIME_DAYS)
