"""The statements that write many rows at once; names of tables and columns are our own."""

KNOWN_TOTALS = {
    "postgresql": (
        "SELECT key, CAST(data -> 'total' ->> 'amount_minor' AS bigint) FROM stream_event "
        "WHERE source = %s AND key = ANY(%s)"
    ),
    "sqlite": (
        "SELECT key, data ->> '$.total.amount_minor' FROM stream_event "
        "WHERE source = %s AND key IN (SELECT value FROM json_each(%s))"
    ),
}
INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks})"
ONCE = " ON CONFLICT ({columns}) DO NOTHING"
COPY = "COPY {table} ({columns}) FROM STDIN"
ARRIVING = "regulars_arriving"
CREATE_ARRIVING = (
    "CREATE TEMPORARY TABLE regulars_arriving AS SELECT {columns} FROM {table} WITH NO DATA"
)
# The order of arrival is that of the file; no other is written down in a table without keys.
INSERT_ARRIVED = (
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM regulars_arriving ORDER BY ctid"
)
