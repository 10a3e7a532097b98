"""``regulars worker``: the nightly work in a process of its own."""

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, opened
from regulars.kernel.language import gettext


@command
def worker(*, home: HomeOption = None) -> None:
    """Do the nightly work, beside a server that does not."""
    # What is needed to work takes a second to import; `--help` should not wait for it.
    from regulars.project import server  # noqa: PLC0415

    folder = opened(home)
    typer.echo(
        gettext("Scores are computed every night, for {folder}. Ctrl-C stops it.").format(
            folder=folder
        )
    )
    server.work()
