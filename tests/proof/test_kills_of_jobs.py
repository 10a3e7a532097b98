"""Whatever kills a worker in the middle of an import, the next one goes on, and nothing is lost or doubled."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.proof.running import DATABASES, Shop, shop

pytestmark = pytest.mark.proof

EVENTS, CUSTOMERS, KILLS = 120_000, 5_000, 3
PATIENCE_SECONDS = 180
TAKEN = "SELECT taken FROM jobs_job WHERE kind = 'import'"
ASKED_FOR = """
import sys
from datetime import UTC, datetime
from regulars.project.home import home_folder
from regulars.project.server import set_up
set_up(home_folder())
from regulars.jobs.files import Reading
from regulars.jobs.services import ask_for_import
from regulars.jobs.uploads import receive
from regulars.kernel.actor import SYSTEM
now = datetime.now(UTC)
with open(sys.argv[1], "rb") as stream:
    upload = receive(parts=stream, name="orders.csv", actor=SYSTEM, now=now)
ask_for_import(
    upload_id=upload, reading=Reading(what="purchases"), is_dry=False, actor=SYSTEM, now=now
)
"""


def told(here: Shop, query: str) -> tuple[Any, ...]:
    """The one row of a query."""
    if here.postgresql is not None:
        with psycopg.connect(here.postgresql.get_uri()) as connection:
            row = connection.execute(query).fetchone()
    else:
        file = f"file:{here.home}/regulars.sqlite3?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def working(here: Shop) -> subprocess.Popen[bytes]:
    """A worker of this shop."""
    return subprocess.Popen(
        [sys.executable, "-m", "regulars", "worker", "--home", here.home],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=here.environment,
    )


@pytest.mark.parametrize("database", DATABASES)
def test_kill_9_at_any_moment_of_an_import_loses_and_doubles_nothing(
    tmp_path: Path, database: str
) -> None:
    orders = tmp_path / "orders.csv"
    with orders.open("w", encoding="utf-8") as stream:
        stream.write("customer_id,occurred_at,amount,order_id\n")
        for number in range(EVENTS):
            day, month = 1 + number % 28, 1 + number % 6
            customer = f"c{number % CUSTOMERS}"
            stream.write(f"{customer},2026-0{month}-{day:02},4.20,o{number}\n")
    draw = random.Random(20260630)
    with shop(tmp_path / "shop", database) as (here, _):
        here.told_by("-c", ASKED_FOR, str(orders))

        def state() -> object:
            return told(here, "SELECT state FROM jobs_job WHERE kind = 'import'")[0]

        for _ in range(KILLS):
            before = told(here, TAKEN)
            worker = working(here)
            end = time.monotonic() + PATIENCE_SECONDS
            while told(here, TAKEN) == before:
                assert time.monotonic() < end, "nobody takes up what was cut off"
                assert state() != "done", "the import was over before it could be cut off"
                time.sleep(0.05)
            time.sleep(draw.uniform(0, 3))
            worker.kill()
            worker.wait()
        worker = working(here)
        try:
            end = time.monotonic() + PATIENCE_SECONDS
            while state() not in ("done", "failed") or list(here.home.glob("jobs/uploads/*")):
                assert time.monotonic() < end, "the import never ends, or its file is kept"
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait()
        assert state() == "done"
        assert told(here, "SELECT lost FROM jobs_job WHERE kind = 'import'") == (KILLS,)
        events = told(here, 'SELECT count(*), count(DISTINCT "key") FROM stream_event')
        assert events == (EVENTS, EVENTS)
        assert told(here, "SELECT count(*) FROM people_customer") == (CUSTOMERS,)
