"""Passwords that somebody else chose, to be read out or written on a slip of paper."""

import secrets

# Nothing that looks like something else when it is read from a slip of paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4


def one_time_password() -> str:
    """A password of 79 bits that can be read out: four groups of four."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )
