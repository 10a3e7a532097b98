"""SQL about people, written by hand.

It is the same on SQLite and on PostgreSQL but for how each reads lists, and for `ID_IN_TEXT`: events name
a sender in their data, as text, and the two keep ids in columns each in their own way.
"""

from regulars.stream.sql import STANDS

ID_IN_TEXT = {
    "sqlite": "REPLACE({text}, '-', '')",
    "postgresql": "CAST({text} AS uuid)",
}

# Whoever was merged counts as who is shown for them; who has no name here is nobody yet, or no more.
WHO_SENT_WHOM = """
WITH told AS (
    SELECT occurred_at, {sender} AS sender_id, customer_id AS friend_id FROM stream_event
    WHERE type = 'referral.recorded' AND customer_id IS NOT NULL
    AND {stands}
), whole AS (
    SELECT
        told.*,
        COALESCE(senders.kept_id, told.sender_id) AS sender,
        COALESCE(friends.kept_id, told.friend_id) AS friend
    FROM told
    LEFT JOIN people_alias AS senders ON senders.merged_id = told.sender_id
    LEFT JOIN people_alias AS friends ON friends.merged_id = told.friend_id
)
SELECT whole.sender, whole.friend, known.name <> '' AND named.name <> ''
FROM whole
LEFT JOIN people_customer AS known ON known.id = whole.sender
LEFT JOIN people_customer AS named ON named.id = whole.friend
ORDER BY occurred_at, sender_id, friend_id
"""

# The claims about whoever stands in a table `above`, by all of their ids, as they were told and of whom they are now.
_CLAIMS_OF = {
    "sqlite": f"""
SELECT event.id, occurred_at, REPLACE(data ->> 'sender_id', '-', '') AS sender, customer_id,
       COALESCE(senders.kept_id, REPLACE(data ->> 'sender_id', '-', '')),
       COALESCE(friends.kept_id, customer_id)
FROM above
CROSS JOIN stream_event AS event
    ON event.customer_id = above.id AND COALESCE(type, '') = 'referral.recorded'
    AND {STANDS.format(event="event")}
LEFT JOIN people_alias AS senders ON senders.merged_id = REPLACE(data ->> 'sender_id', '-', '')
LEFT JOIN people_alias AS friends ON friends.merged_id = customer_id
ORDER BY occurred_at, sender, customer_id
""",  # noqa: S608
    "postgresql": f"""
SELECT claim.id, occurred_at, sender, customer_id,
       COALESCE(senders.kept_id, sender), COALESCE(friends.kept_id, customer_id)
FROM above
CROSS JOIN LATERAL (
    SELECT id, occurred_at, CAST(data ->> 'sender_id' AS uuid) AS sender, customer_id FROM stream_event
    WHERE customer_id = above.id AND type = 'referral.recorded'
      AND {STANDS.format(event="stream_event")} OFFSET 0
) AS claim
LEFT JOIN people_alias AS senders ON senders.merged_id = sender
LEFT JOIN people_alias AS friends ON friends.merged_id = customer_id
ORDER BY occurred_at, sender, customer_id
""",  # noqa: S608
}

# Takes a JSON list of customers. Every claim about them, and about everybody through whom they may have come,
# with who is shown for sender and friend; in the order in which it is decided which of them stand.
# (What is wrapped, SQLite cannot walk by its type, of which there are many more than of a customer.)
CLAIMS_ABOVE = {
    "sqlite": f"""
WITH RECURSIVE above (id) AS (
    SELECT COALESCE(kept_id, value) FROM json_each(%s) LEFT JOIN people_alias ON merged_id = value
    UNION
    SELECT merged_id FROM above CROSS JOIN people_alias ON kept_id = above.id
    UNION
    SELECT COALESCE(kept_id, REPLACE(data ->> 'sender_id', '-', ''))
    FROM above
    CROSS JOIN stream_event
        ON stream_event.customer_id = above.id AND COALESCE(type, '') = 'referral.recorded'
        AND {STANDS.format(event="stream_event")}
    LEFT JOIN people_alias ON merged_id = REPLACE(data ->> 'sender_id', '-', '')
)
{_CLAIMS_OF["sqlite"]}""",  # noqa: S608
    "postgresql": f"""
WITH RECURSIVE above (id) AS (
    SELECT COALESCE(kept_id, CAST(told AS uuid))
    FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS asked (told)
    LEFT JOIN people_alias ON merged_id = CAST(told AS uuid)
    UNION
    SELECT onward.id FROM above CROSS JOIN LATERAL (
        SELECT merged_id AS id FROM people_alias WHERE kept_id = above.id
        UNION ALL
        SELECT COALESCE(kept_id, sender) FROM (
            SELECT CAST(data ->> 'sender_id' AS uuid) AS sender FROM stream_event
            WHERE customer_id = above.id AND type = 'referral.recorded'
              AND {STANDS.format(event="stream_event")} OFFSET 0
        ) AS told LEFT JOIN people_alias ON merged_id = sender
    ) AS onward
)
{_CLAIMS_OF["postgresql"]}""",  # noqa: S608
}

