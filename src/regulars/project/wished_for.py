"""The restore that an owner asked for in the browser: done before anything opens the data."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from regulars.jobs.backups.errors import RestoreCutOff, RestoreFailed, RestoreTooLate
from regulars.jobs.backups.names import folder_of_backups, of_a_moment
from regulars.jobs.backups.wishes import Wish, forget_wish, latest_wish, write_down
from regulars.jobs.replaced import files_replaced
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import speaking
from regulars.project.backups import backup
from regulars.project.home import DATABASE
from regulars.project.promised import STAGE
from regulars.project.restoring import forget_files_of_jobs, restore
from regulars.project.server import set_up

MEANT_FOR = timedelta(hours=1)  # after that an owner has given it up
NO_BROWSER = "--no-browser"


def fulfil(home: Path, *, now: datetime) -> None:
    """Does what was asked for, and writes down what came of it; whoever is cut off finds all old or all new.

    To be called by who has the home folder alone.

    Args:
        home: The home folder.
        now: When.
    """
    wish = latest_wish(home)
    if wish is None or not wish.is_open:
        return
    for left in home.glob(f"{STAGE}*"):
        shutil.rmtree(left, ignore_errors=True)  # copies of everything, of one that was cut off
    try:
        with speaking(wish.language):
            if wish.state == "begun":
                _settle(home, wish)
            elif now - datetime.fromisoformat(wish.asked_at) > MEANT_FOR:
                write_down(home, replace(wish, state="failed", error=str(RestoreTooLate())))
            else:
                _restore(home, wish, now=now)
    except OSError:
        forget_wish(home)  # nothing can be written, not even that; it is not tried for ever


@contextmanager
def _backup_of(home: Path, name: str) -> Iterator[Path]:
    """The backup that was asked for; of what an earlier restore replaced, one that is made now."""
    if name not in files_replaced(home):
        yield folder_of_backups(home) / name
        return
    kept, kept_at = files_replaced(home)[name]
    made = kept.with_name(of_a_moment(kept_at))
    made.unlink(missing_ok=True)  # of one that was cut off
    try:
        yield backup(home=kept.parent, path=made, address=None, now=kept_at).path
    finally:
        made.unlink(missing_ok=True)


def begin_anew() -> None:
    """This process becomes a new one, called as this one was; it does not return."""
    words = [word for word in sys.orig_argv[1:] if word != NO_BROWSER]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *words, NO_BROWSER])  # noqa: S606


def _settle(home: Path, wish: Wish) -> None:
    """What came of one that was cut off: the file in the home folder tells."""
    database = home / DATABASE
    if database.is_file() and database.stat().st_ino == wish.database:
        set_up(home)
        forget_files_of_jobs()
        write_down(home, replace(wish, state="done"))
    else:
        write_down(home, replace(wish, state="failed", error=str(RestoreCutOff())))


def _restore(home: Path, wish: Wish, *, now: datetime) -> None:
    wish = replace(wish, state="begun")
    write_down(home, wish)

    def about_to(database: Path, made_at: str, replaced: Path | None) -> None:
        nonlocal wish
        kept = "" if replaced is None else replaced.name
        number = database.stat().st_ino
        wish = replace(wish, database=number, made_at=made_at, replaced=kept)
        write_down(home, wish)

    try:
        with _backup_of(home, wish.backup) as path:
            restore(home=home, path=path, address=None, force=True, about_to=about_to, now=now)
    except RegularsError as error:
        wish = replace(wish, state="failed", error=str(error))
    except Exception as error:  # noqa: BLE001  (whatever it is, Regulars starts with the data that are there)
        why = str(RestoreFailed(why=type(error).__name__))
        wish = replace(wish, state="failed", error=why)
    else:
        wish = replace(wish, state="done")
    write_down(home, wish)
