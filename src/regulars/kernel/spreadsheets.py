"""Cells that a spreadsheet must not run: what customers call themselves may be a formula.

A text that begins with ``= + - @``, a tab or a carriage return gets an apostrophe before it, which
spreadsheets take for “this is text”. Numbers and phone numbers stay as they are.

Source: OWASP, CSV Injection.
"""

import json
import re

FORMULA_START = r"^[=+\-@\t\r]"
NUMBER_OR_PHONE = r"^[+-]?[\d ().-]+$"
MARK_OF_UTF8 = "\ufeff"  # without it a spreadsheet takes UTF-8 for something else

_formula, _number_or_phone = re.compile(FORMULA_START), re.compile(NUMBER_OR_PHONE)


def cell(value: object) -> str:
    """A value as a cell of CSV that no spreadsheet runs; None is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    runs = _formula.match(value) and not _number_or_phone.fullmatch(value)
    return f"'{value}" if runs else value
