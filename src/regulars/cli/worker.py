"""``regulars worker``: the nightly work in a process of its own."""

from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.door import command
from regulars.kernel.language import gettext


@command
def worker(
    *,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home",
            help=gettext(
                "Where the database lies; $REGULARS_HOME, else Regulars in your own folder."
            ),
        ),
    ] = None,
) -> None:
    """Do the nightly work, beside a server that does not."""
    # What is needed to work takes a second to import; `--help` should not wait for it.
    from regulars.project import server  # noqa: PLC0415
    from regulars.project.home import home_folder  # noqa: PLC0415

    folder = home or home_folder()
    server.prepare(folder)
    typer.echo(
        gettext("Scores are computed every night, for {folder}. Ctrl-C stops it.").format(
            folder=folder
        )
    )
    server.work()
