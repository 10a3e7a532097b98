"""Serving: one command, one address."""

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from regulars.jobs.backups.wishes import SERVER
from regulars.kernel.garbage import look_seldom
from regulars.project.home import VARIABLE, prepare_home
from regulars.project.interrupted import Interrupted

SETTINGS = "DJANGO_SETTINGS_MODULE"
SCHEDULE = "REGULARS_SCHEDULE"
TARGET = "regulars.project.wsgi:application"
LOCAL = "127.0.0.1"
ASKED_EVERY_SECONDS = 0.1
ENDED_WITHIN_SECONDS = 15


def prepare(home: Path) -> None:
    """Makes the home folder and brings the database up to date.

    Args:
        home: The home folder.
    """
    prepare_home(home)
    set_up(home)
    call_command("migrate", verbosity=0, interactive=False)
    from regulars.project.promised import tell_what_was_kept  # noqa: PLC0415  (needs Django set up)

    tell_what_was_kept(home, now=datetime.now(UTC))


def set_up(home: Path) -> None:
    """Django on the home's database, as it is.

    Args:
        home: The home folder.
    """
    os.environ[VARIABLE] = str(home)
    os.environ.setdefault(SETTINGS, "regulars.project.settings")
    django.setup()
    look_seldom()


def serve(*, address: str, port: int, threads: int, scheduled: bool, workers: int = 1) -> None:
    """Serves until it is told to stop; what is not answered within 15 seconds of that is broken off.

    A process that answers and ends by itself is replaced by another, but where that one ends at once as well.

    Args:
        address: Where to listen; 127.0.0.1 is this computer alone.
        port: Of the address.
        threads: Requests that each process answers at a time.
        scheduled: Whether to do the nightly work and long work as well. It is done in the processes that
            answer, so that only one writes to a shop's file.
        workers: How many processes answer; a shop's own file is for one.
    """
    if scheduled:
        os.environ[SCHEDULE] = "here"
    else:
        os.environ.pop(SCHEDULE, None)
    os.environ[SERVER] = str(os.getpid())
    connections.close_all()  # none is to be shared with the processes that answer
    server = Granian(
        TARGET,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_level=LogLevels.error,  # its warnings are advice to programmers, in English
        workers_kill_timeout=ENDED_WITHIN_SECONDS,
        respawn_failed_workers=True,
    )
    server.main_loop_interrupt = Interrupted()
    server.serve()


def work() -> None:
    """Does the nightly work and long work, and nothing else, until it is told to stop."""
    from regulars.jobs.worker import Worker  # noqa: PLC0415  (needs Django set up)
    from regulars.project.schedule import in_background  # noqa: PLC0415

    worker = Worker()
    worker.start()
    in_background()
    try:
        worker.wait()
    finally:
        worker.end()


def is_taken(address: str, port: int) -> bool:
    """Whether something listens there already."""
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def once_it_listens(address: str, port: int, then: Callable[[], None]) -> None:
    """Does something as soon as the server listens, beside everything else."""

    def wait() -> None:
        while not is_taken(address, port):
            time.sleep(ASKED_EVERY_SECONDS)
        then()

    threading.Thread(target=wait, daemon=True).start()
