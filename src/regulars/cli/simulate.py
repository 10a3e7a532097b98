"""``regulars simulate``: a made-up town, with the truth about it."""

import shlex
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.door import command
from regulars.cli.options import day
from regulars.cli.progress import progress_bar
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text, number_text

Out = Annotated[
    Path,
    typer.Option("--out", help=gettext("Folder for purchases.csv, referrals.csv and truth.csv.")),
]
Seed = Annotated[
    int, typer.Option("--seed", help=gettext("The same seed gives the same town."), min=0)
]
Customers = Annotated[
    int,
    typer.Option(
        "--customers",
        help=gettext("About how many people have bought by today."),
        min=1,
        max=5_000_000,
    ),
]
Weeks = Annotated[
    int, typer.Option("--weeks", help=gettext("How long the café has been open."), min=1, max=1040)
]
Today = Annotated[
    date | None,
    typer.Option(
        "--today",
        help=gettext("The last day of the files, as 2026-06-30."),
        parser=day,
        metavar="DATE",
    ),
]
UnrecordedShare = Annotated[
    float,
    typer.Option(
        "--unrecorded-share",
        help=gettext("Share of the referrals that nobody writes down."),
        min=0,
        max=1,
    ),
]
WrongShare = Annotated[
    float,
    typer.Option(
        "--wrong-share",
        help=gettext("Share of the recorded referrals that name somebody else."),
        min=0,
        max=1,
    ),
]


@command
def simulate(
    *,
    out: Out,
    seed: Seed = 1,
    customers: Customers = 10_000,
    weeks: Weeks = 104,
    today: Today = None,
    unrecorded_share: UnrecordedShare = 0.2,
    wrong_share: WrongShare = 0.05,
) -> None:
    """Simulate a town and write its files."""
    # What is needed to compute takes a second to import; `--help` should not wait for it.
    from regulars import insight  # noqa: PLC0415

    insight.check_place(out, folder=True)
    insight.check_town(out)
    last_day = today or insight.TODAY
    with progress_bar() as progress:
        town = insight.simulate_town(
            seed,
            customers,
            weeks=weeks,
            today=last_day,
            unrecorded_share=unrecorded_share,
            wrong_share=wrong_share,
            progress=progress,
        )
        insight.write_town(town, out)
    typer.echo(
        gettext(
            "{folder} holds {purchases} lines of purchases and {referrals} referrals up to {day}."
        ).format(
            folder=out,
            purchases=number_text(len(town.purchases)),
            referrals=number_text(len(town.referrals)),
            day=date_text(last_day),
        )
    )
    typer.echo(gettext("Score them: {command}").format(command=how_to_score(out, last_day)))


def how_to_score(folder: Path, last_day: date) -> str:
    """The command that scores a town's files."""
    return shlex.join(
        (
            *("regulars", "score", str(folder / "purchases.csv")),
            *("--until", last_day.isoformat()),
            *("--referrals", str(folder / "referrals.csv")),
            *("--report", str(folder / "report.html")),
        )
    )
