"""A server that is told to stop stops, whatever its workers do."""

import signal
import time
from pathlib import Path

import psutil
import pytest
from tests.proof.running import shop

from regulars.project.server import ENDED_WITHIN_SECONDS

pytestmark = pytest.mark.proof


def test_a_worker_that_hears_nothing_keeps_no_server_from_ending(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", "sqlite") as (here, _):
        here.start()
        assert here.process is not None
        worker = psutil.Process(here.process.pid).children(recursive=True)[0]
        worker.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        here.stop()
        assert time.monotonic() - begun >= ENDED_WITHIN_SECONDS
        assert not worker.is_running()
