"""Files of exchange rates: what a unit of each currency is worth on which day."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from regulars.insight.engines import ROW_DAY, Engine
from regulars.insight.errors import (
    BadRates,
    NoSuchFile,
)
from regulars.insight.reading.columns import Mapped
from regulars.insight.reading.date_survey import survey_dates
from regulars.insight.reading.dates import with_days
from regulars.insight.reading.identities import trimmed
from regulars.insight.reading.meant import key_of
from regulars.insight.reading.source import Source
from regulars.insight.reading.tables import Group, open_tables
from regulars.kernel.language import gettext
from regulars.kernel.money import is_currency
from regulars.kernel.progress import unheard

RATE_COLUMNS = ("currency", "rate", "date")
ALWAYS = -(2**31)  # the day from which a rate without a date holds
# Rates of one currency, each from a day (since 1970-01-01) on, ascending.
Series = list[tuple[int, float]]


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What a unit of each currency is worth in the target currency.

    Attributes:
        path: The file that they come from.
        target: The currency that everything is converted to; it has no rate.
        series: The rates of every other currency.
        notes: What was decided about the file, in words.
    """

    path: Path
    target: str
    series: Mapping[str, Series]
    notes: tuple[str, ...] = ()

    def has_rate(self, currency: str) -> bool:
        """Whether there is any rate for a currency."""
        return currency == self.target or currency in self.series


def read_rates(engine: Engine, path: Path, *, target: str | None) -> Rates:
    """Reads a file of rates, as any other table is read.

    Args:
        engine: Reads the file.
        path: CSV or Parquet with ``currency, rate`` and perhaps ``date``.
        target: The currency to convert to; None is the one whose rate is 1.

    Raises:
        NoSuchFile: The file is not there.
        BadRates: A column is missing, a rate is not a positive number, or the target is not clear.
        RegularsError: It is no table; see `regulars.insight.errors`.
    """
    if not path.is_file():
        raise NoSuchFile(path=path)
    tables = open_tables(engine, Source(paths=path), map_columns=map_rates, progress=unheard)
    (group,) = tables.groups
    series, notes = series_of(engine, path, group)
    ones = [code for code, rates in series.items() if all(rate == 1 for _, rate in rates)]
    if target is None and len(ones) != 1:
        raise BadRates(
            path=path, why=gettext("exactly one currency, the target, must have the rate 1.")
        )
    target = target or ones[0]
    if target not in series and ones:
        raise BadRates(
            path=path, why=gettext("there is no rate of “{currency}”.").format(currency=target)
        )
    return Rates(
        path=path, target=target, series=towards(series, target), notes=(*tables.notes, *notes)
    )


def map_rates(
    files: Sequence[tuple[Path, Sequence[str]]], asked: Mapping[str, str]
) -> list[Mapped]:
    """The columns of files of rates, by their own names.

    Raises:
        BadRates: One is missing.
    """
    del asked
    found = []
    for path, names in files:
        columns = {key_of(name): name for name in reversed(names) if key_of(name) in RATE_COLUMNS}
        if not {"currency", "rate"} <= columns.keys():
            raise BadRates(path=path, why=gettext("it needs the columns currency and rate."))
        found.append(Mapped(columns=columns))
    return found


def series_of(engine: Engine, path: Path, group: Group) -> tuple[dict[str, Series], list[str]]:
    """Rates by currency in the order of their days, and what to say about the dates.

    Raises:
        BadRates: A cell cannot be used, or there are two rates for one currency and day.
    """
    rows, columns, notes = group.rows(engine), group.mapped.columns, []
    day: ir.Value = ibis.literal(ALWAYS, "int32")
    if "date" in columns:
        style = survey_dates(
            engine, rows, columns["date"], timezone=None, day_first=None, american=False
        )
        notes = list(style.notes)
        # A rate without a date holds always; a date that cannot be read is a mistake.
        rows = with_days(rows, columns["date"], style)
        without = trimmed(rows[columns["date"]].cast("string")).fill_null("") == ""
        day = ibis.ifelse(without, day, rows[ROW_DAY])
    told = rows.select(
        code=trimmed(rows[columns["currency"]].cast("string")).upper().fill_null(""),
        rate=rows[columns["rate"]].cast("string").fill_null(""),
        day=day,
    )
    found: dict[str, dict[int, float]] = {}
    for row in engine.fetch(told.distinct()).to_pylist():
        code, rate = row["code"], rate_of(row["rate"])
        if not is_currency(code) or rate is None or row["day"] is None:
            why = gettext("the rate of “{currency}” is not usable.")
            raise BadRates(path=path, why=why.format(currency=code))
        if found.setdefault(code, {}).setdefault(row["day"], rate) != rate:
            why = gettext("“{currency}” has several rates.")
            raise BadRates(path=path, why=why.format(currency=code))
    return {code: sorted(rates.items()) for code, rates in found.items()}, notes


def rate_of(text: str) -> float | None:
    """A rate as it is written, 0.92 or 0,92: its last mark is the decimal one; None if it is no rate."""
    whole, mark, part = text.strip().replace(",", ".").rpartition(".")
    try:
        rate = float(whole.replace(".", "") + mark + part)
    except ValueError:
        return None
    return rate if 0 < rate < float("inf") else None


def towards(series: Mapping[str, Series], target: str) -> dict[str, Series]:
    """The rates of the other currencies to the target, whatever the file's rates lead to."""
    base = series.get(target, [(ALWAYS, 1.0)])
    others = {code: rates for code, rates in series.items() if code != target}
    if all(rate == 1 for _, rate in base):
        return others
    crossed = {}
    for code, rates in others.items():
        first = max(rates[0][0], base[0][0])
        days = sorted({first} | {day for day, _ in (*rates, *base) if day > first})
        crossed[code] = [(day, rate_on(rates, day) / rate_on(base, day)) for day in days]
    return crossed


def rate_on(rates: Series, day: int) -> float:
    """The latest rate on or before a day, which is not before the first."""
    return rates[bisect_right(rates, day, key=lambda rate: rate[0]) - 1][1]


def by_day(series: Mapping[str, Series], first: int, last: int) -> pa.Table:
    """The rate of every currency on every day of a span, so that the join is on equal days."""
    currencies: list[str] = []
    days: list[int] = []
    values: list[float] = []
    for code, known in series.items():
        following = [start for start, _ in known[1:]] + [last + 1]
        for (start, rate), end in zip(known, following, strict=True):
            span = range(max(start, first), min(end, last + 1))
            currencies += [code] * len(span)
            days += span
            values += [rate] * len(span)
    return pa.table(
        {
            "rate_currency": pa.array(currencies, pa.string()),
            "rate_day": pa.array(days, pa.int32()),
            "rate": pa.array(values, pa.float64()),
        }
    )
