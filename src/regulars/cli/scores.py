"""``regulars scores``: everybody at home, scored now."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, JsonOption, opened
from regulars.cli.progress import progress_bar
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import date_text, number_text


@command
def scores(
    *,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            formats=["%Y-%m-%d"],
            help=gettext("The last day that counts; today if not given."),
        ),
    ] = None,
    home: HomeOption = None,
    json_: JsonOption = False,
) -> None:
    """Score everybody from the log, as is done every night."""
    opened(home)
    # Only now is Django set up, whose tables are read.
    from regulars.scoring.models import Run  # noqa: PLC0415
    from regulars.scoring.queries import last_day  # noqa: PLC0415
    from regulars.scoring.services import run_scoring  # noqa: PLC0415

    now = datetime.now(UTC)
    day = last_day(until.date() if until else None, now=now)
    with progress_bar() as progress:
        run_id = run_scoring(
            until=day,
            actor=Actor("command", "scores"),
            now=now,
            progress=progress,
        )
    run = Run.objects.get(id=run_id)
    if json_:
        told = {
            "run_id": str(run.id),
            "until": run.until.isoformat(),
            "customers": run.customers,
            "events": run.events,
            "ladder": run.rung,
            "model": run.model,
        }
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    said = ngettext(
        "{count} customer is scored up to {day}, from {events} events.",
        "{count} customers are scored up to {day}, from {events} events.",
        run.customers,
    )
    typer.echo(
        said.format(
            count=number_text(run.customers),
            day=date_text(run.until),
            events=number_text(run.events),
        )
    )
