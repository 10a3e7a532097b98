"""``POST /recognise`` among a million customers: how long the slowest of a hundred answers takes."""

import json
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benches.filled import customers_of, filled, folder_of, in_a_hurry, settle
from benches.load import ask_all, request_of
from benches.measure import Measure
from benches.names import drawn, misspelt
from benches.served import served

MODULE = "benches.recognise"
FOLDER = folder_of("recognise")
CUSTOMERS = customers_of(1_000_000)
CONNECTIONS = 2
ASKED = 1_000
MOST_MILLISECONDS = {"phone": 15.0, "name": 60.0}
LEAST_FOUND = {
    "phone": 1.0,
    "name": 0.98,
}  # of those who are asked for; a slip may fall twice on one letter
PATH = "/api/v1/recognise"
SEED = 20260630


def run(runs: int) -> dict[str, Measure]:
    """Measure by turns: phones and misspelt names, on PostgreSQL and in a shop's own file."""
    names = drawn(CUSTOMERS, seed=SEED)
    answers: dict[str, list[tuple[float, float]]] = {}
    for database in ("postgresql", "sqlite"):
        with (
            filled(FOLDER, database, module=MODULE, size=CUSTOMERS) as (home, address),
            served(home, address, workers=1) as port,
        ):
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


def _fill(home: Path) -> None:
    """Adds everybody by the product's own way for files, at once, with the indexes made afterwards."""
    from regulars.credentials.keys import add_key  # noqa: PLC0415  (needs Django set up)
    from regulars.kernel.actor import SYSTEM  # noqa: PLC0415
    from regulars.people.bulk import Told, add_many  # noqa: PLC0415

    now = datetime.now(UTC)
    people = [
        Told(name=name, identities=(("phone", _phone(who)),))
        for who, name in enumerate(drawn(CUSTOMERS, seed=SEED))
    ]
    with in_a_hurry("people_%"):
        add_many(people=people, actor=SYSTEM, now=now)
    settle()
    key = add_key(name="till", scopes=["customers:read"], source="till", actor=SYSTEM, now=now)
    (home / "token").write_text(key.token)


if __name__ == "__main__":
    from regulars.project.server import prepare

    prepare(Path(sys.argv[1]))
    _fill(Path(sys.argv[1]))
