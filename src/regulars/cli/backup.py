"""``regulars backup`` and ``regulars restore``: one file, believed only when read back."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, JsonOption
from regulars.cli.progress import progress_bar
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import number_text

ADDRESS = "DATABASE_URL"


@command
def backup(
    file: Annotated[Path, typer.Argument(help=gettext("The file to write, or a folder for it."))],
    *,
    home: HomeOption = None,
    json_: JsonOption = False,
) -> None:
    """Back up everything into one file."""
    # What is needed takes a second to import; `--help` should not wait for it.
    from regulars.insight import check_place  # noqa: PLC0415
    from regulars.project import backups  # noqa: PLC0415
    from regulars.project.home import home_folder  # noqa: PLC0415

    check_place(file, folder=file.is_dir())
    with progress_bar() as progress:
        progress(gettext("Backing up"))
        done = backups.backup(
            home=(home or home_folder()).absolute(),
            path=file,
            address=os.environ.get(ADDRESS) or None,
            now=datetime.now(UTC),
        )
    if json_:
        told = {"path": str(done.path), "kind": done.kind, "rows": dict(done.rows)}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    typer.echo(
        gettext(
            "{path} holds everything ({rows} rows, {size} MB), read back and found whole. It opens all "
            "your data to whoever has it: keep it elsewhere, and safe."
        ).format(
            path=done.path,
            rows=number_text(sum(done.rows.values())),
            size=number_text(done.size_bytes / 1_000_000, digits=1),
        )
    )


@command
def restore(
    file: Annotated[Path, typer.Argument(help=gettext("A backup."))],
    *,
    home: HomeOption = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help=gettext("Replace data that are there; they are kept beside the new ones."),
        ),
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Restore a backup."""
    # What is needed takes a second to import; `--help` should not wait for it.
    from regulars.insight.errors import NoSuchFile  # noqa: PLC0415
    from regulars.project.home import VARIABLE, home_folder  # noqa: PLC0415

    if not file.is_file():
        raise NoSuchFile(path=file)
    folder = (home or home_folder()).absolute()
    os.environ[VARIABLE] = str(folder)  # before anything reads the settings
    from regulars.jobs.replaced import REPLACED_KEPT  # noqa: PLC0415
    from regulars.project import restoring  # noqa: PLC0415

    with progress_bar() as progress:
        progress(gettext("Restoring"))
        done = restoring.restore(
            home=folder,
            path=file,
            address=os.environ.get(ADDRESS) or None,
            force=force,
            now=datetime.now(UTC),
        )
    if json_:
        told = {
            "home": str(done.home),
            "made_at": done.made_at,
            "replaced": None if done.replaced is None else str(done.replaced),
            "carried_over": list(done.carried_over),
            "rows": dict(done.rows),
        }
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    typer.echo(
        gettext("{home} is as it was on {moment}.").format(home=done.home, moment=done.made_at)
    )
    if done.replaced is not None:
        kept = ngettext(
            "What was there before is kept in {path} for {count} day, or until somebody is erased.",
            "What was there before is kept in {path} for {count} days, or until somebody is erased.",
            REPLACED_KEPT.days,
        )
        typer.echo(kept.format(path=done.replaced, count=REPLACED_KEPT.days))
