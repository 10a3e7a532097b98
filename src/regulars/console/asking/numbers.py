"""Numbers as people type them: 42.5, 42,5, 1.250, 1 250."""

import re
import unicodedata
from decimal import Decimal

from babel.numbers import get_group_symbol

from regulars.console.asking.amounts import WHOLE
from regulars.kernel.language import language
from regulars.kernel.words import bare_number_text

TWO_WAYS = re.compile(r"[-+]?[1-9]\d{0,2}(?P<mark>[.,])\d{3}", re.ASCII)
DECIMALS = re.compile(r"[-+]?\d+(?:[.,]\d+)?", re.ASCII)
GROUPED = re.compile(rf"[-+]?{WHOLE}(?:(?P<mark>[.,])\d+)?", re.ASCII)
LONGEST = 400  # more is no number that anybody types
MINUS = "\N{MINUS SIGN}"


def typed_number(text: str) -> int | float | None:
    """A number, or None for what is none, and for what may be two: see `two_ways`.

    Point and comma both may set the decimals apart. Three digits behind the only mark are thousands where the
    reader's language marks those so.
    """
    bare = _bare(text)
    if TWO_WAYS.fullmatch(bare):
        bare = "" if two_ways(text) else re.sub(r"[.,]", "", bare)
    elif DECIMALS.fullmatch(bare):
        bare = bare.replace(",", ".")
    else:
        found = GROUPED.fullmatch(bare)
        if found is None or found["between"] == found["mark"]:
            return None
        whole, mark, behind = bare.rpartition(found["mark"]) if found["mark"] else (bare, "", "")
        bare = re.sub(r"[^\d+-]", "", whole) + mark.replace(",", ".") + behind
    if not bare or len(bare) > LONGEST:
        return None
    number = Decimal(bare)
    return int(number) if number == int(number) else float(number)


def two_ways(text: str) -> tuple[str, str] | None:
    """How to write each of the two numbers that something typed may be; None for anything else."""
    bare = _bare(text)
    found = TWO_WAYS.fullmatch(bare)
    if found is None or found["mark"] == get_group_symbol(language()):
        return None
    return bare.replace(found["mark"], ""), bare + "0"


def number_typed(value: float) -> str:
    """A number as one would type it here, so that it is read as the same."""
    text = bare_number_text(value)
    return text + "0" if TWO_WAYS.fullmatch(text) else text


def _bare(text: str) -> str:
    """What is typed in the digits that computers count by, without blanks around it."""
    told = (
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in text.strip().replace(MINUS, "-")
    )
    return "".join(told)
