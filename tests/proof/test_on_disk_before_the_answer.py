"""Every write that is answered was on disk before its answer left, as the operating system saw it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.proof.running import DATABASES, Caller, Shop, shop
from tests.proof.tracing import too_early, traced

pytestmark = pytest.mark.proof
SINGLE, BATCHES, IN_A_BATCH, CUSTOMERS = 40, 10, 20, 10


def visit(key: str) -> dict[str, Any]:
    return {
        "type": "visit.recorded",
        "key": key,
        "occurred_at": datetime.now(UTC).isoformat(),
        "customer": {"external": f"K-{key}"},
    }


def writes_of_all_sizes(caller: Caller) -> list[list[str]]:
    """Single events, batches and customers; of each request, what only it wrote."""
    told = []
    for number in range(SINGLE):
        key = f"single-{number:04}"
        caller.tell(visit(key))
        told.append([key])
    for number in range(BATCHES):
        keys = [f"batch-{number:04}-{part:04}" for part in range(IN_A_BATCH)]
        caller.tell({"events": [visit(key) for key in keys]})
        told.append(keys)
    for number in range(CUSTOMERS):
        name = f"Customer {number:04}"
        caller.post("/customers", {"name": name}, **{"Idempotency-Key": name.replace(" ", "-")})
        told.append([name])
    return told


def trace_of(here: Shop, token: str, folder: Path) -> tuple[list[str], list[list[str]]]:
    here.start()
    caller = Caller(here.port, token)
    caller.tell(visit("before"))  # whoever serves the first request is there when the trace begins
    file = folder / "trace"
    with traced(here.processes(), file):
        told = writes_of_all_sizes(caller)
    here.stop()
    return file.read_text(encoding="utf-8", errors="replace").splitlines(), told


def quiet(here: Shop) -> None:
    """PostgreSQL writes its log for commits alone, so that every write in it is one of ours."""
    if here.postgresql is not None:
        with psycopg.connect(here.environment["DATABASE_URL"], autocommit=True) as connection:
            for setting in ("wal_writer_delay = '10s'", "autovacuum = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")


@pytest.mark.parametrize("database", DATABASES)
def test_nothing_is_answered_before_it_is_on_disk(database: str, tmp_path: Path) -> None:
    with shop(tmp_path / "shop", database) as (here, token):
        quiet(here)
        trace, told = trace_of(here, token, tmp_path)
    assert too_early(trace, told) == []


def test_a_database_that_answers_earlier_would_be_found_out(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", "postgresql") as (here, token):
        quiet(here)
        here.environment["DATABASE_URL"] += "&options=-c%20synchronous_commit%3Doff"
        trace, told = trace_of(here, token, tmp_path)
    assert too_early(trace, told)


def test_what_is_on_its_way_to_disk_is_not_there_yet() -> None:
    log, answer = (
        "7</shop/regulars.sqlite3-wal>",
        '3 writev(9<socket:[1]>, "HTTP/1.1 200 OK"..., 1) = 99',
    )
    written, kept = f'2 pwrite64({log}, "K-1"..., 4096, 0) = 4096', f"2 fdatasync({log}) = 0"
    begun, done = f"2 fdatasync({log} <unfinished ...>", "2 <... fdatasync resumed>) = 0"
    assert too_early([written, kept, answer], [["K-1"]]) == []
    assert too_early([written, begun, done, answer], [["K-1"]]) == []
    assert too_early([written, begun, answer, done], [["K-1"]])
    assert too_early([written, answer, kept], [["K-1"]])
    assert too_early([kept, written, answer], [["K-1"]])
    assert too_early([written, kept.replace("= 0", "= -1 EIO"), answer], [["K-1"]])
    assert too_early([written, kept, answer], [["K-2"]])
