"""The beginning of a file, by which one sees what it is before all of it is read."""

import gzip
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.insight.reading.csv_files import dialect_of
from regulars.insight.reading.encodings import as_utf8
from regulars.insight.reading.source import is_parquet
from regulars.kernel.errors import RegularsError

HEAD_BYTES = 128 * 1024
ROWS_OF_PARQUET = 50


def copy_head(path: Path, head: Path) -> None:
    """Copies the beginning of a file, in whole rows; one that cannot be read is led to, and says so itself."""
    path = path.resolve()
    if is_parquet(path):
        try:
            with pq.ParquetFile(path) as file:
                schema = file.schema_arrow
                rows = islice(file.iter_batches(batch_size=ROWS_OF_PARQUET), 1)
                pq.write_table(pa.Table.from_batches(list(rows), schema), head)
        except (pa.ArrowException, UnicodeError, OSError):
            # What cannot be read is said by whoever reads it.
            head.symlink_to(path)
        return
    packed = path.suffix.lower() == ".gz"
    try:
        with gzip.open(path) if packed else path.open("rb") as stream:
            beginning = stream.read(HEAD_BYTES)
    except (OSError, EOFError):
        head.symlink_to(path)
        return
    if len(beginning) == HEAD_BYTES:
        beginning = beginning[: beginning.rfind(b"\n") + 1] or beginning
    head.write_bytes(gzip.compress(beginning) if packed else beginning)


def names_in(path: Path, *, encoding: str | None = None) -> tuple[str, ...]:
    """The columns that a file names; none where it cannot be read, as whoever reads all of it says.

    Args:
        path: CSV or Parquet.
        encoding: What a CSV is written in; None finds it.
    """
    with TemporaryDirectory(prefix="regulars-") as folder:
        head = Path(folder) / path.name
        try:
            copy_head(path, head)
            if is_parquet(head):
                return tuple(pq.read_schema(head).names)
            dialect = dialect_of(as_utf8(head, Path(folder) / "text.csv", encoding=encoding).path)
        except (RegularsError, pa.ArrowException, UnicodeError, OSError):
            return ()
    return () if dialect is None else dialect.names
