"""What is wrong with data that do not fit a schema, in our codes and sentences.

Schemas are pydantic's; its English reasons are for programmers of Python, and change with its
versions.
"""

import re
import time
import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark

LARGEST_AMOUNT = 2**53 - 1  # what every reader of JSON understands exactly
EARLIEST, AHEAD = datetime(1900, 1, 1, tzinfo=UTC), timedelta(days=1)  # clocks differ
SINCE_SECONDS, AHEAD_SECONDS = EARLIEST.timestamp(), AHEAD.total_seconds()
# Zero width and direction: they make two texts that look alike differ. Joiners belong to scripts.
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
JOINERS = "\u200c\u200d"
LINES = "\n\t"
# Breaks that are no control characters, and letters that are blank.
BREAKS, BLANKS = "\u2028\u2029", "\u115f\u1160\u2800\u3164\uffa0"
WITHOUT_BLANKS = dict.fromkeys(map(ord, BLANKS + JOINERS))


class Fault(RegularsError):
    """One field that cannot be used; ``field`` is its path, "body" for the whole."""

    code = "invalid_value"
    http_status = 422
    sentence = mark("“{field}” cannot be used; see its type in the documentation.")


class UnknownField(Fault):
    """A field that nobody asked for."""

    code = "unknown_field"
    sentence = mark("“{field}” is no field here; leave it out or correct its name.")


class FieldMissing(Fault):
    """A field that is needed."""

    code = "field_missing"
    sentence = mark("“{field}” is missing.")


class IntegerRequired(Fault):
    """A fraction, or a text, where a whole number should be."""

    code = "integer_required"
    sentence = mark("“{field}” must be a whole number, written as a number.")


class InvalidNumber(Fault):
    """No number, or none that is finite."""

    code = "invalid_number"
    sentence = mark("“{field}” must be a number, and a finite one.")


class NumberOutOfRange(Fault):
    """A number below or above what makes sense there."""

    code = "number_out_of_range"
    sentence = mark("“{field}” must be {limits}.")


class AmountTooLarge(Fault):
    """More than what every reader of JSON understands exactly."""

    code = "amount_too_large"
    sentence = mark("“{field}” is more than 9007199254740991, the largest amount.")


class MarginExceedsAmount(Fault):
    """A margin above what it is a part of."""

    code = "margin_exceeds_amount"
    sentence = mark("“{field}” is more than its amount; the margin is what is left of the amount.")


class UnknownCurrencyCode(Fault):
    """A code that ISO 4217 does not have."""

    code = "unknown_currency_code"
    sentence = mark("“{field}” is no currency; give its code, as EUR or THB.")


class ReservedSource(Fault):
    """A source that the product itself is."""

    code = "reserved_source"
    sentence = mark(
        "“{field}” names Regulars itself; give the name of the program that tells, as till."
    )


class InvalidDatetime(Fault):
    """No time, no such day, or a time without its zone."""

    code = "invalid_datetime"
    sentence = mark("“{field}” must be a time with its zone, as 2026-06-30T10:15:00+02:00.")


class InvalidDate(Fault):
    """No day, or one that is in no calendar."""

    code = "invalid_date"
    sentence = mark("“{field}” must be a day that there is, as 2026-06-30.")


class DateOutOfRange(Fault):
    """A time at which nothing can have happened."""

    code = "date_out_of_range"
    sentence = mark("“{field}” lies before 1900 or in the future.")


class InvalidText(Fault):
    """Characters that are none."""

    code = "invalid_text"
    sentence = mark("“{field}” holds control characters or halves of characters.")


class InvisibleCharacters(Fault):
    """Characters that nobody sees, by which texts that look alike differ."""

    code = "invisible_characters"
    sentence = mark("“{field}” holds invisible characters; write it without them.")


class TooLong(Fault):
    """A text or a list that is longer than what is kept."""

    code = "too_long"
    sentence = mark("“{field}” may have a length of {limit} at most.")


class TooShort(Fault):
    """A text or a list with nothing in it."""

    code = "too_short"
    sentence = mark("“{field}” must have a length of {limit} at least.")


