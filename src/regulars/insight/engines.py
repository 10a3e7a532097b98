"""Where tables are computed: DuckDB in this process, or an Apache Spark cluster.

Everything that follows the step from CSV to Parquet is one Ibis expression, so both engines give
the same tables. Small differences between them are kept in this file.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from glob import escape
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Protocol

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot

from regulars.insight.errors import EngineAbsent, UnknownEngine

DUCKDB_INTERRUPTED = "Query interrupted"
DUCKDB_MEMORY = "1GB"  # beyond it DuckDB writes to the workspace
SPARK_DRIVER_MEMORY = "2g"
OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
ROW_FILE = "__file"
ROW_POSITION = "__position"
ROW_HASH = "__hash"
OWN_COLUMNS = (ROW_FILE, ROW_POSITION, ROW_HASH)
ROW_PATH = "__path"
ROW_DAY = "__day"
# What a date goes through on its way to a day.
DATE_STEPS = (
    *("__date_text", "__date_form", "__date_year", "__date_month", "__date_day"),
    *("__date_written", "__date_instant", ROW_DAY),
)
# Names that a file's own columns cannot have: ours, and those by which the engines tell of rows.
RESERVED_COLUMNS = (*OWN_COLUMNS, *DATE_STEPS, ROW_PATH, "file_row_number", "_metadata")
LOCAL_SHUFFLE_PARTITIONS = "8"
# Unicode's form C by the library that Spark compares texts with.
NFC_ON_SPARK = """
CREATE OR REPLACE TEMPORARY FUNCTION nfc_normalize(text STRING) RETURNS STRING RETURN
CASE WHEN text RLIKE '[^ -~]'
THEN reflect('com.ibm.icu.text.Normalizer', 'compose', text, false) ELSE text END
"""


class Engine(Protocol):
    """What reading and summing up need of an engine.

    Attributes:
        name: "duckdb" or "spark".
        files: A DuckDB connection for what is about files (CSV, rejected rows), never for sums.
        workspace: The folder for intermediate Parquet; on a cluster it must be a shared one.
    """

    @property
    def name(self) -> str: ...  # noqa: D102  (see above)

    @property
    def files(self) -> duckdb.DuckDBPyConnection: ...  # noqa: D102  (see above)

    @property
    def workspace(self) -> Path: ...  # noqa: D102  (see above)

    def rows(self, paths: Sequence[Path]) -> ir.Table:
        """The rows of Parquet files named ``…-<number>.parquet``.

        Returns:
            Their columns, ``__file`` (the number in the name, int64), ``__position`` (the row in its
            file from 0, int64) and ``__hash`` (int64, equal for rows whose every cell is
            equal, whatever the order of their columns).
        """

    def table(self, paths: Sequence[Path]) -> ir.Table:
        """Parquet files, or folders of them, as one table."""

    def where(self, table: ir.Table, condition: str) -> ir.Table:
        """The rows for which a condition, written in DuckDB's SQL, is true."""

    def save(self, table: ir.Table, name: str) -> Path:
        """Computes a table and writes it to the workspace as Parquet."""

    def fetch(self, table: ir.Table) -> pa.Table:
        """Computes a table and brings it into this process."""


def upload(engine: Engine, table: pa.Table, name: str) -> ir.Table:
    """A table of this process as one that the engine can join."""
    path = Path(mkdtemp(prefix=f"{name}-", dir=engine.workspace)) / f"{name}.parquet"
    pq.write_table(table, path)
    return engine.table([path])


def stacked(engine: Engine, paths: Sequence[Path], columns: Sequence[str]) -> ir.Table:
    """Some columns of several tables on disk, which may have others besides, as one table."""
    tables = [engine.table([path]).select(*columns) for path in paths]
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def row_count(engine: Engine, table: ir.Table) -> int:
    """How many rows a table has."""
    counted = engine.fetch(table.aggregate(rows=ibis._.count().cast("int64")))
    return int(counted["rows"][0].as_py())


