"""``regulars start``: everything that a shop needs, in one command."""

import os
import webbrowser
from typing import Annotated

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, claimed, fulfil_wish, opened
from regulars.kernel.language import gettext

THREADS = 8


Port = Annotated[int, typer.Option("--port", help=gettext("Of the address."), min=1, max=65535)]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help=gettext("Whether to open the browser."))
]
Worker = Annotated[
    bool,
    typer.Option(
        "--worker/--no-worker",
        help=gettext("Whether to do the nightly and long work here; else run `regulars worker`."),
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        help=gettext("How many processes answer; more than one needs PostgreSQL."),
        min=1,
        max=64,
    ),
]


@command
def start(
    *,
    home: HomeOption = None,
    port: Port = 8470,
    browser: Browser = True,
    worker: Worker = True,
    workers: Workers = 1,
) -> None:
    """Start Regulars and open it in the browser."""
    # What is needed to serve takes a second to import; `--help` should not wait for it.
    from regulars.project import server  # noqa: PLC0415
    from regulars.project.errors import (  # noqa: PLC0415
        PortTaken,
        RunsAlready,
        WorkersNeedPostgresql,
    )

    if workers > 1 and not os.environ.get("DATABASE_URL"):
        raise WorkersNeedPostgresql
    try:
        claimed(home, "server", where=f"http://{server.LOCAL}:{port}/")
    except RunsAlready as first:
        if not browser:
            raise
        typer.echo(str(first))
        webbrowser.open(str(first.data["where"]))
        return
    if worker:
        claimed(home, "worker", where=str(os.getpid()))
    if server.is_taken(server.LOCAL, port):
        raise PortTaken(port=port)
    fulfil_wish(home)
    folder = opened(home)
    where = f"http://{server.LOCAL}:{port}/"
    said = gettext("Regulars is at {address}, its data in {folder}. Ctrl-C stops it.").format(
        address=where, folder=folder
    )

    def listens() -> None:
        typer.echo(said)
        if browser:
            webbrowser.open(where)

    server.once_it_listens(server.LOCAL, port, listens)
    server.serve(
        address=server.LOCAL, port=port, threads=THREADS, scheduled=worker, workers=workers
    )
    fulfil_wish(home)
