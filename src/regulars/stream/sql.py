"""The order in which events can be read, in the words of each database.

On SQLite a position is given inside the write lock, so a later position is a later commit and the
order is that of positions. On PostgreSQL transactions run side by side and a smaller position may
be committed later; the order there is that of transactions, and what a snapshot cannot hold yet is
left for the next time: every transaction before the snapshot's oldest running one has ended, and
every later event is of a later one.
"""

WRITING_TRANSACTION = "pg_current_xact_id()::text::bigint"
OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

INDEX_BY_TRANSACTION = (
    "CREATE INDEX stream_event_readable ON stream_event (written_in, position)"
)
NO_INDEX_BY_TRANSACTION = "DROP INDEX stream_event_readable"

# Both take the transaction and the position of the last event that was read.
READABLE_AFTER = {
    "sqlite": "FROM stream_event WHERE written_in >= %s AND position > %s ORDER BY position",
    "postgresql": (
        "FROM stream_event WHERE (written_in, position) > (%s, %s) "
        f"AND written_in < {OLDEST_RUNNING} ORDER BY written_in, position"
    ),
}

SETTLE_MOVED_LOG = "UPDATE stream_event SET written_in = 0 WHERE written_in <> 0"