@contextmanager
def open_engine(name: str = "duckdb", *, workspace: Path | None = None) -> Iterator[Engine]:
    """Opens an engine and closes it at the end of the block.

    Args:
        name: "duckdb", "spark" for Spark on this machine, or a Spark master's address
            ("spark://host:7077", "local[4]", "yarn").
        workspace: An existing folder for intermediate files, which the caller removes; None for one
            that goes at the end of the block.

    Raises:
        UnknownEngine: The name is neither.
        EngineAbsent: Spark is asked for, and ``regulars[spark]`` or Java is not installed.
    """
    spark = name in {"spark", "yarn"} or name.startswith(("spark://", "local", "k8s://"))
    if name != "duckdb" and not spark:
        raise UnknownEngine(engine=name)
    if workspace is None:
        with (
            TemporaryDirectory(prefix="regulars-") as folder,
            open_engine(name, workspace=Path(folder)) as engine,
        ):
            yield engine
        return
    files = connect_files(workspace)
    try:
        if not spark:
            yield DuckDBEngine(files=files, workspace=workspace)
            return
        with spark_session("local[*]" if name == "spark" else name, workspace) as session:
            yield SparkEngine(files=files, workspace=workspace, session=session)
    finally:
        files.close()


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C in a query is Ctrl-C, and no error of the files or of the query."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == DUCKDB_INTERRUPTED:
            raise KeyboardInterrupt from error
        raise


