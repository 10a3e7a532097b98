"""SQL of the log, written by hand.

The order in which events can be read is told in the words of each database.

On SQLite a position is given inside the write lock, so a later position is a later commit and the
order is that of positions. On PostgreSQL transactions run side by side and a smaller position may
be committed later; the order there is that of transactions, and what a snapshot cannot hold yet is
left for the next time: every transaction before the snapshot's oldest running one has ended, and
every later event is of a later one.
"""

WRITING_TRANSACTION = "pg_current_xact_id()::text::bigint"
OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

INDEX_BY_TRANSACTION = "CREATE INDEX stream_event_readable ON stream_event (written_in, position)"
NO_INDEX_BY_TRANSACTION = "DROP INDEX stream_event_readable"

# Both take the transaction and the position of the last event that was read.
READABLE_AFTER = {
    "sqlite": "FROM stream_event WHERE written_in >= %s AND position > %s ORDER BY position",
    "postgresql": (
        "FROM stream_event WHERE (written_in, position) > (%s, %s) "
        f"AND written_in < {OLDEST_RUNNING} ORDER BY written_in, position"
    ),
}

# What was read once can be read again in any later transaction, and by several at a time: nothing
# appears before a place. `PAGE_END` takes a place and how many events, `BETWEEN` two places.
PAGE_END = {
    "sqlite": f"""
SELECT written_in, position
FROM (SELECT written_in, position {READABLE_AFTER["sqlite"]} LIMIT %s)
ORDER BY position DESC LIMIT 1
""",  # noqa: S608
    "postgresql": f"""
SELECT written_in, position
FROM (SELECT written_in, position {READABLE_AFTER["postgresql"]} LIMIT %s) AS page
ORDER BY written_in DESC, position DESC LIMIT 1
""",  # noqa: S608
}
BETWEEN = {
    "sqlite": (
        "FROM stream_event WHERE written_in >= %s AND position > %s "
        "AND written_in <= %s AND position <= %s ORDER BY position"
    ),
    "postgresql": (
        "FROM stream_event WHERE (written_in, position) > (%s, %s) "
        "AND (written_in, position) <= (%s, %s) ORDER BY written_in, position"
    ),
}

# What was told of nobody and is claimed stands in the log twice; the first counts no more.
STANDS = "NOT EXISTS (SELECT 1 FROM stream_event AS later WHERE later.replaces = {event}.id)"

SETTLE_MOVED_LOG = "UPDATE stream_event SET written_in = 0 WHERE written_in <> 0"

# Takes who says so, when, and the events as one JSON list of rows, in the order in which they are to
# stand. What its source told before is left out of what is answered.
APPEND = {
    "sqlite": """
INSERT INTO stream_event (recorded_by, recorded_at, id, type, version, source, key, customer_id,
                          occurred_at, replaces, data, written_in)
SELECT %s, %s, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
       value ->> 6, value ->> 7, value -> 8, 0
FROM json_each(%s) WHERE true ORDER BY json_each.key
ON CONFLICT (source, key) DO NOTHING RETURNING id, position
""",
    "postgresql": """
INSERT INTO stream_event (recorded_by, recorded_at, id, type, version, source, key, customer_id,
                          occurred_at, replaces, data)
SELECT %s, CAST(%s AS timestamp) AT TIME ZONE 'UTC', CAST(told ->> 0 AS uuid), told ->> 1,
       CAST(told ->> 2 AS smallint), told ->> 3, told ->> 4, CAST(told ->> 5 AS uuid),
       CAST(told ->> 6 AS timestamp) AT TIME ZONE 'UTC', CAST(told ->> 7 AS uuid), told -> 8
FROM jsonb_array_elements(CAST(%s AS jsonb)) WITH ORDINALITY AS asked (told, place) ORDER BY place
ON CONFLICT (source, key) DO NOTHING RETURNING id, position
""",
}

