"""``regulars worker``: the nightly work and long work in a process of its own."""

import os

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, claimed, opened
from regulars.kernel.language import gettext


@command
def worker(*, home: HomeOption = None) -> None:
    """Do the work that nobody waits for, beside a server that does not."""
    # What is needed to work takes a second to import; `--help` should not wait for it.
    from regulars.project import server  # noqa: PLC0415

    claimed(home, "worker", where=str(os.getpid()))
    folder = opened(home)
    typer.echo(
        gettext(
            "Imports, exports and nightly scores are done for {folder}. Ctrl-C stops it."
        ).format(folder=folder)
    )
    server.work()
