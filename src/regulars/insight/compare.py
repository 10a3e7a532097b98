"""What changed since an earlier run: who came, who went, who moved, what rose and what fell."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.insight.engines import OFFLINE
from regulars.insight.errors import NotAnEarlierRun, RunsDiffer
from regulars.insight.output import digest
from regulars.insight.result import Changes, Movement, Mover
from regulars.insight.run_files import DIGEST, SCORES, SUMMARY
from regulars.insight.sender.quadrants import QUADRANTS
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text

MOVERS = 10
# What makes totals differ although no customer changed: the settings behind each name.
ASSUMED = {
    "horizon_weeks": ("horizon_weeks",),
    "margin": ("margin", "margin_from_file"),
    "discount_yearly": ("discount_yearly",),
    "decay": ("decay",),
}

_BOTH = """
SELECT
  coalesce(n.customer_id, e.customer_id) AS customer_id,
  n.customer_name AS name,
  e.customer_id IS NOT NULL AS was, n.customer_id IS NOT NULL AS remains,
  e.quadrant AS before, n.quadrant AS after,
  e.clv AS clv_before, n.clv AS clv_now
FROM (FROM now WHERE x IS NOT NULL) n
FULL JOIN (FROM earlier WHERE x IS NOT NULL) e ON n.customer_id = e.customer_id
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
        scores: The columns of its ``scores.parquet`` that a comparison needs.
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
        whole = summary[DIGEST] == digest(folder / SCORES) and _is_told_in_full(summary)
        scores = _comparable(pq.read_table(folder / SCORES))
        groups = set(pc.unique(scores.column("quadrant")).to_pylist())
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise NotAnEarlierRun(path=folder) from error
    if not whole or groups - {*QUADRANTS, None}:
        raise NotAnEarlierRun(path=folder)
    return EarlierRun(summary, scores)


def _is_told_in_full(summary: dict[str, Any]) -> bool:
    """Whether a summary holds every number that a comparison asks for.

    Raises:
        KeyError: Something is missing, as another version or an editor leaves it.
        TypeError: Something is of another kind.
        ValueError: The day is none.
    """
    date.fromisoformat(summary["as_of"])
    value, cuts, model = summary["value"], summary["value"]["cuts"], summary["purchase_model"]
    names = [summary["currency"], model and model["name"]]
    numbers = [summary["customers"]]
    numbers += [summary["settings"][name] for behind in ASSUMED.values() for name in behind]
    amounts = [value["spender_total"], value["sender_total"]]
    if cuts is not None:
        names.append(cuts["basis"])
        numbers.append(cuts["version"])
        amounts += [cuts["clv"], cuts["sender_value"]]
    numbers += [amount for amount in amounts if amount is not None]
    return all(map(math.isfinite, numbers)) and all(isinstance(n, str | None) for n in names)


def check_comparable(earlier: EarlierRun, *, as_of: date, currency: str | None) -> None:
    """See that an earlier run's figures may stand beside this run's.

    Args:
        earlier: The run to compare with.
        as_of: The last day that counts now.
        currency: ISO 4217, of this run's amounts, or None.

    Raises:
        RunsDiffer: It counts in another currency, or looks at a later day.
    """
    before = earlier.summary["currency"]
    if before != currency:
        unnamed = gettext("an unnamed currency")
        raise RunsDiffer(
            why=gettext("that one counts in {before}, this one in {now}.").format(
                before=before or unnamed, now=currency or unnamed
            )
        )
    if earlier.as_of > as_of:
        raise RunsDiffer(
            why=gettext("that one looks at {before}, which is later than {now}.").format(
                before=date_text(earlier.as_of), now=date_text(as_of)
            )
        )


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
        movements = (
            connection.execute(_MOVEMENTS).fetchall()
            if _cut_alike(earlier.summary, summary)
            else []
        )
        risen, fallen = (
            connection.execute(_MOVERS.format(sign=sign, most=MOVERS)).fetchall()
            for sign in (1, -1)
        )
    return Changes(
        earlier_as_of=earlier.as_of,
        assumptions_differ=_differing(earlier.summary, summary),
        customers_before=earlier.summary["customers"],
        customers_now=summary["customers"],
        spender_total_before=earlier.summary["value"]["spender_total"],
        spender_total_now=summary["value"]["spender_total"],
        sender_total_before=earlier.summary["value"]["sender_total"],
        sender_total_now=summary["value"]["sender_total"],
        movements=tuple(Movement(before=b, after=a, customers=n) for b, a, n in movements),
        risen=tuple(_mover(row) for row in risen),
        fallen=tuple(_mover(row) for row in fallen),
    )


def changes_summary(compared: Changes | None) -> dict[str, Any] | None:
    """What ``summary.json`` says of the changes; None where nothing was compared."""
    if compared is None:
        return None
    told = asdict(compared)
    return told | {"earlier_as_of": compared.earlier_as_of.isoformat()}


def _cut_alike(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether both runs have quadrants that were cut by the same rule on the same basis."""
    then, today = before["value"]["cuts"], now["value"]["cuts"]
    if then is None or today is None:
        return False
    return (then["version"], then["basis"]) == (today["version"], today["basis"])


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The assumptions that make totals differ by themselves."""
    then, today = before["settings"], now["settings"]
    differ = [
        name for name, behind in ASSUMED.items() if any(then[key] != today[key] for key in behind)
    ]
    if "decay" in differ and None in (
        before["value"]["sender_total"],
        now["value"]["sender_total"],
    ):
        differ.remove("decay")
    models = before["purchase_model"], now["purchase_model"]
    if None not in models and models[0]["name"] != models[1]["name"]:
        differ.append("model")
    return tuple(differ)


def _mover(row: tuple[str, str | None, float, float]) -> Mover:
    identifier, name, before, now = row
    return Mover(customer_id=identifier, customer_name=name, clv_before=before, clv_now=now)


def _comparable(scores: pa.Table) -> pa.Table:
    """The columns that a comparison needs, empty where a run had no referrals."""
    types = {
        "customer_id": pa.string(),
        "customer_name": pa.string(),
        "x": pa.int64(),
        "quadrant": pa.string(),
        "clv": pa.float64(),
    }
    return pa.table(
        {
            name: pa.nulls(len(scores), kind)
            if name == "quadrant" and name not in scores.column_names
            else scores.column(name).cast(kind)
            for name, kind in types.items()
        }
    )