# Takes a JSON list of sources and keys. Whether another event stands in the place of each is told besides.
TOLD_BEFORE = {
    "sqlite": f"""
SELECT source, told.key, told.id, customer_id, recorded_by, {STANDS.format(event="told")}
FROM json_each(%s) AS asked
JOIN stream_event AS told ON source = asked.value ->> 0 AND told.key = asked.value ->> 1
""",  # noqa: S608
    "postgresql": f"""
SELECT event.source, event.key, event.id, event.customer_id, event.recorded_by,
       {STANDS.format(event="event")}
FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told)
CROSS JOIN LATERAL (
    SELECT source, key, id, customer_id, recorded_by FROM stream_event
    WHERE source = told ->> 0 AND key = told ->> 1 LIMIT 1
) AS event
""",  # noqa: S608
}

# A page of events for the lake, column by column in one row: fixed widths one after another, texts
# as their lengths in bytes and themselves. That is several times quicker than row by row.
NOBODY = "00000000000000000000000000000000"
LAKE_PAGE = {
    "sqlite": f"""
SELECT group_concat(written_in), group_concat(position), group_concat(id, ''),
       group_concat(coalesce(customer_id, '{NOBODY}'), ''), group_concat(version),
       group_concat(length(occurred_at)), group_concat(occurred_at, ''),
       group_concat(length(recorded_at)), group_concat(recorded_at, ''),
       group_concat(length(type)), group_concat(type, ''),
       group_concat(length(CAST(source AS BLOB))), group_concat(source, ''),
       group_concat(length(CAST(data AS BLOB))), group_concat(data, ''),
       group_concat(CASE WHEN replaces IS NOT NULL THEN position END), group_concat(replaces, '')
FROM (SELECT * {BETWEEN["sqlite"]})
""",  # noqa: S608
    "postgresql": f"""
SELECT string_agg(int8send(written_in), ''), string_agg(int8send(position), ''),
       string_agg(uuid_send(id), ''),
       string_agg(uuid_send(coalesce(customer_id, '{NOBODY}')), ''),
       string_agg(int2send(version), ''),
       string_agg(timestamptz_send(occurred_at), ''),
       string_agg(timestamptz_send(recorded_at), ''),
       string_agg(int4send(octet_length(type)), ''), convert_to(string_agg(type, ''), 'UTF8'),
       string_agg(int4send(octet_length(source)), ''), convert_to(string_agg(source, ''), 'UTF8'),
       string_agg(int4send(octet_length(told)), ''), convert_to(string_agg(told, ''), 'UTF8'),
       string_agg(int8send(position), '') FILTER (WHERE replaces IS NOT NULL),
       string_agg(uuid_send(replaces), '')
FROM (SELECT *, data::text AS told {BETWEEN["postgresql"]}) AS page
""",  # noqa: S608
}

# Whom somebody brought is asked of every page about them, and must not read the log.
INDEX_SENDERS = """
CREATE INDEX stream_event_sender ON stream_event ((data->>'sender_id'), customer_id)
WHERE type = 'referral.recorded'
"""
DROP_INDEX_SENDERS = "DROP INDEX stream_event_sender"

# Who was at a place is asked of every list of its people; what tells no place stands in no index.
INDEX_PLACES = """
CREATE INDEX stream_event_place ON stream_event ((data->>'location_id'), customer_id)
WHERE data->>'location_id' IS NOT NULL
"""
DROP_INDEX_PLACES = "DROP INDEX stream_event_place"

SENT_BY = {
    "sqlite": f"""
SELECT position FROM json_each(%s) AS asked
CROSS JOIN stream_event ON stream_event.type = 'referral.recorded' AND data->>'sender_id' = asked.value
WHERE customer_id IS NOT NULL AND {STANDS.format(event="stream_event")}
ORDER BY occurred_at, position LIMIT %s
""",  # noqa: S608
    "postgresql": f"""
SELECT position FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS asked (sender)
CROSS JOIN LATERAL (
    SELECT position, occurred_at FROM stream_event
    WHERE type = 'referral.recorded' AND data->>'sender_id' = sender AND customer_id IS NOT NULL
      AND {STANDS.format(event="stream_event")}
    OFFSET 0
) AS told
ORDER BY occurred_at, position LIMIT %s
""",  # noqa: S608
}

# Whose a refund is that names its order alone is asked whenever one is told. A till may begin its numbers anew each
# day, so of the many purchases of a number the latest before a moment is found.
INDEX_ORDERS = """
CREATE INDEX stream_event_order ON stream_event ((data->>'order_id'), source, occurred_at)
WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL
"""
DROP_INDEX_ORDERS = "DROP INDEX stream_event_order"

