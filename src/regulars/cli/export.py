"""``regulars export``: customers, events or scores as a table."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, JsonOption, looked_into
from regulars.cli.progress import progress_bar
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import number_text


@command
def export(
    what: Annotated[
        Literal["customers", "events", "scores"], typer.Argument(help=gettext("What to write."))
    ],
    file: Annotated[
        Path, typer.Argument(help=gettext("The file, ending in .csv, .parquet, .json or .jsonl."))
    ],
    *,
    home: HomeOption = None,
    json_: JsonOption = False,
) -> None:
    """Write customers, events or scores to a file."""
    from regulars.insight import check_place  # noqa: PLC0415

    check_place(file, folder=False)
    looked_into(home)
    # Only now is Django set up, whose tables are read.
    from regulars.jobs.tables import export as write  # noqa: PLC0415
    from regulars.people.audit import table_taken  # noqa: PLC0415

    with progress_bar() as progress:
        rows = write(what=what, path=file, progress=progress)
    by, now = Actor("command", "export"), datetime.now(UTC)
    table_taken(table=what, rows=rows, actor=by, now=now)
    if json_:
        sys.stdout.write(json.dumps({"path": str(file), "rows": rows}) + "\n")
        return
    said = ngettext("{file} has {count} row.", "{file} has {count} rows.", rows)
    typer.echo(said.format(file=file, count=number_text(rows)))
