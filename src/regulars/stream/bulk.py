"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite.

For files of millions. What comes in by the thousand goes through ``services``, and gives the same rows.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from regulars.kernel.actor import Actor
from regulars.kernel.ids import new_id_text
from regulars.stream.hot import stored
from regulars.stream.models import Event
from regulars.stream.sql_bulk import (
    ARRIVING,
    COPY,
    CREATE_ARRIVING,
    INSERT,
    INSERT_ARRIVED,
    KNOWN_TOTALS,
    ONCE,
)
from regulars.stream.types import TYPES


class Prepared(NamedTuple):
    """An event whose data fit its type already, as the log keeps it.

    Attributes:
        type: Of `regulars.stream.types.TYPES`.
        key: What the source calls it.
        customer_id: Whom it is about, as 32 digits, or None while nobody knows.
        occurred_at: When, as `regulars.stream.hot.stored` gives it.
        data: JSON, as `regulars.stream.services.checked` would give it.
        id: Of the event, as 32 digits.
    """

    type: str
    key: str
    customer_id: str | None
    occurred_at: str
    data: str
    id: str


EVENT_COLUMNS = (
    *("id", "type", "version", "source", "key", "customer_id", "occurred_at", "recorded_at"),
    *("recorded_by", "data"),
)


def known_totals(source: str, keys: Sequence[str]) -> dict[str, int | None]:
    """Those of a source's keys whose events are in the log already, each with what it came to.

    Returns:
        In minor units; None for what comes to nothing, as a referral.
    """
    asked: Any = list(keys) if connection.vendor == "postgresql" else json.dumps(list(keys))
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_TOTALS[connection.vendor], (source, asked))
        return dict(cursor.fetchall())


def append_many(
    *, events: Iterable[Prepared], source: str, once: bool = True, actor: Actor, now: datetime
) -> int:
    """Appends events in their order, each once; to be called inside a transaction.

    Args:
        events: Whose data fit their types.
        source: Who tells.
        once: Whether those that were there before are left out. They are refused otherwise, with all
            that the transaction holds, and what is new is written in half the time.
        actor: Who says so.
        now: When.

    Returns:
        How many were written.

    Raises:
        IntegrityError: Not asked to leave it out, and one was there before.
    """
    versions = {name: kind.version for name, kind in TYPES.items()}
    by, at = str(actor), stored(now)
    rows = (
        (own, kind, versions[kind], source, key, customer, moment, at, by, data)
        for kind, key, customer, moment, data, own in events
    )
    table = Event._meta.db_table  # noqa: SLF001
    return write_rows(table, EVENT_COLUMNS, rows, once=("source", "key") if once else ())


def prepared(kind: str, key: str, customer_id: str | None, occurred_at: str, data: str) -> Prepared:
    """An event with an id of its own."""
    return Prepared(kind, key, customer_id, occurred_at, data, new_id_text())


def write_rows(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    once: Sequence[str] = (),
) -> int:
    """Writes rows to a table; to be called inside a transaction.

    Args:
        table: Its name in the database.
        columns: Of ours, never what somebody typed; the others take the database's own defaults.
        rows: Their values, texts and numbers as `regulars.stream.hot.stored` gives them.
        once: Columns whose values together are there once; what is there already stays.

    Returns:
        How many were written.

    Raises:
        IntegrityError: One cannot stand beside what is there.
    """
    names = ", ".join(columns)
    rest = ONCE.format(columns=", ".join(once)) if once else ""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(columns))
            statement = INSERT.format(table=table, columns=names, marks=marks) + rest
            cursor.executemany(statement, list(rows))
            return max(int(cursor.rowcount), 0)
        if not once:
            return _copied(cursor, table, names, rows)
        # COPY knows no conflicts, so the rows arrive in a table of this transaction's own.
        cursor.execute(CREATE_ARRIVING.format(table=table, columns=names))
        _copied(cursor, ARRIVING, names, rows)
        cursor.execute(INSERT_ARRIVED.format(table=table, columns=names) + rest)
        written = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {ARRIVING}")
        return written


def _copied(cursor: Any, table: str, names: str, rows: Iterable[Sequence[Any]]) -> int:
    statement = COPY.format(table=table, columns=names)
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    return int(cursor.rowcount)
