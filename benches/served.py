"""A real server with a key, on a database of its own, for as long as a bench asks it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

STARTED_WITHIN_SECONDS = 60
NO_LIMIT = "1000000000"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(address: str) -> Mapping[str, str]:
    """What a process needs to use a database; "" is the file in its home."""
    rest = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    rest["REGULARS_REQUESTS_PER_MINUTE"] = NO_LIMIT
    return {**rest, "DATABASE_URL": address} if address else rest


@contextmanager
def served(home: Path, address: str, *, workers: int) -> Iterator[int]:
    """Serves a home folder's database, and gives the port.

    Args:
        home: The home folder.
        address: Of the database, or "" for the file in the home folder.
        workers: Processes that answer.
    """
    port = free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-W", "ignore", "-m", "regulars", "start", "--home", str(home)),
            *("--port", str(port), "--no-browser", "--no-worker", "--workers", str(workers)),
        ],
        env=environment(address),
        stdout=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + STARTED_WITHIN_SECONDS
        while not _listens(port):
            if time.monotonic() > end or server.poll() is not None:
                sys.exit("The server does not start.")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