def connect_files(workspace: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that keeps to its memory, spills into the workspace and downloads nothing."""
    connection = duckdb.connect(
        config={
            "memory_limit": DUCKDB_MEMORY,
            "temp_directory": str(workspace / "spill"),
            **OFFLINE,
            "preserve_insertion_order": "false",
        }
    )
    # Its bar would go to stdout, between the lines of what a command answers.
    connection.execute("SET enable_progress_bar = false")
    return connection


def quoted(text: object) -> str:
    """A text as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def readable(path: Path) -> str:
    """A path as a literal of SQL that DuckDB reads and never takes for a pattern."""
    return quoted(escape(str(path)))


def named(name: str) -> str:
    """A name as an identifier of DuckDB's SQL."""
    return '"' + name.replace('"', '""') + '"'


def path_list(paths: Sequence[Path]) -> str:
    """Parquet files, and what lies in folders of them, as a list of SQL."""
    found = [
        p for path in paths for p in (sorted(path.glob("*.parquet")) if path.is_dir() else [path])
    ]
    return "[" + ", ".join(readable(path) for path in found) + "]"


@dataclass(frozen=True, kw_only=True)
class DuckDBEngine:
    """DuckDB in this process; larger than memory through the workspace."""

    files: duckdb.DuckDBPyConnection
    workspace: Path
    name: str = "duckdb"
    numbers: Iterator[int] = field(default_factory=count)
    backend: Any = field(init=False)

    def __post_init__(self) -> None:
        """Puts Ibis on the same connection, so that settings and views are shared."""
        object.__setattr__(self, "backend", ibis.duckdb.from_connection(self.files))

    def rows(self, paths: Sequence[Path]) -> ir.Table:
        """See `Engine.rows`."""
        names = pq.read_schema(paths[0]).names
        columns = ", ".join(named(name) for name in names)
        cells = ", ".join(named(name) for name in sorted(names))
        number = f"CAST(regexp_extract({ROW_PATH}, '([0-9]+)\\.parquet$', 1) AS BIGINT)"
        return self._view(
            f"SELECT {columns}, {number} AS {ROW_FILE}, file_row_number AS {ROW_POSITION}, "  # noqa: S608
            f"CAST(hash({cells}) >> 1 AS BIGINT) AS {ROW_HASH} FROM read_parquet({path_list(paths)}, "
            f"file_row_number = true, filename = {quoted(ROW_PATH)}, hive_partitioning = false)"
        )

    def table(self, paths: Sequence[Path]) -> ir.Table:
        """See `Engine.table`."""
        return self._view(
            f"SELECT * FROM read_parquet({path_list(paths)}, hive_partitioning = false)"  # noqa: S608
        )

    def where(self, table: ir.Table, condition: str) -> ir.Table:
        """See `Engine.where`."""
        return self._view(f"SELECT * FROM {table.get_name()} WHERE ({condition})")  # noqa: S608

    def save(self, table: ir.Table, name: str) -> Path:
        """See `Engine.save`."""
        path = self.workspace / f"{name}-{next(self.numbers)}.parquet"
        with interruptible():
            self.files.execute(f"COPY ({self._select(table)}) TO {quoted(path)} (FORMAT parquet)")
        return path

    def fetch(self, table: ir.Table) -> pa.Table:
        """See `Engine.fetch`."""
        with interruptible():
            return self.backend.to_pyarrow(table)

    def _select(self, table: ir.Table) -> str:
        """The query of a table, its integers as Ibis promises them: DuckDB sums them to 128 bits."""
        columns = ", ".join(
            f"CAST({named(name)} AS BIGINT) AS {named(name)}" if kind.is_int64() else named(name)
            for name, kind in table.schema().items()
        )
        return f"SELECT {columns} FROM ({compiled(self.backend, table)})"  # noqa: S608

    def _view(self, select: str) -> ir.Table:
        name = f"source_{next(self.numbers)}"
        self.files.execute(f"CREATE TEMP VIEW {name} AS {select}")
        return self.backend.table(name)


@dataclass(frozen=True, kw_only=True)
class SparkEngine:
    """An Apache Spark session, local or of a cluster."""

    files: duckdb.DuckDBPyConnection
    workspace: Path
    session: Any
    name: str = "spark"
    numbers: Iterator[int] = field(default_factory=count)
    backend: Any = field(init=False)

    def __post_init__(self) -> None:
        """Puts Ibis on the session, and what DuckDB can and Spark lacks."""
        object.__setattr__(self, "backend", ibis.pyspark.connect(self.session))
        self.session.sql(NFC_ON_SPARK)

    def rows(self, paths: Sequence[Path]) -> ir.Table:
        """See `Engine.rows`."""
        number = "CAST(regexp_extract(_metadata.file_path, '([0-9]+)\\\\.parquet$', 1) AS BIGINT)"
        frame = self.session.read.parquet(*(path.as_uri() for path in paths))
        cells = ", ".join(f"`{name.replace('`', '``')}`" for name in sorted(frame.columns))
        return self._view(
            frame.selectExpr(
                "*",
                f"{number} AS {ROW_FILE}",
                f"CAST(_metadata.row_index AS BIGINT) AS {ROW_POSITION}",
                f"xxhash64({cells}) AS {ROW_HASH}",
            )
        )

    def table(self, paths: Sequence[Path]) -> ir.Table:
        """See `Engine.table`."""
        return self._view(self.session.read.parquet(*(path.as_uri() for path in paths)))

    def where(self, table: ir.Table, condition: str) -> ir.Table:
        """See `Engine.where`."""
        query = f"SELECT * FROM {table.get_name()} WHERE ({condition})"  # noqa: S608
        (spoken,) = sqlglot.transpile(query, read="duckdb", write="spark")
        return self._view(self.session.sql(spoken))

    def save(self, table: ir.Table, name: str) -> Path:
        """See `Engine.save`."""
        path = self.workspace / f"{name}-{next(self.numbers)}.parquet"
        self._frame(table).write.parquet(path.as_uri())
        return path

    def fetch(self, table: ir.Table) -> pa.Table:
        """See `Engine.fetch`."""
        return self._frame(table).toArrow().cast(table.schema().to_pyarrow())

    def _frame(self, table: ir.Table) -> Any:
        return self.session.sql(compiled(self.backend, table))

    def _view(self, frame: Any) -> ir.Table:
        name = f"source_{next(self.numbers)}"
        frame.createOrReplaceTempView(name)
        return self.backend.table(name)


def compiled(backend: Any, table: ir.Table) -> str:
    """The query of a table, one subquery a step.

    Fused into one, an expression would be written out, and computed, once for every later use.
    """
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        return str(backend.compile(table))
    finally:
        ibis.options.sql.fuse_selects = fused


@contextmanager
def spark_session(master: str, workspace: Path) -> Iterator[Any]:
    """A quiet Spark session in UTC; one that runs already is used and left running.

    Raises:
        EngineAbsent: PySpark or Java is not installed.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (optional part)
    except ImportError as error:
        raise EngineAbsent(missing="regulars[spark]") from error
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise EngineAbsent(missing="Java")
    running = SparkSession.getActiveSession()
    builder = SparkSession.builder.appName("regulars").master(master)
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": SPARK_DRIVER_MEMORY,
        "spark.local.dir": str(workspace / "spill"),
        "spark.sql.warehouse.dir": str(workspace / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.caseSensitive": "true",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }.items():
        builder = builder.config(key, value)
    if master.startswith("local"):
        builder = builder.config("spark.sql.shuffle.partitions", LOCAL_SHUFFLE_PARTITIONS)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        if running is None:
            session.stop()
