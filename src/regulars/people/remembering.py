"""What can be remembered of somebody, and in which form: pure rules."""

import re
import unicodedata
from calendar import isleap
from collections.abc import Sequence
from datetime import date
from typing import Literal

from regulars.kernel.faults import INVISIBLE, InvalidText, InvisibleCharacters, TooLong, is_blank
from regulars.kernel.words import Day
from regulars.people.errors import (
    InvalidAttribute,
    InvalidDay,
    TextMissing,
    UnknownKind,
)

PreferenceKind = Literal["likes", "avoids", "needs", "pains", "interests", "circumstances"]
PREFERENCES: tuple[PreferenceKind, ...] = (
    *("likes", "avoids", "needs", "pains", "interests", "circumstances"),
)
AttributeKind = Literal["text", "number", "yes_no", "date", "choice"]
ATTRIBUTES: tuple[AttributeKind, ...] = ("text", "number", "yes_no", "date", "choice")
AttributeContent = str | int | float | bool
LONGEST_PREFERENCE, LONGEST_NOTE, LONGEST_LABEL, LONGEST_NAME = 200, 5_000, 60, 120
LONGEST_KEY, MOST_CHOICES, LARGEST_NUMBER = 40, 100, 2**53 - 1
KEY = re.compile(r"[a-z][a-z0-9_]*")
BETWEEN_PARTS = re.compile(r"[,;:()\n–—]")
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_YEAR = 1850
# Letters whose small ones are not found by themselves: the Turkish i with and without its dot, and old
# Greek and Latin ones that are one letter with a newer one.
SMALL = {
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}": "i",
    "\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND OXIA}": "\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND TONOS}",
    "\N{GREEK SMALL LETTER UPSILON WITH DIALYTIKA AND OXIA}": "\N{GREEK SMALL LETTER UPSILON WITH DIALYTIKA AND TONOS}",
    "\N{LATIN SMALL LIGATURE LONG S T}": "\N{LATIN SMALL LIGATURE ST}",
}


def plain_text(text: str, *, field: str, most: int) -> str:
    """A text as it is kept: composed (NFC), without blanks around it.

    Args:
        text: As somebody wrote it.
        field: What it is, for the error.
        most: Characters it may have.

    Raises:
        TextMissing, TooLong: There is none that anybody sees, or too much of it.
        InvalidText: It holds characters that no text has (NUL, lone surrogates).
        InvisibleCharacters: It holds some that nobody sees.
    """
    if any(c == "\0" or unicodedata.category(c) == "Cs" for c in text):
        raise InvalidText(field=field)
    kept = unicodedata.normalize("NFC", text).strip()
    if is_blank(kept):
        raise TextMissing(field=field)
    if INVISIBLE.search(kept):
        raise InvisibleCharacters(field=field)
    if len(kept) > most:
        raise TooLong(field=field, limit=most)
    return kept


def first_part(text: str) -> str:
    """What a text is about, as it was written: what stands before its first comma or bracket."""
    parts = (" ".join(part.split()).rstrip(".") for part in BETWEEN_PARTS.split(text))
    return next((part for part in parts if part), text)


def subject_of(text: str) -> str:
    """By what texts are told to be about the same: their first part, in whatever letters and width."""
    folded = unicodedata.normalize(
        "NFKC", first_part(unicodedata.normalize("NFKC", text)).casefold()
    )
    return " ".join(folded.split())[:LONGEST_PREFERENCE]


def in_small_letters(text: str) -> str:
    """A text so that whatever differs in capitals alone is the same, letter by letter: as many as before.

    What are two letters in capitals, as the German ß, are not taken apart, and all that Python's expressions
    take for one letter whatever the capitals are one.
    """
    return "".join(map(_small, text))


def _small(letter: str) -> str:
    if letter in SMALL:
        return SMALL[letter]
    capital = letter.upper()
    small = (capital if len(capital) == 1 else letter).lower()
    return small if len(small) == 1 else letter


def remembered_as(text: str) -> dict[str, str]:
    """A text as the columns of what is remembered have it."""
    return {"text": text, "subject": subject_of(text), "small": in_small_letters(text)}


def one_of(value: str, known: Sequence[str], *, field: str) -> str:
    """A value that is one of those known.

    Raises:
        UnknownKind: It is not.
    """
    if value not in known:
        raise UnknownKind(field=field, value=value, known=", ".join(known))
    return value


def day_of_year(*, month: int, day: int, year: int | None, today: date) -> None:
    """That a day is one: 29 February is where no year is given, or a leap year.

    Raises:
        InvalidDay: There is no such day, or it is still to come.
    """
    fits = 1 <= month <= len(DAYS) and 1 <= day <= DAYS[month - 1]
    if fits and year is not None:
        fits = FIRST_YEAR <= year <= today.year and (day, month, isleap(year)) != (29, 2, False)
        fits = fits and date(year, month, day) <= today
    if not fits:
        raise InvalidDay(day=Day(day, month, year))


def attribute_value(
    value: object, *, key: str, kind: str, choices: Sequence[str]
) -> AttributeContent:
    """What is told of an attribute, as it is kept: dates as ISO 8601 writes them.

    Args:
        value: As it was told.
        key: Of the attribute, for the error.
        kind: One of `ATTRIBUTES`.
        choices: What can be chosen.

    Raises:
        InvalidAttribute: It does not fit the kind.
    """
    if kind == "text" and isinstance(value, str):
        return plain_text(value, field=key, most=LONGEST_PREFERENCE)
    if kind == "yes_no" and isinstance(value, bool):
        return value
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) <= LARGEST_NUMBER:  # neither NaN nor infinity is
            return value
    elif kind == "choice" and isinstance(value, str) and value in choices:
        return value
    elif kind == "date":
        day = _day(value)
        if day is not None:
            return day.isoformat()
    raise InvalidAttribute(key=key, kind=kind)


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
