"""The quick way to ask the database, for the few statements that every event goes through.

On PostgreSQL a statement is prepared once a connection, and bound by the server. Screens and all
that is asked seldom go through the ORM.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections


def rows(statements: Mapping[str, str], told: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a statement of ours gives, in the transaction that is open, if one is.

    Args:
        statements: The same one in the words of each database.
        told: Its parameters: texts, numbers, ids and moments.
    """
    own = connections[DEFAULT_DB_ALIAS]
    statement = statements[own.vendor]
    if own.vendor != "postgresql":
        with own.cursor() as cursor:
            cursor.execute(statement, told)
            return cursor.fetchall() if cursor.description else []
    from psycopg import Cursor  # noqa: PLC0415  (optional part)

    own.close_if_health_check_failed()
    own.ensure_connection()
    own.validate_no_broken_transaction()
    with own.wrap_database_errors, Cursor(own.connection) as prepared:
        prepared.execute(statement, told, prepare=True)
        has_rows = prepared.pgresult is not None and prepared.pgresult.nfields
        return prepared.fetchall() if has_rows else []


def leave_old_connection() -> None:
    """What Django does before every request, but for a caller who is inside a transaction."""
    own = connections[DEFAULT_DB_ALIAS]
    if not own.in_atomic_block:
        own.close_if_unusable_or_obsolete()


def as_id(value: UUID | str) -> UUID:
    """An id as Python has it; SQLite keeps its digits."""
    return value if isinstance(value, UUID) else UUID(value)


def as_moment(value: datetime) -> datetime:
    """A moment as Python has it; SQLite keeps no zone, which is UTC."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def stored(value: Any) -> Any:
    """A value as Django keeps it on SQLite, and as PostgreSQL reads it where it is told that it is UTC."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value
