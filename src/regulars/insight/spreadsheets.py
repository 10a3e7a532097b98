"""Cells that a spreadsheet must not run: what customers call themselves may be a formula."""

import pyarrow as pa
import pyarrow.compute as pc

FORMULA_START = r"^[=+\-@\t\r]"
NUMBER_OR_PHONE = r"^[+-]?[\d ().-]+$"


def harmless(cells: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Texts of which a spreadsheet runs none as a formula.

    A text that begins with ``= + - @``, a tab or a carriage return gets an apostrophe before it, which
    spreadsheets take for “this is text”. Numbers and phone numbers stay as they are.

    Args:
        cells: Strings; null stays null.

    Returns:
        As many strings.

    Source: OWASP, CSV Injection.
    """
    formula = pc.and_not(
        pc.match_substring_regex(cells, FORMULA_START),
        pc.match_substring_regex(cells, NUMBER_OR_PHONE),
    )
    marked = pc.binary_join_element_wise(
        pa.scalar("'", cells.type), cells, pa.scalar("", cells.type)
    )
    return pc.if_else(formula, marked, cells)


def safe_for_spreadsheets(table: pa.Table) -> pa.Table:
    """The table with every cell of text made harmless; see `harmless`."""
    for position, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            table = table.set_column(position, field, harmless(table.column(position)))
    return table
