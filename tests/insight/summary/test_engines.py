"""DuckDB and Spark give the same tables, to the last integer."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight.engines import Engine, open_engine
from regulars.insight.errors import UnknownEngine
from regulars.insight.reading import Source, read_purchases, read_referrals
from regulars.insight.summary import Summary, summarise

UNTIL, VALIDATE_UNTIL = date(2011, 6, 10), date(2011, 12, 9)


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


@pytest.mark.usefixtures("java")
def test_both_engines_read_and_sum_up_alike(
    data_file: Callable[[str], Path], tmp_path: Path
) -> None:
    """One session for all: starting Spark takes longer than the sums."""
    online_retail = Source(
        paths=data_file("online_retail_ii.parquet"),
        where="not (sheet = '2009-2010' and ts >= '2010-12-01')",
    )
    (tmp_path / "messy.csv").write_text(MESSY)
    (tmp_path / "exported.csv").write_text(EXPORTED)
    exported = Source(paths=tmp_path / "exported.csv")
    (tmp_path / "returned.csv").write_text(RETURNED)
    returned = Source(paths=tmp_path / "returned.csv")
    (tmp_path / "rates.csv").write_text(
        "currency,rate,date\nEUR,1,2011-01-01\nUSD,0.73,2011-01-01\n"
    )
    messy = Source(
        paths=tmp_path / "messy.csv",
        timezone="Europe/Berlin",
        currency_rates=tmp_path / "rates.csv",
        where="Menge < 100 AND Kunde IS DISTINCT FROM 'nobody'",
    )
    pq.write_table(
        pa.table(
            {
                "sender": ["ana", "ben", None],
                "friend": ["ben", "ana", "cem"],
                "date": pa.array([10**18, 2 * 10**17, 10**18], pa.timestamp("ns", "UTC")),
            }
        ),
        tmp_path / "referrals.parquet",
    )
    found = {}
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    for name in ("duckdb", "spark"):
        workspace = tmp_path / name
        workspace.mkdir()
        with open_engine(name, workspace=workspace) as engine:
            real, real_counts = summary_of(engine, online_retail)
            small, small_counts = summary_of(engine, messy)
            shop, shop_counts = summary_of(engine, exported)
            back, _ = summary_of(engine, returned)
            referrals = read_referrals(engine, Source(paths=tmp_path / "referrals.parquet"))
            found[name] = {
                "customers": (real.customers, small.customers, shop.customers, back.customers),
                "referrals": referrals.table,
                "counts": (real_counts, small_counts, referrals.rejected, shop_counts),
                "refunds": (real.refunds_matched, small.refunds_matched, shop.refunds_matched),
                "months": real.months(),
                "cohorts": real.cohorts(),
                "repeat_days": real.repeat_days(),
                "gap_pairs": real.gap_pairs(),
                "baskets": real.baskets(real.customers.select(["customer_id"]).slice(0, 1_000)),
            }
    for part, of_duckdb in found["duckdb"].items():
        assert found["spark"][part] == of_duckdb, part
    # Every row of the file is in a count.
    online, *_ = found["duckdb"]["counts"]
    assert online == {"read": 1_067_370, "no_customer": 235_287, "repeated_line": 11_676}
    _, small, shop, _ = found["duckdb"]["customers"]
    assert {row["customer_id"]: row["sum_v"] for row in shop.to_pylist()} == {
        "b@x.com": 0,
        "c@x.com": 1700,
        "d@x.com": 0,
        "e@x.com": 800,
    }
    assert found["duckdb"]["counts"][3] == {
        "read": 13,
        "cancelled": 2,
        "repeated_line": 2,
        "further_line": 3,
    }
    assert [row["x"] for row in small.to_pylist() if row["customer_id"] == "Zo\u00eb"] == [1]
    assert found["duckdb"]["counts"][1] == {
        "read": 14,
        "repeated_line": 1,
        "no_customer": 1,
        "bad_date": 1,
        "bad_amount": 1,
        "bad_currency": 1,
    }


def test_an_engine_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownEngine, match="abacus"), open_engine("abacus", workspace=tmp_path):
        pass
