"""SQL of the log, written by hand; it is the same on SQLite and on PostgreSQL."""

# Whom somebody brought is asked of every page about them, and must not read the log.
INDEX_SENDERS = """
CREATE INDEX stream_event_sender ON stream_event ((data->>'sender_id'), customer_id)
WHERE type = 'referral.recorded'
"""
DROP_INDEX_SENDERS = "DROP INDEX stream_event_sender"

BROUGHT_BY = """
SELECT data->>'sender_id', customer_id FROM stream_event
WHERE type = 'referral.recorded' AND data->>'sender_id' IN ({places})
ORDER BY occurred_at, position LIMIT %s
"""

TOP_SENDERS = """
SELECT data->>'sender_id' FROM stream_event
WHERE type = 'referral.recorded' AND customer_id IS NOT NULL
GROUP BY data->>'sender_id'
ORDER BY COUNT(DISTINCT customer_id) DESC, MIN(position) LIMIT %s
"""

REFERRALS_COUNTED = """
SELECT COUNT(DISTINCT data->>'sender_id'), COUNT(DISTINCT customer_id) FROM stream_event
WHERE type = 'referral.recorded' AND customer_id IS NOT NULL
"""

SENT_BEFORE = """
SELECT 1 FROM stream_event
WHERE type = 'referral.recorded' AND data->>'sender_id' = %s AND position < %s LIMIT 1
"""
