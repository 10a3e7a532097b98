"""From clean lines to events, in sets: everything about them but whom they are about.

Lines of one order, customer and day are one event; a row without an order is one by itself. An
event's key is made of what it says (the order, the customer, the day; else the row's content and its
running number among equal rows), so that the same file again, or one that overlaps, gives the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from regulars.insight.engines import Engine, named, path_list, quoted, upload
from regulars.insight.reading import PurchaseLines
from regulars.insight.reading.tables import Group
from regulars.intake.files.beside import BESIDE, columns_beside, is_by_phone
from regulars.intake.files.errors import OrderTooLarge
from regulars.intake.files.moments import (
    NO_CLOCK,
    NO_INSTANT,
    NO_ZONE,
    moment_columns,
    moments,
)
from regulars.intake.files.places import Places
from regulars.people.core import MOST_OF_A_KIND
from regulars.stream.types import LARGEST_AMOUNT

CHUNK_EVENTS = 50_000
LONGEST_TEXT = 200
MOST_PIECES = 1_000_000
MOST_CONTACTS = max(MOST_OF_A_KIND["email"], MOST_OF_A_KIND["phone"])


@dataclass(frozen=True)
class Drafts:
    """Events to be, on disk.

    Attributes:
        engine: Holds them.
        path: Parquet with ``type, key, customer, is_phone, moment, data``.
        events: How many.
    """

    engine: Engine
    path: Path
    events: int

    def chunks(self) -> Iterator[pa.RecordBatch]:
        """The events in the order in which they happened, some thousands at a time."""
        connection = self.engine.files.cursor()
        query = (
            f"SELECT type, key, customer, is_phone, moment, data FROM read_parquet({quoted(self.path)}) "  # noqa: S608
            "ORDER BY moment, type, key"
        )
        for batch in connection.sql(query).to_arrow_reader(CHUNK_EVENTS):
            for start in range(0, batch.num_rows, CHUNK_EVENTS):
                yield batch.slice(start, CHUNK_EVENTS)

    def customers(self) -> pa.Table:
        """Everybody whom the events are about: ``customer, is_phone, name, emails, phones``."""
        query = f"SELECT * FROM read_parquet({quoted(self.path.with_suffix('.people.parquet'))})"  # noqa: S608
        return self.engine.files.sql(query).to_arrow_table()


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
    rows = [_beside(engine, group, asked=beside) for group in lines.rows.tables.groups]
    run = engine.files.execute
    told_once = f"SELECT DISTINCT day, clock, zone, instant FROM ({_joined(counted, rows)})"  # noqa: S608
    when = upload(
        engine, moments(engine.files.sql(told_once).to_arrow_table(), timezone), "moments"
    )
    told = engine.workspace / "told.parquet"
    run(
        f"COPY (SELECT l.*, m.moment FROM ({_joined(counted, rows)}) l JOIN {when.get_name()} m "  # noqa: S608
        f"USING (day, clock, zone, instant)) TO {quoted(told)} (FORMAT parquet)"
    )
    path = engine.workspace / "drafts.parquet"
    located = _located(engine, told, places)
    run(
        f"COPY ({_events(located, currency=currency, all_refunds=all_refunds)}) "
        f"TO {quoted(path)} (FORMAT parquet)"
    )
    run(
        "COPY (SELECT customer_id AS customer, is_phone, "  # noqa: S608
        "max_by(customer_name, (day, file, position)) FILTER (customer_name IS NOT NULL) AS name, "
        f"{_several('email')} AS emails, {_several('phone')} AS phones "
        f"FROM read_parquet({quoted(told)}) GROUP BY customer_id, is_phone "
        "ORDER BY min((day, file, position))) "
        f"TO {quoted(path.with_suffix('.people.parquet'))} (FORMAT parquet)"
    )
    counts = f"SELECT count(*), max(total) FROM read_parquet({quoted(path)})"  # noqa: S608
    ((events, most),) = run(counts).fetchall()
    if most is not None and most > LARGEST_AMOUNT:
        raise OrderTooLarge
    return Drafts(engine, path, events)


def _located(engine: Engine, told: Path, places: Places) -> str:
    """SQL of the lines, each with the id of its place."""
    lines = f"read_parquet({quoted(told)})"
    names = [
        name
        for (name,) in engine.files.execute(
            f"SELECT DISTINCT location FROM {lines} WHERE location IS NOT NULL"  # noqa: S608
        ).fetchall()
    ]
    found = places(names) if names else {}
    table = pa.table(
        {"location": list(found), "location_id": [str(one) for one in found.values()]},
        schema=pa.schema([("location", pa.string()), ("location_id", pa.string())]),
    )
    where = upload(engine, table, "places").get_name()
    return f"(SELECT * FROM {lines} LEFT JOIN {where} USING (location))"  # noqa: S608


def _several(column: str) -> str:
    """SQL of the different values of a column, as many as tell somebody apart and one more."""
    values = f"list_sort(list_distinct(list({column}) FILTER ({column} IS NOT NULL)))"
    return f"coalesce({values}[1:{MOST_CONTACTS + 1}], [])"


def _beside(engine: Engine, group: Group, *, asked: Mapping[str, str]) -> str:
    """SQL of what the rows of some files tell beside what was read: when, what, how many, how to reach whom."""
    rows = engine.rows(list(group.files.values()))
    columns = group.mapped.columns
    occurred, quantity = columns["occurred_at"], columns.get("quantity")
    described = engine.files.sql(f"DESCRIBE {rows.get_name()}").fetchall()
    kinds = {name: str(kind) for name, kind, *_ in described}
    told = {
        ours: [_text(named(theirs)) for theirs in columns_beside(group, ours, asked.get(ours))]
        for ours in BESIDE
    }
    texts = ", ".join(
        f"coalesce({', '.join(found)}, NULL)::VARCHAR AS {ours}"
        if found
        else f"NULL::VARCHAR AS {ours}"
        for ours, found in told.items()
    )
    pieces = "1"
    if quantity is not None:
        text = f"replace(trim(CAST({named(quantity)} AS VARCHAR)), ',', '.')"
        pieces = f"abs(TRY_CAST({text} AS DOUBLE))"
    is_phone = is_by_phone(group)
    return (
        f"SELECT __file AS file, __position AS position, {str(is_phone).lower()} AS is_phone, "  # noqa: S608
        f"{moment_columns(named(occurred), occurred, kinds[occurred])}, "
        f"{texts}, "
        f"CASE WHEN pieces BETWEEN 1 AND {MOST_PIECES} AND pieces = floor(pieces) "
        "THEN CAST(pieces AS BIGINT) ELSE 1 END AS quantity "
        f"FROM (SELECT *, {pieces} AS pieces FROM {rows.get_name()})"
    )


def _text(column: str) -> str:
    """SQL of a text as an event keeps it: no control characters, no apostrophe that a spreadsheet needed."""
    plain = f"trim(regexp_replace(CAST({column} AS VARCHAR), '[\\x00-\\x1f\\x7f]+', ' ', 'g'))"
    restored = f"regexp_replace({plain}, '^''([=+@-])', '\\1')"
    return f"nullif(left({restored}, {LONGEST_TEXT}), '')"


def _joined(counted: Path, beside: list[str]) -> str:
    """SQL of the lines that count with what their rows tell beside."""
    return (
        "SELECT c.file, c.position, c.part, c.customer_id, c.customer_name, c.day, c.is_refund, "  # noqa: S608
        f"{_reference('c.order_id')} AS order_id, {_reference('c.refund_of')} AS refund_of, "
        f"abs(c.amount_minor) AS amount_minor, {_margin('c.margin_minor')} AS margin_minor, "
        "coalesce(b.is_phone, false) AS is_phone, "
        f"coalesce(b.clock, {NO_CLOCK}) AS clock, coalesce(b.zone, {NO_ZONE}) AS zone, "
        f"coalesce(b.instant, {NO_INSTANT}) AS instant, {', '.join(f'b.{ours}' for ours in BESIDE)}, "
        "coalesce(b.quantity, 1) AS quantity "
        f"FROM read_parquet({path_list([counted])}) c "
        f"LEFT JOIN ({' UNION ALL '.join(beside)}) b USING (file, position)"
    )


def _reference(column: str) -> str:
    """SQL of an order's id as an event keeps it; what is longer than that is kept as its digest."""
    plain = f"nullif(regexp_replace({column}, '[\\x00-\\x1f\\x7f]+', ' ', 'g'), '')"
    return f"CASE WHEN length({column}) > {LONGEST_TEXT} THEN sha256({column}) ELSE {plain} END"


