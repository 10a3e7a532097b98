"""From a CSV file to Parquet that holds every cell as text, one row a record, in their order."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import TextIO

import duckdb
import pyarrow.parquet as pq

from regulars.insight.engines import RESERVED_COLUMNS, Engine, quoted, readable
from regulars.insight.errors import HeaderOnly, RaggedFile, UnreadableFile
from regulars.insight.reading.encodings import CHUNK_BYTES, as_utf8
from regulars.insight.reading.source import Source
from regulars.kernel.language import gettext, mark

DELIMITERS = ",;\t|"
SNIFFED_LINES = 200
LINE_LIMIT_BYTES = 1 << 20
# DuckDB reads lines up to this length; Python's reader, which follows it, must not stop before.
csv.field_size_limit(max(csv.field_size_limit(), 2 * LINE_LIMIT_BYTES))
WORDS_OF_FAULTS = {
    "MISSING COLUMNS": mark("too few columns"),
    "TOO MANY COLUMNS": mark("too many columns"),
    "UNQUOTED VALUE": mark("a quotation mark inside a value"),
    "LINE SIZE OVER MAXIMUM": mark("a line without end"),
}
OTHER_FAULT = mark("its cells cannot be told apart")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a CSV file is written."""

    delimiter: str
    names: tuple[str, ...]  # the header, made unique
    header_lines: int  # physical lines up to and with the header
    header_records: int  # the same as records: a name may have line ends inside quotation marks


@dataclass(frozen=True, kw_only=True)
class RaggedLine:
    """A line that does not fit its header."""

    file: int  # the position in `Source.files`
    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class CsvTable:
    """A CSV file in the workspace as Parquet.

    Attributes:
        parquet: The cells as text; a row's position is that of its record.
        text: The file as UTF-8.
        dialect: How it is written.
        encoding: What it was written in.
        rows: How many records fit the header.
        one_line_a_row: Whether record k stands on line k + header; else there are blank lines,
            line ends inside quotation marks or ragged lines.
        ragged: The lines that were left out.
    """

    parquet: Path
    text: Path
    dialect: Dialect
    encoding: str
    rows: int
    one_line_a_row: bool
    ragged: tuple[RaggedLine, ...] = ()


def convert(engine: Engine, file: Path, folder: Path, *, number: int, source: Source) -> CsvTable:
    """Reads one CSV file into the workspace.

    Args:
        engine: Its DuckDB reads the file.
        file: A CSV, perhaps gzipped.
        folder: Where its Parquet goes.
        number: The file's position in ``source.files()``; it becomes part of the Parquet's name.
        source: How to read it.

    Raises:
        HeaderOnly: It has no rows.
        RaggedFile: A line does not fit the header, and such lines are not to be skipped.
        UnreadableFile: Its rows cannot be told apart.
    """
    text = as_utf8(file, folder / f"text-{number}.csv", encoding=source.encoding)
    dialect = dialect_of(text.path)
    if dialect is None:
        raise RaggedFile(path=file, line=1, why=gettext("a line without end"))
    target = folder / f"raw-{number}.parquet"
    ragged: tuple[RaggedLine, ...] = ()
    try:
        copy_to_parquet(engine, text.path, target, dialect, tolerant=False)
    except duckdb.InvalidInputException as error:
        try:
            faults = copy_to_parquet(engine, text.path, target, dialect, tolerant=True)
        except duckdb.InvalidInputException:
            faults = []
        if not faults:
            raise UnreadableFile(
                path=file, why=gettext("it is not clear where its rows begin and end.")
            ) from error
        ragged, why = located(text.path, faults, number)
        if not source.skip_ragged:
            raise RaggedFile(path=file, line=ragged[0].line, why=gettext(why)) from error
    rows = pq.read_metadata(target).num_rows
    if rows == 0 and not ragged:
        raise HeaderOnly(path=file, names=dialect.names)
    return CsvTable(
        parquet=target,
        text=text.path,
        dialect=dialect,
        encoding=text.encoding,
        rows=rows,
        one_line_a_row=text.newlines == rows + dialect.header_lines and not ragged,
        ragged=ragged,
    )


def dialect_of(text: Path) -> Dialect | None:
    """The delimiter and header of a CSV in UTF-8; None where its header has no end."""
    with text.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(islice(limited_lines(stream), SNIFFED_LINES))
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if len(lines[first]) >= LINE_LIMIT_BYTES:
        return None
    declared = re.fullmatch(r"sep=(.)\s*", lines[first], re.IGNORECASE)
    if declared:
        first += 1
    delimiter = declared.group(1) if declared else likeliest_delimiter(lines[first:])
    reader = csv.reader(lines[first:], delimiter=delimiter)
    names = next(reader, [""])
    return Dialect(
        delimiter=delimiter,
        names=unique_names(names, taken=RESERVED_COLUMNS),
        header_lines=first + reader.line_num,
        header_records=first + 1,
    )


def limited_lines(stream: TextIO) -> Iterator[str]:
    """Lines, none longer than a limit, so that a file without line ends cannot fill the memory."""
    return iter(lambda: stream.readline(LINE_LIMIT_BYTES), "")


