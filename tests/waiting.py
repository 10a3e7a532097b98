"""Seeing that somebody waits for a lock of PostgreSQL, for tests of two at once."""

from django.db import connection

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def until_somebody_waits() -> None:
    """Returns as soon as another connection waits for what this one holds."""
    while not somebody_waits():
        pass


def somebody_waits() -> bool:
    """Whether a connection waits for what another one holds."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        ((waiting,),) = cursor.fetchall()
    return bool(waiting)
