"""What a restore must not undo, kept in a file until it is told to the restored data.

PostgreSQL puts a dump in place in a transaction of its own. Whoever is cut off right after it has data to
which nothing was told yet; the next who opens them does it, before anybody else can.
"""

import os
import pickle
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from regulars.jobs.backups.archive import keep_on_disk
from regulars.project.carried_over import AFTER_RESTORE, CARRIED_OVER

FILE = "promises-of-a-restore"
STAGE = ".restore-"  # what the folders begin with in which backups are made ready
OWNER_ALONE = 0o600


def keep_until_told(home: Path, taken: Mapping[str, object]) -> None:
    """Writes down what must hold through a restore, before anything is replaced.

    Args:
        home: The home folder.
        taken: What each of ``CARRIED_OVER`` took, by name.
    """
    beside = home / f".{FILE}"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
    with os.fdopen(handle, "wb") as stream:
        pickle.dump(dict(taken), stream)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(home / FILE)
    keep_on_disk(home)


def tell_what_was_kept(home: Path, *, now: datetime) -> None:
    """Tells the data what was written down, if anything is; twice is once.

    Args:
        home: The home folder.
        now: When.
    """
    file = home / FILE
    if not file.is_file():
        return
    make_ready(pickle.loads(file.read_bytes()), now)  # noqa: S301  (ours, in a folder that nobody else may write)
    for left in home.glob(f"{STAGE}*"):
        shutil.rmtree(left, ignore_errors=True)  # the dump, with everybody in it
    file.unlink()
    keep_on_disk(home)


def make_ready(taken: Mapping[str, object], now: datetime) -> None:
    """Does to restored data what they need before they are used, and keeps what was promised."""
    with transaction.atomic():
        for step in AFTER_RESTORE:
            step()
        for promise in CARRIED_OVER:
            if promise.name in taken:
                promise.keep(taken[promise.name], now)
