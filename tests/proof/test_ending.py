"""A server that is told to stop stops, whatever its workers do; and one that is not goes on."""

import signal
import time
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from tests.proof.running import LOCAL, PATIENCE_SECONDS, shop

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


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with shop(tmp_path / "shop", "sqlite") as (here, _):
        here.start()
        assert here.process is not None
        parent = psutil.Process(here.process.pid)
        (worker,) = parent.children()
        worker.kill()
        end = time.monotonic() + PATIENCE_SECONDS
        while answered(here.port) != 200:
            assert time.monotonic() < end
            time.sleep(0.2)
        (another,) = parent.children()
        assert another.pid != worker.pid
        here.stop()


def answered(port: int) -> int | None:
    """The status of the sign-in page, or None where nobody answers."""
    asked = HTTPConnection(LOCAL, port, timeout=PATIENCE_SECONDS)
    try:
        asked.request("GET", "/sign-in/")
        return asked.getresponse().status
    except OSError:
        return None
    finally:
        asked.close()
