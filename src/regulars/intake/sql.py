"""SQL of intake, written by hand."""

# Records plain events, and answers whose each is, in their order: all of them, or, where one is not plain,
# none. Takes a JSON list of rows, each with the identities that it names and an id for whoever is new; a list
# of what each says; how many days may lie between two visits, twice; and three times who says so, and when.
# Plain is what is told for the first time: of somebody known who was never taken for two, and who came before
# this and not long before, whoever tells of this very moment besides; or once of a stranger by one identity. No
# refund may be of it: none of its number was at its moment or later, and where one was before, so was a purchase of
# the source. Nothing else is to be done then. Of a customer's events only one that stands in another's
# place can be replaced, and who has such a one as their latest is left to the ordinary path, so the latest stands.
RECORD_PLAIN = """
WITH told AS MATERIALIZED (
    SELECT place, CAST(told ->> 0 AS uuid) AS id, told ->> 1 AS type,
           CAST(told ->> 2 AS smallint) AS version, told ->> 3 AS source, told ->> 4 AS key,
           CAST(told ->> 5 AS timestamptz) AS occurred_at, data, told -> 6 AS named,
           told -> 6 -> 0 ->> 0 AS kind, told -> 6 -> 0 ->> 1 AS value,
           CAST(told ->> 7 AS uuid) AS new_id
    FROM ROWS FROM (
        jsonb_array_elements(CAST(%s AS jsonb)), jsonb_array_elements(CAST(%s AS jsonb))
    ) WITH ORDINALITY AS asked (told, data, place)
), met AS MATERIALIZED (
    SELECT told.*, owner IS NULL AS is_new,
           COALESCE(owner, new_id) AS customer
    FROM told
    LEFT JOIN LATERAL (
        SELECT customer_id AS owner FROM people_identity AS identity
        WHERE identity.kind = told.kind AND identity.value = told.value LIMIT 1
    ) AS known ON true
    LEFT JOIN LATERAL (
        SELECT occurred_at AS was_here, replaces FROM stream_event AS earlier
        WHERE earlier.customer_id = owner
          AND earlier.type IN ('purchase.completed', 'visit.recorded')
        ORDER BY occurred_at DESC LIMIT 1
    ) AS last ON true
    WHERE CASE WHEN owner IS NULL THEN
        jsonb_array_length(named) = 1 AND NOT EXISTS (
            SELECT FROM people_blockedidentity AS blocked
            WHERE blocked.kind = told.kind AND blocked.value = told.value
        )
    ELSE
        replaces IS NULL AND was_here <= told.occurred_at
        AND was_here >= told.occurred_at - make_interval(days => %s)
        AND (was_here < told.occurred_at OR EXISTS (
            SELECT FROM stream_event AS earlier
            WHERE earlier.customer_id = owner
              AND earlier.type IN ('purchase.completed', 'visit.recorded')
              AND earlier.replaces IS NULL AND earlier.occurred_at < told.occurred_at
              AND earlier.occurred_at >= told.occurred_at - make_interval(days => %s)
        ))
        AND NOT EXISTS (SELECT FROM people_alias WHERE merged_id = owner OR kept_id = owner)
        AND (jsonb_array_length(named) = 1 OR NOT EXISTS (
            SELECT FROM jsonb_array_elements(named) AS other
            WHERE NOT EXISTS (
                SELECT FROM people_identity AS identity
                WHERE identity.kind = other ->> 0 AND identity.value = other ->> 1
                  AND identity.customer_id = owner
            )
        ))
    END
    AND NOT EXISTS (
        SELECT FROM stream_event AS before
        WHERE before.source = told.source AND before.key = told.key
    )
    AND (
        SELECT refund.occurred_at < told.occurred_at AND (
            SELECT true FROM stream_event AS bought
            WHERE bought.type = 'purchase.completed' AND bought.data ->> 'order_id' IS NOT NULL
              AND bought.data ->> 'order_id' = told.data ->> 'order_id'
              AND bought.source = told.source AND bought.occurred_at < told.occurred_at LIMIT 1
        ) IS NOT NULL
        FROM stream_event AS refund
        WHERE refund.type = 'purchase.refunded' AND refund.data ->> 'refund_of' IS NOT NULL
          AND refund.data ->> 'refund_of' = told.data ->> 'order_id'
          AND refund.source IN (told.source, 'file')
        ORDER BY refund.occurred_at DESC LIMIT 1
    ) IS NOT FALSE
), plain AS MATERIALIZED (
    SELECT * FROM met
    WHERE (SELECT count(*) FROM met) = (SELECT count(*) FROM told)
      AND (SELECT count(DISTINCT (kind, value)) = count(*) FROM met WHERE is_new)
), strangers AS (
    SELECT customer, kind, value, occurred_at FROM plain WHERE is_new
), added AS (
    INSERT INTO people_customer (created_by, created_at, known_since, id, name, language)
    SELECT told_by, told_at, LEAST(told_at, occurred_at), customer, '', ''
    FROM strangers CROSS JOIN (
        SELECT %s AS told_by, CAST(%s AS timestamp) AT TIME ZONE 'UTC' AS told_at
    ) AS teller
), given AS (
    INSERT INTO people_identity (created_by, created_at, customer_id, kind, value)
    SELECT %s, CAST(%s AS timestamp) AT TIME ZONE 'UTC', customer, kind, value
    FROM strangers ORDER BY kind, value
), written AS (
    INSERT INTO stream_event (recorded_by, recorded_at, id, type, version, source, key, customer_id,
                              occurred_at, data)
    SELECT %s, CAST(%s AS timestamp) AT TIME ZONE 'UTC', id, type, version, source, key, customer,
           occurred_at, data
    FROM plain ORDER BY place
)
SELECT CAST(customer AS text) FROM plain ORDER BY place
"""
