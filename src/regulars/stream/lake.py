"""The lake: all events as Parquet files, for whatever reads many at once.

Guarantee: the files that the manifest names hold every event up to its place exactly once. A run
appends files of its own and puts a new manifest in the old one's place as its last act, so a run
that is killed leaves nothing that is read, and the next one begins where the last whole run
ended. Where the log is another than the one that was exported (it was restored from a backup), the
lake begins anew.

    <folder>/manifest.json              place, number of events, names of the files
    <folder>/events-<run>-<part>.parquet
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard
from regulars.stream.errors import LakeBusy
from regulars.stream.models import Event
from regulars.stream.pages import COLUMNS, Page, pages_after
from regulars.stream.reading_on import BEGINNING, Place

FORMAT = 2
MANIFEST = "manifest.json"
LOCK = "lock"
PAGES_A_FILE = 100
MEMORY = "256MB"
OURS = re.compile(r"events-\d+-\d+\.parquet(\.part)?|manifest\.json\.part")
# What scoring reads of purchases, refunds and referrals, in columns of its own.
WITH_COLUMNS_OF_SCORING = """
SELECT position, id, type, version, source, customer_id, occurred_at, recorded_at, replaces,
       CAST(told[1] AS BIGINT) AS amount_minor, told[2] AS currency, told[3] AS order_id,
       told[4] AS refund_of, CAST(told[5] AS UUID) AS sender_id, data
FROM (
    SELECT *, data ->> ['$.total.amount_minor', '$.total.currency', '$.order_id', '$.refund_of',
                        '$.sender_id'] AS told
    FROM pages
)
"""


@dataclass(frozen=True, kw_only=True)
class Lake:
    """What is in the lake.

    Attributes:
        folder: Where it lies.
        place: Everything in the log up to here is in it.
        last_id: Of the event at that place; None while there is none.
        events: How many.
        runs: How many exports have added to it.
        files: Names of the files in the folder, in the order in which they were written.
    """

    folder: Path
    place: Place = BEGINNING
    last_id: str | None = None
    events: int = 0
    runs: int = 0
    files: tuple[str, ...] = field(default=())

    def paths(self) -> list[Path]:
        """The files to read."""
        return [self.folder / name for name in self.files]


def read_lake(folder: Path) -> Lake:
    """The lake as its last whole run left it; empty where there was none."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Lake(folder=folder)
    if told["format"] != FORMAT:
        return Lake(folder=folder)
    return Lake(
        folder=folder,
        place=Place.parsed(told["place"]),
        last_id=told["last_id"],
        events=told["events"],
        runs=told["runs"],
        files=tuple(told["files"]),
    )


def export(folder: Path, *, progress: Progress = unheard) -> Lake:
    """Brings the lake up to date.

    Args:
        folder: Where it lies; made if it does not exist.
        progress: Told how many events have been written.

    Returns:
        The lake as it is now.

    Raises:
        LakeBusy: Another export is running.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        lake = read_lake(folder)
        if not _is_of_this_log(lake):
            lake = Lake(folder=folder, runs=lake.runs)
        lake = _appended(lake, progress)
        _write_manifest(lake)
        _remove_what_nobody_reads(lake)
    return lake


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps every other export out until the block ends, or its process does.

    Raises:
        LakeBusy: One is in already.
    """
    with closing(sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise LakeBusy(folder=folder) from error
        yield


def _is_of_this_log(lake: Lake) -> bool:
    if lake.last_id is None:
        return True
    last = Event.told.filter(
        id=lake.last_id, position=lake.place.position, written_in=lake.place.written_in
    )
    return last.exists() and all(path.is_file() for path in lake.paths())


def _appended(lake: Lake, progress: Progress) -> Lake:
    """Writes every event after the lake's place to new files."""
    run = lake.runs + 1
    pages = pages_after(lake.place)
    with closing(pages), duckdb.connect(config=_duckdb()) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        for first in pages:
            name = f"events-{run:06d}-{len(lake.files):04d}.parquet"
            batch = _Batch(first, pages)
            reader = pa.RecordBatchReader.from_batches(COLUMNS, batch.drawn())
            written = lake.folder / f"{name}.part"
            engine.register("pages", reader)
            engine.execute(
                f"COPY ({WITH_COLUMNS_OF_SCORING}) TO '{_quoted(written)}' "
                "(FORMAT parquet, COMPRESSION zstd)"
            )
            engine.unregister("pages")
            _sync(written)
            written.replace(lake.folder / name)
            lake = replace(
                lake,
                place=batch.last.end,
                last_id=batch.last.last_id,
                events=lake.events + batch.events,
                runs=run,
                files=(*lake.files, name),
            )
            progress(gettext("Exporting events"))
    return lake


class _Batch:
    """The pages of one file, as they are drawn by whoever writes it."""

    def __init__(self, first: Page, pages: Iterator[Page]) -> None:
        self.last = first
        self.events = 0
        self.pages = pages

    def drawn(self) -> Iterator[pa.RecordBatch]:
        yield self._counted(self.last)
        for _ in range(PAGES_A_FILE - 1):
            page = next(self.pages, None)
            if page is None:
                break
            yield self._counted(page)

    def _counted(self, page: Page) -> pa.RecordBatch:
        self.last = page
        self.events += page.events.num_rows
        return page.events


def _duckdb() -> dict[str, Any]:
    return {
        "memory_limit": MEMORY,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "true",
    }


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _write_manifest(lake: Lake) -> None:
    """Puts the new manifest in the old one's place, once all that it names is on disk."""
    told = {
        "format": FORMAT,
        "place": str(lake.place),
        **{name: asdict(lake)[name] for name in ("last_id", "events", "runs", "files")},
    }
    written = lake.folder / f"{MANIFEST}.part"
    written.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    _sync(written)
    _sync(lake.folder)
    written.replace(lake.folder / MANIFEST)
    _sync(lake.folder)


def _sync(path: Path) -> None:
    """Has the operating system put a file, or a folder's list of files, on disk."""
    with suppress(PermissionError):  # Windows opens no folders, and needs no such thing
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_what_nobody_reads(lake: Lake) -> None:
    """Removes what a killed run left, and the files of a log that is no longer ours."""
    for file in lake.folder.iterdir():
        if OURS.fullmatch(file.name) and file.name not in lake.files:
            file.unlink()
