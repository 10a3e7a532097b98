"""Whether a worker is still there: it holds a lock that ends with its process, however that ends.

Only workers of one home folder can tell so of each other; of others one knows by when they were last
heard of.
"""

import sqlite3
from collections.abc import Container, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

WORKERS = "workers"


@contextmanager
def present(home: Path, worker: str) -> Iterator[None]:
    """Holds a worker's lock until the block ends, or its process does.

    Args:
        home: The home folder.
        worker: Its name.
    """
    file = _lock_of(home, worker)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Opened by one thread and closed by it or by the one that ends the process.
    lock = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    with closing(lock):
        lock.execute("BEGIN EXCLUSIVE")
        yield
    file.unlink(missing_ok=True)


def is_gone(home: Path, worker: str) -> bool:
    """Whether a worker of this home folder is known to be no more."""
    file = _lock_of(home, worker)
    return bool(worker) and file.is_file() and _is_free(file)


def forget_the_gone(home: Path, *, but: Container[str]) -> None:
    """Removes the locks of workers that are no more.

    Args:
        home: The home folder.
        but: Workers whose work nobody has taken up yet.
    """
    for file in (home / WORKERS).glob("*.lock"):
        if file.stem not in but and _is_free(file):
            file.unlink(missing_ok=True)


def _is_free(file: Path) -> bool:
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        return True


def _lock_of(home: Path, worker: str) -> Path:
    return home / WORKERS / f"{worker}.lock"
