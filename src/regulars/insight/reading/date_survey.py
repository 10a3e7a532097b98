"""How a column's dates are written, decided from all its values."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ibis.expr.types as ir

from regulars.insight.engines import Engine
from regulars.insight.errors import UnknownTimezone
from regulars.insight.reading.date_forms import (
    EXCEL,
    INSTANT,
    SLASHED,
    in_buddhist_era,
)
from regulars.insight.reading.dates import (
    EARLIEST_DAY,
    LATEST_DAY,
    PLAIN,
    SECONDS_PER_DAY,
    UNIX,
    UNIX_MICROSECONDS,
    UNIX_MILLISECONDS,
    WITH_ZONE,
    DateStyle,
    as_text,
    with_instants,
)
from regulars.kernel.language import gettext

UTC_COLUMN = "(utc)"


def survey_dates(
    engine: Engine,
    table: ir.Table,
    column: str,
    *,
    timezone: str | None,
    day_first: bool | None,
    american: bool,
) -> DateStyle:
    """Decides, from all its values, how a column's dates are written.

    Args:
        engine: Counts.
        table: The rows.
        column: The file's column.
        timezone: The business's IANA zone, or None for UTC.
        day_first: The person's word on 01/02/2024, or None.
        american: Whether the currency suggests that the month comes first.

    Raises:
        UnknownTimezone: There is no such zone.
    """
    zone = zone_of(timezone)
    values = table[column]
    utc = column.strip().casefold().endswith(UTC_COLUMN)
    naive = values.type().is_timestamp() and values.type().timezone is None
    if values.type().is_date() or (naive and not utc):
        return DateStyle(plain=True)
    if values.type().is_timestamp():
        notes = zone_notes(zone, in_utc=naive, with_offset=not naive)
        style = DateStyle(offsets=True, utc=utc, notes=notes)
        return in_zone(engine, values.epoch_seconds(), style, zone)
    odd = (~values.cast("string").re_search(PLAIN)).sum().cast("int64")
    if not utc and not engine.fetch(odd.name("n").as_table())["n"][0].as_py():
        return DateStyle(plain=True)
    counts = count_forms(engine, table.select(text=as_text(values, utc=utc)))
    first_is_day, said = order_of_parts(counts, day_first=day_first, american=american)
    excel = 0 < counts["excel"] == counts["filled"]
    if excel:
        said.append(gettext("Dates are read as the numbers by which spreadsheets count days."))
    if counts["buddhist"]:
        said.append(gettext("Years such as 2567 are read in the Buddhist era."))
    named = count_forms(engine, table.select(text=as_text(values, utc=False))) if utc else counts
    said += zone_notes(
        zone,
        in_utc=counts["instants"] > named["instants"],
        with_offset=named["instants"] > 0,
    )
    style = DateStyle(
        day_first=first_is_day,
        offsets=counts["instants"] > 0,
        utc=utc,
        excel=excel,
        notes=tuple(said),
    )
    if not style.offsets:
        return style
    return in_zone(engine, with_instants(table, column, style)[INSTANT], style, zone)


def count_forms(engine: Engine, table: ir.Table) -> dict[str, int]:
    """How many of a table's dates (``text``) are written so that something is to be decided."""
    text = table.text
    slashed = text.re_search(SLASHED)
    first, second = (text.re_extract(SLASHED, part).try_cast("int64") for part in (1, 2))
    instant = text.re_search(WITH_ZONE) | text.re_search(
        rf"{UNIX}|{UNIX_MILLISECONDS}|{UNIX_MICROSECONDS}"
    )
    counts = engine.fetch(
        table.aggregate(
            slashed=slashed.sum().cast("int64"),
            first_is_day=(slashed & (first > 12)).sum().cast("int64"),  # noqa: PLR2004  (months)
            second_is_day=(slashed & (second > 12)).sum().cast("int64"),  # noqa: PLR2004  (months)
            instants=instant.sum().cast("int64"),
            excel=text.re_search(EXCEL).sum().cast("int64"),
            filled=(text != "").sum().cast("int64"),
            buddhist=in_buddhist_era(text).sum().cast("int64"),
        )
    ).to_pylist()[0]
    return {name: count or 0 for name, count in counts.items()}


def order_of_parts(
    counts: dict[str, int], *, day_first: bool | None, american: bool
) -> tuple[bool, list[str]]:
    """Whether the day comes first in slashed dates, and what to say about it."""
    if day_first is not None or not counts["slashed"]:
        return day_first is not False, []
    if counts["first_is_day"] != counts["second_is_day"]:
        decided = counts["first_is_day"] > counts["second_is_day"]
        order = gettext("day/month/year") if decided else gettext("month/day/year")
        return decided, [gettext("Dates are read as {order}.").format(order=order)]
    order = gettext("month/day/year") if american else gettext("day/month/year")
    if counts["first_is_day"]:
        said = gettext(
            "As many dates have the day first as the month; they are read as {order}, and the others "
            "are set aside."
        )
        return not american, [said.format(order=order)]
    return not american, [
        gettext(
            "No date tells whether the day or the month comes first; they are read as {order}."
        ).format(order=order)
    ]


def zone_of(timezone: str | None) -> ZoneInfo:
    """The zone of that name.

    Raises:
        UnknownTimezone: There is none.
    """
    try:
        return ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimezone(timezone=timezone) from error


def zone_notes(zone: ZoneInfo, *, in_utc: bool, with_offset: bool) -> tuple[str, ...]:
    """What is said about the time zone.

    Args:
        zone: The business's.
        in_utc: Whether some times have no offset and are in UTC, as their column's name says.
        with_offset: Whether some have one, or count from 1970.
    """
    notes = []
    if in_utc and zone.key == "UTC":
        notes.append(gettext("Times are read in UTC, as the name of their column says."))
    elif in_utc:
        notes.append(
            gettext(
                "Times are read in UTC, as the name of their column says, and brought to the time "
                "zone {timezone}."
            )
        )
    if with_offset:
        notes.append(gettext("Times with an offset are brought to the time zone {timezone}."))
    return tuple(note.format(timezone=zone.key) for note in notes)


def in_zone(
    engine: Engine, instants: ir.IntegerValue, style: DateStyle, zone: ZoneInfo
) -> DateStyle:
    """The style with the offsets that hold in the zone between the first and last instant."""
    if zone.key == "UTC":
        return style
    limits = engine.fetch(
        instants.name("instant")
        .as_table()
        .aggregate(
            first=lambda t: t.instant.min().cast("int64"),
            last=lambda t: t.instant.max().cast("int64"),
        )
    ).to_pylist()[0]
    if limits["first"] is None:
        return style
    low = max(limits["first"], EARLIEST_DAY * SECONDS_PER_DAY)
    high = min(limits["last"], LATEST_DAY * SECONDS_PER_DAY)
    return replace(style, shifts=tuple(shifts_between(zone, low, high)))


def shifts_between(zone: ZoneInfo, first: int, last: int) -> Iterable[tuple[int, int]]:
    """The zone's offsets in seconds with the instant each begins at, over a span of instants."""

    def offset_at(instant: int) -> int:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)
        shift = moment.astimezone(zone).utcoffset()
        return int(shift.total_seconds()) if shift is not None else 0

    offset = offset_at(first)
    yield first, offset
    while first < last:
        after = first + SECONDS_PER_DAY
        if offset_at(after) != offset:
            low, high = first, after
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset_at(middle) == offset else (low, middle)
            offset = offset_at(after)
            yield high, offset
        first = after
