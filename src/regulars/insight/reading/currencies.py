"""Currencies: told from a column or from signs beside the amounts, converted by rates, never mixed."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from regulars.insight.engines import ROW_DAY, Engine, upload
from regulars.insight.errors import (
    BadRates,
    MixedCurrencies,
    NoRates,
    NoSuchFile,
    UnknownCurrency,
)
from regulars.insight.reading.columns import Mapped, key_of
from regulars.insight.reading.dates import survey_dates, with_days
from regulars.insight.reading.identities import trimmed
from regulars.insight.reading.source import Source
from regulars.insight.reading.tables import Group, open_tables
from regulars.kernel.language import gettext
from regulars.kernel.money import is_currency, minor_digits, minor_per_major
from regulars.kernel.progress import unheard
from regulars.kernel.words import number_text

SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "฿": "THB", "₹": "INR", "₩": "KRW", "₪": "ILS",
         "₫": "VND", "₱": "PHP", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₦": "NGN",
         "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD",
         "S$": "SGD", "SG$": "SGD", "NT$": "TWD", "TW$": "TWD", "R$": "BRL", "MX$": "MXN", "CN¥": "CNY",
         "JP¥": "JPY"}  # fmt: skip
WORDS = {"EURO": "EUR", "EUROS": "EUR", "ยูโร": "EUR", "BAHT": "THB", "บาท": "THB", "US-DOLLAR": "USD",
         "US DOLLAR": "USD", "FRANKEN": "CHF", "SFR": "CHF", "SCHWEIZER FRANKEN": "CHF",
         "LEI": "RON", "LEU": "RON"}  # fmt: skip
CODE_LENGTH = 3
RATE_COLUMNS = ("currency", "rate", "date")
ALWAYS = -(2**31)  # the day from which a rate without a date holds
NAMED_IN_MESSAGE = 6

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


def code_of(text: ir.StringValue) -> ir.StringValue:
    """The ISO 4217 code of a currency's sign or name; other texts as they are."""
    short_words = [word for word in WORDS if len(word) == CODE_LENGTH]
    is_code = (text.length() == CODE_LENGTH) & text.right(1).between("A", "Z")
    is_code &= ~text.isin(short_words)
    known = [(text == sign, code) for sign, code in (SIGNS | WORDS).items()]
    return ibis.ifelse(is_code, text, ibis.cases(*known, else_=text))


def known_target(currency: str | None) -> str | None:
    """The currency that the person asks for.

    Raises:
        UnknownCurrency: There is none of that code.
    """
    code = currency.strip().upper() if currency else None
    if code is not None and not is_currency(code):
        raise UnknownCurrency(currency=currency)
    return code


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


def settle(
    counts: Mapping[str, int], rates: Rates | None, target: str | None = None
) -> tuple[str | None, list[str]]:
    """The one currency of all amounts, and what to say about it.

    Args:
        counts: Rows by currency code, "" where a row names none.
        rates: How to convert, if asked for.
        target: The currency that the person wants.

    Raises:
        MixedCurrencies: There are several, and no rates were given.
        NoRates: There is another than the person wants, and no rates were given.
        BadRates: A rate is missing among those given.
    """
    known = sorted(code for code in counts if is_currency(code))
    if rates is None:
        if len(known) > 1:
            named = ", ".join(known[:NAMED_IN_MESSAGE]) + (
                " …" if len(known) > NAMED_IN_MESSAGE else ""
            )
            raise MixedCurrencies(currencies=named)
        if target and known and known[0] != target:
            raise NoRates(currency=known[0], target=target)
        return (known[0] if known else target), []
    lacking = [code for code in known if not rates.has_rate(code)]
    if lacking:
        why = gettext("there is no rate of “{currency}”.").format(currency=", ".join(lacking))
        raise BadRates(path=rates.path, why=why)
    converted = [code for code in known if code != rates.target]
    if not converted:
        return rates.target, [*rates.notes]
    note = gettext("Amounts in {currencies} are converted to {target}.")
    told = note.format(currencies=", ".join(converted), target=rates.target)
    return rates.target, [*rates.notes, told]


