"""From clean lines to events, in sets: everything about them but whom they are about.

Lines of one order, customer and day are one event; a row without an order is one by itself. An
event's key is made of what it says (the order, the customer, the day; else the row's content and its
running number among equal rows), so that the same file again, or one that overlaps, gives the same.
An order's number obeys the rules of an event's key, or its rows are set aside.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from regulars.insight.engines import Engine, quoted, upload
from regulars.insight.reading import PurchaseLines
from regulars.insight.reading.tables import Group
from regulars.intake.files import sql
from regulars.intake.files.errors import OrderTooLarge
from regulars.intake.files.moments import moments
from regulars.intake.files.places import Places
from regulars.kernel.faults import LARGEST_AMOUNT

CHUNK_EVENTS = 50_000
BAD_ORDER = "bad_order_id"


class OrderOf(NamedTuple):
    """An order, the number among the people of whom it is about, and a moment in Unix seconds."""

    number: str
    about: int
    moment: int


@dataclass(frozen=True)
class Drafts:
    """Events to be, on disk.

    Attributes:
        engine: Holds them.
        path: Parquet with ``type, key, about, order_id, moment, data, is_sum``; ``about`` is a number of ``people``.
        people: Parquet with ``about`` (from 0 on, in the order in which the lines tell of them),
            ``customer, kind, name, emails, phones``: everybody whom the events are about. The kind is
            ``phone`` or ``id``, or ``order`` of whoever bought what is given back.
        events: How many.
        lines: SQL of the lines that they are made of.
        set_aside: Parquet with ``file, position, why`` of rows that no event can be made of, by the reason.
    """

    engine: Engine
    path: Path
    people: Path
    events: int
    lines: str
    set_aside: Mapping[str, Path]

    def chunks(self) -> Iterator[pa.RecordBatch]:
        """The events in the order in which they happened, some thousands at a time."""
        connection = self.engine.files.cursor()
        query = (
            f"SELECT type, key, about, moment, data, is_sum FROM read_parquet({quoted(self.path)}) "  # noqa: S608
            "ORDER BY moment, type, key"
        )
        for batch in connection.sql(query).to_arrow_reader(CHUNK_EVENTS):
            for start in range(0, batch.num_rows, CHUNK_EVENTS):
                yield batch.slice(start, CHUNK_EVENTS)

    def customers(self) -> pa.Table:
        """Everybody whom the file calls something, as ``people`` has them."""
        query = f"SELECT * FROM read_parquet({quoted(self.people)}) WHERE kind <> 'order' ORDER BY about"  # noqa: S608
        return self.engine.files.sql(query).to_arrow_table()

    def given_back(self) -> list[OrderOf]:
        """The orders that refunds name, and nobody, each with when the last of its refunds was."""
        query = (
            f"SELECT customer, about, max(moment) FROM read_parquet({quoted(self.people)}) AS people "  # noqa: S608
            f"JOIN read_parquet({quoted(self.path)}) AS events USING (about) "
            "WHERE kind = 'order' GROUP BY ALL"
        )
        return [OrderOf(*row) for row in self.engine.files.execute(query).fetchall()]

    def buyers(self, orders: Collection[str]) -> list[OrderOf]:
        """Who bought some orders, each with when they did first."""
        asked = upload(self.engine, pa.table({"order_id": list(orders)}), "orders").get_name()
        query = (
            f"SELECT order_id, about, min(moment) FROM read_parquet({quoted(self.path)}) "  # noqa: S608
            f"JOIN {asked} USING (order_id) WHERE type = 'purchase.completed' GROUP BY ALL ORDER BY ALL"
        )
        return [OrderOf(*row) for row in self.engine.files.execute(query).fetchall()]

    def rows_of(self, keys: Collection[str], why: str) -> Path:
        """The rows of some events of orders, as `CleanedRows.turned_out` has them."""
        asked = upload(self.engine, pa.table({"key": list(keys)}), "keys").get_name()
        return _saved(self.engine, sql.rows_of_events(self.lines, asked, why), why)


def drafts_of(
    engine: Engine,
    lines: PurchaseLines,
    *,
    currency: str,
    timezone: str,
    beside: Mapping[str, str],
    places: Places,
    all_refunds: bool,
) -> Drafts:
    """The events that lines of purchases and refunds tell of.

    Args:
        engine: DuckDB, where the lines were read.
        lines: As `read_purchases` gives them.
        currency: Of all amounts, ISO 4217.
        timezone: The business's IANA zone.
        beside: The files' columns of what rows tell besides, as the person says; others are found.
        places: Finds the locations of names.
        all_refunds: Whether every line is a refund, whatever its sign; an order's id is then that of
            the order that is refunded.

    Raises:
        OrderTooLarge: A sum is more than any reader of JSON understands exactly.
    """
    counted = engine.save(lines.rows.that_count(), "counted")
    set_aside = _unsound(engine, counted)
    rows = [_beside(engine, group, asked=beside) for group in lines.rows.tables.groups]
    joined = sql.joined_lines(counted, rows, but=tuple(set_aside.values()))
    told_once = f"SELECT DISTINCT {sql.MOMENT} FROM ({joined})"  # noqa: S608
    when = upload(
        engine, moments(engine.files.sql(told_once).to_arrow_table(), timezone), "moments"
    ).get_name()
    told = f"SELECT l.*, m.moment FROM ({joined}) l JOIN {when} m USING ({sql.MOMENT})"  # noqa: S608
    if all_refunds:
        told = sql.refund_lines(told)
    told_lines = _saved(engine, sql.called_lines(told), "told")
    people = _saved(engine, sql.people_of(told_lines), "people")
    located = sql.located_lines(told_lines, people, _places(engine, told_lines, places))
    by_name = f"SELECT count(*) FROM read_parquet({quoted(people)}) WHERE named <> ''"  # noqa: S608
    whose = sql.WHOSE_BY_NAME if engine.files.execute(by_name).fetchone() != (0,) else sql.WHOSE
    path = _saved(engine, sql.events_of(located, currency=currency, whose=whose), "drafts")
    counts = f"SELECT count(*), max(total) FROM read_parquet({quoted(path)})"  # noqa: S608
    ((events, most),) = engine.files.execute(counts).fetchall()
    if most is not None and most > LARGEST_AMOUNT:
        raise OrderTooLarge
    return Drafts(engine, path, people, events, located, set_aside)


def rows_in(engine: Engine, set_aside: Path) -> int:
    """How many rows a Parquet file tells of."""
    query = f"SELECT count(*) FROM read_parquet({quoted(set_aside)})"  # noqa: S608
    ((rows,),) = engine.files.execute(query).fetchall()
    return int(rows)


def _saved(engine: Engine, query: str, name: str) -> Path:
    path = engine.workspace / f"{name}.parquet"
    engine.files.execute(f"COPY ({query}) TO {quoted(path)} (FORMAT parquet)")
    return path


def _unsound(engine: Engine, counted: Path) -> dict[str, Path]:
    """The rows that name an order by what cannot be a key."""
    found = _saved(engine, sql.unsound_rows(counted, BAD_ORDER), BAD_ORDER)
    return {BAD_ORDER: found} if rows_in(engine, found) else {}


def _beside(engine: Engine, group: Group, *, asked: Mapping[str, str]) -> str:
    """SQL of what the rows of some files tell beside what was read."""
    rows = engine.rows(list(group.files.values())).get_name()
    described = engine.files.sql(f"DESCRIBE {rows}").fetchall()
    kinds = {name: str(kind) for name, kind, *_ in described}
    return sql.rows_beside(group, rows, kinds, asked=asked)


def _places(engine: Engine, told: Path, places: Places) -> str:
    """The table of the places that lines name, with the ids of those that are found."""
    names = [
        name
        for (name,) in engine.files.execute(
            f"SELECT DISTINCT location FROM read_parquet({quoted(told)}) WHERE location IS NOT NULL"  # noqa: S608
        ).fetchall()
    ]
    found = places(names) if names else {}
    table = pa.table(
        {"location": list(found), "location_id": [str(one) for one in found.values()]},
        schema=pa.schema([("location", pa.string()), ("location_id", pa.string())]),
    )
    return str(upload(engine, table, "places").get_name())
