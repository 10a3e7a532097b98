"""An engine to add up tables, and CDNOW's customers as published figures are about them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray

from regulars.insight.engines import Engine, open_engine
from regulars.insight.histories import Histories

CDNOW_SUMMARY = """
with days as (  -- several purchases on one day are one; an amount of 0 is a purchase
  select customer_id, ts::date as day, sum(amount) as amount
  from read_parquet($file) group by all
), started as (
  select *, min(day) over (partition by customer_id) as first_day from days
)
select
  count(*) filter (day <= $until) - 1 as x,
  max(day) filter (day <= $until) - min(day) as t_x_days,
  $until::date - min(day) as age_days,
  min(day) - date '1970-01-01' as first_day,
  coalesce(avg(amount) filter (day > first_day and day <= $until), 0) as mean_repeat,
  count(*) filter (day > $until) as holdout_x
from started group by customer_id having min(day) <= $until order by customer_id
"""
REPEAT_DAYS = """
with days as (select distinct customer_id, ts::date as day from read_parquet($file))
select day - date '1970-01-01' as day, count(*) as repeats from days
where day > (select min(d.day) from days d where d.customer_id = days.customer_id) group by all
"""


@dataclass(frozen=True)
class Cdnow:
    """2,357 customers who began in early 1997; by default seen up to 30 September."""

    histories: Histories
    first_day: NDArray[np.int64]
    mean_repeat: NDArray[np.float64]
    holdout_x: NDArray[np.int64]
    repeat_days: dict[int, int]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """DuckDB, in a workspace of its own."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    with open_engine("duckdb", workspace=workspace) as opened:
        yield opened


@pytest.fixture(scope="session")
def cdnow_until(data_file: Callable[[str], Path]) -> Callable[[str], Cdnow]:
    """CDNOW's customers as seen on a day; what came later is the holdout."""
    file = str(data_file("cdnow_sample.parquet"))

    def see(until: str) -> Cdnow:
        found = duckdb.execute(CDNOW_SUMMARY, {"file": file, "until": until}).fetchnumpy()
        columns = {name: np.asarray(column) for name, column in found.items()}
        x, t_x_days, age_days, first_day, holdout_x = (
            columns[name].astype(np.int64)
            for name in ("x", "t_x_days", "age_days", "first_day", "holdout_x")
        )
        return Cdnow(
            histories=Histories.from_days(x, t_x_days, age_days),
            first_day=first_day,
            mean_repeat=columns["mean_repeat"].astype(np.float64),
            holdout_x=holdout_x,
            repeat_days=dict(duckdb.execute(REPEAT_DAYS, {"file": file}).fetchall()),
        )

    return see


@pytest.fixture(scope="session")
def cdnow(cdnow_until: Callable[[str], Cdnow]) -> Cdnow:
    """Seen up to 30 September 1997, as in the papers: 39 weeks to learn from, 39 to foretell."""
    return cdnow_until("1997-09-30")
