"""The file that is named is read, and no other; every column keeps what it says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight import errors
from regulars.insight.engines import Engine
from regulars.insight.reading import PurchaseLines, Source, read_purchases

Read = Callable[..., PurchaseLines]
Lines = Callable[[PurchaseLines], list[dict[str, Any]]]
HEADER = "customer_id,occurred_at,amount\n"
COLUMNS = {"customer_id": ["ana", "ben"], "occurred_at": ["2024-01-01"] * 2, "amount": [5, 7]}


def parquet(folder: Path, columns: dict[str, Any], name: str = "purchases.parquet") -> Source:
    pq.write_table(pa.table(columns), folder / name)
    return Source(paths=folder / name)


@pytest.mark.parametrize(
    ("name", "other"), [("a[1].csv", "a1.csv"), ("a?.csv", "ab.csv"), ("a*.csv", "ab.csv")]
)
def test_a_name_that_looks_like_a_pattern_is_that_of_one_file(
    read: Read, lines_of: Lines, tmp_path: Path, name: str, other: str
) -> None:
    (tmp_path / other).write_text(HEADER + "another,2024-01-01,500\n")
    found = lines_of(read(HEADER + "ana,2024-01-01,5\n", name=name))
    assert [line["customer_id"] for line in found] == ["ana"]


def test_rates_are_those_of_the_file_named(read: Read, lines_of: Lines, tmp_path: Path) -> None:
    (tmp_path / "rates[1].csv").write_text("currency,rate\nEUR,1\nUSD,0.9\n")
    (tmp_path / "rates1.csv").write_text("currency,rate\nEUR,1\nUSD,0.5\n")
    found = read(
        "customer_id,occurred_at,amount,currency\nana,2024-01-01,10,USD\n",
        currency_rates=tmp_path / "rates[1].csv",
    )
    assert [line["amount_minor"] for line in lines_of(found)] == [900]


def test_overlapping_exports_count_once_though_their_columns_stand_in_another_order(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "1.csv").write_text("customer_id,occurred_at,amount,order_id\nana,2024-01-01,5,A\n")
    (tmp_path / "2.csv").write_text("order_id,amount,occurred_at,customer_id\nA,5,2024-01-01,ana\n")
    found = read_purchases(engine, Source(paths=tmp_path / "[12].csv"))
    assert found.rejected == {"repeated_line": 1}


@pytest.mark.parametrize(
    "name", ["filename", "file_row_number", "__file", "__position", "__path", "_metadata", "reason"]
)
def test_columns_may_be_called_as_ours_are(
    engine: Engine, read: Read, lines_of: Lines, tmp_path: Path, name: str
) -> None:
    of_text = lines_of(
        read(f"customer_id,occurred_at,amount,{name}\nana,2024-01-01,5,u\nben,2024-01-01,7,v\n")
    )
    of_parquet = lines_of(read_purchases(engine, parquet(tmp_path, {**COLUMNS, name: ["u", "v"]})))
    for found in (of_text, of_parquet):
        assert [(line["customer_id"], line["amount_minor"]) for line in found] == [
            ("ana", 500),
            ("ben", 700),
        ]
        assert [(line["file"], line["position"]) for line in found] == [(0, 0), (0, 1)]


def test_a_condition_may_ask_for_a_column_called_filename(read: Read) -> None:
    found = read(
        "customer_id,occurred_at,amount,filename\nana,2024-01-01,5,u\nben,2024-01-01,7,v\n",
        where="filename = 'v'",
    )
    assert (found.rows_read, found.rows_selected) == (2, 1)


def test_names_that_repeat_are_told_apart(read: Read) -> None:
    found = read(
        "customer_id,Date,Date 2,Date,amount\nana,2024-01-01,x,y,5\n",
        columns={"occurred_at": "Date"},
        where="\"Date 2\" = 'x' and \"Date 3\" = 'y'",
    )
    assert found.rows_selected == 1


@pytest.mark.parametrize("name", ["purchases.csv", "purchases.pq", "purchases"])
def test_parquet_is_recognised_under_another_name(
    engine: Engine, tmp_path: Path, name: str
) -> None:
    assert read_purchases(engine, parquet(tmp_path, COLUMNS, name)).rows_read == 2


def test_columns_that_differ_in_capital_letters_only_are_refused(
    engine: Engine, tmp_path: Path
) -> None:
    source = parquet(tmp_path, {**COLUMNS, "Amount": [500, 700]})
    with pytest.raises(errors.UnreadableFile, match="several columns called “amount”"):
        read_purchases(engine, source)


@pytest.mark.parametrize("values", [[[5], [7]], [{"a": 5}, {"a": 7}]])
def test_a_column_of_lists_is_refused(engine: Engine, tmp_path: Path, values: list[Any]) -> None:
    with pytest.raises(errors.UnusableColumn, match="“amount” holds a list"):
        read_purchases(engine, parquet(tmp_path, {**COLUMNS, "amount": values}))


def test_parquet_with_a_damaged_body_is_refused(engine: Engine, tmp_path: Path) -> None:
    source = parquet(
        tmp_path,
        {
            "customer_id": [f"customer {number}" for number in range(5000)],
            "occurred_at": ["2024-01-01"] * 5000,
            "amount": [number * 0.37 for number in range(5000)],
        },
    )
    path = tmp_path / "purchases.parquet"
    body = bytearray(path.read_bytes())
    body[200:-2000:7] = bytes(byte ^ 0xFF for byte in body[200:-2000:7])
    path.write_bytes(body)
    with pytest.raises(
        errors.UnreadableFile, match=r"purchases\.parquet cannot be read: it is damaged"
    ):
        read_purchases(engine, source)


def test_parquet_without_its_end_is_damaged(engine: Engine, tmp_path: Path) -> None:
    source = parquet(tmp_path, COLUMNS)
    path = tmp_path / "purchases.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(errors.UnreadableFile, match="it is damaged"):
        read_purchases(engine, source)
