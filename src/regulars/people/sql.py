"""SQL about people, written by hand.

It is the same on SQLite and on PostgreSQL but for `ID_IN_TEXT`: events name a sender in their data, as
text, and the two keep ids in columns each in their own way.
"""

ID_IN_TEXT = {
    "sqlite": "REPLACE({text}, '-', '')",
    "postgresql": "CAST({text} AS uuid)",
}

# Of all that was told only the latest is weighed, so that a page costs the same whatever the log holds.
# Whoever was merged counts as who is shown for them; who has no name here is nobody yet, or no more.
KNOWN = """
WITH told AS (
    SELECT position, {sender} AS sender_id, customer_id AS friend_id FROM stream_event
    WHERE type = 'referral.recorded' AND customer_id IS NOT NULL
    ORDER BY occurred_at DESC, position DESC LIMIT %s
), whole AS (
    SELECT
        told.position,
        COALESCE(senders.kept_id, told.sender_id) AS sender_id,
        COALESCE(friends.kept_id, told.friend_id) AS friend_id
    FROM told
    LEFT JOIN people_alias AS senders ON senders.merged_id = told.sender_id
    LEFT JOIN people_alias AS friends ON friends.merged_id = told.friend_id
), known AS (
    SELECT whole.position, whole.sender_id, whole.friend_id FROM whole
    JOIN people_customer AS sender ON sender.id = whole.sender_id AND sender.name <> ''
    JOIN people_customer AS friend ON friend.id = whole.friend_id AND friend.name <> ''
    WHERE whole.sender_id <> whole.friend_id
)
"""

TOP_SENDERS = """
{known}
SELECT sender_id FROM known GROUP BY sender_id
ORDER BY COUNT(DISTINCT friend_id) DESC, MIN(position) LIMIT %s
"""

SENDERS_AND_FRIENDS = """
{known}
SELECT COUNT(DISTINCT sender_id), COUNT(DISTINCT friend_id), (SELECT COUNT(*) FROM told) FROM known
"""

# What was deleted is overwritten in the file (secure_delete) once the pages are copied there from the
# write-ahead log. Whoever reads just now is not waited for long; the next writers copy what is left.
BUSY_TIMEOUT = "PRAGMA busy_timeout"
EMPTY_WRITE_AHEAD_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
