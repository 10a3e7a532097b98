"""No cell that we write runs as a formula in a spreadsheet."""

import pyarrow as pa
import pytest

from regulars.insight.spreadsheets import harmless, safe_for_spreadsheets


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1"]
)
def test_a_formula_becomes_a_text(text: str) -> None:
    assert harmless(pa.array([text])).to_pylist() == ["'" + text]


@pytest.mark.parametrize(
    "text", ["-12.50", "+49 (30) 123-45.67", "+5", "5", "Ana", "a=b", "", "'=1", None]
)
def test_numbers_and_phones_and_other_texts_stay_as_they_are(text: str | None) -> None:
    assert harmless(pa.array([text], pa.string())).to_pylist() == [text]


def test_columns_of_numbers_are_not_touched() -> None:
    table = pa.table({"id": ["=a", "b"], "value": [-1.5, 2.0]})
    assert safe_for_spreadsheets(table).to_pydict() == {"id": ["'=a", "b"], "value": [-1.5, 2.0]}