def factor_of(
    engine: Engine,
    table: ir.Table,
    *,
    currency: str | None,
    rates: Rates | None,
    others: bool,
) -> ir.Table:
    """Adds what a unit of each row's amount is worth.

    Args:
        engine: Joins daily rates.
        table: Rows with ``currency`` ("" where none) and ``day``.
        currency: The one currency.
        rates: How to convert to it.
        others: Whether any row names a currency that is not the one.

    Returns:
        The rows with ``factor``, minor units of the one currency, float64, null where no rate is
        known, and ``rated``: whether the row's currency has rates that begin on some day.
    """
    units = minor_per_major(currency)
    unrated = table.mutate(rated=ibis.literal(False))  # noqa: FBT003  (a literal of SQL)
    if currency is None:
        return unrated.mutate(factor=ibis.ifelse(table.currency == "", units, None))
    own = table.currency == currency
    # A cell left empty in a file of one currency is that currency; among several it could be any.
    if rates is None:
        return unrated.mutate(factor=ibis.ifelse(own | (table.currency == ""), units, None))
    constant = {
        code: known[0][1]
        for code, known in rates.series.items()
        if len(known) == 1 and known[0][0] == ALWAYS
    }
    dated = {code: known for code, known in rates.series.items() if code not in constant}
    always = ibis.cases(
        (own, 1.0),
        *[(table.currency == code, rate) for code, rate in constant.items()],
        *([] if others else [(table.currency == "", 1.0)]),
        else_=ibis.null("float64"),
    )
    if not dated:
        return unrated.mutate(factor=always * units)
    limits = engine.fetch(table.aggregate(first=table.day.min(), last=table.day.max())).to_pylist()[
        0
    ]
    daily = by_day(dated, limits["first"] or 0, limits["last"] or 0)
    known = upload(engine, daily, "rates")
    joined = table.left_join(
        known, [table.currency == known.rate_currency, table.day == known.rate_day]
    )
    return joined.mutate(
        factor=ibis.coalesce(joined.rate, always) * units,
        rated=joined.currency.isin(list(dated)),
    ).drop("rate", "rate_currency", "rate_day")


def own_units(
    codes: ir.StringValue, currency: str | None, counts: Mapping[str, int]
) -> ir.FloatingValue:
    """Minor units of one of each row's own currency, float64.

    Args:
        codes: Of the rows, "" where none is named.
        currency: The one that rows without any are in.
        counts: Rows by currency code.
    """
    usual = minor_per_major(currency)
    other = {code: minor_per_major(code) for code in sorted(counts) if is_currency(code)}
    cases = [(codes == code, units) for code, units in other.items() if units != usual]
    if not cases:
        return ibis.literal(usual, "float64")
    return ibis.cases(*cases, else_=usual).cast("float64")


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


def decimals_note(
    engine: Engine, table: ir.Table, *, currency: str | None, counts: Mapping[str, int]
) -> list[str]:
    """A word on amounts with decimals in a currency that has none.

    Args:
        engine: Counts.
        table: Rows with ``currency`` ("" where none) and ``value``, in that currency.
        currency: The one that rows without any are in.
        counts: Rows by currency code.
    """
    whole = [code for code in counts if is_currency(code) and not minor_digits(code)]
    named = table.currency.isin([*whole, ""] if currency in whole else whole)
    if not whole:
        return []
    broken = (named & (table.value != table.value.floor())).sum().cast("int64")
    rows = engine.fetch(broken.name("n").as_table())["n"][0].as_py()
    if not rows:
        return []
    note = gettext(
        "Amounts in {currencies} have no decimals, yet some here do (rows: {rows}); check what they "
        "mean."
    )
    return [note.format(currencies=", ".join(sorted(whole)), rows=number_text(rows))]