def seen(text: str, *, lines: str = "") -> str:
    """A text that somebody typed, or of a file, as `sound` would have it: without what nobody sees.

    Args:
        text: As it came.
        lines: Control characters that it may have.

    Returns:
        It, in Unicode's form C; "" where only blanks are left.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(
        letter
        for letter in text
        if letter in lines or unicodedata.category(letter) not in {"Cc", "Cs"}
    )
    shown = INVISIBLE.sub("", kept).strip(JOINERS)
    return "" if is_blank(shown) else unicodedata.normalize("NFC", shown)


def is_blank(text: str) -> bool:
    """Whether nobody sees anything of a text."""
    return not INVISIBLE.sub("", text).strip(JOINERS).translate(WITHOUT_BLANKS).strip()


def sound(text: str) -> str:
    """A text as it is kept, in Unicode's form C.

    Raises:
        PydanticCustomError: It holds what no text should.
    """
    if text.isascii() and text.isprintable():
        return text
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in LINES for letter in text):
        raise PydanticCustomError("invalid_text", "control characters")
    if INVISIBLE.search(text) or text.strip(JOINERS) != text:
        raise PydanticCustomError("invisible_characters", "invisible characters")
    return unicodedata.normalize("NFC", text)


def in_one_line(text: str) -> str:
    """A name that a program gives, which people can read and compare: `sound`, in one line, not blank.

    Raises:
        PydanticCustomError: It holds what no such name should.
    """
    if text.isascii() and text.isprintable() and not text.isspace():
        return text
    kept = sound(text)
    if any(letter in LINES or letter in BREAKS for letter in kept):
        raise PydanticCustomError("invalid_text", "more than one line")
    if not kept.strip() or any(letter in BLANKS for letter in kept):
        raise PydanticCustomError("invisible_characters", "blank")
    return kept


def written(value: Any) -> Any:
    """A time as text that begins with its day, or as a time; a number, even as text, is neither.

    Raises:
        PydanticCustomError: It is something else.
    """
    is_text = isinstance(value, str)
    if not (value[4:5] == value[7:8] == "-" if is_text else isinstance(value, datetime)):
        raise PydanticCustomError("invalid_datetime", "no time")
    return value


def likely(moment: datetime) -> datetime:
    """A time at which something can have happened.

    Raises:
        PydanticCustomError: It is not.
    """
    if not SINCE_SECONDS <= moment.timestamp() <= time.time() + AHEAD_SECONDS:
        raise PydanticCustomError("date_out_of_range", "before 1900 or in the future")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(written), AfterValidator(likely)]
BY_KIND: dict[str, type[Fault]] = {
    "extra_forbidden": UnknownField,
    "missing": FieldMissing,
    "int_type": IntegerRequired,
    "int_from_float": IntegerRequired,
    "int_parsing": IntegerRequired,
    "int_parsing_size": NumberOutOfRange,
    "float_type": InvalidNumber,
    "float_parsing": InvalidNumber,
    "finite_number": InvalidNumber,
    "reserved_source": ReservedSource,
    "margin_exceeds_amount": MarginExceedsAmount,
    "unknown_currency_code": UnknownCurrencyCode,
    "invalid_datetime": InvalidDatetime,
    "datetime_type": InvalidDatetime,
    "datetime_parsing": InvalidDatetime,
    "datetime_from_date_parsing": InvalidDatetime,
    "datetime_object_invalid": InvalidDatetime,
    "timezone_aware": InvalidDatetime,
    "date_type": InvalidDate,
    "date_parsing": InvalidDate,
    "date_from_datetime_parsing": InvalidDate,
    "date_from_datetime_inexact": InvalidDate,
    "date_out_of_range": DateOutOfRange,
    "invalid_text": InvalidText,
    "string_unicode": InvalidText,
    "invisible_characters": InvisibleCharacters,
    "string_too_long": TooLong,
    "too_long": TooLong,
    "string_too_short": TooShort,
    "too_short": TooShort,
}
LIMITS = {
    "greater_than_equal": ("ge", mark("{limit} or more")),
    "less_than_equal": ("le", mark("{limit} or less")),
    "greater_than": ("gt", mark("more than {limit}")),
    "less_than": ("lt", mark("less than {limit}")),
}


def first_fault(error: ValidationError, *, tags: Collection[str] = ()) -> Fault:
    """The first thing that is wrong.

    Args:
        error: Of a schema.
        tags: Names of alternatives, which are no part of a field's path.
    """
    return fault_of(error.errors(include_url=False)[0], tags=tags)


def fault_of(details: ErrorDetails, *, tags: Collection[str] = ()) -> Fault:
    """One of a schema's errors as ours; see `first_fault`."""
    path = ".".join(str(part) for part in details["loc"] if part not in tags)
    field = path or "body"
    context = details.get("ctx", {})
    kind = details["type"]
    if kind in LIMITS:
        name, sentence = LIMITS[kind]
        if context[name] in (LARGEST_AMOUNT, -LARGEST_AMOUNT):
            return AmountTooLarge(field=field)
        return NumberOutOfRange(field=field, limits=gettext(sentence).format(limit=context[name]))
    limit = context.get("max_length", context.get("min_length", ""))
    return BY_KIND.get(kind, Fault)(field=field, limit=limit)