# Takes a JSON list of customers. The same of them alone, whoever was merged into them included.
CLAIMS_ABOUT = {
    "sqlite": f"""
WITH asked (id) AS (
    SELECT COALESCE(kept_id, value) FROM json_each(%s) LEFT JOIN people_alias ON merged_id = value
), above (id) AS MATERIALIZED (
    SELECT id FROM asked
    UNION
    SELECT merged_id FROM asked CROSS JOIN people_alias ON kept_id = asked.id
)
{_CLAIMS_OF["sqlite"]}""",  # noqa: S608
    "postgresql": f"""
WITH asked (id) AS (
    SELECT COALESCE(kept_id, CAST(told AS uuid))
    FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS asked (told)
    LEFT JOIN people_alias ON merged_id = CAST(told AS uuid)
), above (id) AS MATERIALIZED (
    SELECT id FROM asked
    UNION
    SELECT merged_id FROM asked JOIN people_alias ON kept_id = asked.id
)
{_CLAIMS_OF["postgresql"]}""",  # noqa: S608
}

# What was deleted is overwritten in the file (secure_delete) once the pages are copied there from the
# write-ahead log. Whoever reads just now is not waited for long; the next writers copy what is left.
BUSY_TIMEOUT = "PRAGMA busy_timeout"
EMPTY_WRITE_AHEAD_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"

# Takes a JSON list of kinds and values: whose each is, and who is shown for them. (PostgreSQL, which takes
# every list for a long one, would rather read the whole table than look up each.)
OWNERS = {
    "sqlite": """
WITH asked AS (SELECT value ->> 0 AS kind, value ->> 1 AS value FROM json_each(%s))
SELECT kind, identity.value, customer_id, COALESCE(kept_id, customer_id) FROM asked
JOIN people_identity AS identity USING (kind, value)
LEFT JOIN people_alias ON merged_id = customer_id
""",
    "postgresql": """
SELECT kind, value, customer_id, COALESCE(kept_id, customer_id)
FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told)
CROSS JOIN LATERAL (
    SELECT kind, value, customer_id FROM people_identity
    WHERE kind = told ->> 0 AND value = told ->> 1 LIMIT 1
) AS identity
LEFT JOIN people_alias ON merged_id = customer_id
""",
}

# Takes who adds them, when, twice, and a JSON list of ids.
ADD_NAMELESS = {
    "sqlite": """
INSERT INTO people_customer (created_by, created_at, known_since, id, name, language)
SELECT %s, %s, %s, value, '', '' FROM json_each(%s)
""",
    "postgresql": """
INSERT INTO people_customer (created_by, created_at, known_since, id, name, language)
SELECT %s, CAST(%s AS timestamp) AT TIME ZONE 'UTC', CAST(%s AS timestamp) AT TIME ZONE 'UTC',
       CAST(told AS uuid), '', ''
FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS asked (told)
""",
}
# Takes who gives them, when, and a JSON list of rows.
GIVE_FREE = {
    "sqlite": """
INSERT INTO people_identity (created_by, created_at, customer_id, kind, value)
SELECT %s, %s, asked.value ->> 0, asked.value ->> 1, asked.value ->> 2 FROM json_each(%s) AS asked
WHERE true ON CONFLICT (kind, value) DO NOTHING RETURNING value
""",
    "postgresql": """
INSERT INTO people_identity (created_by, created_at, customer_id, kind, value)
SELECT %s, CAST(%s AS timestamp) AT TIME ZONE 'UTC', CAST(told ->> 0 AS uuid), told ->> 1, told ->> 2
FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told)
ON CONFLICT (kind, value) DO NOTHING RETURNING value
""",
}

