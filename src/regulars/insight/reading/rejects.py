"""The error file: every row that was set aside, where it stands, why, and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import csv as arrow_csv

from regulars.insight.engines import Engine, named, path_list, readable
from regulars.insight.reading.csv_files import RowLines, unique_names
from regulars.insight.reading.tables import Tables
from regulars.insight.spreadsheets import harmless
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import number_text

BATCH_ROWS = 50_000
OWN_COLUMNS = ("file", "line", "reason")
RAGGED_TEXT = "text"
REASONS_IN_WORDS = {
    "no_customer": mark("{rows} without a customer"),
    "no_sender": mark("{rows} without a sender"),
    "no_friend": mark("{rows} without a friend"),
    "bad_date": mark("{rows} with a date that cannot be read"),
    "bad_amount": mark("{rows} with an amount that cannot be read"),
    "bad_currency": mark("{rows} with an unknown currency"),
    "no_rate": mark("{rows} without an exchange rate on that day"),
    "cancelled": mark("{rows} of cancelled or unpaid orders"),
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
        path: The file to write. Its columns are ``file, line, reason``, ``text`` if a line does not fit
            its header (the line as it stands), then the files' own.
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
    own = (*OWN_COLUMNS, RAGGED_TEXT) if tables.ragged else OWN_COLUMNS
    schema = pa.schema([(name, pa.string()) for name in (*own, *unique_names(names, taken=own))])
    written = 0
    with arrow_csv.CSVWriter(path, schema) as writer:
        for batch in rejected_batches(connection, tables, names):
            cells = [harmless(column) for column in batch.columns]
            writer.write_batch(pa.record_batch(cells, schema=schema))
            written += batch.num_rows
    connection.execute("DROP TABLE set_aside")
    return written


def rejected_batches(
    connection: duckdb.DuckDBPyConnection, tables: Tables, names: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """The rejected rows of every file, then its ragged lines."""
    unfit = ["NULL"] if tables.ragged else []
    for group in tables.groups:
        for number, parquet in group.files.items():
            label = str(tables.paths[number])
            own = [f"r.{named(name)}" if name in group.names else "NULL" for name in names]
            cells = ", ".join(f"CAST({cell} AS VARCHAR)" for cell in unfit + own)
            query = (
                f"SELECT s.position, s.why, {cells} FROM read_parquet({readable(parquet)}, "  # noqa: S608
                "file_row_number = true) r JOIN set_aside s ON r.file_row_number = s.position "
                f"WHERE s.file = {number} ORDER BY s.position"
            )
            reader = connection.sql(query).to_arrow_reader(BATCH_ROWS)
            yield from with_lines(reader, tables, number, label)
    for line in tables.ragged:
        told = [str(tables.paths[line.file]), str(line.line), "ragged", line.text]
        row = [*told, *[None] * len(names)]
        yield batch_of([pa.array([cell], pa.string()) for cell in row])


def batch_of(columns: Sequence[pa.Array]) -> pa.RecordBatch:
    """A batch whose columns are known by their place; their names may be there twice."""
    return pa.record_batch(list(columns), names=[str(place) for place in range(len(columns))])


def with_lines(
    reader: pa.RecordBatchReader, tables: Tables, number: int, label: str
) -> Iterator[pa.RecordBatch]:
    """Batches of one file's rejected rows with the file's name and the physical lines."""
    table = tables.csv.get(number)
    lines = None if table is None else RowLines(table)
    for batch in reader:
        rows = batch.column(0).to_pylist()
        # Parquet has no lines; its rows are counted from 1.
        numbers = [str(row + 1 if lines is None else lines.line_of(row)) for row in rows]
        texts = [pa.array([label] * len(rows), pa.string()), pa.array(numbers, pa.string())]
        yield batch_of([*texts, *batch.columns[1:]])
