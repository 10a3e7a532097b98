"""``regulars demo``: a café's town, scored, held against the truth, and opened as a business."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from regulars.cli.demo_home import TIME_ZONE, check_demo_home, how_to_open, open_cafe
from regulars.cli.demo_notebook import write_notebook
from regulars.cli.door import command
from regulars.cli.progress import progress_bar
from regulars.kernel.language import gettext, language

SEED = 11


Out = Annotated[
    Path,
    typer.Option(
        "--out", help=gettext("Folder for the town, the scores, the report and the café's home.")
    ),
]
Customers = Annotated[
    int, typer.Option("--customers", help=gettext("How big the town is."), min=500, max=1_000_000)
]
Language = Annotated[
    Literal["en", "de", "es", "th"] | None,
    typer.Option("--language", help=gettext("Of the report and what is printed.")),
]


@command
def demo(
    *,
    out: Out = Path("demo"),
    customers: Customers = 3_000,
    language_: Language = None,  # noqa: ARG001 - the door speaks it
) -> None:
    """Show what Regulars finds out, on a town that it makes up."""
    # What is needed to compute takes a second to import; `--help` should not wait for it.
    from regulars import insight  # noqa: PLC0415
    from regulars.cli.findings import print_findings, print_people, print_truth  # noqa: PLC0415

    yesterday = datetime.now(ZoneInfo(TIME_ZONE)).date() - timedelta(days=1)
    report, home = out / "report.html", out / "home"
    insight.check_place(out, folder=True)
    insight.check_town(out / "town")
    insight.check_replaces((), folder=out / "scores", report=report)
    check_demo_home(home)
    with progress_bar() as progress, TemporaryDirectory(prefix="regulars-") as workspace:
        town = insight.simulate_town(SEED, customers, today=yesterday, progress=progress)
        insight.write_town(town, Path(workspace))
        request = insight.ScoreRequest(
            purchases=insight.Source(paths=Path(workspace) / "purchases.csv"),
            referrals=insight.Source(paths=Path(workspace) / "referrals.csv"),
            until=yesterday,
            recorded_share=1 - insight.UNRECORDED_SHARE,
        )
        with insight.scoring(request, progress=progress) as scored:
            insight.write_town(town, out / "town")
            insight.write_outputs(
                scored, folder=out / "scores", as_csv=True, report=report, language=language()
            )
        notebook = Path(workspace) / "customers.csv"
        write_notebook(out / "town" / "purchases.csv", notebook, seed=SEED)
        password = open_cafe(
            home=home,
            town=out / "town",
            notebook=notebook,
            last_day=yesterday,
            progress=progress,
        )
    result = scored.result
    print_people(result)
    print_findings(result, out=out / "scores", report=report)
    brought = result.summary["value"]["brought"]["corrected"]
    print_truth(
        insight.compare_with_truth(
            result.scores,
            town.truth,
            brought_estimated=brought["realised"] + brought["expected"],
        ),
        result,
    )
    typer.echo(how_to_open(home, password))
