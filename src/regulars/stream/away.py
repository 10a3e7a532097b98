"""Whether an error is the state of the database, and nobody's mistake."""

import sqlite3

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from regulars.kernel.errors import DatabaseUnreachable, DiskFull, RegularsError
from regulars.kernel.language import gettext

# Of PostgreSQL's states: connections, an end by its administrator, and too many who ask.
AWAY = ("08", "57P", "53300")
FULL = "53100"
TWICE = "23505"
BACK_IN_SECONDS = 5  # who was turned away may try again


def in_the_way(error: Exception) -> RegularsError | None:
    """What stands in the way where an error is the database's own state; None of every other error."""
    if not isinstance(error, InterfaceError | OperationalError) or error.__cause__ is None:
        return None
    cause = error.__cause__
    away = DatabaseUnreachable(why=gettext("it does not answer. Try again in a moment."))
    if isinstance(cause, sqlite3.Error):
        told = getattr(cause, "sqlite_errorcode", None)
        if told == sqlite3.SQLITE_FULL:
            return DiskFull()
        return away if told == sqlite3.SQLITE_CANTOPEN else None
    state = getattr(cause, "sqlstate", None)
    if state == FULL:
        return DiskFull()
    # A connection that was never made, or broke, has no state.
    return away if state is None or state.startswith(AWAY) else None


def hindered_by(error: DatabaseError) -> str:
    """What kept work from being done, for the log, without the error's own words: they may name somebody."""
    kind = type(error).__name__
    if isinstance(error, IntegrityError) and _is_there_already(error.__cause__):
        return f"somebody else wrote the same at that moment ({kind}); it is done anew"
    return f"the database did not do what was asked ({kind}); it is asked again soon"


def _is_there_already(cause: BaseException | None) -> bool:
    """Whether a row was refused because another has what only one may have."""
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) in (
            sqlite3.SQLITE_CONSTRAINT_UNIQUE,
            sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        )
    return getattr(cause, "sqlstate", None) == TWICE
