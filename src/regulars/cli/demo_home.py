"""The demo's café as a business of its own: its files taken in as any shop's are."""

import os
import shutil
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from regulars.kernel.language import gettext, language
from regulars.kernel.progress import Progress

MARKER = "demo"  # a home with this file is the demo's, and may be made anew
OWNER = "Mia"
TIME_ZONE, COUNTRY, CURRENCY = "Europe/Berlin", "DE", "EUR"
CLOSING = time(20)


def check_demo_home(home: Path) -> None:
    """Sees that the demo may make a home there, before the work that would be lost.

    Raises:
        HomeNotEmpty: There are somebody's own data.
        HomeInUse: Regulars is running with an earlier demo's.
    """
    from regulars.project.errors import HomeNotEmpty  # noqa: PLC0415
    from regulars.project.home import DATABASE  # noqa: PLC0415
    from regulars.project.sqlite_copies import set_apart  # noqa: PLC0415

    if not home.exists():
        return
    if any(home.iterdir()) and not (home / MARKER).is_file():
        raise HomeNotEmpty(folder=home)
    if (home / DATABASE).is_file():
        set_apart(home / DATABASE)


def open_cafe(*, home: Path, town: Path, notebook: Path, last_day: date, progress: Progress) -> str:
    """Makes the café's home anew, takes its files in through the ordinary intake and scores everybody.

    Args:
        home: The folder, checked by `check_demo_home`.
        town: Holds purchases.csv and referrals.csv.
        notebook: A file of customers with what they like.
        last_day: Of the files.
        progress: Told about each stage.

    Returns:
        The owner's password.
    """
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700, parents=True)
    (home / MARKER).touch()
    # The demo has a file of its own, whatever database this computer's own installation has.
    os.environ.pop("DATABASE_URL", None)
    from regulars.project import server  # noqa: PLC0415

    server.prepare(home.absolute())
    # Only now is Django set up, on whose tables all of this is kept.
    password = _found()
    _take_in(town, notebook, last_day=last_day, progress=progress)
    return password


def _found() -> str:
    """Founds the café; the owner's password."""
    from django.db import transaction  # noqa: PLC0415

    from regulars.people.passwords import one_time_password  # noqa: PLC0415
    from regulars.people.services import (  # noqa: PLC0415
        choose_goal,
        finish_first_run,
        found_business,
    )

    password = one_time_password()
    with transaction.atomic():
        found_business(
            name=gettext("The café of the demo"),
            language=language(),
            time_zone=TIME_ZONE,
            country=COUNTRY,
            currency=CURRENCY,
            stamp=gettext("Coffee roasted next door, and a table for everybody who comes alone"),
            promise=gettext("Nobody is a stranger here the second time"),
            owner=OWNER,
            password=password,
            is_one_time=True,
            now=datetime.now(UTC),
        )
        choose_goal(goal="send")
        finish_first_run(now=datetime.now(UTC))
    return password


def _take_in(town: Path, notebook: Path, *, last_day: date, progress: Progress) -> None:
    """Takes the café's files in, and scores everybody."""
    from regulars.insight import Source  # noqa: PLC0415
    from regulars.intake import files  # noqa: PLC0415
    from regulars.kernel.actor import Actor  # noqa: PLC0415
    from regulars.scoring.services import run_scoring  # noqa: PLC0415

    ground = files.ground()
    actor = Actor("command", "demo")
    closed = datetime.combine(last_day, CLOSING, ZoneInfo(TIME_ZONE))
    for take, file in (
        (files.import_purchases, town / "purchases.csv"),
        (files.import_referrals, town / "referrals.csv"),
        (files.import_customers, notebook),
    ):
        take(
            source=Source(paths=file),
            ground=ground,
            actor=actor,
            now=closed,
            progress=progress,
        )
    run_scoring(until=last_day, actor=actor, now=closed, progress=progress)


def how_to_open(home: Path, password: str) -> str:
    """What to type to see the café in the console: as it was made, by make or by the command itself."""
    program = Path(sys.argv[0])
    called = "regulars" if program.name.startswith("__main__") else str(program)
    by_make = "MAKELEVEL" in os.environ
    return gettext("The café is open: {command}, and sign in as “{login}” with {password}.").format(
        command=f"make start AT={home}" if by_make else f"{called} start --home {home}",
        login=OWNER.casefold(),
        password=password,
    )
