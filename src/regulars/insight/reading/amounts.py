"""From whatever a file calls an amount to integer minor units, the same on every engine.

Only IEEE multiplication, addition and floor touch an amount between its text and its minor units; those are
exact or rounded alike everywhere, which an engine's own ROUND or DECIMAL is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import Engine
from regulars.insight.reading.identities import trimmed
from regulars.kernel.language import gettext

Mark = Literal[".", ","]

LARGEST_MINOR = 2**53 - 1
NUDGED_BELOW = 2.0**40
NUDGE = 2.0**-51
NOISE, NOISE_SHARE = 1e-6, 2.0**-48  # of a minor unit; of the amount

PLAIN = r"^[+-]?\d+(\.\d+)?$"
SCIENTIFIC = r"^[+-]?\d+(\.\d+)?[eE][+-]?\d+$"
BLANK = "\\s\u00a0\u202f"  # neither engine counts the narrow and unbreakable ones among \\s
# What may stand around the digits: signs, parentheses, a currency's sign or letters.
AROUND = (
    rf"^[-+−({BLANK}]*(?:\pL{{1,4}}[./]?|\pL{{0,2}}\p{{Sc}})?[-+−({BLANK}]*[\d.,][\d.,'’{BLANK}]*"
    rf"(?:\pL{{1,4}}\.?|\p{{Sc}})?[-−–){BLANK}]*$"
)
TORN_APART = rf"\d['’{BLANK}]+(\d{{1,2}}|\d{{4,}})(\D|$)"
NEGATIVE = r"^[^\d]*[-−(]|\d\s*[-−]\s*$"  # but 20.- is 20 and no cents
CURRENCY_SIGN = r"([A-Z]{0,2}\p{Sc}|\b(?:EUROS?|BAHT|LEI|LEU|SFR|FRANKEN|[A-Z]{3})\b)"
POINT_DECIMAL = r"^(\d+|\d{1,3}(,\d{2,3})*,\d{3})?(\.\d*)?$"
COMMA_DECIMAL = r"^(\d+|\d{1,3}(\.\d{2,3})*\.\d{3})?(,\d*)?$"
SAYS_COMMA = r"\..*,\d*$|^\d*,(\d{1,2}|\d{4,})$|^0*,\d+$|\..*\."
SAYS_POINT = r",.*\.\d*$|^\d*\.(\d{1,2}|\d{4,})$|^0*\.\d+$|,.*,"
SAYS_NOTHING = r"^[1-9]\d{0,2}[.,]\d{3}$"
THOUSANDS_AND_POINT = 4  # characters: .000


@dataclass(frozen=True, kw_only=True)
class NumberStyle:
    """How the numbers of a file are written.

    Attributes:
        plain: Columns whose every value is like ``-12.50``, the common and quick case.
        decimal: The decimal mark of the other columns of text.
        notes: What was decided, in words.
    """

    plain: frozenset[str]
    decimal: Mapping[str, Mark] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def survey_numbers(
    engine: Engine,
    table: ir.Table,
    columns: Sequence[str],
    *,
    decimal: Mark | None,
    delimiter: str | None,
) -> NumberStyle:
    """Decides, from all their values, how a file's columns of numbers are written.

    Args:
        engine: Counts.
        table: The rows.
        columns: The file's columns of amounts, prices and quantities.
        decimal: The person's word on the decimal mark, or None.
        delimiter: Of the CSV; a semicolon is the delimiter where the comma is the decimal mark.
    """
    texts = [column for column in columns if table[column].type().is_string()]
    if decimal == "," or not texts:
        return NumberStyle(plain=frozenset(), decimal=dict.fromkeys(texts, ","))
    table = table.select(**{column: trimmed(table[column]) for column in texts})
    counts = count_all(
        engine,
        table,
        {
            f"{name} {column}": condition
            for column in texts
            for name, condition in first_looks(table[column]).items()
        },
    )
    plain = frozenset(column for column in texts if not counts[f"odd {column}"])
    odd = [
        column
        for column in texts
        if column not in plain or 0 < counts[f"pointed {column}"] == counts[f"grouped {column}"]
    ]
    if decimal == "." or not odd:
        return NumberStyle(plain=plain, decimal=dict.fromkeys(odd, "."))
    signs = (("comma", SAYS_COMMA), ("point", SAYS_POINT), ("nothing", SAYS_NOTHING))
    evidence = count_all(
        engine,
        table,
        {
            f"{name} {column}": digits_of(table[column]).re_search(pattern)
            for column in texts
            for name, pattern in signs
        },
    )
    return styled(texts, odd, evidence, delimiter)


def first_looks(text: ir.StringValue) -> dict[str, ir.BooleanValue]:
    """What tells quickly whether a column is plain: anything odd, or every point before 000."""
    return {
        "odd": ~text.re_search(PLAIN),
        "pointed": text.contains("."),
        "grouped": text.right(THOUSANDS_AND_POINT).startswith("."),
    }


def count_all(
    engine: Engine, table: ir.Table, conditions: Mapping[str, ir.BooleanValue]
) -> dict[str, int]:
    """How many rows fulfil each condition."""
    if not conditions:
        return {}
    sums = {name: condition.sum().cast("int64") for name, condition in conditions.items()}
    return {
        name: n or 0 for name, n in engine.fetch(table.aggregate(**sums)).to_pylist()[0].items()
    }


def styled(
    texts: Sequence[str], odd: Sequence[str], evidence: Mapping[str, int], delimiter: str | None
) -> NumberStyle:
    """The decimal mark of every column, from its own values, else from the others', else guessed.

    Args:
        texts: The columns.
        odd: Those whose values leave open what they say.
        evidence: How many values say what, by column.
        delimiter: Of the CSV.
    """
    leaning = {
        column: evidence[f"comma {column}"] - evidence[f"point {column}"] for column in texts
    }
    overall = sum(leaning.values())
    decimal: dict[str, Mark] = {}
    guessed = False
    for column in texts:
        lean = leaning[column] or (overall if evidence[f"nothing {column}"] else 0)
        if not lean and evidence[f"nothing {column}"] and column in odd:
            guessed, lean = True, 1 if delimiter == ";" else -1
        decimal[column] = "," if lean > 0 else "."
    commas = [column for column in texts if decimal[column] == ","]
    notes = []
    if guessed:
        said = gettext("No amount tells which mark is the decimal one; “{mark}” is taken.")
        notes = [said.format(mark="," if commas else ".")]
    elif commas:
        notes = [gettext("“{mark}” is the decimal mark of the amounts.").format(mark=",")]
    plain = frozenset(c for c in texts if c not in odd and decimal[c] == ".")
    return NumberStyle(plain=plain, decimal=decimal, notes=tuple(notes))


def digits_of(text: ir.StringValue) -> ir.StringValue:
    """The digits and marks of a number, without the point of an abbreviation ("Rs. 500")."""
    return text.re_replace(r"\pL\.|[^0-9.,]", "")


def number_of(values: ir.Value, column: str, style: NumberStyle) -> ir.FloatingValue:
    """Each value as float64; null where it is no finite number."""
    kind = values.type()
    if kind.is_floating():
        return ibis.ifelse(values.isnan() | values.isinf(), None, values).cast("float64")
    if not kind.is_string():
        return values.cast("float64")
    text = trimmed(values)
    if column in style.plain:
        return text.try_cast("float64")
    digits = digits_of(text)
    point = style.decimal.get(column, ".") == "."
    marks = POINT_DECIMAL if point else COMMA_DECIMAL
    bare = digits.replace(",", "") if point else digits.replace(".", "").replace(",", ".")
    readable = (
        text.re_search(AROUND)
        & ~text.re_search(TORN_APART)
        & digits.re_search(marks)
        & digits.re_search(r"\d")
    )
    size = ibis.ifelse(readable, bare.try_cast("float64"), None)
    written = ibis.ifelse(text.re_search(NEGATIVE), -size, size)
    scientific = text.re_search(SCIENTIFIC)
    return ibis.ifelse(scientific, ibis.ifelse(scientific, text, None).try_cast("float64"), written)


def minor_units(amounts: ir.FloatingValue, factor: ir.FloatingValue | float) -> ir.IntegerValue:
    """Amounts times a factor as integers, halves away from zero; null beyond 2**53 - 1.

    A decimal number times a power of ten can fall short of its half by a rounding of the last bit
    (1.005 * 100 = 100.49999999999999), so a few last bits are added where they cannot reach the
    next integer otherwise.
    """
    scaled = amounts.abs() * factor
    scaled = ibis.ifelse(scaled < LARGEST_MINOR + 1, scaled, None)
    whole = scaled.floor()
    # The fraction is exact, so even the largest integers are not touched by the rounding.
    nudge = ibis.least(scaled, NUDGED_BELOW) * NUDGE
    size = whole + (scaled - whole + nudge + 0.5).floor()
    return (size * amounts.sign()).cast("int64")


def is_too_fine(amounts: ir.FloatingValue, units: ir.FloatingValue | float) -> ir.BooleanValue:
    """Whether amounts have more decimals than their currency, beyond what a program's rounding leaves.

    Args:
        amounts: In units of their own currency.
        units: Minor units of one of it.
    """
    scaled = amounts.abs() * units
    scaled = ibis.ifelse(scaled < LARGEST_MINOR + 1, scaled, None)
    beyond = scaled - scaled.floor()
    noise = NOISE + scaled * NOISE_SHARE
    return ((beyond > noise) & (beyond < 1 - noise)).fill_null(False)  # noqa: FBT003  (a value of SQL)


def currency_signs(values: ir.Value) -> ir.StringValue:
    """The currency's sign or code that stands beside each amount; empty where there is none."""
    return values.cast("string").upper().re_extract(CURRENCY_SIGN, 1)