def _margin(column: str) -> str:
    """SQL of a margin as an event keeps it."""
    return f"CASE WHEN abs({column}) <= {LARGEST_AMOUNT} THEN {column} END"


def _events(told: str, *, currency: str, all_refunds: bool) -> str:
    """SQL of the events: their type, key, customer, moment and data as JSON."""
    lines = told
    if all_refunds:
        lines = (
            "(SELECT * REPLACE (true AS is_refund, coalesce(refund_of, order_id) AS refund_of, "  # noqa: S608
            f"CASE WHEN refund_of IS NULL THEN NULL ELSE order_id END AS order_id) FROM {lines})"
        )
    line = (
        "concat('{', CASE WHEN item IS NULL THEN '' ELSE concat('\"name\":', to_json(item), ',') END, "
        "'\"quantity\":', quantity, ',\"amount_minor\":', amount_minor, "
        "CASE WHEN margin_minor IS NULL THEN '' ELSE concat(',\"margin_minor\":', "
        "CASE WHEN is_refund THEN abs(margin_minor) ELSE margin_minor END) END, '}')"
    )
    tells_more = "item IS NOT NULL OR margin_minor IS NOT NULL"
    together = "is_refund, order_id, refund_of, customer_id, is_phone, day"
    alike = f"{together}, moment, amount_minor, item, quantity"
    shared = "min(moment) AS moment, sum(amount_minor) AS total, min(location_id) AS location_id"
    every = f"string_agg({line}, ',' ORDER BY file, position, part)"
    return (
        f"WITH line AS (SELECT * FROM {lines}), ordered AS ("  # noqa: S608
        f"SELECT {together}, {shared}, "
        f"CASE WHEN count(*) > 1 OR bool_or({tells_more}) THEN {every} ELSE '' END AS lines, "
        f"sha256({_content('order_id', 'refund_of', 'customer_id', 'day')}) AS digest "
        f"FROM line WHERE order_id IS NOT NULL GROUP BY {together}), "
        f"alone AS (SELECT {together}, moment, amount_minor AS total, location_id, "
        f"CASE WHEN {tells_more} THEN {line} ELSE '' END AS lines, "
        f"sha256({_content('refund_of', 'customer_id', 'moment', 'amount_minor', 'item', 'quantity', 'running')}) "
        "AS digest FROM (SELECT *, row_number() OVER "
        f"(PARTITION BY {alike} ORDER BY file, position, part) AS running "
        "FROM line WHERE order_id IS NULL)), "
        "event AS (SELECT * FROM ordered UNION ALL BY NAME SELECT * FROM alone) "
        "SELECT CASE WHEN is_refund THEN 'purchase.refunded' ELSE 'purchase.completed' END AS type, "
        "concat(CASE WHEN is_refund THEN 'refund:' ELSE 'purchase:' END, left(digest, 40)) AS key, "
        "customer_id AS customer, is_phone, moment, total, "
        "concat('{', CASE WHEN location_id IS NULL THEN '' "
        "ELSE concat('\"location_id\":\"', location_id, '\",') END, "
        f'\'"total":{{"amount_minor":\', total, \',"currency":"{currency}"}}\', '
        "CASE WHEN refund_of IS NULL OR NOT is_refund THEN '' "
        "ELSE concat(',\"refund_of\":', to_json(refund_of)) END, "
        "CASE WHEN order_id IS NULL THEN '' ELSE concat(',\"order_id\":', to_json(order_id)) END, "
        "',\"lines\":[', lines, ']}') AS data FROM event"
    )


def _content(*columns: str) -> str:
    """SQL of columns as one text that is the same for the same values only."""
    cells = ", chr(31), ".join(
        f"coalesce(CAST({column} AS VARCHAR), chr(30))" for column in columns
    )
    return f"concat({cells})"
