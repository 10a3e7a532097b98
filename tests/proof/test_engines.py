"""DuckDB and Spark give the same tables of every kind of file, to the last integer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.insight.summary.test_engines import found_by, small_sources

from regulars.insight.reading import Source

pytestmark = pytest.mark.proof


@pytest.mark.usefixtures("java")
def test_both_engines_read_and_sum_up_alike(
    data_file: Callable[[str], Path], tmp_path: Path
) -> None:
    """A few rows of all that files can hold, and a real shop's million lines."""
    sources = small_sources(tmp_path) | {
        "real": Source(
            paths=data_file("online_retail_ii.parquet"),
            where="not (sheet = '2009-2010' and ts >= '2010-12-01')",
        )
    }
    of_duckdb, of_spark = (found_by(name, tmp_path, sources) for name in ("duckdb", "spark"))
    for part, table in of_duckdb.items():
        assert of_spark[part] == table, part
    # Every row of the file is in a count.
    assert of_duckdb["real, counts"] == {
        "read": 1_067_370,
        "no_customer": 235_287,
        "repeated_line": 11_676,
    }
    customers = of_duckdb["exported, customers"].to_pylist()
    assert {row["customer_id"]: row["sum_v"] for row in customers} == {
        "b@x.com": 0,
        "c@x.com": 1700,
        "d@x.com": 0,
        "e@x.com": 800,
    }
    assert of_duckdb["exported, counts"] == {
        "read": 13,
        "cancelled": 2,
        "repeated_line": 2,
        "further_line": 3,
    }
