"""Columns of which a spreadsheet runs no cell; see `regulars.kernel.spreadsheets`."""

import pyarrow as pa
import pyarrow.compute as pc

from regulars.kernel.spreadsheets import FORMULA_START, NUMBER_OR_PHONE


def harmless(cells: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Texts of which a spreadsheet runs none as a formula.

    Args:
        cells: Strings; null stays null.

    Returns:
        As many strings.
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
