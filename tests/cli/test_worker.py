"""The nightly work is done without anybody asking: by the server, or by a worker beside it."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import regulars
from tests.cli.test_start import free_port

PATIENCE_SECONDS = 60
FOUNDED = """
from datetime import UTC, datetime
from pathlib import Path
import sys
from regulars.project.server import prepare
prepare(Path(sys.argv[1]))
from regulars.people.services import found_business
found_business(
    name="Café Sommer", language="de", time_zone="Europe/Berlin", country="DE", currency="EUR",
    stamp="", promise="", owner="Ana", password="ein langes Passwort", now=datetime.now(UTC),
)
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(Path(regulars.__file__).parents[1]),
}


def runs(home: Path) -> int:
    with sqlite3.connect(f"file:{home}/regulars.sqlite3?mode=ro", uri=True) as database:
        count = database.execute("SELECT count(*) FROM scoring_run WHERE finished_at IS NOT NULL")
        return int(count.fetchone()[0])


@pytest.mark.parametrize("command", ["start", "worker"])
def test_what_is_due_is_scored_and_the_end_comes_when_told(tmp_path: Path, command: str) -> None:
    home = tmp_path / "home"
    subprocess.run([sys.executable, "-c", FOUNDED, home], check=True, env=ENVIRONMENT)
    more = ["--port", str(free_port()), "--no-browser"] if command == "start" else []
    process = subprocess.Popen(
        [sys.executable, "-m", "regulars", command, "--home", home, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=ENVIRONMENT,
    )
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while not runs(home):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < end, "nothing is scored"
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode in (0, 143), told
    assert "Traceback" not in told
    assert runs(home) == 1
