"""The files as tables that an engine can read, those with the same columns together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.insight.engines import Engine, named, quoted
from regulars.insight.errors import EmptyFile, HeaderOnly, NotParquet, UnreadableFile
from regulars.insight.reading.columns import Mapped
from regulars.insight.reading.csv_files import CsvTable, RaggedLine, convert
from regulars.insight.reading.source import Source, is_parquet
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress

# Names, their types (None where all is text), the delimiter.
Key = tuple[tuple[str, ...], tuple[str, ...] | None, str | None]
MapColumns = Callable[[Path, Sequence[str], Mapping[str, str]], Mapped]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Files with the same columns.

    Attributes:
        files: The number of each file in `Source.files` and its Parquet in the workspace.
        names: Their columns.
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
    empty: HeaderOnly | None = None
    for number, path in enumerate(paths):
        progress(gettext("Reading {file}").format(file=path.name), number / len(paths))
        try:
            if is_parquet(path):
                key, parquet = open_parquet(engine, path, folder / f"raw-{number}.parquet")
            else:
                table = csv[number] = convert(engine, path, folder, number=number, source=source)
                parquet = table.parquet
                key = (table.dialect.names, None, table.dialect.delimiter)
        except HeaderOnly as error:
            # One till without sales says nothing against the others.
            empty = empty or error
            csv.pop(number, None)
            continue
        found.setdefault(key, {})[number] = parquet
    if not found:
        raise empty or HeaderOnly(path=paths[0])
    groups = []
    for (names, types, delimiter), files in found.items():
        first = paths[min(files)]
        groups.append(
            Group(
                files=files,
                names=names,
                text=types is None,
                delimiter=delimiter,
                mapped=map_columns(first, names, source.columns),
            )
        )
    return Tables(
        paths=tuple(paths), groups=tuple(groups), csv=csv, notes=tuple(notes_of(paths, groups, csv))
    )


def open_parquet(engine: Engine, path: Path, target: Path) -> tuple[Key, Path]:
    """A Parquet file under the name ``target``; its columns and their types.

    Raises:
        NotParquet: It is something else.
        EmptyFile: It has no byte.
        HeaderOnly: It has no row.
        UnreadableFile: The system refuses.
    """
    try:
        if path.stat().st_size == 0:
            raise EmptyFile(path=path)
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except pa.ArrowInvalid as error:
        raise NotParquet(path=path) from error
    except OSError as error:
        raise UnreadableFile(path=path, why=error.strerror or str(error)) from error
    if rows == 0:
        raise HeaderOnly(path=path)
    foreign = {field.name: spark_kind(field.type) for field in schema if spark_kind(field.type)}
    if engine.name == "spark" and foreign:
        casts = ", ".join(
            f"CAST({named(name)} AS {kind}) AS {named(name)}" for name, kind in foreign.items()
        )
        engine.files.execute(
            f"COPY (SELECT * REPLACE ({casts}) FROM read_parquet({quoted(path)})) "  # noqa: S608
            f"TO {quoted(target)} (FORMAT parquet)"
        )
    else:
        target.symlink_to(path.resolve())
    return (tuple(schema.names), tuple(str(kind) for kind in schema.types), None), target


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
