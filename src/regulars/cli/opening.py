"""How a command opens the home folder and its database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from regulars.kernel.language import gettext

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help=gettext("Where the database lies; $REGULARS_HOME, else Regulars in your own folder."),
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help=gettext("Print the result as JSON, and nothing else."))
]


def claimed(home: Path | None, duty: Literal["server", "worker"], *, where: str) -> None:
    """Takes a duty that a shop's own file has done by one process alone; PostgreSQL takes several.

    Raises:
        RunsAlready, WorksAlready: Somebody does it.
    """
    from regulars.project.alone import claim  # noqa: PLC0415
    from regulars.project.home import home_folder, prepare_home  # noqa: PLC0415

    if os.environ.get("DATABASE_URL"):
        return
    folder = (home or home_folder()).absolute()
    prepare_home(folder)
    claim(duty, home=folder, where=where)


def opened(home: Path | None) -> Path:
    """The home folder, made where it is absent, with its database brought up to date.

    Raises:
        DatabaseUnreachable, DatabaseDamaged: There is no coming at the database.
    """
    # What is needed to open it takes a second to import; `--help` should not wait for it.
    from regulars.project import server  # noqa: PLC0415
    from regulars.project.home import home_folder  # noqa: PLC0415

    folder = (home or home_folder()).absolute()
    with _coming_at(folder):
        server.prepare(folder)
    return folder


@contextmanager
def _coming_at(folder: Path) -> Iterator[None]:
    """What keeps from a database, in words that say what to do."""
    from django.db import DatabaseError, OperationalError  # noqa: PLC0415

    from regulars.kernel.errors import DatabaseUnreachable  # noqa: PLC0415
    from regulars.project.damage import damage  # noqa: PLC0415

    try:
        yield
    except DatabaseError as error:
        if (damaged := damage(error, folder)) is not None:
            raise damaged from error
        if isinstance(error, OperationalError):
            raise DatabaseUnreachable(why=" ".join(str(error).split())) from error
        raise


def fulfil_wish(home: Path | None) -> None:
    """Goes back to the backup that an owner asked for in the browser, if one did, and begins anew with it."""
    # What is needed to restore takes a second to import; a start that need not should not wait for it.
    from regulars.jobs.backups.wishes import latest_wish  # noqa: PLC0415
    from regulars.project.home import home_folder  # noqa: PLC0415

    folder = (home or home_folder()).absolute()
    wish = latest_wish(folder)
    if os.environ.get("DATABASE_URL") or wish is None or not wish.is_open:
        return
    from regulars.project.wished_for import begin_anew, fulfil  # noqa: PLC0415

    fulfil(folder, now=datetime.now(UTC))
    begin_anew()


def looked_into(home: Path | None) -> Path:
    """The home folder with its database as it is.

    Raises:
        NoDatabase: There is none.
        DatabaseUnreachable, DatabaseDamaged: There is no coming at the database.
    """
    from django.db import connection  # noqa: PLC0415

    from regulars.project import server  # noqa: PLC0415
    from regulars.project.errors import NoDatabase  # noqa: PLC0415
    from regulars.project.home import DATABASE, home_folder  # noqa: PLC0415

    folder = (home or home_folder()).absolute()
    if not os.environ.get("DATABASE_URL") and not (folder / DATABASE).is_file():
        raise NoDatabase(folder=folder)
    server.set_up(folder)
    with _coming_at(folder):
        connection.ensure_connection()
    return folder
