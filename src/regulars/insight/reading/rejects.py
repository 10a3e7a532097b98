"""The error file: every row that was set aside, where it stands, why, and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import ibis.expr.types as ir
import pyarrow as pa
from pyarrow import csv as arrow_csv

from regulars.insight.engines import Engine, named, path_list, readable, upload
from regulars.insight.reading.csv_files import RowLines, unique_names
from regulars.insight.reading.orders import FURTHER_LINE
from regulars.insight.reading.tables import Tables
from regulars.insight.spreadsheets import harmless
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import number_text

BATCH_ROWS = 50_000
FOREVER = 2**31 - 1  # beyond the last day of any file
TURNED_OUT = pa.schema([("file", pa.int64()), ("position", pa.int64()), ("why", pa.string())])
OWN_COLUMNS = ("file", "line", "reason")
RAGGED_TEXT = "text"
REASONS_IN_WORDS = {
    "no_customer": mark("{rows} without a customer"),
    "no_sender": mark("{rows} without a sender"),
    "no_friend": mark("{rows} without a friend"),
    "bad_date": mark("{rows} with a date that cannot be read"),
    "bad_amount": mark("{rows} with an amount that cannot be read"),
    "currency_precision": mark("{rows} with more decimals than their currency has"),
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


@dataclass(frozen=True, kw_only=True)
class CleanedRows:
    """Every row of a source's files, cleaned or with the reason why it is set aside.

    Attributes:
        engine: Holds the rows.
        tables: The files they come from.
        cleaned: Parquet in the workspace with ``file, position, part, day, reason`` and what the rows
            say; part 0 of each row of the files is there once.
        repeated: Parquet with ``file, position`` of rows that repeat an earlier line of their
            order exactly, or None.
        keep_until: Days since 1970-01-01; later rows are set aside too.
        turned_out: Parquet with ``file, position, why`` of rows that were read, and are set aside after all.
    """

    engine: Engine
    tables: Tables
    cleaned: tuple[Path, ...]
    repeated: Path | None = None
    keep_until: int = FOREVER
    turned_out: tuple[Path, ...] = ()

    def that_count(self) -> ir.Table:
        """The rows that are not set aside, with the columns of ``cleaned``."""
        rows = self.engine.table(self.cleaned)
        rows = rows.filter(rows.reason.isnull() & (rows.day <= self.keep_until))
        if self.repeated is None:
            return rows
        return rows.anti_join(self.engine.table([self.repeated]), ["file", "position"])

    def but(self, rows: Sequence[tuple[int, int, str]]) -> "CleanedRows":
        """The same without some rows, each by file, position and why it turned out to be of no use."""
        columns = zip(*rows, strict=True) if rows else ((), (), ())
        cells = [
            pa.array(column, kind) for column, kind in zip(columns, TURNED_OUT.types, strict=True)
        ]
        table = pa.Table.from_arrays(cells, schema=TURNED_OUT)
        found = self.engine.save(upload(self.engine, table, "turned-out"), "turned-out")
        return replace(self, turned_out=(*self.turned_out, found))

    def write_rejected(self, path: Path) -> int:
        """Writes the rows that were set aside to a CSV in UTF-8, file by file in their order.

        Args:
            path: The file to write. Its columns are ``file, line, reason``, ``text`` if a line does
                not fit its header (the line as it stands), then the files' own.

        Returns:
            How many rows it holds.
        """
        tables = self.tables
        connection = self.engine.files.cursor()
        connection.execute(f"CREATE OR REPLACE TEMP TABLE set_aside AS {self._set_aside()}")
        names = list(dict.fromkeys(name for group in tables.groups for name in group.names))
        own = (*OWN_COLUMNS, RAGGED_TEXT) if tables.ragged else OWN_COLUMNS
        unique = unique_names(names, taken=own)
        schema = pa.schema([(name, pa.string()) for name in (*own, *unique)])
        written = 0
        with arrow_csv.CSVWriter(path, schema) as writer:
            for batch in rejected_batches(connection, tables, names):
                cells = [harmless(column) for column in batch.columns]
                writer.write_batch(pa.record_batch(cells, schema=schema))
                written += batch.num_rows
        connection.execute("DROP TABLE set_aside")
        return written

    def _set_aside(self) -> str:
        """The query of ``file, position, why`` of the rows that were set aside."""
        late = f"reason IS NULL AND day > {self.keep_until}"
        query = (
            f"SELECT file, position, CASE WHEN {late} THEN 'after_until' ELSE reason END AS why "  # noqa: S608
            f"FROM read_parquet({path_list(self.cleaned)}) WHERE part = 0 "
            f"AND (({late}) OR reason IS NOT NULL) AND reason IS DISTINCT FROM '{FURTHER_LINE}'"
        )
        if self.repeated is not None:
            repeated = path_list([self.repeated])
            query += (
                f" UNION ALL SELECT file, position, 'repeated_line' FROM read_parquet({repeated})"  # noqa: S608
            )
        if self.turned_out:
            late = path_list(self.turned_out)
            query += f" UNION ALL SELECT file, position, why FROM read_parquet({late})"  # noqa: S608
        return query


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
