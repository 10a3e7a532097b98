"""A database that is away, or has no room, is told from a mistake of ours."""

import sqlite3

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError
from psycopg import errors

from regulars.kernel.errors import DatabaseUnreachable, DiskFull
from regulars.stream.away import hindered_by, in_the_way


def raised(cause, kind=OperationalError):
    error = kind()
    error.__cause__ = cause
    return error


def sqlite(code):
    error = sqlite3.OperationalError("told")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        (psycopg.OperationalError("connection refused"), DatabaseUnreachable),
        (errors.AdminShutdown(), DatabaseUnreachable),
        (errors.CannotConnectNow(), DatabaseUnreachable),
        (errors.TooManyConnections(), DatabaseUnreachable),
        (errors.DiskFull(), DiskFull),
        (errors.DeadlockDetected(), type(None)),
        (sqlite(sqlite3.SQLITE_CANTOPEN), DatabaseUnreachable),
        (sqlite(sqlite3.SQLITE_FULL), DiskFull),
        (sqlite(sqlite3.SQLITE_ERROR), type(None)),
    ],
)
def test_what_stands_in_the_way_is_told_by_the_databases_own_state(cause, found):
    assert isinstance(in_the_way(raised(cause)), found)


def test_every_other_error_is_none_of_it():
    assert in_the_way(ValueError()) is None
    assert in_the_way(raised(errors.NumericValueOutOfRange(), DataError)) is None


def test_the_log_says_in_a_sentence_what_kept_work_from_being_done_and_names_nobody():
    for twice in (errors.UniqueViolation(), sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE)):
        assert hindered_by(raised(twice, IntegrityError)) == (
            "somebody else wrote the same at that moment (IntegrityError); it is done anew"
        )
    for fault in (errors.ForeignKeyViolation(), sqlite(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY)):
        assert "did not do what was asked" in hindered_by(raised(fault, IntegrityError))
    assert "asked again soon" in hindered_by(OperationalError("ana@web.de"))
    assert "ana" not in hindered_by(OperationalError("ana@web.de"))
