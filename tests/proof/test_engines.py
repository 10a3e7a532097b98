"""DuckDB and Spark give the same tables of every kind of file, to the last integer."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight.engines import Engine, open_engine
from regulars.insight.reading import Source, read_purchases, read_referrals
from regulars.insight.summary import Summary, summarise

pytestmark = pytest.mark.proof
UNTIL, VALIDATE_UNTIL = date(2011, 6, 10), date(2011, 12, 9)


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Engine]:
    """An engine with a workspace of its own in a folder."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    workspace = folder / name
    workspace.mkdir()
    with open_engine(name, workspace=workspace) as engine:
        yield engine


def tables_of(summary: Summary) -> dict[str, Any]:
    """Everything that is added up."""
    return {
        "months": summary.months(),
        "cohorts": summary.cohorts(),
        "repeat_days": summary.repeat_days(),
        "gap_pairs": summary.gap_pairs(),
        "baskets": summary.baskets(summary.customers.select(["customer_id"]).slice(0, 1_000)),
    }


def summary_of(engine: Engine, source: Source) -> tuple[Summary, dict[str, int]]:
    lines = read_purchases(engine, source, until=UNTIL, keep_until=VALIDATE_UNTIL)
    summary = summarise(engine, lines, until=UNTIL, validate_until=VALIDATE_UNTIL)
    return summary, {**lines.rejected, **lines.kept, "read": lines.rows_read}


MESSY = """\
Kunde;Rechnung;Datum;Menge;Preis;Währung;Name
ana@Example.org;1;2011-01-31T23:30:00Z;3;"1.234,50";EUR;Ana
ana@example.org;1;2011-01-31T23:30:00Z;3;"1.234,50";EUR;Ana
ana@example.org;1;2011-01-31T23:30:00Z;3;"1.234,50";EUR;Ana
13047.0;2;31.01.2011 10:00;-1;2,005;usd;Ben
13047;3;30.01.2011 10:00;1;2,005;usd;Ben
;4;30.01.2011;1;5,00;EUR;
dee;5;2011-02-30;1;5,00;EUR;
dee;6;Feb 3, 2011;1;viel;EUR;
dee;7;Feb 3, 2011;1;5,00;XXQ;
dee;8;1296730000;1;(5,00);EUR;
dee;9;02/03/2011 11:00 PM;1;5,00 €;EUR;Dee
dee;9;02/03/2011 11:00 PM;1;6,00;EUR;Zoe
Zoe\u0308;10;3 ก.พ. 2554;1;5,00;€;
\u00a0Zo\u00eb\u2003;11;4 de febrero de 2011 10:00;1;5,00;EUR;
"""


# Totals on each line or on one, refunds on any line, by status alone, and with a line of their own.
EXPORTED = """\
Order Number,Order Status,Order Date,Email (Billing),Order Total Amount,Order Refund Amount,Item Name
8,completed,2011-02-05 10:00,b@x.com,30.00,,T
8,completed,2011-02-05 10:00,b@x.com,30.00,30.00,U
9,completed,2011-02-06 10:00,c@x.com,20.00,3,T
9,completed,2011-02-06 10:00,c@x.com,,1,U
9,refunded,2011-02-07 10:00,d@x.com,20.00,,T
10,refunded,2011-02-08 10:00,d@x.com,5.00,,T
10,refunded,2011-02-09 10:00,d@x.com,-5.00,,T
11,cancelled,2011-02-09 10:00,d@x.com,5.00,,T
11,,2011-02-09 10:00,,,,U
12,completed,2011-02-10 10:00,e@x.com,8.00,,T
12,,,,,,U
12,,,,,,U
12,completed,2011-02-10 10:00,e@x.com,8.00,,T
"""

# One refund names its order; the other, of the same amount, is of the other order.
RETURNED = """customer_id,occurred_at,amount,order_id,refund_of
ana,2011-01-01,10,A,
ana,2011-02-01,10,B,
ana,2011-02-10,-10,,A
ana,2011-02-11,-10,,
"""


def small_sources(folder: Path) -> dict[str, Source]:
    """A few rows each, of all that files can hold."""
    for name, text in (("messy", MESSY), ("exported", EXPORTED), ("returned", RETURNED)):
        (folder / f"{name}.csv").write_text(text)
    (folder / "rates.csv").write_text("currency,rate,date\nEUR,1,2011-01-01\nUSD,0.73,2011-01-01\n")
    return {
        "messy": Source(
            paths=folder / "messy.csv",
            timezone="Europe/Berlin",
            currency_rates=folder / "rates.csv",
            where="Menge < 100 AND Kunde IS DISTINCT FROM 'nobody'",
        ),
        "exported": Source(paths=folder / "exported.csv"),
        "returned": Source(paths=folder / "returned.csv"),
    }


def referrals_in(folder: Path) -> Source:
    """Claims with moments in nanoseconds, one of them of nobody."""
    path = folder / "referrals.parquet"
    claims = {
        "sender": ["ana", "ben", None],
        "friend": ["ben", "ana", "cem"],
        "date": pa.array([10**18, 2 * 10**17, 10**18], pa.timestamp("ns", "UTC")),
    }
    pq.write_table(pa.table(claims), path)
    return Source(paths=path)


def found_by(name: str, folder: Path, sources: Mapping[str, Source]) -> dict[str, Any]:
    """All that an engine finds in some files, by file and table."""
    found: dict[str, Any] = {}
    with opened(name, folder) as engine:
        for of, source in sources.items():
            summary, counts = summary_of(engine, source)
            told = {
                "customers": summary.customers,
                "counts": counts,
                "refunds": summary.refunds_matched,
                **tables_of(summary),
            }
            found |= {f"{of}, {part}": table for part, table in told.items()}
        claims = read_referrals(engine, referrals_in(folder))
    return {**found, "referrals": claims.table, "referrals set aside": claims.rejected}


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
    assert of_duckdb["messy, counts"] == {
        "read": 14,
        "repeated_line": 1,
        "no_customer": 1,
        "bad_date": 1,
        "bad_amount": 1,
        "bad_currency": 1,
    }
    messy = of_duckdb["messy, customers"].to_pylist()
    assert [row["x"] for row in messy if row["customer_id"] == "Zo\u00eb"] == [1]
