"""SQL of care, written by hand."""

# Takes a JSON list of positions in the log, customers, when they came and two months before that. What
# remains are those who came before, but not in these two months; and whoever is of several ids.
# (What is wrapped, SQLite cannot walk by its type, of which there are many more than of a customer.)
AFTER_A_GAP = {
    "sqlite": """
SELECT place FROM (
    SELECT asked.value ->> 0 AS place, asked.value ->> 1 AS customer, asked.value ->> 3 AS long_before,
        (SELECT occurred_at FROM stream_event
         WHERE customer_id = asked.value ->> 1 AND occurred_at < asked.value ->> 2
           AND position < asked.value ->> 0
           AND coalesce(type, '') IN ('purchase.completed', 'visit.recorded')
         ORDER BY occurred_at DESC LIMIT 1) AS came
    FROM json_each(%s) AS asked
) AS told
WHERE came < long_before OR (
    came IS NULL
    AND EXISTS (SELECT 1 FROM people_alias WHERE merged_id = customer OR kept_id = customer)
)
ORDER BY place
""",
    "postgresql": """
SELECT place FROM (
    SELECT CAST(told ->> 0 AS bigint) AS place, CAST(told ->> 1 AS uuid) AS customer,
           CAST(told ->> 2 AS timestamp) AT TIME ZONE 'UTC' AS moment,
           CAST(told ->> 3 AS timestamp) AT TIME ZONE 'UTC' AS long_before
    FROM jsonb_array_elements(CAST(%s AS jsonb)) AS asked (told)
) AS asked
LEFT JOIN LATERAL (
    SELECT occurred_at AS came FROM stream_event
    WHERE customer_id = customer AND occurred_at < moment AND position < place
      AND type IN ('purchase.completed', 'visit.recorded')
    ORDER BY occurred_at DESC LIMIT 1
) AS before ON true
WHERE came < long_before OR (
    came IS NULL
    AND EXISTS (SELECT 1 FROM people_alias WHERE merged_id = customer OR kept_id = customer)
)
ORDER BY place
""",
}
