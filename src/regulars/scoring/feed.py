"""From the lake to what insight reads: purchases and referrals of the customers who are kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.kernel.money import minor_per_major
from regulars.scoring.claims import claims_that_stand
from regulars.scoring.cohorts import Cohort, cohorts_of
from regulars.scoring.countable import set_aside
from regulars.stream.lake import Lake

PURCHASES, REFERRALS = "purchases.parquet", "referrals.parquet"
MEMORY = "512MB"

KEPT = """
CREATE VIEW known AS
SELECT events.* EXCLUDE (customer_id, sender_id),
       CAST(coalesce(one.kept, events.customer_id) AS VARCHAR) AS customer_id,
       CAST(coalesce(two.kept, events.sender_id) AS VARCHAR) AS sender_id,
       events.customer_id AS told_of, events.sender_id AS told_sender
FROM events
LEFT JOIN merged one ON one.merged = events.customer_id
LEFT JOIN merged two ON two.merged = events.sender_id
"""
# Of an order no more goes back than was bought, or a value would be below nothing; in the order of time. Whose number
# is meant is said by `regulars.stream.refunding.meant_source`.
BEYOND = """
CREATE TABLE beyond AS
WITH orders AS (
    SELECT source, order_id AS number, currency, sum(amount_minor) AS bought FROM events
    WHERE type = 'purchase.completed' AND order_id IS NOT NULL GROUP BY ALL
), numbers AS (
    SELECT number, list(DISTINCT source) AS sources FROM orders GROUP BY number
), refunds AS (
    SELECT events.* REPLACE (
        CASE WHEN source IN ('file', 'console') AND len(sources) = 1 THEN sources[1] ELSE source END
        AS source
    ), number
    FROM events JOIN numbers ON number = refund_of WHERE type = 'purchase.refunded'
), back AS (
    SELECT position, amount_minor, bought,
           sum(amount_minor) OVER (
               PARTITION BY source, number, currency ORDER BY occurred_at, position
               ROWS UNBOUNDED PRECEDING
           ) AS so_far
    FROM refunds JOIN orders USING (source, number, currency)
)
SELECT position, CAST(greatest(amount_minor - (so_far - bought), 0) AS BIGINT) AS counted_minor
FROM back WHERE so_far > bought
"""
COUNTED = """
CREATE VIEW counted AS
SELECT known.* EXCLUDE (amount_minor), amount_minor AS told_minor,
       coalesce(counted_minor, amount_minor) AS amount_minor
FROM known LEFT JOIN beyond USING (position)
"""
# A row for each line, where the lines come to the total, as in a shop's own file: what was given back is
# found by its amount. Event and line keep a row from being the repeat of another. A purchase in another
# currency is a day on which somebody was here, and none of the business's money.
IN_ONE_CURRENCY = """
CREATE MACRO counted_in(ours) AS TABLE
SELECT * REPLACE (CAST(ours AS VARCHAR) AS currency,
                  CASE WHEN currency = ours THEN amount_minor ELSE 0 END AS amount_minor),
       currency = ours AS is_ours
FROM counted
WHERE type IN ('purchase.completed', 'purchase.refunded') AND customer_id IS NOT NULL
  AND (currency = ours OR type = 'purchase.completed')
"""
PURCHASE_ROWS = """
WITH told AS (
    SELECT *, CASE WHEN is_ours THEN CAST(data ->> '$.lines[*].amount_minor' AS BIGINT[]) END AS parts
    FROM counted_in($currency) WHERE position NOT IN (SELECT position FROM uncountable)
), split AS (
    SELECT * EXCLUDE (parts),
           CASE WHEN list_sum(parts) = amount_minor THEN parts ELSE [amount_minor] END AS parts
    FROM told
), lines AS (
    SELECT *, unnest(parts) AS line_minor, generate_subscripts(parts, 1) AS line FROM split
)
SELECT customer_id, occurred_at, currency, order_id, refund_of, position AS event, line,
       CASE WHEN type = 'purchase.refunded' THEN -line_minor ELSE line_minor END
           / $minor_per_major AS amount
