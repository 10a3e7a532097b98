"""Whatever kills a worker in the middle of an import, the next one goes on, and nothing is lost or doubled."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.proof

EVENTS, KILLS = 120_000, 3
PATIENCE_SECONDS = 180
ASKED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from regulars.project.server import prepare
prepare(Path(sys.argv[1]))
from regulars.jobs.files import Reading
from regulars.jobs.services import ask_for_import
from regulars.jobs.uploads import receive
from regulars.kernel.actor import SYSTEM
from regulars.people.services import found_business
now = datetime.now(UTC)
found_business(
    name="Café Sommer", language="en", time_zone="UTC", country="DE", currency="EUR",
    stamp="", promise="", owner="Ana", password="a long password", now=now,
)
with open(sys.argv[2], "rb") as stream:
    upload = receive(parts=stream, name="orders.csv", actor=SYSTEM, now=now)
ask_for_import(
    upload_id=upload, reading=Reading(what="purchases"), is_dry=False, actor=SYSTEM, now=now
)
"""


def asked(home: Path, query: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(f"file:{home}/regulars.sqlite3?mode=ro", uri=True)) as database:
        row: tuple[object, ...] = database.execute(query).fetchone()
        return row


def test_kill_9_at_any_moment_of_an_import_loses_and_doubles_nothing(tmp_path: Path) -> None:
    home, orders = tmp_path / "home", tmp_path / "orders.csv"
    with orders.open("w", encoding="utf-8") as stream:
        stream.write("customer_id,occurred_at,amount,order_id\n")
        for number in range(EVENTS):
            day = 1 + number % 28
            stream.write(f"c{number % 5_000},2026-0{1 + number % 6}-{day:02},4.20,o{number}\n")
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run([sys.executable, "-c", ASKED, home, orders], check=True, env=environment)
    draw = random.Random(20260630)

    def working() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "regulars", "worker", "--home", home],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def state() -> object:
        return asked(home, "SELECT state FROM jobs_job WHERE kind = 'import'")[0]

    for _ in range(KILLS):
        before = asked(home, "SELECT taken FROM jobs_job WHERE kind = 'import'")[0]
        worker = working()
        end = time.monotonic() + PATIENCE_SECONDS
        while asked(home, "SELECT taken FROM jobs_job WHERE kind = 'import'")[0] == before:
            assert time.monotonic() < end, "nobody takes up what was cut off"
            assert state() != "done", "the import was over before it could be cut off"
            time.sleep(0.05)
        time.sleep(draw.uniform(0, 3))
        worker.kill()
        worker.wait()
    worker = working()
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while state() not in ("done", "failed") or list((home / "jobs/uploads").glob("*")):
            assert time.monotonic() < end, "the import never ends, or its file is kept"
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait()
    assert state() == "done"
    lost = asked(home, "SELECT lost FROM jobs_job WHERE kind = 'import'")[0]
    assert lost == KILLS
    told = asked(home, 'SELECT count(*), count(DISTINCT "key") FROM stream_event')
    assert told == (EVENTS, EVENTS)
    assert asked(home, "SELECT count(*) FROM people_customer")[0] == 5_000
