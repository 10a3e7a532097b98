"""The SQL that makes events of lines, written for DuckDB: texts alone, put together from one another."""

from collections.abc import Mapping
from pathlib import Path

from regulars.insight.engines import named, path_list, quoted
from regulars.insight.reading.tables import Group
from regulars.intake.files.beside import BESIDE, columns_beside, is_by_phone
from regulars.intake.files.moments import NO_CLOCK, NO_INSTANT, NO_ZONE, moment_columns
from regulars.kernel.faults import LARGEST_AMOUNT
from regulars.people.core import MOST_OF_A_KIND

LONGEST_TEXT = 200
MOST_PIECES = 1_000_000
MOST_CONTACTS = max(MOST_OF_A_KIND["email"], MOST_OF_A_KIND["phone"])
# What `regulars.kernel.faults` refuses in a key: control characters, and what nobody sees.
UNSOUND = (
    r"[\x00-\x1f\x7f-\x9f\x{ad}\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}"
    r"\x{e0000}-\x{e007f}]|^[\x{200c}\x{200d}]|[\x{200c}\x{200d}]$"
)
MOMENT = "day, clock, zone, instant"
CALLED = "customer, kind, named"
# What tells events apart: of an order, and of a row without one.
ORDERED = ("order_id", "refund_of", "customer_id", "day")
ALONE = ("refund_of", "customer_id", "moment", "amount_minor", "item", "quantity", "running")
WHOSE = "min(about)"
WHOSE_BY_NAME = "coalesce(min(about) FILTER (named <> ''), min(about))"
KEY = "concat(CASE WHEN is_refund THEN 'refund:' ELSE 'purchase:' END, left(digest, 40))"


def unsound_rows(counted: Path, why: str) -> str:
    """The rows that name an order by what cannot be a key."""
    bad = " OR ".join(
        f"length({name}) > {LONGEST_TEXT} OR regexp_matches({name}, '{UNSOUND}')"
        for name in ("order_id", "refund_of")
    )
    return f"SELECT DISTINCT file, position, '{why}' AS why FROM read_parquet({quoted(counted)}) WHERE {bad}"  # noqa: S608


def rows_beside(
    group: Group, rows: str, kinds: Mapping[str, str], *, asked: Mapping[str, str]
) -> str:
    """What the rows of some files tell beside what was read: when, what, how many, how to reach whom.

    Args:
        group: The files.
        rows: The name of their table,
        kinds: and DuckDB's types of its columns.
        asked: The files' columns, as the person says; others are found.
    """
    columns = group.mapped.columns
    occurred, quantity = columns["occurred_at"], columns.get("quantity")
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
        f"FROM (SELECT *, {pieces} AS pieces FROM {rows})"
    )


def joined_lines(counted: Path, beside: list[str], *, but: tuple[Path, ...]) -> str:
    """The lines that count, but for some rows, with what their rows tell beside."""
    without = ""
    if but:
        without = f" WHERE (file, position) NOT IN (SELECT (file, position) FROM read_parquet({path_list(but)}))"  # noqa: S608
    return (
        "SELECT c.file, c.position, c.part, c.customer_id, nullif(c.customer_name, '') AS customer_name, "  # noqa: S608
        "c.day, c.is_refund, "
        "nullif(c.order_id, '') AS order_id, nullif(c.refund_of, '') AS refund_of, "
        f"abs(c.amount_minor) AS amount_minor, {_margin('c.margin_minor')} AS margin_minor, "
        "coalesce(b.is_phone, false) AS is_phone, "
        f"coalesce(b.clock, {NO_CLOCK}) AS clock, coalesce(b.zone, {NO_ZONE}) AS zone, "
        f"coalesce(b.instant, {NO_INSTANT}) AS instant, {', '.join(f'b.{ours}' for ours in BESIDE)}, "
        "coalesce(b.quantity, 1) AS quantity "
        f"FROM (SELECT * FROM read_parquet({path_list([counted])}){without}) c "
        f"LEFT JOIN ({' UNION ALL '.join(beside)}) b USING (file, position)"
    )


def refund_lines(lines: str) -> str:
    """Lines of refunds alone: an order's number that stands by itself is that of what is refunded."""
    return (
        "SELECT * REPLACE (true AS is_refund, coalesce(refund_of, order_id) AS refund_of, "  # noqa: S608
        f"CASE WHEN refund_of IS NULL THEN NULL ELSE order_id END AS order_id) FROM ({lines})"
    )


def called_lines(lines: str) -> str:
    """Lines with what each calls whoever it is about: ``customer, kind, named``.

    Households share a phone, couples an address; so who is called by one goes by their name besides.
    """
    return (
        "SELECT *, CASE WHEN kind = 'order' THEN refund_of ELSE customer_id END AS customer, "  # noqa: S608
        "CASE WHEN kind = 'phone' OR (kind = 'id' AND regexp_matches(customer_id, '^''?[+]|@')) "
        "THEN coalesce(customer_name, '') ELSE '' END AS named FROM (SELECT *, CASE "
        "WHEN is_refund AND customer_id = '' AND refund_of IS NOT NULL THEN 'order' "
        f"WHEN is_phone THEN 'phone' ELSE 'id' END AS kind FROM ({lines}))"
    )


def people_of(told: Path) -> str:
    """Everybody whom lines tell of, numbered in the order in which they do."""
    return (
        f"SELECT row_number() OVER (ORDER BY first, {CALLED}) - 1 AS about, * FROM (SELECT {CALLED}, "  # noqa: S608
        "min((day, file, position)) AS first, "
        "max_by(customer_name, (day, file, position)) FILTER (customer_name IS NOT NULL) AS name, "
        f"{_several('email')} AS emails, {_several('phone')} AS phones "
        f"FROM read_parquet({quoted(told)}) GROUP BY {CALLED})"
    )


