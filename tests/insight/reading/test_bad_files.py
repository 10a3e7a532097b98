"""A file that cannot be used is refused with one clear line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight import errors
from regulars.insight.engines import Engine
from regulars.insight.reading import Source, read_purchases
from regulars.insight.reading.columns import map_purchases
from regulars.kernel.errors import RegularsError

GOOD = "customer_id,occurred_at,amount\nana,2024-01-31,5\n"

BAD = [
    ("", errors.EmptyFile, "is empty"),
    ("\n\n", errors.EmptyFile, "is empty"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), errors.BinaryFile, "not a text file"),
    (bytes(range(1, 256)) * 20, errors.BinaryFile, "not a text file"),
    ("x" * 3_000_000, errors.RaggedFile, "a line without end"),
    (GOOD + f"ben,{'x' * 3_000_000},5\n", errors.RaggedFile, "Line 3 of"),
    (b"PAR1" + bytes(20) + b"PAR1", errors.UnreadableFile, "it is damaged"),
    (b"PK\x03\x04" + bytes(100), errors.SpreadsheetFile, "spreadsheet or an archive"),
    ("customer_id,occurred_at,amount\n", errors.HeaderOnly, "has a header and no rows"),
    (GOOD + "ben,2024-01-31\n", errors.RaggedFile, "Line 3 of"),
    (GOOD + "ben,2024-01-31,5,6\n", errors.RaggedFile, "too many columns"),
    (GOOD + 'ben,"2024"-01,5\n', errors.RaggedFile, "quotation mark"),
    ("customer_id,occurred_at\nana,2024-01-31\n", errors.MissingColumn, "--map amount=…"),
    ("who,occurred_at,amount\nana,2024-01-31,5\n", errors.MissingColumn, "--map customer_id=who"),
    ("Note,Name,Date,Total\nx,Ana,2024-01-31,5\n", errors.MissingColumn, "--map customer_id=Name"),
    (
        "customer_id,occurred_at,amount,currency\nana,2024-01-31,5,EUR\nben,2024-01-31,5,USD\n",
        errors.MixedCurrencies,
        "EUR, USD",
    ),
    ("customer_id,occurred_at,amount\nana,€ 5,€ 5\nben,2024-01-31,$ 5\n", errors.MixedCurrencies, "EUR, USD"),
    ("customer_id,occurred_at,amount\nana,soon,5\n", errors.AllDatesBad, "the first is “soon”"),
    ("customer_id,occurred_at,amount\nana,2030-01-01,5\n", errors.AllAfterUntil, "1 January 2030"),
    ("customer_id,occurred_at,amount\nana,2024-01-01,-5\n", errors.NoPurchase, "only refunds"),
    (
        "customer_id,occurred_at,amount\n,2024-01-01,5\nana,2024-01-01,much\n",
        errors.NoUsableRow,
        "1 with an amount that cannot be read, 1 without a customer",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("content", "error", "words"), BAD)
def test_a_bad_file_is_refused_in_one_line(
    read: Callable[..., object], content: str | bytes, error: type[RegularsError], words: str
) -> None:
    with pytest.raises(error) as caught:
        read(content, until=date(2024, 12, 31))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_what_is_called_parquet_and_is_not_is_refused(read: Callable[..., object]) -> None:
    with pytest.raises(errors.NotParquet, match="is not a Parquet file"):
        read(GOOD, name="purchases.parquet")


def test_a_parquet_file_without_rows_is_refused(engine: Engine, tmp_path: Path) -> None:
    pq.write_table(pa.table({"customer_id": pa.array([], pa.string())}), tmp_path / "a.parquet")
    with pytest.raises(errors.HeaderOnly):
        read_purchases(engine, Source(paths=tmp_path / "a.parquet"))


def test_a_path_that_leads_nowhere_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(errors.NoSuchFile, match="nowhere"):
        read_purchases(engine, Source(paths=tmp_path / "nowhere.csv"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(errors.NoTables):
        read_purchases(engine, Source(paths=tmp_path / "empty"))


def test_two_columns_that_could_both_be_meant_are_asked_about(read: Callable[..., object]) -> None:
    with pytest.raises(errors.AmbiguousColumn, match="“date”, “order date”"):
        read("customer_id,date,order date,amount\nana,2024-01-01,2024-01-02,5\n")


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Kunde,Kundennr,Datum,Betrag", {"customer_id": "Kundennr", "customer_name": "Kunde"}),
        ("Customer Number,Customer,Date,Total", {"customer_id": "Customer Number"}),
        ("Order,Order no,Customer,Date,Total", {"order_id": "Order no", "customer_id": "Customer"}),
        ("E-Mail,Kundennr,Name,Datum,Betrag", {"customer_id": "Kundennr", "customer_name": "Name"}),
    ],
)
def test_of_two_columns_the_one_that_names_a_number_tells_apart_and_it_is_said(
    header: str, columns: dict[str, str]
) -> None:
    (mapped,) = map_purchases([(Path("a.csv"), header.split(","))], {})
    assert columns.items() <= mapped.columns.items()
    assert "tells apart better than" in mapped.notes()[-1]


def test_two_numbers_are_asked_about(read: Callable[..., object]) -> None:
    with pytest.raises(errors.AmbiguousColumn, match="“customer number”, “user id”"):
        read("user id,customer number,date,amount\n1,2,2024-01-01,5\n")


def test_a_mapping_to_a_column_that_is_not_there_names_those_that_are(
    read: Callable[..., object],
) -> None:
    with pytest.raises(errors.UnknownColumn, match="“Kunde”; it has “customer_id”"):
        read(GOOD, columns={"customer_id": "Kunde"})
    with pytest.raises(errors.UnknownMapping, match="“shoe_size” cannot be mapped"):
        read(GOOD, columns={"shoe_size": "amount"})


def test_nothing_is_left_in_the_folder_of_a_refused_file(
    read: Callable[..., object], tmp_path: Path
) -> None:
    with pytest.raises(errors.RaggedFile):
        read(GOOD + "ben,2024-01-31\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["purchases.csv", "workspace"]
