"""SQL about scores, written by hand: the same on SQLite and on PostgreSQL."""

TABLE = "scoring_score"

# Of whom nobody knows comes last; SQLite takes that for granted, and does not let it be said of an index.
LAST = {"sqlite": "", "postgresql": " NULLS LAST"}
INDEX_IN_ORDER = """
CREATE INDEX {name} ON scoring_score (run_id, {column} DESC{last}, customer_id) WHERE stands
"""
IN_ORDER = {"scoring_score_spent": "value_to_date", "scoring_score_brings": "friends"}


def insert(columns: tuple[str, ...]) -> str:
    """A row of scores, for ``executemany``."""
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {TABLE} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608


def copy(columns: tuple[str, ...]) -> str:
    """Rows of scores, as PostgreSQL takes many."""
    return f"COPY {TABLE} ({', '.join(columns)}) FROM STDIN"


# Where those who stand elsewhere now stood in an earlier run; the new run, the earlier one, the new one.
MOVED = """
UPDATE scoring_score SET
    quadrant_before = CASE WHEN was.quadrant <> scoring_score.quadrant
        THEN was.quadrant ELSE '' END,
    life_cycle_before = CASE WHEN was.life_cycle <> scoring_score.life_cycle
        THEN was.life_cycle ELSE '' END
FROM scoring_score AS was
WHERE scoring_score.run_id = %s AND was.run_id = %s
  AND was.customer_id = scoring_score.customer_id
  AND (was.quadrant <> scoring_score.quadrant OR was.life_cycle <> scoring_score.life_cycle)
"""

# The most of each kind. The first count is of rows alone, by the index; only of those that are many is it
# asked who they are, each person once, whoever was merged as who is kept.
WANTED = """
WITH told AS (
    SELECT kind, subject, COUNT(*) AS rows_told FROM people_preference
    WHERE subject <> '' GROUP BY kind, subject
), placed AS (
    SELECT kind, subject,
        ROW_NUMBER() OVER (PARTITION BY kind ORDER BY rows_told DESC, subject) AS place
    FROM told
)
SELECT placed.kind, placed.subject, MIN(text) AS text,
    COUNT(DISTINCT COALESCE(alias.kept_id, preference.customer_id)) AS customers
FROM placed
JOIN people_preference AS preference
    ON preference.kind = placed.kind AND preference.subject = placed.subject
LEFT JOIN people_alias AS alias ON alias.merged_id = preference.customer_id
WHERE place <= %s
GROUP BY placed.kind, placed.subject
ORDER BY placed.kind, customers DESC, placed.subject
"""

# The kinds to look at, how much of what is remembered, and a run.
WANTED_MOST = """
WITH latest AS (
    SELECT customer_id, kind, subject, text FROM people_preference
    WHERE subject <> '' AND kind IN ({kinds}) ORDER BY id DESC LIMIT %s
), told AS (
    SELECT COALESCE(alias.kept_id, latest.customer_id) AS customer_id, kind, subject, text
    FROM latest LEFT JOIN people_alias AS alias ON alias.merged_id = latest.customer_id
), counted AS (
    SELECT quadrant, life_cycle, kind, subject, MIN(text) AS text,
        COUNT(DISTINCT told.customer_id) AS customers
    FROM told
    JOIN scoring_score AS score ON score.run_id = %s AND score.customer_id = told.customer_id
    GROUP BY quadrant, life_cycle, kind, subject
), placed AS (
    SELECT counted.*,
        ROW_NUMBER() OVER (
            PARTITION BY quadrant, life_cycle ORDER BY customers DESC, kind, subject
        ) AS place
    FROM counted
)
SELECT quadrant, life_cycle, kind, subject, text, customers FROM placed WHERE place = 1
"""