def located_lines(told: Path, people: Path, places: str) -> str:
    """The lines, each with the number of its customer and the id of its place.

    Args:
        told: As `called_lines` gives them.
        people: As `people_of` gives them.
        places: The name of a table of ``location, location_id``.
    """
    numbers = f"SELECT about, {CALLED} FROM read_parquet({quoted(people)})"  # noqa: S608
    return (
        f"(SELECT * FROM read_parquet({quoted(told)}) JOIN ({numbers}) USING ({CALLED}) "  # noqa: S608
        f"LEFT JOIN {places} USING (location))"
    )


def events_of(lines: str, *, currency: str, whose: str) -> str:
    """The events: their type, key, customer, moment and data as JSON.

    Args:
        lines: As `located_lines` gives them.
        currency: Of all amounts.
        whose: `WHOSE`, or `WHOSE_BY_NAME` where anybody goes by their name.
    """
    line = (
        "concat('{', CASE WHEN item IS NULL THEN '' ELSE concat('\"name\":', to_json(item), ',') END, "
        "'\"quantity\":', quantity, ',\"amount_minor\":', amount_minor, "
        "CASE WHEN margin_minor IS NULL THEN '' ELSE concat(',\"margin_minor\":', "
        "CASE WHEN is_refund THEN abs(margin_minor) ELSE margin_minor END) END, '}')"
    )
    tells_more = "item IS NOT NULL OR margin_minor IS NOT NULL"
    together = "is_refund, order_id, refund_of, customer_id, is_phone, day"
    alike = f"{together}, moment, amount_minor, item, quantity"
    shared = (
        "min(moment) AS moment, sum(amount_minor) AS total, min(location_id) AS location_id, "
        f"{whose} AS about, bool_and(part = 1) AS is_sum"
    )
    every = f"string_agg({line}, ',' ORDER BY file, position, part)"
    return (
        f"WITH line AS (SELECT * FROM {lines}), ordered AS ("  # noqa: S608
        f"SELECT {together}, {shared}, "
        f"CASE WHEN count(*) > 1 OR bool_or({tells_more}) THEN {every} ELSE '' END AS lines, "
        f"{digest(ORDERED)} AS digest "
        f"FROM line WHERE order_id IS NOT NULL GROUP BY {together}), "
        f"alone AS (SELECT {together}, moment, amount_minor AS total, location_id, about, false AS is_sum, "
        f"CASE WHEN {tells_more} THEN {line} ELSE '' END AS lines, "
        f"{digest(ALONE)} AS digest FROM (SELECT *, row_number() OVER "
        f"(PARTITION BY {alike} ORDER BY file, position, part) AS running "
        "FROM line WHERE order_id IS NULL)), "
        "event AS (SELECT * FROM ordered UNION ALL BY NAME SELECT * FROM alone) "
        "SELECT CASE WHEN is_refund THEN 'purchase.refunded' ELSE 'purchase.completed' END AS type, "
        f"{KEY} AS key, order_id, about, moment, total, is_sum, "
        "concat('{', CASE WHEN location_id IS NULL THEN '' "
        "ELSE concat('\"location_id\":\"', location_id, '\",') END, "
        f'\'"total":{{"amount_minor":\', total, \',"currency":"{currency}"}}\', '
        "CASE WHEN refund_of IS NULL OR NOT is_refund THEN '' "
        "ELSE concat(',\"refund_of\":', to_json(refund_of)) END, "
        "CASE WHEN order_id IS NULL THEN '' ELSE concat(',\"order_id\":', to_json(order_id)) END, "
        "',\"lines\":[', lines, ']}') AS data FROM event"
    )


def rows_of_events(lines: str, keys: str, why: str) -> str:
    """The rows of some events of orders, each with why it is set aside.

    Args:
        lines: As `located_lines` gives them.
        keys: The name of a table of ``key``.
        why: The reason.
    """
    return (
        f"SELECT DISTINCT file, position, '{why}' AS why "  # noqa: S608
        f"FROM (SELECT *, {digest(ORDERED)} AS digest FROM {lines} WHERE order_id IS NOT NULL) "
        f"WHERE {KEY} IN (SELECT key FROM {keys})"
    )


def digest(columns: tuple[str, ...]) -> str:
    """A digest that is the same for the same values only."""
    cells = ", chr(31), ".join(
        f"coalesce(CAST({column} AS VARCHAR), chr(30))" for column in columns
    )
    return f"sha256(concat({cells}))"


def _several(column: str) -> str:
    """The different values of a column, as many as tell somebody apart and one more."""
    values = f"list_sort(list_distinct(list({column}) FILTER ({column} IS NOT NULL)))"
    return f"coalesce({values}[1:{MOST_CONTACTS + 1}], [])"


def _text(column: str) -> str:
    """A text as an event keeps it: no control characters, no apostrophe that a spreadsheet needed."""
    plain = f"trim(regexp_replace(CAST({column} AS VARCHAR), '[\\x00-\\x1f\\x7f]+', ' ', 'g'))"
    restored = f"regexp_replace({plain}, '^''([=+@-])', '\\1')"
    return f"nullif(left({restored}, {LONGEST_TEXT}), '')"


def _margin(column: str) -> str:
    """A margin as an event keeps it."""
    return f"CASE WHEN abs({column}) <= {LARGEST_AMOUNT} THEN {column} END"