# What was given back of an order is asked whenever a refund of it is told or shown, and from a moment on.
INDEX_REFUNDED = """
CREATE INDEX stream_event_refunded ON stream_event ((data->>'refund_of'), occurred_at)
WHERE type = 'purchase.refunded' AND data->>'refund_of' IS NOT NULL
"""
DROP_INDEX_REFUNDED = "DROP INDEX stream_event_refunded"

# Takes numbers of orders twice: the amounts that were bought, and given back (below 0), by source, number and currency.
BOUGHT_AND_REFUNDED = f"""
SELECT source, data->>'order_id', data->'total'->>'currency',
       CAST(data->'total'->>'amount_minor' AS bigint), 1
FROM stream_event
WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL
AND data->>'order_id' IN ({{places}}) AND {STANDS.format(event="stream_event")}
UNION ALL
SELECT source, data->>'refund_of', data->'total'->>'currency',
       -CAST(data->'total'->>'amount_minor' AS bigint), 0
FROM stream_event
WHERE type = 'purchase.refunded' AND data->>'refund_of' IS NOT NULL
AND data->>'refund_of' IN ({{places}}) AND {STANDS.format(event="stream_event")}
"""  # noqa: S608

# Takes numbers of orders: what was bought by them.
ORDERED = f"""
SELECT position FROM stream_event
WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL
AND data->>'order_id' IN ({{places}}) AND {STANDS.format(event="stream_event")}
"""  # noqa: S608

# Takes numbers of orders: who told of purchases by them.
TELLERS = """
SELECT DISTINCT data->>'order_id', source FROM stream_event
WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL
AND data->>'order_id' IN ({places})
"""

# Takes a JSON list of numbers of orders and moments: who bought by them until then, nobody too.
_BUYERS = f"""
SELECT DISTINCT bought.source, asked.number, bought.customer_id FROM ({{asked}}) AS asked {{each}}
WHERE {STANDS.format(event="bought")}
"""  # noqa: S608
BUYERS = {
    "sqlite": _BUYERS.format(
        asked="SELECT value ->> 0 AS number, value ->> 1 AS until FROM json_each(%s)",
        each="JOIN stream_event AS bought ON bought.type = 'purchase.completed' "
        "AND bought.data->>'order_id' IS NOT NULL "
        "AND bought.data->>'order_id' = asked.number AND bought.occurred_at <= asked.until",
    ),
    "postgresql": _BUYERS.format(
        asked="SELECT told ->> 0 AS number, "
        "CAST(told ->> 1 AS timestamp) AT TIME ZONE 'UTC' AS until "
        "FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told) OFFSET 0",
        each="CROSS JOIN LATERAL (SELECT * FROM stream_event "
        "WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL "
        "AND data->>'order_id' = asked.number AND occurred_at <= asked.until OFFSET 0) AS bought",
    ),
}

# Takes numbers of orders: what was given back of them.
GIVEN_BACK = f"""
SELECT position FROM stream_event
WHERE type = 'purchase.refunded' AND data->>'refund_of' IS NOT NULL
AND data->>'refund_of' IN ({{places}}) AND {STANDS.format(event="stream_event")}
"""  # noqa: S608

# Takes numbers of orders twice: what was bought and given back by them, and is nobody's or was at first.
_CLAIMABLE = f"""
SELECT position FROM stream_event
WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL
AND data->>'order_id' {{numbers}} AND (customer_id IS NULL OR replaces IS NOT NULL)
AND {STANDS.format(event="stream_event")}
UNION ALL
SELECT position FROM stream_event
WHERE type = 'purchase.refunded' AND data->>'refund_of' IS NOT NULL
AND data->>'refund_of' {{numbers}} AND (customer_id IS NULL OR replaces IS NOT NULL)
AND {STANDS.format(event="stream_event")}
"""  # noqa: S608
CLAIMABLE = {
    "sqlite": _CLAIMABLE.format(numbers="IN (SELECT value FROM json_each(%s))"),
    "postgresql": _CLAIMABLE.format(numbers="= ANY(%s)"),
}

