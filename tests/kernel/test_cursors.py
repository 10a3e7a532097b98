"""A cursor brings back what a page ended at, and nothing else is one."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.cursors import (
    InvalidCursor,
    as_moment,
    as_number,
    as_number_or_none,
    cursor_of,
    ends_at,
    ends_at_both,
    paged,
)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_moment_and_a_number_come_back(when, position):
    assert ends_at_both(cursor_of(when, position), as_moment, as_number) == (when, position)


@given(st.none() | st.integers(0, 2**63 - 1), st.uuids())
def test_what_is_not_known_comes_back_as_that(spent, customer):
    assert ends_at_both(cursor_of(spent, customer), as_number_or_none, UUID) == (spent, customer)


@given(st.text(max_size=60))
def test_nothing_else_is_a_cursor(text):
    for kind in (as_moment, as_number, UUID):
        try:
            known = ends_at(text, kind)
        except InvalidCursor:
            continue
        assert cursor_of(known)  # an accident that reads as one


@pytest.mark.parametrize(
    "cursor",
    [cursor_of(10**30), cursor_of(1, 2), cursor_of(), "x", "ü", "~", ""],
)
def test_a_number_too_large_one_value_too_many_and_none_are_refused(cursor):
    with pytest.raises(InvalidCursor):
        ends_at(cursor, as_number)


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(InvalidCursor):
        ends_at(cursor_of(datetime(2026, 6, 30)), as_moment)  # noqa: DTZ001  (that is the point)


def test_a_page_knows_whether_another_follows():
    def by_itself(row: int) -> tuple[int]:
        return (row,)

    assert paged([3, 2, 1], limit=2, ordered_by=by_itself) == ((3, 2), cursor_of(2))
    assert paged([3, 2], limit=2, ordered_by=by_itself) == ((3, 2), None)
    assert paged([], limit=2, ordered_by=by_itself) == ((), None)
