"""The forms in which dates are written, and the day that each means.

One step a column, because an expression is written out for each of its uses.
"""

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import DATE_STEPS

CENTURY_TURNS = 70  # a year written 69 is 2069, 70 is 1970
EXCEL_DAY_OF_1970 = 25_569  # days since 1899-12-30, as spreadsheets count them
BUDDHIST_YEARS = 543  # the Buddhist era is ahead by so many
FIRST_BUDDHIST_YEAR = 2443  # 1900; no year of ours that is believed reaches so far

TEXT, FORM, YEAR, MONTH, DAY_OF_MONTH, WRITTEN, INSTANT, _ = DATE_STEPS
CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
ZONE = r" ?(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})"
TAIL = rf"(?:(?:T|,? +){CLOCK}(?:{ZONE})?)?$"
EXCEL = r"^(\d{5})(?:\.\d+)?$"
SLASHED = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})"
# Each with its groups for year, month and day.
FORMS = {
    "year first": (r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", (1, 2, 3)),
    "dotted": (r"^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})", (3, 2, 1)),
    "slashed": (SLASHED, (3, 2, 1)),
    "month by name": (
        r"^(?:\pL+,? +)?(\pL\pL\pL+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})",
        (3, 1, 2),
    ),
    "day and name": (
        r"^(?:\pL+,? +)?(\d{1,2})\.?(?: de)?[ -](\pL\pL\pL+)\.?,?(?: del?)?[ -](\d{4}|\d{2})",
        (3, 2, 1),
    ),
    "Thai": (
        r"^(?:[ก-๎]+ ?)?(\d{1,2}) ?([ก-๎]+\.?[ก-๎]*\.?) ?(?:พ\.ศ\. ?)?(\d{4}|\d{2})",
        (3, 2, 1),
    ),
    "compact": (r"^((?:19|20|21)\d{2})(\d{2})(\d{2})", (1, 2, 3)),
}
MONTH_FIRST = (3, 1, 2)
MONTHS = (
    ("jan", "ene", "jän", "มค", "มกร"),
    ("feb", "กพ", "กุม"),
    ("mar", "mär", "mrz", "มีค", "มีน"),
    ("apr", "abr", "เมย", "เมษ"),
    ("may", "mai", "พค", "พฤษ"),
    ("jun", "มิย", "มิถ"),
    ("jul", "กค", "กรก"),
    ("aug", "ago", "สค", "สิง"),
    ("sep", "set", "กย", "กัน"),
    ("oct", "okt", "ตค", "ตุล"),
    ("nov", "พย", "พฤศ"),
    ("dec", "dez", "dic", "ธค", "ธัน"),
)


def with_written(rows: ir.Table, *, day_first: bool, excel: bool) -> ir.Table:
    """Adds the day as it is written, in any form that is known, whatever the offset.

    Args:
        rows: With the trimmed text.
        day_first: Whether 01/02/2024 is in February.
        excel: Whether all are days as spreadsheets count them.

    Returns:
        The rows with days since 1970-01-01, int64, null where there is no date.
    """
    text = rows[TEXT]
    if excel:
        counted = text.re_extract(EXCEL, 1).nullif("").try_cast("int64")
        return rows.mutate(**{WRITTEN: counted - EXCEL_DAY_OF_1970})
    ends = {name: "$" if name == "compact" else TAIL for name in FORMS}
    form = ibis.cases(
        *[(text.re_search(FORMS[name][0] + ends[name]), name) for name in FORMS],
        else_=ibis.null("string"),
    )
    rows = rows.mutate(**{FORM: form})
    for place, part in enumerate((YEAR, MONTH, DAY_OF_MONTH)):
        rows = rows.mutate(**{part: part_of(rows, place, day_first=day_first)})
    rows = rows.mutate(
        **{YEAR: full_year(rows[YEAR], rows[FORM]), MONTH: month_number(rows[MONTH])}
    )
    year = rows[YEAR]
    ours = ibis.ifelse(year >= FIRST_BUDDHIST_YEAR, year - BUDDHIST_YEARS, year)
    iso = ours.cast("string").lpad(4, "0").concat("-", rows[MONTH].lpad(2, "0"))
    iso = iso.concat("-", rows[DAY_OF_MONTH].lpad(2, "0"))
    return rows.mutate(**{WRITTEN: days_since_1970(iso.try_cast("date"))})


def part_of(rows: ir.Table, place: int, *, day_first: bool) -> ir.StringValue:
    """The year, month or day (0, 1, 2) of each text as it is written in its form."""

    def group(name: str) -> int:
        swapped = name == "slashed" and not day_first
        return (MONTH_FIRST if swapped else FORMS[name][1])[place]

    return ibis.cases(
        *[
            (rows[FORM] == name, rows[TEXT].re_extract(pattern, group(name)))
            for name, (pattern, _) in FORMS.items()
        ],
        else_=ibis.null("string"),
    )


def full_year(written: ir.StringValue, form: ir.StringValue) -> ir.IntegerValue:
    """A year of one of the two eras; of two digits, the century that is meant."""
    year = written.try_cast("int64")
    century = ibis.cases(
        (written.length() > 2, 0),  # noqa: PLR2004  (digits of a year without its century)
        (form == "Thai", 2500),
        (year < CENTURY_TURNS, 2000),
        else_=1900,
    )
    return year + century


def month_number(written: ir.StringValue) -> ir.StringValue:
    """The number of a month, by its first three letters if it is a name; empty where it is none."""
    start = written.lower().replace(".", "").substr(0, 3)
    return ibis.cases(
        (written.re_search(r"^\d+$"), written),
        *[(start.isin(names), f"{number:02}") for number, names in enumerate(MONTHS, start=1)],
        else_="",
    )


def in_buddhist_era(text: ir.StringValue) -> ir.BooleanValue:
    """Whether a date's year can only be one of the Buddhist era."""
    year = text.re_replace(r" ?\d{1,2}:.*$", "").re_extract(r"(?:^|\D)(2[4-7]\d{2})(?:\D|$)", 1)
    return year.nullif("").try_cast("int64") >= FIRST_BUDDHIST_YEAR


def days_since_1970(day: ir.DateValue) -> ir.IntegerValue:
    """A date as a number."""
    return day.delta(ibis.date("1970-01-01"), unit="day").cast("int64")
