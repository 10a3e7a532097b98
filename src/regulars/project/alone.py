"""A shop's own file is served by one process and worked on by one: who comes second is told who was first.

The system keeps the lock for as long as a process lives, however it ends, so nothing is left of a crash.
"""

import fcntl
import os
from pathlib import Path
from typing import Literal

from regulars.project.errors import RunsAlready, WorksAlready

Duty = Literal["server", "worker"]
ERRORS = {"server": RunsAlready, "worker": WorksAlready}
OWNER_ALONE = 0o600
MOST_BYTES = 1_000
# Open for as long as this process lives.
_held: list[int] = []


def claim(duty: Duty, *, home: Path, where: str) -> None:
    """Takes a duty for this process and those that it starts, until they have ended.

    Args:
        duty: What is done once: serving, or the work that nobody waits for.
        home: The home folder, which is there.
        where: Where to find this one: an address, or a process.

    Raises:
        RunsAlready, WorksAlready: Somebody does it; ``where`` in the data says who.
    """
    file = os.open(home / f"{duty}.lock", os.O_RDWR | os.O_CREAT, OWNER_ALONE)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        first = os.pread(file, MOST_BYTES, 0).decode()
        os.close(file)
        raise ERRORS[duty](folder=home, where=first) from error
    os.ftruncate(file, 0)
    os.pwrite(file, where.encode(), 0)
    _held.append(file)
