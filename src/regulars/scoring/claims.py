"""Which claims of who sent whom a run reads: those that stand everywhere else too.

`regulars.people.came_through` says it of a few; this is the same for all at once.
"""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.insight.sender.claims import ACCEPTED, resolve_claims
from regulars.insight.sender.tree import NO_DAY

# What was told without a moment of its own, as whoever is asked “who sent you?” tells it, happened before the
# friend first bought.
CLAIMS = """
SELECT sender_id, known.customer_id AS friend_id,
       CASE WHEN occurred_at = recorded_at THEN least(occurred_at, bought) ELSE occurred_at END
           AS occurred_at,
       position AS event
FROM known
LEFT JOIN (
    SELECT customer_id, min(occurred_at) AS bought FROM known
    WHERE type = 'purchase.completed' GROUP BY ALL
) AS first USING (customer_id)
WHERE type = 'referral.recorded' AND customer_id IS NOT NULL AND sender_id IS NOT NULL
ORDER BY known.occurred_at, told_sender, told_of
"""


def claims_that_stand(engine: duckdb.DuckDBPyConnection) -> pa.Table:
    """One claim of each friend: the earliest that closes no circle.

    Args:
        engine: With the view ``known`` of `regulars.scoring.feed`.

    Returns:
        ``sender_id, friend_id, occurred_at, event``, in the order of time.
    """
    claims = engine.sql(CLAIMS).to_arrow_table()
    ends = [claims.column(name) for name in ("sender_id", "friend_id")]
    people = pc.unique(pa.chunked_array([*ends[0].chunks, *ends[1].chunks], pa.string()))
    sender, friend = (
        pc.index_in(end, value_set=people).to_numpy().astype(np.int64, copy=False) for end in ends
    )
    # In the place of days their order stands, which has no two alike.
    order = np.arange(len(claims), dtype=np.int64)
    never = np.full(len(people), NO_DAY)
    found = resolve_claims(sender, friend, order, first_day=never)
    return claims.filter(pa.array(found.reason == ACCEPTED))
