"""An export that is killed at any moment leaves a lake that is whole, and the next one completes it."""

import json
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.stream.conftest import apart as apart  # noqa: PLC0414

from regulars.stream.lake import read_lake

pytestmark = pytest.mark.proof
KILLS, EVENTS = 20, 3_000
LONGEST_SECONDS = 0.25  # an export of so few is over by then


def test_kill_9_at_any_moment_neither_doubles_nor_skips(apart):
    lake = Path(apart["REGULARS_HOME"]) / "lake"
    command = [sys.executable, "-W", "ignore", "-m", "tests.stream.beside", "more", str(EVENTS)]
    draw = random.Random(20260630)
    for _ in range(KILLS):
        process = subprocess.Popen(command, env=apart, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        with suppress(subprocess.TimeoutExpired):
            process.wait(draw.uniform(0, LONGEST_SECONDS))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = read_lake(lake)
        ids = [pq.read_table(path, columns=["id"])["id"] for path in found.paths()]
        whole = pa.chunked_array([c for one in ids for c in one.chunks], pa.uuid()).to_pylist()
        assert len(whole) == len(set(whole)) == found.events
    last = subprocess.run(command, env=apart, capture_output=True, text=True, check=True)
    told = json.loads(last.stdout.splitlines()[-1])
    assert told == {"exported": EVENTS * (KILLS + 1), "written": EVENTS * (KILLS + 1)}
