"""What becomes of every row."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight import ScoreRequest, errors, scoring, write_outputs
from regulars.insight.engines import Engine
from regulars.insight.reading import PurchaseLines, Source, read_purchases
from regulars.kernel.clock import day_of

Read = Callable[..., PurchaseLines]
Lines = Callable[[PurchaseLines], list[dict[str, Any]]]
HEADER = "customer_id,occurred_at,amount\n"


def rejects(read: PurchaseLines, folder: Path) -> list[dict[str, str]]:
    written = read.rows.write_rejected(folder / "rejects.csv")
    with (folder / "rejects.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == written
    return rows


def test_every_row_is_counted_and_every_rejected_one_is_found_by_its_line(
    read: Read, tmp_path: Path
) -> None:
    found = read(
        "customer_id,order_id,occurred_at,amount\n"
        "ana,1,2024-01-01,5.00\n"  # line 2
        ",2,2024-01-01,5.00\n"  # 3: nobody
        "ben,3,2024-02-30,5.00\n"  # 4: no such day
        "ben,4,2024-01-03,much\n"  # 5
        "ben,5,2025-01-01,5.00\n"  # 6: after the last day
        "ana,1,2024-01-01,5.00\n"  # 7: line 2 again
        "ben,6,2024-01-03,0\n",
        until=date(2024, 12, 31),
    )
    assert found.rejected == {
        "no_customer": 1,
        "bad_date": 1,
        "bad_amount": 1,
        "after_until": 1,
        "repeated_line": 1,
    }
    assert found.rows_read == found.rows_selected == 7
    assert [(row["line"], row["reason"]) for row in rejects(found, tmp_path)] == [
        ("3", "no_customer"),
        ("4", "bad_date"),
        ("5", "bad_amount"),
        ("6", "after_until"),
        ("7", "repeated_line"),
    ]


def test_lines_are_right_after_blank_lines_and_line_ends_in_quotes(
    read: Read, tmp_path: Path
) -> None:
    found = read(
        "customer_id,occurred_at,amount,note\n"
        "\n"
        'ana,2024-01-01,5,"two\nlines"\n'  # lines 3 and 4
        "\n"
        "ben,soon,5,x\n"  # 6
        'cem,2024-01-01,?,"a\n\nb"\n'  # 7 to 9
        "dee,later,5,x\n"  # 10
    )
    rows = rejects(found, tmp_path)
    assert [(row["line"], row["customer_id"]) for row in rows] == [
        ("6", "ben"),
        ("7", "cem"),
        ("10", "dee"),
    ]
    assert rows[1]["note"] == "a\n\nb"


@pytest.mark.parametrize("before", ["", "\n\n", "sep=,\n"])
@pytest.mark.parametrize("note", ["Note\n(for us)", 'Note\n\n(for ""us"")\n', "Note\r(for us)"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_end_inside_a_columns_name_loses_no_row(
    read: Read, lines_of: Lines, tmp_path: Path, before: str, note: str, end: str
) -> None:
    rows = ["ana,2024-01-01,5,x", "ben,2024-01-02,6,x", "cem,2024-01-03,much,x"]
    header = f'{before}E-Mail,"Order\nDate",Amount,"{note}"\n'.replace("\n", end)
    found = read(header + "".join(row + end for row in rows))

    assert [line["customer_id"] for line in lines_of(found)] == ["ana", "ben"]
    assert found.rejected == {"bad_amount": 1}
    last = (header + end.join(rows)).replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert [one["line"] for one in rejects(found, tmp_path)] == [str(last)]


def test_ragged_lines_are_left_out_where_asked_and_keep_their_lines(
    read: Read, tmp_path: Path
) -> None:
    found = read(
        HEADER + '"a\nb",2024-01-01,5\nana,2024-01-02\nben,2024-01-03,5,6\ncem,soon,5\n',
        skip_ragged=True,
    )
    assert found.rejected == {"ragged": 2, "bad_date": 1}
    found_rows = [(row["line"], row["reason"]) for row in rejects(found, tmp_path)]
    assert sorted(found_rows) == [("4", "ragged"), ("5", "ragged"), ("6", "bad_date")]


def test_rows_without_an_order_that_repeat_are_two_purchases(read: Read, lines_of: Lines) -> None:
    found = read(HEADER + "ana,2024-01-01,2.50\nana,2024-01-01,2.50\n")
    assert found.rejected == {}
    assert found.kept == {"repeated_row": 1}
    assert len(lines_of(found)) == 2


def test_a_column_that_nobody_maps_makes_two_lines_different(read: Read) -> None:
    content = "customer_id,order_id,occurred_at,amount,item\nana,1,2024-01-01,5,cup\n"
    assert read(content + "ana,1,2024-01-01,5,plate\n").rejected == {}
    again = read(content + "ana,1,2024-01-01,5,cup\n")
    assert again.rejected == {"repeated_line": 1}
    pairs = read(content + "ana,1,2024-01-01,5,cup\n" + "ana,1,2024-01-01,5,plate\n" * 2)
    assert pairs.rejected == {"repeated_line": 2}


def test_holdout_rows_are_kept_and_later_ones_are_not(read: Read) -> None:
    found = read(
        HEADER + "ana,2024-01-01,5\nana,2024-06-01,5\nana,2024-12-01,5\n",
        until=date(2024, 3, 1),
        keep_until=date(2024, 9, 1),
    )
    assert found.rejected == {"after_until": 1}
    assert (found.until, found.keep_until, found.last_day) == (
        date(2024, 3, 1),
        date(2024, 9, 1),
        date(2024, 6, 1),
    )


def test_without_until_the_last_day_of_the_file_counts_and_that_is_said(read: Read) -> None:
    found = read(HEADER + "ana,2024-01-01,5\nben,2024-05-06,5\n")
    assert found.until == date(2024, 5, 6)
    assert any("6 May 2024" in note for note in found.notes)


@pytest.mark.parametrize(
    "nobody", ["", "  ", "null", "NaN", "None", "anonymous", "N/A", "-1", "-", "Guest"]
)
def test_what_only_stands_where_a_customer_should_be_is_nobody(read: Read, nobody: str) -> None:
    assert read(HEADER + f"ana,2024-01-01,5\n{nobody},2024-01-01,5\n").rejected == {
        "no_customer": 1
    }


def test_an_id_is_text_without_blanks_and_an_address_has_no_capitals(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        HEADER
        + "13047.0,2024-01-01,5\n 007 ,2024-01-01,5\n0,2024-01-01,5\nAna@Example.org,2024-01-01,5\nAna,2024-01-01,5\n"
    )
    ids = [row["customer_id"] for row in lines_of(found)]
    assert ids == ["13047", "007", "0", "ana@example.org", "Ana"]


def test_parquet_with_its_own_types_reads_as_text_does(engine: Engine, tmp_path: Path) -> None:
    pq.write_table(
        pa.table(
            {
                "customer_id": pa.array([13047.0, None, 1.0], pa.float64()),
                "occurred_at": pa.array([1704103200_000_000_000] * 3, pa.timestamp("ns")),
                "amount": pa.array([1.005, 2.0, float("nan")], pa.float64()),
            }
        ),
        tmp_path / "a.parquet",
    )
    found = read_purchases(engine, Source(paths=tmp_path / "a.parquet"))
    (line,) = engine.fetch(found.table()).to_pylist()
    assert (line["customer_id"], day_of(line["day"]), line["amount_minor"]) == (
        "13047",
        date(2024, 1, 1),
        101,
    )
    assert found.rejected == {"no_customer": 1, "bad_amount": 1}
    assert [row["line"] for row in rejects(found, tmp_path)] == ["2", "3"]


def test_several_files_are_mapped_each_by_its_own_columns(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "tills"
    (folder / "north").mkdir(parents=True)
    (folder / "a.csv").write_text(HEADER + "ana,2024-01-01,5\n")
    (folder / "north" / "b.tsv").write_text("Kunde\tDatum\tBetrag\nben\t02.01.2024\t7,50\n")
    (folder / "c.csv").write_text(HEADER)  # a till without sales
    (folder / "notes.md").write_text("not a table")
    found = read_purchases(engine, Source(paths=folder))
    amounts = {
        row["customer_id"]: row["amount_minor"] for row in engine.fetch(found.table()).to_pylist()
    }
    assert amounts == {"ana": 500, "ben": 750}


def test_a_pattern_and_a_gzipped_file_are_read(engine: Engine, tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415

    (tmp_path / "till-1.csv.gz").write_bytes(
        gzip.compress((HEADER + "ana,2024-01-01,5\n").encode())
    )
    (tmp_path / "till-2.csv").write_text(HEADER + "ben,2024-01-01,5\n")
    found = read_purchases(engine, Source(paths=str(tmp_path / "till-*")))
    assert found.rows_read == 2


def test_where_selects_rows_by_the_files_own_columns(read: Read, lines_of: Lines) -> None:
    content = (
        "customer_id,occurred_at,amount,Shop no,status\n"
        "ana,2024-01-01,5,9,paid\nben,2024-01-02,15,10,paid\ncem,2024-01-03,25,11,void\n"
    )

    def who(condition: str) -> list[str]:
        return [row["customer_id"] for row in lines_of(read(content, where=condition))]

    # 9 < 10 as numbers, although "9" > "10" as text.
    assert who('"Shop no" >= 10') == ["ben", "cem"]
    assert who("status = 'paid' AND amount > 5") == ["ben"]
    assert who("occurred_at < DATE '2024-01-02' OR lower(STATUS) LIKE 'v%'") == ["ana", "cem"]


@pytest.mark.parametrize(
    "condition",
    [
        "colour = 'red'",
        "amount >",
        "1 = 1; DROP TABLE x",
        "amount IN (SELECT 5)",
        "EXISTS (FROM 'other.csv')",
        "sum(amount) > 5",
        "1=1) UNION SELECT * FROM (SELECT 1",
    ],
)
def test_a_condition_that_is_none_is_refused(read: Read, condition: str) -> None:
    with pytest.raises(errors.BadCondition):
        read(HEADER + "ana,2024-01-01,5\n", where=condition)


def test_a_condition_that_fails_for_a_late_row_is_refused_in_plain_words(read: Read) -> None:
    content = HEADER + "ana,2024-01-01,9\n" * 5000 + "ben,2024-01-01,none\n"
    with pytest.raises(errors.BadCondition, match="TRY_CAST") as caught:
        read(content, where="CAST(amount AS DOUBLE) > 5")
    assert "Error" not in str(caught.value)
    assert read(content, where="TRY_CAST(amount AS DOUBLE) > 5").rows_selected == 5000


def test_a_condition_with_an_unknown_function_is_refused_in_plain_words(read: Read) -> None:
    with pytest.raises(errors.BadCondition, match="a function that does not exist"):
        read(HEADER + "ana,2024-01-01,5\n", where="lenght(amount) > 3")


def test_a_condition_that_leaves_nothing_says_so(read: Read) -> None:
    with pytest.raises(errors.NothingSelected):
        read(HEADER + "ana,2024-01-01,5\n", where="amount > 10")


def test_a_crowd_under_one_id_is_pointed_out(read: Read) -> None:
    rows = "".join(f"c{number},2024-01-01,5\n" for number in range(30))
    found = read(HEADER + rows + "0,2024-01-01,5\n" * 20)
    assert any("“0” has 40%" in note for note in found.notes)


def test_reading_twice_in_one_workspace_leaves_the_files_as_they_are(
    engine: Engine, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        table = pa.table({"customer_id": [name], "occurred_at": ["2024-01-01"], "amount": [5.0]})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    (tmp_path / "c.csv").write_text(HEADER + "ben,2024-01-01,7\n")
    files = ("a.parquet", "b.parquet", "c.csv")
    before = [(tmp_path / name).read_bytes() for name in files]
    found = [read_purchases(engine, Source(paths=tmp_path / name)) for name in files]
    assert [(tmp_path / name).read_bytes() for name in files] == before
    ids = [engine.fetch(lines.table())["customer_id"].to_pylist() for lines in found]
    assert ids == [["a"], ["b"], ["ben"]]


def test_a_typing_error_in_a_year_ages_nobody(read: Read) -> None:
    content = HEADER + "ana,2024-01-01,5\nben,2024-05-06,5\ncem,2042-01-01,5\n"
    found = read(content, today=date(2024, 6, 1))
    assert (found.until, found.rejected) == (date(2024, 5, 6), {"after_until": 1})
    assert any("not in the future" in note for note in found.notes)
    with pytest.raises(errors.AllAfterUntil, match="later than 1 June 2023"):
        read(content, today=date(2023, 6, 1))


def test_ids_that_look_alike_are_alike(read: Read, lines_of: Lines) -> None:
    # A blank that does not break, a wide one, and an accent written apart.
    rows = ["\u00a0Zoe\u0308", "Zo\u00eb\u2003", "Zo\u00eb"]
    found = read(HEADER + "".join(f"{name},2024-01-01,5\n" for name in rows))
    assert [row["customer_id"] for row in lines_of(found)] == ["Zo\u00eb"] * 3


def test_a_mapping_is_for_the_files_that_have_its_column(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "ana,2024-01-01,5\n")
    (tmp_path / "b.csv").write_text("Wer;Datum;Betrag\nben;02.01.2024;7,50\n")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    found = read_purchases(engine, Source(paths=paths, columns={"customer_id": "Wer"}))
    assert found.rejected == {}
    with pytest.raises(errors.UnknownColumn, match="“Wem”"):
        read_purchases(engine, Source(paths=paths, columns={"customer_id": "Wem"}))


def test_a_purchase_that_names_its_own_order_gives_nothing_back(
    read: Read, lines_of: Lines
) -> None:
    found = read(
        "customer_id,occurred_at,amount,order_id,refund_of\n"
        "A,2026-01-01,10,o1,o1\nA,2026-01-05,20,o2,no\nA,2026-01-06,5,o3,\nA,2026-01-07,5,o4,o2\n"
    )
    assert [(row["amount_minor"], row["refund_of"]) for row in lines_of(found)] == [
        (1000, None),
        (2000, None),
        (500, None),
        (-500, "o2"),
    ]


def test_what_a_run_wrote_is_not_read_with_the_folder_it_lies_in(
    engine: Engine, tmp_path: Path
) -> None:
    till = tmp_path / "till"
    till.mkdir()
    (till / "2026.csv").write_text(
        "customer_id,occurred_at,amount\nana,2026-01-01,5\nana,2027-01-01,5\n"
    )
    (till / "empty").mkdir()
    for paths in (till, str(till / "*.csv"), str(till / "*")):
        request = ScoreRequest(purchases=Source(paths=paths), until=date(2026, 6, 30))
        with scoring(request) as scored:
            write_outputs(scored, folder=till, as_csv=True, report=till / "report.html")
        assert {"rejected.csv", "scores.csv"} <= {file.name for file in till.iterdir()}
        assert read_purchases(engine, Source(paths=paths)).rows_read == 2


def test_a_repeated_line_whose_margin_cannot_be_read_is_counted_once(read: Read) -> None:
    found = read(
        "customer_id,occurred_at,amount,order_id,margin\n"
        "a,2024-01-01,5,1,40%\na,2024-01-01,5,1,40%\nb,2024-01-01,5,2,1\n"
    )
    assert (found.rejected, found.kept) == ({"repeated_line": 1}, {"bad_margin": 1})
