"""Cursors of pages: where one ends, as opaque text that a reader hands back to read on.

A cursor holds the values that the last row of a page is ordered by, so that the next page begins after
them whatever came or went in between.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark

Value = datetime | UUID | int | None
Row = TypeVar("Row")
First = TypeVar("First")
Second = TypeVar("Second")
BETWEEN = "~"
LARGEST_NUMBER = 2**63 - 1


class InvalidCursor(RegularsError):
    """A cursor that no page gave."""

    code = "invalid_cursor"
    sentence = mark("The cursor is none of ours; begin at the first page.")


def paged(
    found: Iterable[Row], *, limit: int, ordered_by: Callable[[Row], tuple[Value, ...]]
) -> tuple[tuple[Row, ...], str | None]:
    """The rows of a page, and the cursor of the next one or None at the end.

    Args:
        found: As they are ordered; one more than the page shows where there is a next one.
        limit: How many the page shows.
        ordered_by: The values that a row is ordered by.
    """
    rows = tuple(found)
    page = rows[:limit]
    return page, cursor_of(*ordered_by(page[-1])) if len(rows) > limit else None


def cursor_of(*values: Value) -> str:
    """The cursor of the values that a row is ordered by."""
    text = BETWEEN.join("" if one is None else _written(one) for one in values)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def ends_at(cursor: str, kind: Callable[[str], First]) -> First:
    """The one value of a cursor; see `ends_at_both`."""
    (text,) = _texts(cursor, 1)
    try:
        return kind(text)
    except ValueError as error:
        raise InvalidCursor from error


def ends_at_both(
    cursor: str, first: Callable[[str], First], second: Callable[[str], Second]
) -> tuple[First, Second]:
    """The two values of a cursor.

    Args:
        cursor: As a page gave it.
        first: How the first is read: `as_moment`, `as_number`, `as_number_or_none` or `UUID`.
        second: How the second is.

    Raises:
        InvalidCursor: No page gave it.
    """
    one, other = _texts(cursor, 2)
    try:
        return first(one), second(other)
    except ValueError as error:
        raise InvalidCursor from error


def as_moment(text: str) -> datetime:
    """A moment with its zone.

    Raises:
        ValueError: It is none.
    """
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found


def as_number(text: str) -> int:
    """A whole number that a database can hold.

    Raises:
        ValueError: It is none.
    """
    found = int(text)
    if abs(found) > LARGEST_NUMBER:
        raise ValueError
    return found


def as_number_or_none(text: str) -> int | None:
    """A whole number, or None.

    Raises:
        ValueError: It is neither.
    """
    return as_number(text) if text else None


def _written(value: datetime | UUID | int) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _texts(cursor: str, count: int) -> list[str]:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise InvalidCursor from error
    found = text.split(BETWEEN)
    if len(found) != count:
        raise InvalidCursor
    return found
