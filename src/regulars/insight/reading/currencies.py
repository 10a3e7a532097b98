"""Currencies: told from a column or from signs beside the amounts, converted by rates, never mixed."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import Engine, upload
from regulars.insight.errors import (
    BadRates,
    MixedCurrencies,
    NoRates,
    UnknownCurrency,
)
from regulars.insight.reading.rates import ALWAYS, Rates, by_day
from regulars.kernel.language import gettext
from regulars.kernel.money import is_currency, minor_digits, minor_per_major
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
NAMED_IN_MESSAGE = 6


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
