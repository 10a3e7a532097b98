"""The error file shows what was set aside, and harms nobody who opens it."""

import csv
from collections.abc import Callable
from pathlib import Path

from regulars.insight.reading import PurchaseLines

Read = Callable[..., PurchaseLines]
HEADER = "customer_id,occurred_at,amount\n"


def rejects(read: PurchaseLines, folder: Path) -> list[list[str]]:
    read.rows.write_rejected(folder / "rejects.csv")
    with (folder / "rejects.csv").open(encoding="utf-8", newline="") as stream:
        return [row[1:] for row in csv.reader(stream)]


def test_no_cell_runs_as_a_formula(read: Read, tmp_path: Path) -> None:
    found = read(HEADER + 'ana,2024-01-01,5\n"=HYPERLINK(""x"")",soon,-5\n')
    assert rejects(found, tmp_path)[1] == ["3", "bad_date", '\'=HYPERLINK("x")', "soon", "-5"]


def test_a_ragged_line_stands_in_a_column_of_its_own(read: Read, tmp_path: Path) -> None:
    found = read(
        HEADER + "ana,2024-01-01,5\nben,2024-01-01\n=1,2024-01-01,5,6\ncai,soon,5\n",
        skip_ragged=True,
    )
    assert rejects(found, tmp_path) == [
        ["line", "reason", "text", "customer_id", "occurred_at", "amount"],
        ["5", "bad_date", "", "cai", "soon", "5"],
        ["3", "ragged", "ben,2024-01-01", "", "", ""],
        ["4", "ragged", "'=1,2024-01-01,5,6", "", "", ""],
    ]


def test_ragged_lines_are_read_selected_and_rejected(read: Read) -> None:
    found = read(HEADER + "ana,2024-01-01,5\nben,2024-01-01\n", skip_ragged=True)
    assert found.rejected == {"ragged": 1}
    # One line counts: 2 selected less 1 rejected.
    assert (found.rows_read, found.rows_selected) == (2, 2)


def test_the_files_columns_keep_apart_from_ours(read: Read, tmp_path: Path) -> None:
    found = read(
        "customer_id,occurred_at,amount,line,line 2,reason\nana,2024-01-01,5,a,b,c\n,2024-01-01,5,a,b,c\n"
    )
    header, row = rejects(found, tmp_path)
    assert header == [
        "line", "reason", "customer_id", "occurred_at", "amount", "line 2", "line 2 2", "reason 2"
    ]  # fmt: skip
    assert row == ["3", "no_customer", "", "2024-01-01", "5", "a", "b", "c"]


def test_lines_are_right_beside_a_very_long_cell(read: Read, tmp_path: Path) -> None:
    long = "x" * 200_000
    found = read(
        "customer_id,occurred_at,amount,note\n"
        'ana,2024-01-01,5,"two\nlines"\n'  # 2 and 3
        f"ben,soon,5,{long}\n"  # 4
        "cai,soon,5,\n"
    )
    assert [row[:3] for row in rejects(found, tmp_path)[1:]] == [
        ["4", "bad_date", "ben"],
        ["5", "bad_date", "cai"],
    ]
