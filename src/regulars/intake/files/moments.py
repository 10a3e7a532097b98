"""When something happened, from what a row tells: the local day, and the time of day where it has one.

A row without a time of day is taken to have happened at noon, local time: no time zone's change of
clocks moves that to another day. Midnight to the second is how systems write "no time", so it
counts as none.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from regulars.insight.arrays import IntArray
from regulars.insight.reading.date_forms import CLOCK, ZONE
from regulars.insight.reading.date_survey import UTC_COLUMN, shifts_between, zone_of
from regulars.insight.reading.dates import (
    SECONDS_PER_DAY,
    UNIX,
    UNIX_MICROSECONDS,
    UNIX_MILLISECONDS,
)

NOON = SECONDS_PER_DAY // 2
NO_CLOCK, NO_ZONE, NO_INSTANT = -1, -1_000_000, -(2**62)
DAYS_BESIDE = (0, -1, 1)
EXCEL = r"^\d{5}\.\d+$"


def moment_columns(column: str, name: str, kind: str) -> str:
    """SQL of what a cell tells of the time of day: ``clock, zone, instant``, each with its "none".

    Args:
        column: The column, quoted.
        name: As the file calls it.
        kind: DuckDB's type of it.
    """
    utc = name.strip().casefold().endswith(UTC_COLUMN)
    clock, zone, instant = str(NO_CLOCK), str(NO_ZONE), str(NO_INSTANT)
    if kind.startswith("TIMESTAMP"):
        if utc or "ZONE" in kind:
            instant = f"coalesce(CAST(floor(epoch({column})) AS BIGINT), {NO_INSTANT})"
        else:
            parts = f"date_part('hour', {column}) * 3600 + date_part('minute', {column}) * 60"
            clock = f"coalesce({parts} + date_part('second', {column}), {NO_CLOCK})"
    elif kind != "DATE":
        text = f"trim(CAST({column} AS VARCHAR))"
        digits = f"TRY_CAST(regexp_extract({text}, '^\\d+') AS BIGINT)"
        instant = (
            f"CASE WHEN regexp_matches({text}, '{UNIX}') THEN {digits} "
            f"WHEN regexp_matches({text}, '{UNIX_MILLISECONDS}') THEN {digits} // 1000 "
            f"WHEN regexp_matches({text}, '{UNIX_MICROSECONDS}') THEN {digits} // 1000000 "
            f"ELSE {NO_INSTANT} END"
        )
        cell = f"regexp_extract({text}, '{CLOCK}(?:{ZONE})?$', ['hour', 'minute', 'second', 'half', 'zone'])"
        clock = (
            f"CASE WHEN regexp_matches({text}, '{EXCEL}') "
            f"THEN TRY_CAST(round(TRY_CAST({text} AS DOUBLE) % 1 * {SECONDS_PER_DAY}) AS BIGINT) "
            f"% {SECONDS_PER_DAY} "
            f"WHEN {cell}.minute = '' THEN {NO_CLOCK} ELSE "
            f"(TRY_CAST({cell}.hour AS BIGINT) % CASE WHEN {cell}.half = '' THEN 24 ELSE 12 END "
            f"+ CASE WHEN lower({cell}.half) = 'p' THEN 12 ELSE 0 END) * 3600 "
            f"+ TRY_CAST({cell}.minute AS BIGINT) * 60 "
            f"+ coalesce(TRY_CAST({cell}.second AS BIGINT), 0) END"
        )
        hours = f"TRY_CAST(substr({cell}.zone, 2, 2) AS BIGINT) * 60"
        minutes = (
            f"coalesce(TRY_CAST(regexp_extract({cell}.zone, '^...:?(\\d\\d)$', 1) AS BIGINT), 0)"
        )
        named = 0 if utc else NO_ZONE
        zone = (
            f"CASE WHEN {cell}.zone = '' THEN {named} "
            f"WHEN regexp_matches({cell}.zone, '^[+-]') THEN ({hours} + {minutes}) * 60 "
            f"* CASE WHEN starts_with({cell}.zone, '-') THEN -1 ELSE 1 END ELSE 0 END"
        )
    return (
        f"CAST({clock} AS BIGINT) AS clock, CAST({zone} AS BIGINT) AS zone, "
        f"CAST({instant} AS BIGINT) AS instant"
    )


def moments(told: pa.Table, timezone: str) -> pa.Table:
    """When it happened, for each different thing that rows tell.

    Args:
        told: ``day`` (since 1970-01-01, local) and the columns of `moment_columns`.
        timezone: The business's IANA zone.

    Returns:
        The same with ``moment``, Unix seconds; its local day is ``day``.
    """
    if not told.num_rows:
        return told.append_column("moment", pa.array([], pa.int64()))
    day, clock, zone, instant = (
        told[name].to_numpy().astype(np.int64) for name in ("day", "clock", "zone", "instant")
    )
    shifts = Shifts.of(zone_of(timezone), int(day.min()) - 2, int(day.max()) + 2)
    noon = shifts.instants(day * SECONDS_PER_DAY + NOON)
    found = noon.copy()
    local = (clock > 0) & (zone == NO_ZONE)
    found[local] = shifts.instants(day * SECONDS_PER_DAY + clock)[local]
    zoned = (clock >= 0) & (zone != NO_ZONE)
    for beside in DAYS_BESIDE:
        there = (day + beside) * SECONDS_PER_DAY + clock - zone
        fits = zoned & (shifts.days(there) == day)
        found[fits] = there[fits]
        zoned &= ~fits
    named = instant != NO_INSTANT
    found[named] = instant[named]
    # What leads to another day than the one that was read tells no time that could be believed.
    found = np.where(shifts.days(found) == day, found, noon)
    return told.append_column("moment", pa.array(found))


class Shifts:
    """A zone's offsets from UTC over a span of days, for many moments at once."""

    def __init__(self, starts: IntArray, offsets: IntArray) -> None:
        self.starts = starts
        self.offsets = offsets
        # On a day when clocks go back an hour comes twice; the first is meant.
        latest = np.maximum(offsets, np.concatenate((offsets[:1], offsets[:-1])))
        self.local_starts = starts + latest

    @classmethod
    def of(cls, zone: ZoneInfo, first_day: int, last_day: int) -> "Shifts":
        """The offsets that hold in a zone between two days."""
        pairs = list(shifts_between(zone, first_day * SECONDS_PER_DAY, last_day * SECONDS_PER_DAY))
        starts, offsets = (np.array(part, np.int64) for part in zip(*pairs, strict=True))
        return cls(starts, offsets)

    def instants(self, local: IntArray) -> IntArray:
        """The instants of local times, both in seconds since 1970-01-01."""
        place = np.searchsorted(self.local_starts, local, side="right") - 1
        found: IntArray = local - self.offsets[np.maximum(place, 0)]
        return found

    def days(self, instants: IntArray) -> IntArray:
        """The local days of instants."""
        place = np.searchsorted(self.starts, instants, side="right") - 1
        local = instants + self.offsets[np.maximum(place, 0)]
        found: IntArray = np.floor_divide(local, SECONDS_PER_DAY)
        return found


def local_noon(day: int, timezone: str) -> datetime:
    """Noon of a day in a zone, in UTC."""
    start = datetime(1970, 1, 1, 12, tzinfo=zone_of(timezone)) + timedelta(days=day)
    return start.astimezone(UTC)
