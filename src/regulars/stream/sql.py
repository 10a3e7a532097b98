"""SQL of the log, written by hand; it is the same on SQLite and on PostgreSQL."""

# Whom somebody brought is asked of every page about them, and must not read the log.
INDEX_SENDERS = """
CREATE INDEX stream_event_sender ON stream_event ((data->>'sender_id'), customer_id)
WHERE type = 'referral.recorded'
"""
DROP_INDEX_SENDERS = "DROP INDEX stream_event_sender"

SENT_BY = """
SELECT position FROM stream_event
WHERE type = 'referral.recorded' AND data->>'sender_id' IN ({places}) AND customer_id IS NOT NULL
ORDER BY occurred_at, position LIMIT %s
"""

SENT_BEFORE = """
SELECT 1 FROM stream_event
WHERE type = 'referral.recorded' AND data->>'sender_id' IN ({places}) AND position < %s LIMIT 1
"""
