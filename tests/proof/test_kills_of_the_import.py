"""An import that is killed has kept whole chunks, and run again adds what is missing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import SOURCE, Run
from tests.cli.conftest import forked as forked  # noqa: PLC0414
from tests.cli.conftest import regulars as regulars  # noqa: PLC0414
from tests.cli.test_import import BUSINESS, write

pytestmark = pytest.mark.proof


def test_a_killed_import_run_again_adds_only_what_is_missing(regulars: Run, tmp_path: Path) -> None:
    rows = [
        f"K-{number % 997},2026-{1 + number % 5:02}-{1 + number % 28:02},{number % 90}.5,O{number}\n"
        for number in range(150_000)
    ]
    file = write(tmp_path, "customer_id,occurred_at,amount,order_id\n" + "".join(rows))
    home = tmp_path / "home"
    call = ("import", "purchases", file, *BUSINESS, "--home", home, "--json")
    killed = subprocess.Popen(
        [sys.executable, "-m", "regulars", *map(str, call)],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.DEVNULL,
    )
    database = home / "regulars.sqlite3"
    end = time.monotonic() + 120
    # The first chunk is in the file's log as soon as it is larger than the tables alone make it.
    log = database.with_name(database.name + "-wal")
    while killed.poll() is None and time.monotonic() < end:
        if log.exists() and log.stat().st_size > 10_000_000:
            os.kill(killed.pid, signal.SIGKILL)
            break
        time.sleep(0.01)
    assert killed.wait() == -signal.SIGKILL
    done = regulars(*call)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["duplicates"] + told["recorded"]["purchase.completed"] == 150_000
    last = json.loads(regulars(*call).stdout)
    assert (last["duplicates"], last["recorded"], last["customers"]) == (150_000, {}, 0)
