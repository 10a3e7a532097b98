"""Dates in all their forms are the same day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.insight import errors
from regulars.insight.engines import Engine
from regulars.insight.reading import PurchaseLines, Source, read_purchases
from regulars.insight.reading.date_survey import shifts_between
from regulars.kernel.clock import day_of

Read = Callable[..., PurchaseLines]
Lines = Callable[[PurchaseLines], list[dict[str, Any]]]
HEADER = "customer_id;occurred_at;amount\n"

LAST_OF_JANUARY = [
    "2024-01-31",
    "2024-01-31 23:59:59.999",
    "2024-01-31T10:00:00Z",
    "2024-01-31 10:00:00 +0100",
    "2024-01-31T10:00:00.123456+05:30",
    "2024/01/31 10:00",
    "31.01.2024",
    "31.1.24 9:05",
    "31/01/2024",
    "31-01-2024 10:00",
    "01/31/2024 11:59 PM",
    "Jan 31, 2024",
    "January 31st, 2024",
    "31 Jan 2024 10:00",
    "31-Jan-24",
    "31. Januar 2024",
    "31 ene 2024",
    "31 de enero de 2024",
    "miércoles, 31 de enero de 2024",
    "31 ม.ค. 2567",
    "31 ม.ค. 67 10:30",
    "วันพุธที่ 31 มกราคม พ.ศ. 2567",
    "31/01/2567",
    "2567-01-31",
    "Wed, 31 Jan 2024 11:00:00 +0000",
    "1706700000",
    "1706700000000",
    "20240131",
]


@pytest.mark.parametrize("text", LAST_OF_JANUARY)
def test_many_forms_are_one_day(read: Read, lines_of: Lines, text: str) -> None:
    (line,) = lines_of(read(f"{HEADER}ana;{text};5\n"))
    assert day_of(line["day"]) == date(2024, 1, 31)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024-01-31 25:00", "31.13.2024", "yesterday", "12", "0000-00-00", "2024-01-31 at noon"]
)  # fmt: skip
def test_what_is_no_day_is_a_bad_date(read: Read, text: str) -> None:
    assert read(f"{HEADER}ana;2024-01-01;5\nben;{text};5\n").rejected == {"bad_date": 1}


def test_one_date_decides_for_the_whole_file_whether_the_day_comes_first(
    read: Read, lines_of: Lines
) -> None:
    european = read(f"{HEADER}ana;02/01/2024;5\nben;13/01/2024;5\n")
    assert day_of(lines_of(european)[0]["day"]) == date(2024, 1, 2)
    american = read(f"{HEADER}ana;02/01/2024;5\nben;01/13/2024;5\n")
    assert day_of(lines_of(american)[0]["day"]) == date(2024, 2, 1)
    assert any("month/day/year" in note for note in american.notes)


def test_where_nothing_decides_the_day_comes_first_unless_dollars_are_paid(
    read: Read, lines_of: Lines
) -> None:
    undecided = read(f"{HEADER}ana;02/01/2024;5\n")
    assert day_of(lines_of(undecided)[0]["day"]) == date(2024, 1, 2)
    assert any("No date tells" in note for note in undecided.notes)
    dollars = read(f"{HEADER}ana;02/01/2024;$5\n")
    assert day_of(lines_of(dollars)[0]["day"]) == date(2024, 2, 1)
    asked = read(f"{HEADER}ana;02/01/2024;5\n", day_first=False)
    assert day_of(lines_of(asked)[0]["day"]) == date(2024, 2, 1)


def test_a_time_with_an_offset_falls_on_the_day_of_the_business(
    read: Read, lines_of: Lines
) -> None:
    # Berlin is an hour ahead of UTC in winter and two in summer.
    content = (
        f"{HEADER}ana;2024-01-31T23:30:00Z;5\nben;2024-07-01 22:30:00 UTC;5\n"
        "cem;2024-12-01T22:30:00Z;5\ndee;2024-07-01 23:30;5\n"
    )
    in_berlin = [day_of(row["day"]) for row in lines_of(read(content, timezone="Europe/Berlin"))]
    assert in_berlin == [
        date(2024, 2, 1),
        date(2024, 7, 2),
        date(2024, 12, 1),
        date(2024, 7, 1),  # without an offset it is local already
    ]
    in_utc = read(content)
    assert [day_of(row["day"]) for row in lines_of(in_utc)] == [
        date(2024, 1, 31),
        date(2024, 7, 1),
        date(2024, 12, 1),
        date(2024, 7, 1),
    ]
    assert any("UTC" in note for note in in_utc.notes)


def test_a_time_zone_that_nobody_keeps_is_refused(read: Read) -> None:
    with pytest.raises(errors.UnknownTimezone, match="Europe/Atlantis"):
        read(f"{HEADER}ana;2024-01-31;5\n", timezone="Europe/Atlantis")


@given(
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Asia/Bangkok", "Australia/Lord_Howe"]
    ),
    start=st.integers(0, 1_900_000_000),
    seconds=st.lists(st.integers(0, 40_000_000), min_size=1, max_size=20),
)
@settings(max_examples=30, deadline=None)
def test_the_shifts_of_a_zone_are_those_of_the_calendar(
    zone: str, start: int, seconds: list[int]
) -> None:
    last = start + max(seconds)
    shifts = list(shifts_between(ZoneInfo(zone), start, last))
    for instant in (start + second for second in seconds):
        offset = next(shift for begin, shift in reversed(shifts) if instant >= begin)
        told = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).utcoffset()
        assert told is not None
        assert offset == told.total_seconds()


def test_years_of_the_buddhist_era_are_said(read: Read, lines_of: Lines) -> None:
    found = read(f"{HEADER}ana;29/02/2567;5\nben;1/3/2567;5\n")
    assert [day_of(row["day"]) for row in lines_of(found)] == [date(2024, 2, 29), date(2024, 3, 1)]
    assert "Years such as 2567 are read in the Buddhist era." in found.notes


def test_days_that_a_spreadsheet_counted_are_dates_if_all_are(read: Read, lines_of: Lines) -> None:
    found = read(f"{HEADER}ana;45322;5\nben;45322.99;5\n")
    assert [day_of(row["day"]) for row in lines_of(found)] == [date(2024, 1, 31)] * 2
    assert any("spreadsheets count days" in note for note in found.notes)
    # Among other dates such a number is none.
    assert read(f"{HEADER}ana;2024-01-31;5\nben;45322;5\n").rejected == {"bad_date": 1}


def test_a_column_that_says_utc_is_brought_to_the_time_zone(read: Read, lines_of: Lines) -> None:
    content = "customer_id,Date (UTC),amount\nana,2024-01-31 23:30:00,5\nben,2024-01-31 9:00 PM,5\n"
    in_berlin = read(content, timezone="Europe/Berlin", columns={"occurred_at": "Date (UTC)"})
    # Half past eleven in UTC is half past midnight in Berlin; nine in the evening is ten.
    assert [day_of(row["day"]) for row in lines_of(in_berlin)] == [
        date(2024, 2, 1),
        date(2024, 1, 31),
    ]
    # No cell has an offset, so none is spoken of.
    in_utc = read(content, columns={"occurred_at": "Date (UTC)"})
    assert "Times are read in UTC, as the name of their column says." in in_utc.notes
    assert any("brought to the time zone Europe/Berlin" in note for note in in_berlin.notes)
    assert not any("offset" in note for note in in_utc.notes + in_berlin.notes)
    named = content.replace("23:30:00", "23:30:00 +0200").replace("9:00 PM", "21:00+02:00")
    with_offset = read(named, columns={"occurred_at": "Date (UTC)"})
    assert "Times with an offset are brought to the time zone UTC." in with_offset.notes
    assert not any("name of their column" in note for note in with_offset.notes)


def test_a_timestamp_in_a_column_that_says_utc_is_brought_to_the_time_zone(
    engine: Engine, tmp_path: Path
) -> None:
    late = datetime(2024, 1, 31, 23, 30)  # noqa: DTZ001  (as the file has it)
    table = {"customer_id": ["ana"], "Date (UTC)": [late], "amount": [5]}
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    source = Source(
        paths=tmp_path / "a.parquet",
        timezone="Europe/Berlin",
        columns={"occurred_at": "Date (UTC)"},
    )
    (line,) = engine.fetch(read_purchases(engine, source).table()).to_pylist()
    assert day_of(line["day"]) == date(2024, 2, 1)
