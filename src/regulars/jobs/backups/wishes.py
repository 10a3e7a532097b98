"""A restore that an owner asked for in the browser, from the wish to what came of it.

    <home>/restoring.json

It lies beside the data, which are what is replaced, and holds nothing about anybody. The pages write the
wish; whoever starts the server fulfils it before anything opens the data, and writes down how far it is.
"""

import json
import os
import secrets
import signal
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from regulars.jobs.backups.archive import keep_on_disk

FILE = "restoring.json"
SERVER = "REGULARS_SERVER"  # the process that starts the ones that answer
TOKEN_BYTES = 16
ANSWERED_WITHIN_SECONDS = 1.5  # the page that waits is there by then
OWNER_ALONE = 0o600

State = Literal["asked", "begun", "done", "failed"]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A restore that was asked for.

    Attributes:
        token: Known to who asked, and to nobody else.
        backup: The name of the file, or of the folder with what an earlier restore replaced.
        language: Of who asked.
        asked_at: ISO 8601.
        state: How far it is.
        database: The number in the file system of the file that is put in place, once there is one.
        made_at: When the backup was made, ISO 8601.
        replaced: The folder in the home folder where what was there before is kept.
        error: What stood in the way, in a sentence.
    """

    token: str
    backup: str
    language: str
    asked_at: str
    state: State = "asked"
    database: int | None = None
    made_at: str = ""
    replaced: str = ""
    error: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state in ("asked", "begun")


def latest_wish(home: Path) -> Wish | None:
    """What was asked for last, if anything ever was; what is not as we write it was not asked for."""
    try:
        return Wish(**json.loads((home / FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def ask_for(home: Path, backup: str, *, language: str, now: datetime) -> Wish:
    """Asks for a restore; it is done when the server is started the next time.

    Args:
        home: The home folder.
        backup: The name of one of its backups, or of what an earlier restore replaced.
        language: Of who asks.
        now: When.
    """
    wish = Wish(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        backup=backup,
        language=language,
        asked_at=now.isoformat(),
    )
    write_down(home, wish)
    return wish


def write_down(home: Path, wish: Wish) -> None:
    """Writes down how far a wish is, whole or not at all."""
    beside = home / f".{FILE}"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(asdict(wish), stream)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(home / FILE)
    keep_on_disk(home)


def forget_wish(home: Path) -> None:
    """Gives up what was asked for."""
    (home / FILE).unlink(missing_ok=True)


def can_be_fulfilled() -> bool:
    """Whether there is a server that starts itself anew."""
    return SERVER in os.environ


def start_anew() -> None:
    """Has the server end and start again, once what is being answered has been."""
    server = int(os.environ[SERVER])
    timer = threading.Timer(ANSWERED_WITHIN_SECONDS, os.kill, (server, signal.SIGTERM))
    timer.daemon = True
    timer.start()
