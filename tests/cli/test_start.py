"""``regulars start``: one command from an empty folder to a page."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from urllib.request import urlopen

import pytest

from regulars.project.server import LOCAL, once_it_listens
from tests.cli.conftest import SOURCE, Run

PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answered(address: str) -> str:
    """The page at an address, as soon as there is one."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(address) as page:  # noqa: S310
                return str(page.read().decode())
        except OSError:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)


def test_it_says_where_it_is_once_somebody_may_come() -> None:
    done = Event()
    with socket.socket() as waiting:
        waiting.bind((LOCAL, 0))
        port = waiting.getsockname()[1]
        once_it_listens(LOCAL, port, done.set)
        assert not done.wait(0.5)
        waiting.listen()
        assert done.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_first_page_from_an_empty_folder_and_ends_when_told(
    regulars: Run, tmp_path: Path, ending: signal.Signals
) -> None:
    home, port = tmp_path / "home", free_port()
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(SOURCE)}
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "regulars",
            "start",
            "--home",
            home,
            "--port",
            str(port),
            "--no-browser",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    try:
        shown = answered(f"http://127.0.0.1:{port}/")
        assert 'lang="en"' in shown
        assert (home / "secret-key").stat().st_mode & 0o077 == 0
        other = regulars("start", "--home", tmp_path / "other", "--port", port, "--no-browser")
        assert other.returncode == 2
        assert f"Something listens at port {port} already" in other.stderr
        # The same shop once more: whoever looks for it is led to the one that runs.
        here = f"Regulars runs with the data in {home} already: http://127.0.0.1:{port}/"
        again = ("start", "--home", home, "--port", free_port())
        second = regulars(*again, "--no-browser")
        assert (second.returncode, second.stderr.strip()) == (2, here)
        shown_in = tmp_path / "shown"
        browser = tmp_path / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" > {shown_in}\n')
        browser.chmod(0o700)
        third = regulars(*again, BROWSER=str(browser))
        assert (third.returncode, third.stdout.strip()) == (0, here)
        assert shown_in.read_text().strip() == f"http://127.0.0.1:{port}/"
        beside = regulars("worker", "--home", home)
        assert beside.returncode == 2
        assert f"is done already, by process {server.pid}" in beside.stderr
    finally:
        server.send_signal(ending)
        said, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert said.startswith(f"Regulars is at http://127.0.0.1:{port}/")
    assert "[WARNING]" not in said
    assert "Traceback" not in said
    with pytest.raises(OSError, match="refused"):
        urlopen(f"http://127.0.0.1:{port}/")
