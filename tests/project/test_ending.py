"""A server that is told to stop stops, whichever of its threads is told."""

import subprocess
import sys

WAITING = """
import signal, threading, time
from regulars.project.interrupted import Interrupted
told = Interrupted()
signal.signal(signal.SIGTERM, lambda *_: told.set())
def elsewhere():
    time.sleep(0.5)
    signal.raise_signal(signal.SIGTERM)
threading.Thread(target=elsewhere, daemon=True).start()
told.wait()
"""


def test_a_signal_that_another_thread_takes_ends_the_wait() -> None:
    assert subprocess.run([sys.executable, "-c", WAITING], timeout=20, check=False).returncode == 0
