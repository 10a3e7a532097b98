"""A transaction that waits for another which waits for it: one of the two is to begin anew."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

# A deadlock found, a transaction that could not be put in order.
AGAIN = ("40P01", "40001")
WAITS_SECONDS = (0.1, 0.4, 1.6)  # until the other is done
T = TypeVar("T")


def begun_anew(act: Callable[[], T]) -> T:
    """What an act does that writes all or nothing, begun anew where the database asks for it.

    Args:
        act: With transactions of its own. Within one that stands already it is done once.

    Raises:
        OperationalError: The database did not do it, for another reason or four times.
    """
    for wait in () if connection.in_atomic_block else WAITS_SECONDS:
        try:
            return act()
        except OperationalError as error:
            if not is_to_begin_anew(error):
                raise
            time.sleep(wait)
    return act()


def in_one(act: Callable[[], T]) -> T:
    """The same of an act in one transaction."""

    def whole() -> T:
        with transaction.atomic():
            return act()

    return begun_anew(whole)


def is_to_begin_anew(error: OperationalError) -> bool:
    """Whether the database gave up a transaction that may well succeed when it is begun anew."""
    return getattr(error.__cause__, "sqlstate", None) in AGAIN
