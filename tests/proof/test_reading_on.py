"""A reader beside eight writers misses nothing, over many events."""

import json
import subprocess
import sys

import pytest
from tests.stream.beside import WRITERS
from tests.stream.conftest import apart as apart  # noqa: PLC0414

pytestmark = pytest.mark.proof
EACH = 2_500


@pytest.mark.parametrize("reader", ["many", "lake"])
def test_a_reader_beside_eight_concurrent_writers_misses_nothing(apart, reader):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stream.beside", reader, str(EACH)],
        env=apart,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "written": WRITERS * EACH,
        "read": WRITERS * EACH,
        "missed": 0,
    }
