"""Currencies: told from a column or from signs beside the amounts, converted by rates, never mixed."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from regulars.insight.engines import Engine, quoted
from regulars.insight.errors import BadRates, MixedCurrencies, NoSuchFile
from regulars.insight.reading.source import is_parquet
from regulars.kernel.clock import day_of, epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.money import is_currency, minor_digits

SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "฿": "THB", "₹": "INR", "₩": "KRW", "₪": "ILS",
         "₫": "VND", "₱": "PHP", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₦": "NGN"}  # fmt: skip
RATE_COLUMNS = ("currency", "rate")
NAMED_IN_MESSAGE = 6


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What a unit of each currency is worth in the target currency.

    Attributes:
        target: The currency that everything is converted to.
        constant: Rate by currency, for rates without a date.
        daily: Rates by currency, the latest on or before a day: (first day, rate), ascending.
    """

    target: str
    constant: dict[str, float]
    daily: dict[str, list[tuple[int, float]]]

    def of(self, currency: str) -> bool:
        """Whether there is any rate for a currency."""
        return currency == self.target or currency in self.constant or currency in self.daily


def read_rates(engine: Engine, path: Path, *, target: str | None) -> Rates:
    """Reads a file of rates.

    Args:
        engine: Its DuckDB reads the file.
        path: CSV or Parquet with ``currency, rate`` and perhaps ``date``.
        target: The currency to convert to; None is the one whose rate is 1.

    Raises:
        NoSuchFile: The file is not there.
        BadRates: A column is missing, a rate is not a positive number, or the target is not clear.
    """
    if not path.is_file():
        raise NoSuchFile(path=path)
    reader = "read_parquet" if is_parquet(path) else "read_csv"
    try:
        relation = engine.files.sql(f"SELECT * FROM {reader}({quoted(path)})")  # noqa: S608
        names = {name.casefold().strip(): name for name in relation.columns}
        if not all(name in names for name in RATE_COLUMNS):
            raise BadRates(path=path, why=gettext("it needs the columns currency and rate."))
        day = f'CAST("{names["date"]}" AS DATE)' if "date" in names else "NULL"
        rows = relation.project(
            f'upper(trim(CAST("{names["currency"]}" AS VARCHAR))), CAST("{names["rate"]}" AS DOUBLE), {day}'
        ).fetchall()
    except duckdb.Error as error:
        raise BadRates(path=path, why=str(error).split("\n", 1)[0]) from error
    bad = next(
        (code for code, rate, _ in rows if not is_currency(code or "") or not valid(rate)), None
    )
    if bad is not None or not rows:
        raise BadRates(
            path=path, why=gettext("the rate of “{currency}” is not usable.").format(currency=bad)
        )
    return arranged(path, rows, target)


def valid(rate: float | None) -> bool:
    """Whether a rate is a positive, finite number."""
    return rate is not None and 0 < rate < float("inf")


def arranged(path: Path, rows: list[tuple[str, float, date | None]], target: str | None) -> Rates:
    """Rates by currency and day.

    Raises:
        BadRates: Two rates for one currency and day, or no target.
    """
    ones = {code for code, _, _ in rows} - {code for code, rate, _ in rows if rate != 1}
    if target is None and len(ones) != 1:
        raise BadRates(
            path=path, why=gettext("exactly one currency, the target, must have the rate 1.")
        )
    target = target or ones.pop()
    constant: dict[str, float] = {}
    daily: dict[str, list[tuple[int, float]]] = {}
    for code, rate, day in sorted(set(rows), key=lambda row: (row[0], row[2] or date.min)):
        known = daily.setdefault(code, []) if day is not None else None
        if code in constant or (known and day and known[-1][0] == epoch_day(day)):
            raise BadRates(
                path=path, why=gettext("“{currency}” has several rates.").format(currency=code)
            )
        if known is None or day is None:
            constant[code] = rate
        else:
            known.append((epoch_day(day), rate))
    return Rates(target=target, constant=constant, daily=daily)


def settle(counts: dict[str, int], rates: Rates | None) -> tuple[str | None, list[str]]:
    """The one currency of all amounts, and what to say about it.

    Args:
        counts: Rows by currency code, "" where a row names none.
        rates: How to convert, if asked for.

    Raises:
        MixedCurrencies: There are several, and no rates for them.
    """
    known = sorted(code for code in counts if is_currency(code))
    if rates is None:
        if len(known) > 1:
            named = ", ".join(known[:NAMED_IN_MESSAGE]) + (
                " …" if len(known) > NAMED_IN_MESSAGE else ""
            )
            raise MixedCurrencies(currencies=named)
        return (known[0] if known else None), []
    lacking = [code for code in known if not rates.of(code)]
    if lacking:
        raise MixedCurrencies(currencies=", ".join(known[:NAMED_IN_MESSAGE]))
    converted = [code for code in known if code != rates.target]
    if not converted:
        return rates.target, []
    note = gettext("Amounts in {currencies} are converted to {target}.")
    return rates.target, [note.format(currencies=", ".join(converted), target=rates.target)]


def factor_of(
    engine: Engine,
    table: ir.Table,
    *,
    currency: str | None,
    rates: Rates | None,
    others: bool,
) -> ir.Table:
    """Adds ``factor``: minor units of the one currency that a unit of the row's amount is worth.

    Args:
        engine: Joins daily rates.
        table: Rows with ``currency`` ("" where none) and ``day``.
        currency: The one currency.
        rates: How to convert to it.
        others: Whether any row names a currency that is not the one.

    Returns:
        The rows with ``factor``, float64, null where no rate is known.
    """
    units = float(10 ** minor_digits(currency))
    if currency is None:
        return table.mutate(factor=ibis.ifelse(table.currency == "", units, None))
    own = table.currency == currency
    # A cell left empty in a file of one currency is that currency; among several it could be any.
    if rates is None:
        return table.mutate(factor=ibis.ifelse(own | (table.currency == ""), units, None))
    constant = ibis.cases(
        (own, 1.0),
        *[(table.currency == code, rate) for code, rate in rates.constant.items()],
        *([] if others else [(table.currency == "", 1.0)]),
        else_=ibis.null("float64"),
    )
    if not rates.daily:
        return table.mutate(factor=constant * units)
    limits = engine.fetch(table.aggregate(first=table.day.min(), last=table.day.max())).to_pylist()[
        0
    ]
    daily = by_day(rates, limits["first"] or 0, limits["last"] or 0)
    known = engine.upload(daily, "rates")
    joined = table.left_join(
        known, [table.currency == known.rate_currency, table.day == known.rate_day]
    )
    return joined.mutate(factor=ibis.coalesce(joined.rate, constant) * units).drop(
        "rate", "rate_currency", "rate_day"
    )


def by_day(rates: Rates, first: int, last: int) -> pa.Table:
    """The rate of every currency on every day of a span, so that the join is on equal days."""
    currencies: list[str] = []
    days: list[int] = []
    values: list[float] = []
    for code, known in rates.daily.items():
        if code == rates.target:
            continue
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


def day_text(day: int) -> str:
    """A day for a message."""
    return day_of(day).isoformat()
