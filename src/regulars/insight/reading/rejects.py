"""The error file: every row that was set aside, where it stands, why, and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import duckdb
import pyarrow as pa
from pyarrow import csv as arrow_csv

from regulars.insight.engines import Engine, path_list, quoted
from regulars.insight.reading.csv_files import RowLines
from regulars.insight.reading.tables import Tables
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import number_text

BATCH_ROWS = 50_000
OWN_COLUMNS = ("file", "line", "reason")
REASONS_IN_WORDS = {
    "no_customer": mark("{rows} without a customer"),
    "no_sender": mark("{rows} without a sender"),
    "no_friend": mark("{rows} without a friend"),
    "bad_date": mark("{rows} with a date that cannot be read"),
    "bad_amount": mark("{rows} with an amount that cannot be read"),
    "bad_currency": mark("{rows} with an unknown currency"),
    "after_until": mark("{rows} later than the last day that counts"),
    "repeated_line": mark("{rows} that repeat a line of their order"),
    "ragged": mark("{rows} that do not fit the header"),
}


def reasons_in_words(counts: Mapping[str, int]) -> str:
    """Counts by reason, in words."""
    return ", ".join(
        gettext(REASONS_IN_WORDS[reason]).format(rows=number_text(rows))
        for reason, rows in sorted(counts.items())
    )


def write_rejected(
    path: Path,
    *,
    engine: Engine,
    tables: Tables,
    cleaned: Sequence[Path],
    repeated: Path | None,
    keep_until: int,
) -> int:
    """Writes the rows that were set aside to a CSV in UTF-8, file by file in their order.

    Args:
        path: The file to write; it appears whole or not at all.
        engine: Its DuckDB reads the rows back.
        tables: The files.
        cleaned: Parquet with ``file, position, part, day, reason``.
        repeated: Parquet with ``file, position`` of repeated lines, or None.
        keep_until: Days since 1970-01-01; later rows are set aside.

    Returns:
        How many rows it holds.
    """
    connection = engine.files.cursor()
    reason = f"CASE WHEN reason IS NULL AND day > {keep_until} THEN 'after_until' ELSE reason END"
    select = (
        f"SELECT file, position, {reason} AS why FROM read_parquet({path_list(cleaned)}) "  # noqa: S608
        f"WHERE part = 0 AND (day > {keep_until} OR reason IS NOT NULL) AND reason IS DISTINCT FROM "
        "'further_line'"
    )
    if repeated is not None:
        select += (
            " UNION ALL SELECT file, position, 'repeated_line' FROM "  # noqa: S608
            f"read_parquet({path_list([repeated])})"
        )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE set_aside AS {select}")
    names = list(dict.fromkeys(name for group in tables.groups for name in group.names))
    schema = pa.schema([(name, pa.string()) for name in (*OWN_COLUMNS, *clear_of_own(names))])
    written = 0
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as target:
        partial = Path(target.name)
        try:
            with arrow_csv.CSVWriter(target, schema) as writer:
                for batch in rejected_batches(connection, tables, names, schema):
                    writer.write_batch(batch)
                    written += batch.num_rows
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    connection.execute("DROP TABLE set_aside")
    return written


def clear_of_own(names: Sequence[str]) -> list[str]:
    """The files' columns, renamed where they are called like ours."""
    return [f"{name} (2)" if name in OWN_COLUMNS else name for name in names]


def rejected_batches(
    connection: duckdb.DuckDBPyConnection, tables: Tables, names: Sequence[str], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """The rejected rows of every file, then its ragged lines."""
    for group in tables.groups:
        for number, parquet in group.files.items():
            label = str(tables.paths[number])
            cells = ", ".join(
                f'CAST(r."{name.replace(chr(34), chr(34) * 2)}" AS VARCHAR)'
                if name in group.names
                else "NULL"
                for name in names
            )
            query = (
                f"SELECT s.position, s.why, {cells} FROM read_parquet({quoted(parquet)}, "  # noqa: S608
                "file_row_number = true) r JOIN set_aside s ON r.file_row_number = s.position "
                f"WHERE s.file = {number} ORDER BY s.position"
            )
            reader = connection.sql(query).to_arrow_reader(BATCH_ROWS)
            yield from with_lines(reader, tables, number, label, schema)
    for line in tables.ragged:
        known: list[str | None] = [
            str(tables.paths[line.file]),
            str(line.line),
            "ragged",
            line.text,
        ]
        row = (known + [None] * len(schema))[: len(schema)]
        yield pa.record_batch([pa.array([cell], pa.string()) for cell in row], schema=schema)


def with_lines(
    reader: pa.RecordBatchReader, tables: Tables, number: int, label: str, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Batches of one file's rejected rows with the file's name and the physical lines."""
    table = tables.csv.get(number)
    lines = None if table is None else RowLines(table)
    for batch in reader:
        rows = batch.column(0).to_pylist()
        # Parquet has no lines; its rows are counted from 1.
        numbers = [str(row + 1 if lines is None else lines.line_of(row)) for row in rows]
        texts = [pa.array([label] * len(rows), pa.string()), pa.array(numbers, pa.string())]
        yield pa.record_batch([*texts, *batch.columns[1:]], schema=schema)
