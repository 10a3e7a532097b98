"""The forms that a table can be written in: CSV, Parquet, JSON, JSON lines."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from regulars.insight.spreadsheets import safe_for_spreadsheets

Write = Callable[[pa.Table], None]
Form = Callable[[ExitStack, Path, pa.Schema], Write]


def _csv(stack: ExitStack, path: Path, schema: pa.Schema) -> Write:
    texts = pa.schema([(name, pa.string()) for name in schema.names])
    writer = stack.enter_context(pyarrow.csv.CSVWriter(path, texts))

    def write(table: pa.Table) -> None:
        # Moments as ISO 8601 writes them; a text that a spreadsheet would run gets an apostrophe.
        cells = {
            name: [
                cell.isoformat()
                if hasattr(cell, "isoformat")
                else None
                if cell is None
                else str(cell)
                for cell in table[name].to_pylist()
            ]
            for name in table.column_names
        }
        writer.write_table(safe_for_spreadsheets(pa.table(cells, schema=texts)))

    return write


def _parquet(stack: ExitStack, path: Path, schema: pa.Schema) -> Write:
    writer: Write = stack.enter_context(pq.ParquetWriter(path, schema)).write_table
    return writer


def _json(stack: ExitStack, path: Path, schema: pa.Schema, *, lines: bool = False) -> Write:
    del schema
    stream = stack.enter_context(path.open("w", encoding="utf-8"))
    before = "" if lines else "[\n"
    if not lines:
        stack.callback(lambda: stream.write("\n]\n" if before == "" else "[]\n"))

    def write(table: pa.Table) -> None:
        nonlocal before
        for row in table.to_pylist():
            if "data" in row:
                row["data"] = json.loads(row["data"])
            text = json.dumps(row, ensure_ascii=False, default=lambda cell: cell.isoformat())
            if lines:
                stream.write(text + "\n")
            else:
                stream.write((before or ",\n") + text)
                before = ""

    return write


def _json_lines(stack: ExitStack, path: Path, schema: pa.Schema) -> Write:
    return _json(stack, path, schema, lines=True)


FORMS: Mapping[str, Form] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".json": _json,
    ".jsonl": _json_lines,
}
