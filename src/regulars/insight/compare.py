"""What changed since an earlier run: who came, who went, who moved, what rose and what fell."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from regulars.insight.engines import OFFLINE
from regulars.insight.errors import NotAnEarlierRun
from regulars.insight.output import SCORES, SUMMARY, digest
from regulars.insight.result import Changes, Movement

MOVERS = 10

_BOTH = """
SELECT
  coalesce(n.customer_id, e.customer_id) AS customer_id,
  n.customer_name AS name,
  e.customer_id IS NOT NULL AS was, n.customer_id IS NOT NULL AS remains,
  e.quadrant AS before, n.quadrant AS after,
  e.clv AS clv_before, n.clv AS clv_now
FROM now n FULL JOIN earlier e ON n.customer_id = e.customer_id
"""

_MOVEMENTS = """
SELECT
  CASE WHEN was THEN before ELSE 'new' END, CASE WHEN remains THEN after ELSE 'gone' END, count(*)
FROM both_runs
WHERE (was AND remains AND before <> after) OR NOT was OR NOT remains
GROUP BY ALL HAVING min(coalesce(before, after)) IS NOT NULL
ORDER BY 3 DESC, 1, 2
"""

_MOVERS = """
SELECT customer_id, name, clv_before, clv_now FROM both_runs
WHERE was AND remains AND {sign} * (clv_now - clv_before) > 0
ORDER BY {sign} * (clv_now - clv_before) DESC, customer_id LIMIT {most}
"""


@dataclass(frozen=True)
class EarlierRun:
    """The files of a run that came before.

    Attributes:
        summary: Its ``summary.json``.
        scores: Its ``scores.parquet``.
    """

    summary: dict[str, Any]
    scores: pa.Table

    @property
    def as_of(self) -> date:
        """The day that the run looked at."""
        return date.fromisoformat(self.summary["as_of"])


def read_earlier(folder: Path) -> EarlierRun:
    """The files of an earlier run.

    Args:
        folder: What an earlier run was given as ``--out``.

    Raises:
        NotAnEarlierRun: There are no such files, they can't be read, or they do not belong together.
    """
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        scores = pq.read_table(folder / SCORES)
        if summary["scores_sha256"] != digest(folder / SCORES):
            raise NotAnEarlierRun(path=folder)
        date.fromisoformat(summary["as_of"])
        for key in ("spender_total", "sender_total", "cuts"):
            summary["value"][key]
        int(summary["customers"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotAnEarlierRun(path=folder) from error
    return EarlierRun(summary, scores)


def changes(earlier: EarlierRun, summary: dict[str, Any], scores: pa.Table) -> Changes:
    """What is different now.

    Args:
        earlier: The run to compare with.
        summary: Today's summary.
        scores: Today's scores.
    """
    with duckdb.connect(config=OFFLINE) as connection:
        connection.register("now", _comparable(scores))
        connection.register("earlier", _comparable(earlier.scores))
        connection.execute(f"CREATE TEMP TABLE both_runs AS {_BOTH}")
        movements = connection.execute(_MOVEMENTS).fetchall()
        risen, fallen = (
            connection.execute(_MOVERS.format(sign=sign, most=MOVERS)).fetchall()
            for sign in (1, -1)
        )
    return Changes(
        earlier_as_of=earlier.as_of,
        customers_before=earlier.summary["customers"],
        customers_now=summary["customers"],
        spender_total_before=earlier.summary["value"]["spender_total"],
        spender_total_now=summary["value"]["spender_total"],
        sender_total_before=earlier.summary["value"]["sender_total"],
        sender_total_now=summary["value"]["sender_total"],
        movements=tuple(Movement(before=b, after=a, customers=n) for b, a, n in movements),
        risen=tuple(risen),
        fallen=tuple(fallen),
    )


def _comparable(scores: pa.Table) -> pa.Table:
    """The columns that a comparison needs, empty where a run did not come so far."""
    types = {
        "customer_id": pa.string(),
        "customer_name": pa.string(),
        "quadrant": pa.string(),
        "clv": pa.float64(),
    }
    return pa.table(
        {
            name: scores.column(name).cast(kind)
            if name in scores.column_names
            else pa.nulls(len(scores), kind)
            for name, kind in types.items()
        }
    )
