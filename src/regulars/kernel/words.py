"""Numbers, shares, dates and lists as a person writes them in the language in use."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal, format_percent, get_decimal_symbol

from regulars.kernel.language import language

COMPACT_FROM = 10_000
FIRST_STRONG_ISOLATE = "\u2068"
POP_DIRECTIONAL_ISOLATE = "\u2069"
ZERO_WIDTH_JOINER = "\u200d"
# Thai writes the era into long dates where everyday Thai leaves it out.
DAY_FORMATS = {"th": "d MMMM y"}
WEEKDAY_FORMATS = {
    "de": "EEEE, d. MMMM",
    "en": "EEEE d MMMM",
    "es": "EEEE, d 'de' MMMM",
    "th": "EEEEที่ d MMMM",
}
DAY_BEFORE_MONTH = {"de": "{}. ", "es": "{} de "}
YEAR_AFTER_MONTH = {"es": " de {}"}
A_LEAP_YEAR, MONTHS = 2000, 12
LIST_LOCALES = {"en": "en_GB"}  # no comma before "and"
DOUBLED_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")
MONTH_FORMATS = {"de": "MMM y", "en": "MMM y", "es": "MMM y", "th": "MMM y"}


def number_text(value: float, *, digits: int = 0) -> str:
    """A number with its thousands set apart: "1,250", "1.250"."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(round(value, digits) + 0.0, format=pattern, locale=language()))


def bare_number_text(value: float) -> str:
    """A number whose thousands nothing sets apart, as it may be a year: "1988", "42.5", "42,5"."""
    text = f"{Decimal(repr(value)).normalize():f}"
    return text.replace(".", get_decimal_symbol(language()))


def compact_text(value: float) -> str:
    """A number for narrow places: "950", "118K", "118.000" where the language has no short form."""
    if abs(value) < COMPACT_FROM:
        return number_text(value)
    short = str(format_compact_decimal(value, format_type="short", locale=language()))
    # German has no short form of thousands, and theirs would come without a point.
    return number_text(value) if short.lstrip("-").isdigit() else short


def percent_text(share: float, *, digits: int = 0) -> str:
    """A share of 1 in per cent: 0.105 is "11%" or "11 %"."""
    places = "." + "0" * digits if digits else ""
    pattern = {"de": f"#,##0{places}\u00a0%", "es": f"#,##0{places}\u00a0%"}
    chosen = pattern.get(language(), f"#,##0{places}%")
    return str(format_percent(share, format=chosen, locale=language()))


def date_text(day: date) -> str:
    """A day in full: "30 June 2026", "30. Juni 2026"."""
    chosen = "d MMMM y" if language() == "en" else DAY_FORMATS.get(language(), "long")
    return str(format_date(day, chosen, locale=language()))


@dataclass(frozen=True)
class Day:
    """A day as somebody gave it, in the reader's language, which no calendar need have: "30 February".

    Attributes:
        year: Or None where none was given.
    """

    day: int
    month: int
    year: int | None = None

    def __str__(self) -> str:
        if not 1 <= self.month <= MONTHS:
            return "/".join(str(part) for part in (self.day, self.month, self.year) if part)
        name = format_date(date(A_LEAP_YEAR, self.month, 1), "MMMM", locale=language())
        before = DAY_BEFORE_MONTH.get(language(), "{} ").format(self.day)
        after = (
            "" if self.year is None else YEAR_AFTER_MONTH.get(language(), " {}").format(self.year)
        )
        return f"{before}{name}{after}"


def time_text(moment: datetime) -> str:
    """A time of the clock: "09:30". The moment is in the time zone of the reader."""
    return str(format_time(moment.time(), "HH:mm", locale=language()))


def weekday_text(day: date) -> str:
    """A day with its weekday and without its year: "Tuesday 30 June"."""
    return str(format_date(day, WEEKDAY_FORMATS[language()], locale=language()))


def month_text(day: date) -> str:
    """The month of a day, short: "Jun 2026"."""
    return str(format_date(day, MONTH_FORMATS[language()], locale=language()))


def quarter_text(day: date) -> str:
    """The quarter of a day: "Q2 2026"."""
    return str(format_date(day, "QQQ y", locale=language()))


def list_text(items: Sequence[str]) -> str:
    """Things joined as in speech: "Ana, Ben and Chai"."""
    if not items:
        return ""
    *first, last = items
    if language() == "th" and first:  # CLDR's Thai leaves no space, which Latin names need
        return f"{', '.join(first)} และ {last}"
    return str(format_list(list(items), locale=LIST_LOCALES.get(language(), language())))


def one_stop(sentence: str) -> str:
    """A sentence that ends in an abbreviation has one full stop: "Came through Jack C."."""
    return DOUBLED_STOP.sub(".", sentence)


def isolated(text: str) -> str:
    """A foreign text made safe to stand in a sentence of ours.

    Control characters are dropped and the text's direction cannot turn what surrounds it (Unicode
    Bidirectional Algorithm, isolates).
    """
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} and not _turns(c))
    return FIRST_STRONG_ISOLATE + " ".join(kept.split()) + POP_DIRECTIONAL_ISOLATE


def shortened(text: str, characters: int) -> str:
    """At most so many characters, cut where no accent, Thai vowel or emoji is torn apart."""
    if len(text) <= characters:
        return text
    end = characters - 1
    while end > 1 and _belongs_to_previous(text, end):
        end -= 1
    return text[:end].rstrip() + "…"


def _turns(character: str) -> bool:
    return (
        character in "\u200e\u200f\u061c"
        or "\u202a" <= character <= "\u202e"
        or ("\u2066" <= character <= "\u2069")
    )


def _belongs_to_previous(text: str, position: int) -> bool:
    character = text[position]
    return (
        unicodedata.category(character).startswith("M")
        or character == ZERO_WIDTH_JOINER
        or text[position - 1] == ZERO_WIDTH_JOINER
    )
