"""A real shop's file comes in whole, and says the same from the log as it says by itself."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight import Source, open_engine, read_purchases, summarise
from regulars.intake.files import Ground, import_purchases
from regulars.kernel.actor import Actor
from regulars.people.models import Identity
from regulars.stream.models import Event

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
LONDON = Ground(currency="GBP", time_zone="Europe/London", region="GB")
LAST_DAY = date(2011, 12, 9)
COLUMNS = {"occurred_at": "ts", "order_id": "invoice", "unit_price": "price"}
ONCE = "not (sheet = '2009-2010' and ts >= '2010-12-01')"


def lines_of_the_log(path):
    """The lines of every event, as a file of purchases."""
    owner = dict(Identity.objects.values_list("customer_id", "value"))
    rows = []
    events = Event.objects.order_by("position").values_list(
        "type", "customer_id", "occurred_at", "data"
    )
    for kind, customer, moment, data in events.iterator():
        sign = -1 if kind == "purchase.refunded" else 1
        for line in data["lines"] or [data["total"]]:
            rows.append(
                {
                    "line": len(rows),  # equal lines of an order are no repeats of an export here
                    "customer_id": owner[customer],
                    "occurred_at": moment,
                    "amount": sign * line["amount_minor"] / 100,
                    "order_id": data.get("order_id"),
                    "refund_of": data.get("refund_of") or ("none" if sign > 0 else "?"),
                }
            )
    pq.write_table(pa.Table.from_pylist(rows), path)


def summed_up(source):
    """The numbers that every score starts from, by customer."""
    with TemporaryDirectory() as folder, open_engine(workspace=Path(folder)) as engine:
        lines = read_purchases(engine, source, until=LAST_DAY)
        summary = summarise(engine, lines, until=LAST_DAY)
        customers = summary.customers.sort_by("customer_id").drop_columns(["customer_name"])
        return customers, summary.purchases, summary.refunds, summary.refunds_matched


@pytest.mark.proof
@pytest.mark.django_db
def test_a_shops_export_sums_up_from_the_log_as_it_does_from_the_file(data_file, tmp_path):
    source = Source(
        paths=data_file("online_retail_ii.parquet"),
        columns=COLUMNS,
        where=ONCE,
        timezone="Europe/London",
    )
    told = import_purchases(source=source, ground=LONDON, actor=Actor("command", "import"), now=NOW)
    log = tmp_path / "log.parquet"
    lines_of_the_log(log)
    assert told.rows == 1_067_370
    assert summed_up(Source(paths=log, timezone="Europe/London")) == summed_up(source)
