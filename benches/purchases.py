"""A million customers with ten million purchases, drawn from a BG/NBD process."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

CUSTOMERS = 1_000_000
PURCHASES = 10_000_000
DAYS = 728
UNTIL = "2025-12-31"
# r, alpha (weeks), a, b: about ten purchases a customer over two years.
PARAMETERS = (1.1, 3.6, 0.8, 8.2)


def prepare(folder: Path) -> Path:
    """The Parquet file with columns ``customer_id, occurred_at, amount``; made once."""
    path = folder / "purchases.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        pq.write_table(_draw(), part, compression="zstd", row_group_size=1_000_000)
        part.rename(path)
    return path


def prepare_csv(folder: Path) -> Path:
    """The same purchases as CSV; made once."""
    path = folder / "purchases.csv"
    if not path.exists():
        source = prepare(folder)
        part = path.with_suffix(".part")
        duckdb.sql(f"COPY (FROM '{source}') TO '{part}' (FORMAT csv, HEADER)")
        part.rename(path)
    return path


def _draw() -> pa.Table:
    random = np.random.default_rng(20260630)
    r, alpha, a, b = PARAMETERS
    first = random.integers(0, DAYS - 90, CUSTOMERS)
    rate = random.gamma(r, 1 / alpha, CUSTOMERS) / 7
    dropout = random.beta(a, b, CUSTOMERS)
    customers, days = [np.arange(CUSTOMERS)], [first]
    active, now = np.arange(CUSTOMERS), first + random.random(CUSTOMERS)
    while len(active):
        stays = random.random(len(active)) >= dropout[active]
        active, now = active[stays], now[stays]
        now = now + random.exponential(1.0, len(active)) / rate[active]
        inside = now < DAYS
        active, now = active[inside], now[inside]
        customers.append(active)
        days.append(now.astype(np.int64))
    return _shuffled(random, np.concatenate(customers), np.concatenate(days))


def _shuffled(
    random: np.random.Generator, customers: NDArray[np.int64], days: NDArray[np.int64]
) -> pa.Table:
    # What the process does not fill up to the round number are second purchases of a day.
    missing = PURCHASES - len(customers)
    more = random.integers(0, len(customers), max(missing, 0))
    customers = np.concatenate([customers, customers[more]])[:PURCHASES]
    days = np.concatenate([days, days[more]])[:PURCHASES]
    order = np.argsort(days, kind="stable")
    customers, days = customers[order], days[order]
    last = np.datetime64(UNTIL)
    level = random.gamma(4.0, 6.0, CUSTOMERS)
    amount = np.round(random.gamma(3.0, 1 / 3.0, PURCHASES) * level[customers] + 1, 2)
    return pa.table(
        {
            "customer_id": pa.array(customers),
            "occurred_at": pa.array(last - (DAYS - 1 - days).astype("timedelta64[D]")),
            "amount": pa.array(amount),
        }
    )
