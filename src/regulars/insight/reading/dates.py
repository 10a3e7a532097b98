"""From whatever a file calls a date to the local day, as days since 1970-01-01.

Texts are told apart and rearranged by regular expressions that DuckDB's and Java's engines read alike;
neither engine's own leniency with dates is used, because they differ.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import ROW_DAY
from regulars.insight.reading.date_forms import (
    CLOCK,
    INSTANT,
    TEXT,
    WRITTEN,
    ZONE,
    days_since_1970,
    with_written,
)
from regulars.insight.reading.identities import trimmed

EARLIEST_DAY = -25567  # 1900-01-01
LATEST_DAY = 84005  # 2199-12-31
SECONDS_PER_DAY = 86_400

PLAIN = r"^(?:1\d|2[01])\d{2}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?$"
WITH_ZONE = rf"{CLOCK}{ZONE}$"
UNIX = r"^\d{9,10}(\.\d+)?$"
UNIX_MILLISECONDS = r"^\d{12,13}$"
UNIX_MICROSECONDS = r"^\d{15,16}$"
CLOCK_AT_END = rf"{CLOCK}$"


@dataclass(frozen=True, kw_only=True)
class DateStyle:
    """How the dates of a column are written.

    Attributes:
        plain: Whether all are ISO 8601 without an offset, the common and quick case.
        day_first: Whether 01/02/2024 is in February.
        offsets: Whether some are instants: with an offset, or counted from 1970.
        utc: Whether times without an offset are in UTC, as the column's name says.
        excel: Whether all are days as spreadsheets count them.
        shifts: The business's offset from UTC in seconds, by the instant (Unix seconds) from
            which it holds, ascending.
        notes: What was decided, in words.
    """

    plain: bool = False
    day_first: bool = True
    offsets: bool = False
    utc: bool = False
    excel: bool = False
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)
    notes: tuple[str, ...] = ()


def with_days(rows: ir.Table, column: str, style: DateStyle) -> ir.Table:
    """Adds ``__day``: the local day, days since 1970-01-01, int32; null where there is no date.

    One step a column, because an expression is written out for each of its uses.
    """
    values = rows[column]
    kind = values.type()
    if kind.is_date():
        day = days_since_1970(values)
    elif kind.is_timestamp() and kind.timezone is None and not style.utc:
        day = days_since_1970(values.date())
    elif kind.is_timestamp():
        day = local_day(values.epoch_seconds(), style)
    elif style.plain:
        day = days_since_1970(values.cast("string").substr(0, 10).try_cast("date"))
    elif style.offsets:
        rows = with_instants(rows, column, style)
        instant = rows[INSTANT]
        day = ibis.ifelse(instant.notnull(), local_day(instant, style), rows[WRITTEN])
    else:
        rows = with_texts(rows, column, style)
        day = rows[WRITTEN]
    rows = rows.mutate(**{ROW_DAY: day})
    day = rows[ROW_DAY]
    believed = ibis.ifelse(day.between(EARLIEST_DAY, LATEST_DAY), day, None)
    return rows.mutate(**{ROW_DAY: believed.cast("int32")})


def as_text(values: ir.Value, *, utc: bool) -> ir.StringValue:
    """Values as trimmed text; numbers without what follows the point, times in UTC with a Z."""
    if values.type().is_floating():
        values = ibis.ifelse(values.isnan() | values.isinf(), None, values)
        values = values.floor().try_cast("int64")
    text = trimmed(values.cast("string"))
    return ibis.ifelse(text.re_search(CLOCK_AT_END), text.concat("Z"), text) if utc else text


def local_day(instant: ir.IntegerValue, style: DateStyle) -> ir.IntegerValue:
    """The day of an instant (Unix seconds) in the business's zone."""
    (_, shift), *later = style.shifts
    shifts = ibis.literal(shift, "int64")
    if later:
        # The last piece that has begun, so the latest is asked first.
        shifts = ibis.cases(
            *[
                (instant >= start, ibis.literal(offset, "int64"))
                for start, offset in reversed(later)
            ],
            else_=shifts,
        )
    return ((instant + shifts) / SECONDS_PER_DAY).floor().cast("int64")


def with_texts(rows: ir.Table, column: str, style: DateStyle) -> ir.Table:
    """Adds each cell's text and the day as it is written."""
    rows = rows.mutate(**{TEXT: as_text(rows[column], utc=style.utc)})
    return with_written(rows, day_first=style.day_first, excel=style.excel)


def with_instants(rows: ir.Table, column: str, style: DateStyle) -> ir.Table:
    """Adds the day as it is written, and Unix seconds where an instant is named."""
    rows = with_texts(rows, column, style)
    return rows.mutate(**{INSTANT: instant_of(rows[TEXT], rows[WRITTEN])})


def instant_of(text: ir.StringValue, written: ir.IntegerValue) -> ir.IntegerValue:
    """Unix seconds of the texts that name an instant; null for local ones."""

    def part(index: int) -> ir.StringValue:
        return text.re_extract(WITH_ZONE, index)

    def number(digits: ir.StringValue) -> ir.IntegerValue:
        return digits.nullif("").try_cast("int64").fill_null(0)

    half = part(4).lower()
    hour = number(part(1))
    hour = ibis.cases(
        ((half == "p") & (hour < 12), hour + 12),  # noqa: PLR2004  (noon)
        ((half == "a") & (hour == 12), hour - 12),  # noqa: PLR2004  (midnight)
        else_=hour,
    )
    zone = part(5)
    sign = ibis.ifelse(zone.startswith("-"), -1, 1)
    offset = ibis.ifelse(
        zone.re_search(r"^[+-]"),
        sign
        * (number(zone.substr(1, 2)) * 60 + number(zone.re_extract(r"^[+-]\d{2}:?(\d{2})$", 1)))
        * 60,
        0,
    )
    seconds = hour * 3600 + number(part(2)) * 60 + number(part(3)) - offset
    digits = text.re_extract(r"^(\d+)", 1).try_cast("int64")
    return ibis.cases(
        (text.re_search(UNIX), digits),
        (text.re_search(UNIX_MILLISECONDS), (digits / 1000).floor().cast("int64")),
        (text.re_search(UNIX_MICROSECONDS), (digits / 1_000_000).floor().cast("int64")),
        (text.re_search(WITH_ZONE), written * SECONDS_PER_DAY + seconds),
        else_=ibis.null("int64"),
    )