# Both take a JSON list of customers and moments: who of them is known only since later; and has them, and who is
# shown for them, be known since then.
KNOWN_LATER = {
    "sqlite": """
SELECT known.id FROM json_each(%s) AS asked
CROSS JOIN people_customer AS known
    ON known.id = asked.value ->> 0 AND known_since > asked.value ->> 1
""",
    "postgresql": """
SELECT id FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told)
CROSS JOIN LATERAL (
    SELECT id FROM people_customer WHERE id = CAST(told ->> 0 AS uuid)
      AND known_since > CAST(told ->> 1 AS timestamp) AT TIME ZONE 'UTC' OFFSET 0
) AS later
""",
}
KNOWN_EARLIER = {
    "sqlite": """
WITH told AS (SELECT value ->> 0 AS customer, value ->> 1 AS moment FROM json_each(%s)), whose AS (
    SELECT customer, moment FROM told
    UNION ALL
    SELECT kept_id, moment FROM told CROSS JOIN people_alias ON merged_id = customer
), first AS MATERIALIZED (SELECT customer, MIN(moment) AS moment FROM whose GROUP BY customer)
UPDATE people_customer SET known_since = moment FROM first
WHERE id = customer AND known_since > moment
""",
    "postgresql": """
WITH told AS (
    SELECT CAST(one ->> 0 AS uuid) AS customer,
           CAST(one ->> 1 AS timestamp) AT TIME ZONE 'UTC' AS moment
    FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (one)
), whose AS (
    SELECT customer, moment FROM told
    UNION ALL
    SELECT kept_id, moment FROM told JOIN people_alias ON merged_id = customer
), first AS MATERIALIZED (SELECT customer, MIN(moment) AS moment FROM whose GROUP BY customer)
UPDATE people_customer SET known_since = moment FROM first
WHERE id = customer AND known_since > moment
""",
}

# Words of names are kept once for all who have them, each with its keys. Takes a JSON list of keys and words.
LEARN_WORDS = {
    "sqlite": """
INSERT INTO people_nameword (key, word)
SELECT value ->> 0, value ->> 1 FROM json_each(%s) WHERE true ON CONFLICT DO NOTHING
""",
    "postgresql": """
INSERT INTO people_nameword (key, word)
SELECT told ->> 0, told ->> 1 FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told)
ON CONFLICT DO NOTHING
""",
}
# A lock that whoever gives somebody else the same name does not wait for, and whoever deletes the word does.
WORDS_HELD = {
    "sqlite": "SELECT word FROM people_nameword WHERE key = word AND key IN ({marks})",
    "postgresql": """
SELECT word FROM people_nameword WHERE key = word AND key IN ({marks}) ORDER BY key FOR KEY SHARE
""",
}
WORDS_LEFT = """
WITH asked (word) AS (VALUES {marks})
SELECT word FROM asked WHERE NOT EXISTS (SELECT 1 FROM people_namekey WHERE called = word)
"""

# Takes a JSON list of keys: the words that have one.
WORDS_OF_KEYS = {
    "sqlite": """
SELECT DISTINCT word FROM json_each(%s) AS asked
CROSS JOIN people_nameword AS known ON known.key = asked.value
""",
    "postgresql": """
SELECT DISTINCT word FROM people_nameword
WHERE key = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST(%s AS jsonb))))
""",
}

# Takes from where and up to where in the order of Unicode, and how many at most.
WORDS_BETWEEN = dict.fromkeys(
    ("sqlite", "postgresql"),
    """
SELECT word FROM people_nameword WHERE key >= %s AND key < %s AND key = word ORDER BY key LIMIT %s
""",
)
WORDS_HEARD = dict.fromkeys(
    ("sqlite", "postgresql"),
    "SELECT DISTINCT word FROM people_nameword WHERE key >= %s AND key < %s LIMIT %s",
)

# All take a JSON list of what people are called and how like each is to what was asked for, the likest
# first, how many rows are walked at most, and how many customers are wanted at most.
WITH_NAMES = """
SELECT customer_id, name, COALESCE(kept_id, customer_id) FROM likest
JOIN people_customer ON id = customer_id LEFT JOIN people_alias ON merged_id = customer_id
"""
CALLED_LIKE = {
    "sqlite": f"""
WITH walked AS (
    SELECT customer_id, asked.value ->> 1 AS fit
    FROM json_each(%s) AS asked CROSS JOIN people_namekey ON called = asked.value ->> 0 LIMIT %s
), likest AS (
    SELECT customer_id, SUM(fit) AS fit FROM walked
    GROUP BY customer_id ORDER BY SUM(fit) DESC, customer_id LIMIT %s
)
{WITH_NAMES}
""",  # noqa: S608
    "postgresql": f"""
WITH walked AS (
    SELECT customer_id, CAST(told ->> 1 AS integer) AS fit
    FROM jsonb_array_elements(CAST(%s AS jsonb)) AS list (told)
    CROSS JOIN LATERAL (
        SELECT customer_id FROM people_namekey WHERE called = told ->> 0 OFFSET 0
    ) AS found
    LIMIT %s
), likest AS (
    SELECT customer_id, SUM(fit) AS fit FROM walked
    GROUP BY customer_id ORDER BY SUM(fit) DESC, customer_id LIMIT %s
)
{WITH_NAMES}
""",  # noqa: S608
}