def likeliest_delimiter(lines: list[str]) -> str:
    """The delimiter that gives the header most columns, most rows agreeing with it."""

    def fit(delimiter: str) -> tuple[float, int]:
        widths: list[int] = []
        # A cell that is too long ends the sample; the lines before it tell.
        with suppress(csv.Error):
            widths.extend(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        header = widths[0] if widths else 0
        agreeing = Counter(widths)[header] / max(len(widths), 1)
        return (agreeing if header > 1 else 0.0, header)

    return max(DELIMITERS, key=fit)


def unique_names(names: Sequence[str], *, taken: Collection[str]) -> tuple[str, ...]:
    """Trimmed names; an empty one becomes ``column 3``, a second or taken ``Date`` ``Date 2``."""
    known = {name.casefold() for name in taken}
    unique = []
    for index, name in enumerate(names, start=1):
        plain = name.strip() or f"column {index}"
        free = next(
            candidate
            for candidate in chain([plain], (f"{plain} {again}" for again in count(2)))
            if candidate.casefold() not in known
        )
        known.add(free.casefold())
        unique.append(free)
    return tuple(unique)


def copy_to_parquet(
    engine: Engine, text: Path, target: Path, dialect: Dialect, *, tolerant: bool
) -> list[tuple[int, str, str]]:
    """Copies a CSV to Parquet; returns the faults as (byte, kind, text) where it is tolerant.

    Raises:
        duckdb.Error: A record does not fit, and it is not tolerant.
    """
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in dialect.names)
    options = (
        f"auto_detect = false, header = false, skip = {dialect.header_records}, columns = {{{columns}}}, "
        f"delim = {quoted(dialect.delimiter)}, quote = '\"', escape = '\"', strict_mode = true"
    )
    if tolerant:
        options += ", store_rejects = true, rejects_limit = 0"
    engine.files.execute("SET preserve_insertion_order = true")
    try:
        engine.files.execute(
            f"COPY (SELECT * FROM read_csv({readable(text)}, {options})) "  # noqa: S608
            f"TO {quoted(target)} (FORMAT parquet)"
        )
        if not tolerant:
            return []
        faults = engine.files.execute(
            "SELECT line_byte_position, any_value(error_type::VARCHAR), any_value(csv_line) "
            "FROM reject_errors GROUP BY line_byte_position ORDER BY line_byte_position"
        ).fetchall()
        engine.files.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
        return [(int(byte), str(kind), line or "") for byte, kind, line in faults]
    finally:
        engine.files.execute("SET preserve_insertion_order = false")


def located(
    text: Path, faults: list[tuple[int, str, str]], number: int
) -> tuple[tuple[RaggedLine, ...], str]:
    """The faults with the physical lines that they begin on, and what is wrong with the first."""
    lines = line_numbers(text, [byte for byte, _, _ in faults])
    ragged = tuple(
        RaggedLine(file=number, line=line, text=cells.rstrip("\r\n"))
        for line, (_, _, cells) in zip(lines, faults, strict=True)
    )
    return ragged, WORDS_OF_FAULTS.get(faults[0][1], OTHER_FAULT)


def line_numbers(text: Path, offsets: list[int]) -> list[int]:
    """The physical lines, from 1, on which ascending byte offsets lie."""
    numbers = []
    line, position, wanted = 1, 0, iter(offsets)
    offset = next(wanted, None)
    with text.open("rb") as stream:
        while offset is not None and (chunk := stream.read(CHUNK_BYTES)):
            end, scanned = position + len(chunk), 0
            while offset is not None and offset <= end:
                line += chunk.count(b"\n", scanned, offset - position)
                scanned = offset - position
                numbers.append(line)
                offset = next(wanted, None)
            line += chunk.count(b"\n", scanned)
            position = end
    return numbers


class RowLines:
    """The physical lines of a table's rows, asked for in ascending order.

    DuckDB does not tell lines, so where a row is not a line the text is read again and its
    records are counted as DuckDB counted them: blank lines and ragged ones are none.
    """

    def __init__(self, table: CsvTable) -> None:
        self._table = table
        self._starts = (
            iter(count(table.dialect.header_lines + 1))
            if table.one_line_a_row
            else starts_of_records(table)
        )
        self._next = 0

    def line_of(self, position: int) -> int:
        """The line, from 1, on which a row begins; positions must ascend."""
        skipped = position - self._next
        self._next = position + 1
        return next(islice(self._starts, skipped, None))


def starts_of_records(table: CsvTable) -> Iterator[int]:
    """The line on which each record that fits the header begins."""
    ragged = {line.line for line in table.ragged}
    width = len(table.dialect.names)
    with table.text.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(table.dialect.header_lines):
            stream.readline()
        reader = csv.reader(stream, delimiter=table.dialect.delimiter)
        before = table.dialect.header_lines
        for record in reader:
            start, before = before + 1, table.dialect.header_lines + reader.line_num
            if len(record) == width and start not in ragged:
                yield start
