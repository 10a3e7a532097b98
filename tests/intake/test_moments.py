"""When a row says something happened: its day always, its time of day where it has one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.intake.files.moments import (
    NO_CLOCK,
    NO_INSTANT,
    NO_ZONE,
    local_noon,
    moment_columns,
    moments,
)
from regulars.kernel.clock import epoch_day

# With changes at one, two and midnight, by half an hour, a day left out, and none.
ZONES = (
    *("Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "America/St_Johns"),
    *("Pacific/Apia", "Asia/Bangkok", "UTC"),
)
HOUR = 3600


def moment_of(zone, day, clock, offset):
    cells = {"day": epoch_day(day), "clock": clock, "zone": offset, "instant": NO_INSTANT}
    told = pa.table({name: [cell] for name, cell in cells.items()})
    (found,) = moments(told, zone)["moment"].to_pylist()
    return datetime.fromtimestamp(found, UTC)


@settings(deadline=None)
@given(st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_a_local_time_is_the_instant_that_its_zone_makes_of_it(local, zone):
    local = local.replace(microsecond=0)
    clock = local.hour * HOUR + local.minute * 60 + local.second
    day = epoch_day(local.date())
    found = moment_of(zone, local.date(), clock, NO_ZONE)
    there = local.replace(tzinfo=ZoneInfo(zone))
    if clock == 0:
        assert found == local_noon(day, zone)
    elif there.astimezone(UTC).astimezone(ZoneInfo(zone)).date() == local.date():
        assert found == there.astimezone(UTC)


@settings(deadline=None)
@given(
    st.dates(date(1995, 1, 1), date(2035, 1, 1)),
    st.sampled_from(ZONES),
    st.integers(-1, 86_399),
    st.sampled_from((NO_ZONE, 0, -3 * HOUR, 7 * HOUR)),
)
def test_whatever_the_time_of_day_the_day_is_the_one_that_was_read(day, zone, clock, offset):
    # Samoa had no 30 December 2011.
    if zone == "Pacific/Apia" and day == date(2011, 12, 30):
        return
    found = moment_of(zone, day, clock, offset)
    assert found.astimezone(ZoneInfo(zone)).date() == day


@settings(deadline=None)
@given(st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_an_instant_with_an_offset_is_itself(local, zone):
    instant = local.replace(microsecond=0, tzinfo=UTC)
    written = instant + timedelta(hours=2)
    clock = written.hour * HOUR + written.minute * 60 + written.second
    day = instant.astimezone(ZoneInfo(zone)).date()
    assert moment_of(zone, day, clock, 2 * HOUR) == instant


@pytest.mark.parametrize(
    ("text", "clock", "zone", "instant"),
    [
        ("2026-06-30", None, None, None),
        ("2026-06-30T08:15:30", 8 * HOUR + 15 * 60 + 30, None, None),
        ("30.06.2026 8:15", 8 * HOUR + 15 * 60, None, None),
        ("06/30/2026 12:05 am", 5 * 60, None, None),
        ("06/30/2026 12:05 PM", 12 * HOUR + 5 * 60, None, None),
        ("06/30/2026 3:05 p.m.", 15 * HOUR + 5 * 60, None, None),
        ("2026-06-30T08:15:00Z", 8 * HOUR + 15 * 60, 0, None),
        ("2026-06-30 08:15:00.123 +02:00", 8 * HOUR + 15 * 60, 2 * HOUR, None),
        ("2026-06-30T08:15:00-0330", 8 * HOUR + 15 * 60, -(3 * HOUR + 1800), None),
        ("2026-06-30T08:15:00+07", 8 * HOUR + 15 * 60, 7 * HOUR, None),
        ("1782807300", None, None, 1782807300),
        ("1782807300123", None, None, 1782807300),
        ("46203.5", 12 * HOUR, None, None),
        ("soon", None, None, None),
        ("", None, None, None),
    ],
)
def test_the_time_of_day_is_read_from_every_form_that_dates_are_read_from(
    text, clock, zone, instant
):
    columns = moment_columns("cell", "date", "VARCHAR")
    row = duckdb.sql(f"SELECT {columns} FROM (SELECT '{text}' AS cell)").fetchall()[0]  # noqa: S608
    none = (NO_CLOCK, NO_ZONE, NO_INSTANT)
    wanted = tuple(
        empty if value is None else value
        for value, empty in zip((clock, zone, instant), none, strict=True)
    )
    assert row == wanted


def test_a_column_that_says_so_is_in_utc():
    columns = moment_columns("cell", "Created (UTC)", "VARCHAR")
    row = duckdb.sql(f"SELECT {columns} FROM (SELECT '2026-06-30 08:15' AS cell)").fetchall()[0]  # noqa: S608
    assert row == (8 * HOUR + 15 * 60, 0, NO_INSTANT)
