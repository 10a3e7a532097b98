"""Events by the page, as columns: how they leave the database for the lake."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import astuple, dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from numpy.typing import NDArray

from regulars.stream.reading_on import Place
from regulars.stream.sql import LAKE_PAGE, PAGE_END

PAGE = 20_000
FETCHED_AHEAD = 2  # the database has a core to add up each, while a file is written
UUID_BYTES = 16
POSTGRESQL_EPOCH = 946_684_800_000_000  # 2000-01-01 in microseconds since 1970
UTC_MICROSECONDS = pa.timestamp("us", "UTC")
COLUMNS = pa.schema(
    [
        ("position", pa.int64()),
        ("id", pa.uuid()),
        ("type", pa.string()),
        ("version", pa.int16()),
        ("source", pa.string()),
        ("customer_id", pa.uuid()),
        ("occurred_at", UTC_MICROSECONDS),
        ("recorded_at", UTC_MICROSECONDS),
        ("data", pa.string()),
        ("replaces", pa.uuid()),
    ]
)


Asker = Callable[[str, tuple[int, ...]], Any]


@dataclass(frozen=True)
class Page:
    """Some events, in the order in which they can be read.

    Attributes:
        events: With the columns of `COLUMNS`.
        end: The place of the last.
        last_id: The id of the last.
    """

    events: pa.RecordBatch
    end: Place
    last_id: str


def pages_after(place: Place) -> Generator[Page]:
    """All events after a place that can be read, page by page; the next pages are fetched meanwhile.

    On connections of its own, which any thread may draw from.
    """
    vendor = connection.vendor
    page_of = {"sqlite": _page_of_sqlite, "postgresql": _page_of_postgresql}[vendor]
    with ExitStack() as open_ones:
        askers = [_asker(open_ones) for _ in range(FETCHED_AHEAD + 1)]
        free: SimpleQueue[Asker] = SimpleQueue()
        for asker in askers[1:]:
            free.put(asker)

        def fetch(start: Place, end: Place) -> Page:
            ask = free.get()
            try:
                return page_of(ask(LAKE_PAGE[vendor], (*astuple(start), *astuple(end))))
            finally:
                free.put(ask)

        pool = open_ones.enter_context(ThreadPoolExecutor(FETCHED_AHEAD))
        coming: deque[Future[Page]] = deque()
        while True:
            while len(coming) < FETCHED_AHEAD:
                found = askers[0](PAGE_END[vendor], (*astuple(place), PAGE))
                if found is None:
                    break
                end = Place(*found)
                coming.append(pool.submit(fetch, place, end))
                place = end
            if not coming:
                return
            yield coming.popleft().result()


def _asker(open_ones: ExitStack) -> Asker:
    """What asks a connection of its own for one row; PostgreSQL's is of bytes where it may be."""
    own = open_ones.enter_context(
        closing(connection.get_new_connection(connection.get_connection_params()))
    )
    if connection.vendor == "sqlite":
        return lambda query, of: own.execute(query.replace("%s", "?"), of).fetchone()
    from psycopg import Cursor  # noqa: PLC0415  (optional part)

    own.autocommit = True
    return lambda query, of: Cursor(own).execute(query, of, binary=True).fetchone()


def _page_of_postgresql(row: tuple[Any, ...]) -> Page:
    written_in, position, ids, customers, versions, occurred, recorded, *texts, at, replaced = row

    def numbers(column: bytes, kind: str) -> NDArray[Any]:
        return np.frombuffer(column, kind).astype(kind.replace(">", "="))

    def lengths(column: bytes) -> NDArray[np.int32]:
        return numbers(column, ">i4").astype(np.int32)

    def moments(column: bytes) -> pa.Array:
        return _column(numbers(column, ">i8") + POSTGRESQL_EPOCH, UTC_MICROSECONDS)

    return _page(
        places=(numbers(written_in, ">i8"), numbers(position, ">i8")),
        ids=ids,
        customers=customers,
        versions=numbers(versions, ">i2"),
        moments=(moments(occurred), moments(recorded)),
        texts=[
            _texts(lengths(size), text) for size, text in zip(texts[::2], texts[1::2], strict=True)
        ],
        replacing=(numbers(at or b"", ">i8"), replaced or b""),
    )


