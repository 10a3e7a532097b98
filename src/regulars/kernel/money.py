"""Money: integer minor units, and how they are written for people.

A hundred cents are a euro, but a yen has no cents and a dinar has a thousand fils; the digits of every
ISO 4217 currency come from Unicode's CLDR. An amount without a currency is taken to have two digits.
"""

import re
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import format_currency, format_decimal, get_currency_precision

from regulars.kernel.language import language

DIGITS_WITHOUT_CURRENCY = 2
WHOLE_UNITS_FROM = 100
# Codes of ISO 4217 that nobody is paid in: none, one for tests, metals, and units of bonds.
NO_MONEY = frozenset(["XXX", "XTS", "XAG", "XAU", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD"])
# CLDR sets letters apart from digits ("THB 500"), signs not ("$500").
CODE_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


@cache
def is_currency(code: str) -> bool:
    """Whether ``code`` is an ISO 4217 code of money that CLDR knows, upper case."""
    return code in get_global("all_currencies") and code not in NO_MONEY


@cache
def minor_digits(currency: str | None) -> int:
    """How many decimal digits the currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return DIGITS_WITHOUT_CURRENCY if currency is None else int(get_currency_precision(currency))


def minor_per_major(currency: str | None) -> float:
    """Minor units in a major one: 100.0 for EUR, 1.0 for JPY."""
    return 10.0 ** minor_digits(currency)


def major(amount_minor: float, currency: str | None) -> float:
    """An amount of minor units in the unit that people speak of: 1250 cents are 12.50."""
    return float(amount_minor) / minor_per_major(currency)


def money_text(amount_major: float, currency: str | None, *, digits: int | None = None) -> str:
    """An amount as a person writes it in the language in use: "€1,250", "1.250 €".

    Args:
        amount_major: In major units (euros, not cents).
        currency: ISO 4217, or None for a bare number.
        digits: Decimal places; None for whole units from 100 on and the currency's own below.
    """
    if digits is None:
        digits = minor_digits(currency)
        digits = 0 if round(abs(amount_major), digits) >= WHOLE_UNITS_FROM else digits
    places = "." + "0" * digits if digits else ""
    if currency is None:
        return format_decimal(amount_major, format="#,##0" + places, locale=language())
    standard = Locale.parse(language()).currency_formats["standard"].pattern
    written = format_currency(
        amount_major,
        currency,
        format=standard.replace(".00", places),
        locale=language(),
        currency_digits=False,
    )
    return CODE_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", written)


def amount_text(amount_minor: float, currency: str | None) -> str:
    """An amount of minor units as people write it."""
    return money_text(major(amount_minor, currency), currency)
