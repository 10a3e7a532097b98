"""``regulars check``: whether configuration, database and books are as they should be."""

import json
import sys
from dataclasses import asdict

import typer

from regulars.cli.door import NOTHING_USABLE, command
from regulars.cli.opening import HomeOption, JsonOption, looked_into
from regulars.cli.progress import progress_bar
from regulars.kernel.language import gettext


@command
def check(*, home: HomeOption = None, json_: JsonOption = False) -> None:
    """Check configuration, database and books."""
    folder = looked_into(home)
    # Only now is Django set up, on whose tables the checks look.
    from regulars.project.checks import findings  # noqa: PLC0415

    with progress_bar() as progress:
        found = findings(folder, progress=progress)
    if json_:
        told = {"findings": [asdict(one) for one in found]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        for one in found:
            mark = gettext("To mend:") if one.is_wrong else gettext("Good to know:")
            typer.echo(f"{mark} {one.sentence}")
        if not any(one.is_wrong for one in found):
            typer.echo(gettext("Configuration, database and books are as they should be."))
    if any(one.is_wrong for one in found):
        raise typer.Exit(NOTHING_USABLE)