def _page_of_sqlite(row: tuple[Any, ...]) -> Page:
    written_in, position, ids, customers, versions, *texts, at, replaced = row

    def numbers(column: Any) -> NDArray[np.int64]:
        return np.array(str(column).split(","), dtype=np.int64)

    occurred, recorded, *others = (
        _texts(numbers(size).astype(np.int32), text)
        for size, text in zip(texts[::2], texts[1::2], strict=True)
    )
    return _page(
        places=(numbers(written_in), numbers(position)),
        ids=bytes.fromhex(ids),
        customers=bytes.fromhex(customers),
        versions=numbers(versions),
        # Django writes moments in UTC and without its name.
        moments=(_moments(occurred), _moments(recorded)),
        texts=others,
        replacing=(numbers(at) if at else np.array([], np.int64), bytes.fromhex(replaced or "")),
    )


def _moments(texts: pa.Array) -> pa.Array:
    return pc.cast(texts, pa.timestamp("us")).cast(pa.int64()).cast(UTC_MICROSECONDS)


def _page(
    *,
    places: tuple[NDArray[Any], NDArray[Any]],
    ids: bytes,
    customers: bytes,
    versions: NDArray[Any],
    moments: tuple[pa.Array, pa.Array],
    texts: list[pa.Array],
    replacing: tuple[NDArray[Any], bytes],
) -> Page:
    types, sources, data = texts
    identities = _uuids(ids)
    columns = [
        _column(places[1], pa.int64()),
        identities,
        types,
        _column(versions.astype(np.int16), pa.int16()),
        sources,
        _uuids(customers, nobody=True),
        *moments,
        data,
        _replaced(places[1], *replacing),
    ]
    end = Place(int(places[0][-1]), int(places[1][-1]))
    return Page(
        pa.RecordBatch.from_arrays(columns, schema=COLUMNS), end, str(identities[-1].as_py())
    )


def _column(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    """Numbers of as many bytes as their kind has; `pyarrow.array` would load pandas to ask whether they are its."""
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def _texts(sizes: NDArray[np.int32], text: str | bytes) -> pa.Array:
    """Texts from their lengths in bytes and all of them in a row, without looking at any."""
    ends = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=ends[1:])
    content = text.encode() if isinstance(text, str) else text
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(ends), pa.py_buffer(content))


def _replaced(positions: NDArray[Any], at: NDArray[Any], ids: bytes) -> pa.Array:
    """The ids that events replace, of all of a page: of nearly all none.

    Args:
        positions: Of all events.
        at: Those of the events that replace another,
        ids: and the ids of the others.
    """
    rows = np.zeros((len(positions), UUID_BYTES), np.uint8)
    if len(at):
        place = {position: row for row, position in enumerate(positions.tolist())}
        found = [place[position] for position in at.tolist()]
        rows[found] = np.frombuffer(ids, np.uint8).reshape(len(at), UUID_BYTES)
    return _uuids(rows.tobytes(), nobody=True)


def _uuids(column: bytes, *, nobody: bool = False) -> pa.Array:
    """Ids of sixteen bytes; null where all are 0, if that stands for nobody."""
    rows = len(column) // UUID_BYTES
    known = None
    if nobody:
        someone = np.frombuffer(column, np.int64).reshape(rows, 2).any(axis=1)
        known = pa.py_buffer(np.packbits(someone, bitorder="little"))
    stored = pa.Array.from_buffers(pa.binary(UUID_BYTES), rows, [known, pa.py_buffer(column)])
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)
