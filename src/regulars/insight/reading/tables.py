"""The files as tables that an engine can read, those with the same columns together."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.insight.engines import RESERVED_COLUMNS, Engine, named, quoted, readable
from regulars.insight.errors import (
    EmptyFile,
    HeaderOnly,
    NotParquet,
    UnreadableFile,
    UnusableColumn,
)
from regulars.insight.reading.columns import Mapped
from regulars.insight.reading.csv_files import CsvTable, RaggedLine, convert, unique_names
from regulars.insight.reading.source import PARQUET, Source, is_parquet
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress

# Names in alphabetical order, their types (None where all is text), the delimiter.
Key = tuple[tuple[str, ...], tuple[str, ...] | None, str | None]
NESTED = ("list", "large_list", "fixed_size_list", "struct", "map")
MapColumns = Callable[[Sequence[tuple[Path, Sequence[str]]], Mapping[str, str]], list[Mapped]]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Files with the same columns, in whatever order.

    Attributes:
        files: The number of each file in `Source.files` and its Parquet in the workspace.
        names: Their columns, as the first of them has them.
        text: Whether every cell is text, as in a CSV.
        delimiter: Of the CSV files.
        mapped: Which column is which of ours.
    """

    files: Mapping[int, Path]
    names: tuple[str, ...]
    text: bool
    delimiter: str | None
    mapped: Mapped

    def rows(self, engine: Engine) -> ir.Table:
        """All their rows, with ``__file`` and ``__position``."""
        return engine.rows(list(self.files.values()))


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Everything that a source holds, not cleaned yet.

    Attributes:
        paths: The files, as `Source.files` gives them.
        groups: Their tables.
        csv: The CSV files among them, by number.
        notes: What was recognised, in words.
    """

    paths: tuple[Path, ...]
    groups: tuple[Group, ...]
    csv: Mapping[int, CsvTable]
    notes: tuple[str, ...]

    @property
    def ragged(self) -> list[RaggedLine]:
        """The lines that did not fit a header."""
        return [line for table in self.csv.values() for line in table.ragged]


def open_tables(
    engine: Engine, source: Source, *, map_columns: MapColumns, progress: Progress
) -> Tables:
    """Brings the files of a source into the workspace and recognises their columns.

    Raises:
        RegularsError: A file cannot be read or lacks a column; see `regulars.insight.errors`.
    """
    paths = source.files()
    # A folder for each source: files of purchases and of referrals are numbered alike.
    folder = Path(mkdtemp(prefix="files-", dir=engine.workspace))
    csv: dict[int, CsvTable] = {}
    found: dict[Key, dict[int, Path]] = {}
    names_of: dict[Key, tuple[str, ...]] = {}
    empty: list[HeaderOnly] = []
    for number, path in enumerate(paths):
        progress(gettext("Reading {file}").format(file=path.name), number / len(paths))
        try:
            if is_parquet(path):
                names, types, parquet = open_parquet(engine, path, folder / f"raw-{number}.parquet")
                pairs = sorted(zip(names, types, strict=True))
                key: Key = (tuple(n for n, _ in pairs), tuple(t for _, t in pairs), None)
            else:
                table = csv[number] = convert(engine, path, folder, number=number, source=source)
                parquet = table.parquet
                names = table.dialect.names
                key = (tuple(sorted(names)), None, table.dialect.delimiter)
        except HeaderOnly as error:
            # One till without sales says nothing against the others.
            empty.append(error)
            csv.pop(number, None)
            continue
        found.setdefault(key, {})[number] = parquet
        names_of.setdefault(key, names)
    if not found:
        raise HeaderOnly(path=empty[0].path, names=empty[0].names, others=empty[1:])
    groups = []
    firsts = [(paths[min(files)], names_of[key]) for key, files in found.items()]
    for ((in_order, kinds, delimiter), files), (first, names), mapped in zip(
        found.items(), firsts, map_columns(firsts, source.columns), strict=True
    ):
        if kinds is not None:
            refuse_nested(first, dict(zip(in_order, kinds, strict=True)), mapped)
        groups.append(
            Group(
                files=files,
                names=names,
                text=kinds is None,
                delimiter=delimiter,
                mapped=mapped,
            )
        )
    return Tables(
        paths=tuple(paths), groups=tuple(groups), csv=csv, notes=tuple(notes_of(paths, groups, csv))
    )


def refuse_nested(path: Path, kinds: Mapping[str, str], mapped: Mapped) -> None:
    """Refuses a column whose cells hold more than one value.

    Raises:
        UnusableColumn: A column of ours is one.
    """
    for column in mapped.columns.values():
        if kinds[column].startswith(NESTED):
            raise UnusableColumn(path=path, column=column)


def open_parquet(
    engine: Engine, path: Path, target: Path
) -> tuple[tuple[str, ...], tuple[str, ...], Path]:
    """A Parquet file under the name ``target``; its columns, their types, and where it is.

    Raises:
        NotParquet: It is something else.
        EmptyFile: It has no byte.
        HeaderOnly: It has no row.
        UnreadableFile: The system refuses, it is damaged, or two columns have one name.
    """
    start = b""
    try:
        with path.open("rb") as stream:
            start = stream.read(len(PARQUET))
        if not start:
            raise EmptyFile(path=path)
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, UnicodeError) as error:
        if start == PARQUET:
            raise UnreadableFile(path=path, why=gettext("it is damaged.")) from error
        raise NotParquet(path=path) from error
    except OSError as error:
        raise UnreadableFile(path=path, why=error.strerror or gettext("it is damaged.")) from error
    if rows == 0:
        raise HeaderOnly(path=path, names=own_names(path, schema.names))
    names = own_names(path, schema.names)
    copied = copied_columns(schema, names, engine)
    if copied is None:
        target.symlink_to(path.resolve())
    else:
        copy_parquet(engine, path, target, copied)
    return names, tuple(str(kind) for kind in schema.types), target


def own_names(path: Path, names: list[str]) -> tuple[str, ...]:
    """The columns' names, another for one that is reserved.

    Raises:
        UnreadableFile: Two columns have one name; DuckDB does not tell capital letters apart.
    """
    counts = Counter(name.casefold() for name in names)
    for name in names:
        if counts[name.casefold()] > 1:
            why = gettext("it has several columns called “{column}”, capital letters aside.")
            raise UnreadableFile(path=path, why=why.format(column=name))
    reserved = any(name in counts for name in RESERVED_COLUMNS)
    return unique_names(names, taken=RESERVED_COLUMNS) if reserved else tuple(names)


def copied_columns(schema: pa.Schema, names: Sequence[str], engine: Engine) -> list[str] | None:
    """What to select for a copy under other names or in other types; None where none is needed."""
    kinds = [spark_kind(kind) if engine.name == "spark" else None for kind in schema.types]
    if not any(kinds) and tuple(names) == tuple(schema.names):
        return None
    return [
        f"{named(theirs)} AS {named(ours)}"
        if kind is None
        else f"CAST({named(theirs)} AS {kind}) AS {named(ours)}"
        for theirs, ours, kind in zip(schema.names, names, kinds, strict=True)
    ]


def copy_parquet(engine: Engine, path: Path, target: Path, columns: Sequence[str]) -> None:
    """Copies a Parquet file, its rows in their order.

    Raises:
        UnreadableFile: It is damaged.
    """
    engine.files.execute("SET preserve_insertion_order = true")
    try:
        engine.files.execute(
            f"COPY (SELECT {', '.join(columns)} FROM read_parquet({readable(path)})) "  # noqa: S608
            f"TO {quoted(target)} (FORMAT parquet)"
        )
    except (duckdb.DataError, duckdb.OperationalError) as error:
        raise UnreadableFile(path=path, why=gettext("it is damaged.")) from error
    finally:
        engine.files.execute("SET preserve_insertion_order = false")


def spark_kind(kind: pa.DataType) -> str | None:
    """DuckDB's name for what Spark can read instead of a type, or None where it can read it."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return "TIMESTAMP" if kind.tz is None else "TIMESTAMPTZ"
    return "VARCHAR" if pa.types.is_time(kind) else None


def notes_of(
    paths: Sequence[Path], groups: Sequence[Group], csv: Mapping[int, CsvTable]
) -> list[str]:
    """What was recognised, each thing said once."""
    said = [note for group in groups for note in group.mapped.notes()]
    said += [
        gettext("{file} is read as {encoding}.").format(
            file=paths[number].name, encoding=table.encoding
        )
        for number, table in csv.items()
        if table.encoding != "utf-8"
    ]
    return list(dict.fromkeys(said))