# Takes a JSON list of sources, numbers of orders, moments and how long before each a refund may be, and who records
# refunds that go with their purchases: those refunds, of the source or of files, that may be of a purchase of that
# moment. What was given back before it is of an earlier purchase, where there is one.
_GOING_ALONG = f"""
SELECT DISTINCT refund.position FROM (
    SELECT source, number, CASE WHEN (
        SELECT 1 FROM stream_event AS bought
        WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL
        AND data->>'order_id' = asked.number AND source = asked.source AND occurred_at < asked.moment
        LIMIT 1
    ) IS NULL THEN earliest ELSE moment END AS since
    FROM ({{asked}}) AS asked
) AS told {{each}}
WHERE refund.source IN (told.source, 'file')
AND (refund.customer_id IS NULL OR refund.recorded_by = %s)
AND {STANDS.format(event="refund")}
"""  # noqa: S608
GOING_ALONG = {
    "sqlite": _GOING_ALONG.format(
        asked="SELECT value ->> 0 AS source, value ->> 1 AS number, value ->> 2 AS moment, "
        "value ->> 3 AS earliest FROM json_each(%s)",
        each="JOIN stream_event AS refund ON refund.type = 'purchase.refunded' "
        "AND refund.data->>'refund_of' IS NOT NULL "
        "AND refund.data->>'refund_of' = told.number AND refund.occurred_at >= told.since",
    ),
    "postgresql": _GOING_ALONG.format(
        asked="SELECT told ->> 0 AS source, told ->> 1 AS number, "
        "CAST(told ->> 2 AS timestamp) AT TIME ZONE 'UTC' AS moment, "
        "CAST(told ->> 3 AS timestamp) AT TIME ZONE 'UTC' AS earliest "
        "FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told) OFFSET 0",
        each="CROSS JOIN LATERAL (SELECT * FROM stream_event "
        "WHERE type = 'purchase.refunded' AND data->>'refund_of' IS NOT NULL "
        "AND data->>'refund_of' = told.number AND occurred_at >= told.since OFFSET 0) AS refund",
    ),
}

# Takes a JSON list of sources, numbers of orders, moments and until when a purchase may follow each: the place in the
# list (from 0) and whose the purchase was that is given back then. It is the latest that was not after the moment, else
# the first after it until then; of one moment the last by key.
_BOUGHT_BY = """
SELECT place, bought.customer_id FROM (
    SELECT place, coalesce(({before}), ({after})) AS position FROM ({asked}) AS asked
) AS found JOIN stream_event AS bought ON bought.position = found.position
"""
_BOUGHT = f"""
SELECT bought.position FROM stream_event AS bought
WHERE type = 'purchase.completed' AND data->>'order_id' IS NOT NULL
AND data->>'order_id' = asked.number AND source = asked.source
AND {{then}} AND {STANDS.format(event="bought")}
ORDER BY occurred_at {{way}}, {{told_key}} DESC LIMIT 1
"""  # noqa: S608


def _bought_by(*, asked: str, told_key: str) -> str:
    return _BOUGHT_BY.format(
        asked=asked,
        before=_BOUGHT.format(then="occurred_at <= asked.moment", way="DESC", told_key=told_key),
        after=_BOUGHT.format(
            then="occurred_at > asked.moment AND occurred_at <= asked.latest",
            way="ASC",
            told_key=told_key,
        ),
    )


BOUGHT_BY = {
    "sqlite": _bought_by(
        asked="SELECT key AS place, value ->> 0 AS source, value ->> 1 AS number, "
        "value ->> 2 AS moment, value ->> 3 AS latest FROM json_each(%s)",
        told_key="substr(key, 1, instr(key || char(10), char(10)) - 1)",
    ),
    "postgresql": _bought_by(
        asked="SELECT place - 1 AS place, told ->> 0 AS source, told ->> 1 AS number, "
        "CAST(told ->> 2 AS timestamp) AT TIME ZONE 'UTC' AS moment, "
        "CAST(told ->> 3 AS timestamp) AT TIME ZONE 'UTC' AS latest "
        "FROM jsonb_array_elements(CAST(%s AS jsonb)) WITH ORDINALITY AS asked (told, place) OFFSET 0",
        told_key='split_part(key, chr(10), 1) COLLATE "C"',
    ),
}
