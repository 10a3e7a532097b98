"""Amounts of money as people type them: 12.50, 12,50, 1.250, € 12."""

import re

from regulars.console.asking.signs import is_sign, signs_of
from regulars.kernel.faults import LARGEST_AMOUNT
from regulars.kernel.language import gettext
from regulars.kernel.money import is_currency, minor_digits
from regulars.kernel.words import number_text

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# No group of thousands begins with a zero: 0.500 is half of one.
BETWEEN = r"(?P<between>[.,'’ \u00a0\u202f])"
AROUND = re.compile(r"(?P<before>\D*)(?P<number>.*\d)(?P<behind>\D*)", re.ASCII | re.DOTALL)
WHOLE = rf"(?P<whole>\d+|[1-9]\d{{0,2}}(?:{BETWEEN}\d{{3}})(?:(?P=between)\d{{3}})*)"


def typed_amount(text: str, currency: str) -> int | None:
    """An amount in minor units, or None for what is none.

    Point and comma both may set the decimals apart, as keyboards and habits differ; whatever has three
    digits behind it, and not the currency's own number of decimals, sets thousands apart.

    Args:
        text: As typed, with or without the currency's sign or code; those of another make it none.
        currency: ISO 4217.
    """
    digits = minor_digits(currency)
    bare = _bare(text, currency)
    decimals = rf"(?:(?P<mark>[.,])(?P<behind>\d{{1,{digits}}}))?" if digits else ""
    found = re.fullmatch(WHOLE + decimals, bare, re.ASCII)
    if found is None:
        return None
    parts = found.groupdict()
    if parts["between"] and parts["between"] == parts.get("mark"):
        return None
    behind = (parts.get("behind") or "").ljust(digits, "0")
    amount = int(re.sub(r"\D", "", parts["whole"]) + behind)
    return amount if amount <= LARGEST_AMOUNT else None


def is_too_fine(text: str, currency: str) -> bool:
    """Whether what is no amount only has more decimals than its currency.

    Args:
        text: As typed, with or without the currency's sign.
        currency: ISO 4217.
    """
    shorter, _, behind = _bare(text, currency).replace(",", ".").rpartition(".")
    return (
        len(behind) > minor_digits(currency)
        and re.fullmatch(r"\d+", behind, re.ASCII) is not None
        and typed_amount(shorter, currency) is not None
    )


def is_of_another_currency(text: str, currency: str) -> bool:
    """Whether what is no amount bears the sign or the code of another currency.

    Args:
        text: As typed.
        currency: ISO 4217.
    """
    before, _, behind = _parts(text)
    theirs = {part for part in (before, behind) if part} - _own(currency)
    return any(is_sign(part) or is_currency(part.upper()) for part in theirs)


def example_amount(currency: str) -> str:
    """An amount as it may be typed, in the language in use: "12.50", "12,50", or "1250" where nothing is smaller."""
    digits = minor_digits(currency)
    return number_text(12.5, digits=digits) if digits else "1250"


def no_amount(currency: str) -> str:
    """What is said of a text that is no amount."""
    told = gettext("This is not an amount. Write it as {example}.")
    return told.format(example=example_amount(currency))


def _bare(text: str, currency: str) -> str:
    """What is typed without the currency's sign, in the digits that computers count by; "" with another's."""
    before, number, behind = _parts(text)
    return number if {before, behind} <= {"", *_own(currency)} else ""


def _parts(text: str) -> tuple[str, str, str]:
    """What stands before a number, the number, and what stands behind it, in small letters."""
    found = AROUND.fullmatch(text.translate(THAI_DIGITS))
    if found is None:
        return "", "", ""
    before, number, behind = found.groups()
    return before.strip().casefold(), number, behind.strip().casefold()


def _own(currency: str) -> frozenset[str]:
    return signs_of(currency) | {currency.casefold()}
