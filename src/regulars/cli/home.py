"""The home folder of commands that work on a shop's database."""

from pathlib import Path
from typing import Annotated

import typer

from regulars.kernel.language import gettext

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help=gettext("Where the database lies; $REGULARS_HOME, else Regulars in your own folder."),
    ),
]


def opened(home: Path | None) -> Path:
    """The home folder, its database ready for use.

    Args:
        home: As the option says, or None.
    """
    # Django takes a second to import; `--help` should not wait for it.
    from regulars.project import server  # noqa: PLC0415
    from regulars.project.home import home_folder  # noqa: PLC0415

    folder = home or home_folder()
    server.prepare(folder)
    return folder