FROM lines
WHERE type = 'purchase.completed' OR line_minor > 0
ORDER BY position, line
"""
# The same with margins. Where that of a whole event alone is known, or its lines do not come to the
# total, the event is one row.
ANY_MARGIN = "SELECT coalesce(bool_or(contains(data, '\"margin_minor\"')), false) FROM known"
PURCHASE_ROWS_WITH_MARGINS = """
WITH told AS (
    SELECT *, CASE WHEN is_ours THEN CAST(data ->> '$.margin_minor' AS BIGINT) ELSE 0 END
                  AS margin_minor,
           CASE WHEN is_ours THEN
               list_transform(json_extract(data, '$.lines[*]'), lambda one: {
                   'amount': CAST(json_extract_string(one, '$.amount_minor') AS BIGINT),
                   'margin': CAST(json_extract_string(one, '$.margin_minor') AS BIGINT)
               })
           END AS parts
    FROM counted_in($currency) WHERE position NOT IN (SELECT position FROM uncountable)
), judged AS (
    SELECT *, coalesce(list_sum([part.amount FOR part IN parts]) = amount_minor, false) AS is_whole,
           len(parts) > 0 AND list_count([part.margin FOR part IN parts]) = len(parts) AS is_told,
           list_sum([part.margin FOR part IN parts]) AS together
    FROM told
), split AS (
    SELECT * EXCLUDE (parts),
           CASE WHEN is_whole AND (is_told OR margin_minor IS NULL) THEN parts
                ELSE [{'amount': amount_minor, 'margin':
                       CASE WHEN amount_minor = told_minor
                            THEN coalesce(margin_minor, CASE WHEN is_told THEN together END)
                            ELSE coalesce(margin_minor, CASE WHEN is_told THEN together END)
                                 * amount_minor // greatest(told_minor, 1) END}]
           END AS parts
    FROM judged
), lines AS (
    SELECT *, unnest(parts) AS part, generate_subscripts(parts, 1) AS line FROM split
)
SELECT customer_id, occurred_at, currency, order_id, refund_of, position AS event, line,
       CASE WHEN type = 'purchase.refunded' THEN -part.amount ELSE part.amount END
           / $minor_per_major AS amount,
       part.margin / $minor_per_major AS margin
FROM lines
WHERE type = 'purchase.completed' OR part.amount > 0
ORDER BY position, line
"""
COMMONEST_CURRENCY = """
SELECT currency FROM events WHERE currency IS NOT NULL
GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
"""
LEFT_OUT = """
SELECT count(*) FILTER (customer_id IS NULL),
       count(*) FILTER (customer_id IS NOT NULL AND currency <> $currency)
FROM known WHERE type IN ('purchase.completed', 'purchase.refunded')
"""
# The gaps between the days on which everybody bought, in the business's own days and any currency.
RHYTHMS = """
WITH days AS (
    SELECT customer_id, CAST(occurred_at AT TIME ZONE $timezone AS DATE) AS day,
           bool_or(currency <> $currency) AS pays_otherwise
    FROM known
    WHERE type = 'purchase.completed' AND customer_id IS NOT NULL
      AND CAST(occurred_at AT TIME ZONE $timezone AS DATE) <= $until
    GROUP BY ALL
), gaps AS (
    SELECT customer_id, day, pays_otherwise,
           day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap
    FROM days
), counted AS (
    SELECT customer_id, count(*) AS purchase_days, min(day) AS first_day, max(day) AS last_day,
           arg_max(gap, day) AS last_gap_days, bool_or(pays_otherwise) AS pays_otherwise
    FROM gaps GROUP BY customer_id
)
SELECT customer_id, purchase_days, first_day, last_day,
       CASE WHEN purchase_days > 1
            THEN (last_day - first_day) / (purchase_days - 1.0) END AS usual_gap_days,
       CAST($until AS DATE) - last_day AS silent_days, last_gap_days,
       CASE WHEN purchase_days > 2
            THEN (last_day - first_day - last_gap_days) / (purchase_days - 2.0)
       END AS earlier_gap_days, pays_otherwise
FROM counted
"""
# Of those who bought for the first time in a month, how many bought so many months later.
COHORTS = """
WITH months AS (
    SELECT DISTINCT customer_id,
           date_trunc('month', CAST(occurred_at AT TIME ZONE $timezone AS DATE)) AS month
    FROM known
    WHERE type = 'purchase.completed' AND customer_id IS NOT NULL
      AND CAST(occurred_at AT TIME ZONE $timezone AS DATE) <= $until
), begun AS (
    SELECT month, min(month) OVER (PARTITION BY customer_id) AS cohort FROM months
)
SELECT CAST(cohort AS DATE), date_diff('month', cohort, month), count(*)
FROM begun GROUP BY ALL
"""
# What was told of nobody and claimed later stands there twice, and the first counts no more.
REPLACED = "CREATE TABLE replaced AS SELECT replaces FROM told WHERE replaces IS NOT NULL"
STANDING = (
    "CREATE VIEW events AS SELECT * FROM told WHERE id NOT IN (SELECT replaces FROM replaced)"
)
NO_EVENTS = """
CREATE VIEW told AS
SELECT NULL::BIGINT AS position, NULL::UUID AS id, NULL::UUID AS replaces, NULL::VARCHAR AS type,
       NULL::VARCHAR AS source, NULL::UUID AS customer_id,
       NULL::TIMESTAMPTZ AS occurred_at, NULL::TIMESTAMPTZ AS recorded_at, NULL::BIGINT AS amount_minor,
       NULL::VARCHAR AS currency, NULL::VARCHAR AS order_id, NULL::VARCHAR AS refund_of, NULL::UUID AS sender_id,
       NULL::VARCHAR AS data
WHERE false
"""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a run reads.

    Attributes:
        purchases: A Parquet file of purchases and refunds.
        referrals: A Parquet file of who brought whom, by the claims that stand.
        bought: How many rows the first has, one a line.
        currency: Of all amounts.
        left_out: Purchases and refunds of nobody in particular, and those of other currencies, of
            which the days count and the money does not; and absurd amounts.
        rhythms: One row a customer: ``customer_id, purchase_days, first_day, last_day,
            usual_gap_days, silent_days, last_gap_days, earlier_gap_days``, and ``pays_otherwise``,
            whether anything was bought in another currency.
        cohorts: Who began in which month and came again.
    """

    purchases: Path
    referrals: Path
    bought: int
    currency: str
    left_out: Mapping[str, int]
    rhythms: pa.Table
    cohorts: tuple[Cohort, ...]


@contextmanager
def opened(
    lake: Lake, kept: Mapping[UUID, UUID], workspace: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake's events as views: ``events`` that stand as recorded, ``known`` by the customers kept."""
    config = {
        "memory_limit": MEMORY,
        "temp_directory": str(workspace / "feed"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(config=config) as engine:
        files = ", ".join(_quoted(path) for path in lake.paths())
        engine.execute(
            f"CREATE VIEW told AS SELECT * FROM read_parquet([{files}])" if files else NO_EVENTS  # noqa: S608
        )
        merged = pa.table(
            {
                "merged": pa.array([one.bytes for one in kept], pa.binary(16)),
                "kept": pa.array([one.bytes for one in kept.values()], pa.binary(16)),
            }
        )
        engine.register("merges", _as_uuids(merged))
        engine.execute("CREATE TABLE merged AS SELECT * FROM merges")
        for statement in (REPLACED, STANDING, KEPT, BEYOND, COUNTED, IN_ONE_CURRENCY):
            engine.execute(statement)
        yield engine


def prepare(
    engine: duckdb.DuckDBPyConnection,
    workspace: Path,
    *,
    until: date,
    timezone: str,
    currency: str | None,
) -> Feed:
    """Writes what insight reads.

    Args:
        engine: As `opened` gives it.
        workspace: Where to write.
        until: The last day that counts.
        timezone: Of the business's days.
        currency: Of the business; None for the commonest of the log.
    """
    if currency is None:
        found = engine.execute(COMMONEST_CURRENCY).fetchall()
        currency = found[0][0] if found else ""
    unit = minor_per_major(currency or None)
    of = {"currency": currency}
    ((with_margins,),) = engine.execute(ANY_MARGIN).fetchall()
    uncountable = set_aside(engine, currency=currency, with_margins=with_margins)
    rows = PURCHASE_ROWS_WITH_MARGINS if with_margins else PURCHASE_ROWS
    bought = _copied(engine, rows, workspace / PURCHASES, {**of, "minor_per_major": unit})
    pq.write_table(claims_that_stand(engine), workspace / REFERRALS)
    ((nobody, foreign),) = engine.execute(LEFT_OUT, of).fetchall()
    days = {"timezone": timezone, "until": until}
    rhythms = engine.sql(RHYTHMS, params={**of, **days}).to_arrow_table()
    return Feed(
        purchases=workspace / PURCHASES,
        referrals=workspace / REFERRALS,
        bought=bought,
        currency=currency,
        left_out={
            "no_customer": nobody,
            "other_currency": foreign,
            "amount_beyond_counting": uncountable,
        },
        rhythms=rhythms,
        cohorts=cohorts_of(engine.execute(COHORTS, days).fetchall(), until=until),
    )


def _copied(
    engine: duckdb.DuckDBPyConnection, query: str, path: Path, of: dict[str, object]
) -> int:
    copy = f"COPY ({query}) TO {_quoted(path)} (FORMAT parquet)"
    ((rows,),) = engine.execute(copy, of).fetchall()
    return int(rows)


def _as_uuids(table: pa.Table) -> pa.Table:
    return pa.table(
        {
            name: pa.ExtensionArray.from_storage(
                pa.uuid(), table.column(name).combine_chunks().cast(pa.binary(16))
            )
            for name in table.column_names
        }
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
