"""SQL of care, written by hand."""

from regulars.stream import sql

STANDS = sql.STANDS.format(event="stream_event")

# Takes when two months ago was, since when it is news, and a JSON list of customers and when they came. What
# remains are those who had not come for long before that, or before a later day here, where there is a
# day here that is news or a line that follows from one; and whoever of several ids may be one of those.
# Most come all the time, and one look at their last visit tells. A day less than two months is asked for,
# because what is told may lie a day ahead.
# (What is wrapped, SQLite cannot walk by its type, of which there are many more than of a customer.)
AFTER_A_GAP = {
    "sqlite": f"""
SELECT DISTINCT customer FROM (
    SELECT asked.value ->> 0 AS customer, asked.value ->> 1 AS moment, %s AS long_ago, %s AS lately,
        (SELECT occurred_at FROM stream_event
         WHERE customer_id = asked.value ->> 0 AND occurred_at < asked.value ->> 1
           AND coalesce(type, '') IN ('purchase.completed', 'visit.recorded') AND {STANDS}
         ORDER BY occurred_at DESC LIMIT 1) AS came
    FROM json_each(%s) AS asked
) AS told
WHERE (came IS NULL OR came < long_ago) AND (
    EXISTS (SELECT 1 FROM people_alias WHERE merged_id = customer OR kept_id = customer)
    OR EXISTS (
        SELECT 1 FROM stream_event
        WHERE customer_id = customer AND occurred_at >= moment
          AND julianday(occurred_at) > julianday(coalesce(came, moment)) + 59
          AND coalesce(type, '') IN ('purchase.completed', 'visit.recorded') AND {STANDS}
          AND (occurred_at >= lately OR EXISTS (
            SELECT 1 FROM care_task WHERE care_task.customer_id = customer AND event_id IS NOT NULL
          ))
    )
)
""",  # noqa: S608
    "postgresql": f"""
SELECT DISTINCT customer FROM (
    SELECT CAST(told ->> 0 AS uuid) AS customer,
           CAST(told ->> 1 AS timestamp) AT TIME ZONE 'UTC' AS moment,
           CAST(%s AS timestamp) AT TIME ZONE 'UTC' AS long_ago,
           CAST(%s AS timestamp) AT TIME ZONE 'UTC' AS lately
    FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told)
) AS asked
LEFT JOIN LATERAL (
    SELECT occurred_at AS came FROM stream_event
    WHERE customer_id = customer AND occurred_at < moment
      AND type IN ('purchase.completed', 'visit.recorded') AND {STANDS}
    ORDER BY occurred_at DESC LIMIT 1
) AS before ON true
WHERE (came IS NULL OR came < long_ago) AND (
    EXISTS (SELECT 1 FROM people_alias WHERE merged_id = customer OR kept_id = customer)
    OR EXISTS (
        SELECT 1 FROM stream_event
        WHERE customer_id = customer AND occurred_at >= moment
          AND occurred_at > coalesce(came, moment) + interval '59 days'
          AND type IN ('purchase.completed', 'visit.recorded') AND {STANDS}
          AND (occurred_at >= lately OR EXISTS (
            SELECT 1 FROM care_task WHERE care_task.customer_id = customer AND event_id IS NOT NULL
          ))
    )
)
""",  # noqa: S608
}

# Takes a JSON list of senders. Whom each sent and when, and which event tells so.
SENT = {
    "sqlite": f"""
SELECT asked.value, customer_id, occurred_at, source, stream_event.key, stream_event.id
FROM json_each(%s) AS asked
CROSS JOIN stream_event ON stream_event.type = 'referral.recorded' AND data ->> 'sender_id' = asked.value
WHERE customer_id IS NOT NULL AND {STANDS}
""",  # noqa: S608
    "postgresql": f"""
SELECT told.* FROM jsonb_array_elements_text(CAST(%s AS jsonb)) AS asked (sender)
CROSS JOIN LATERAL (
    SELECT sender, customer_id, occurred_at, source, key, id FROM stream_event
    WHERE type = 'referral.recorded' AND data ->> 'sender_id' = sender AND customer_id IS NOT NULL
      AND {STANDS}
    OFFSET 0
) AS told
""",  # noqa: S608
}
