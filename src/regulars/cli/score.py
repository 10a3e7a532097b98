"""``regulars score``: from files of purchases to what every customer is worth."""

import sys
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from regulars.cli.door import command
from regulars.cli.options import grouped, mapping
from regulars.cli.progress import progress_bar
from regulars.cli.score_options import Assumptions, Computing, Files, Reading, Results
from regulars.kernel.language import gettext, language


@command
@grouped
def score(
    purchases: Annotated[
        list[str], typer.Argument(help=gettext("CSV or Parquet files, folders or globs."))
    ],
    *,
    files: Files,
    reading: Reading,
    computing: Computing,
    assumptions: Assumptions,
    results: Results,
) -> None:
    """Score the customers of a business."""
    # What is needed to compute takes a second to import; `--help` should not wait for it.
    from regulars import insight  # noqa: PLC0415
    from regulars.cli.findings import print_findings  # noqa: PLC0415

    source = insight.Source(paths=purchases, columns=mapping(files.map_), **vars(reading))
    request = insight.ScoreRequest(
        purchases=source,
        referrals=replace(
            source, paths=files.referrals, columns=mapping(files.map_referrals), where=None
        )
        if files.referrals
        else None,
        until=files.until,
        today=datetime.now().astimezone().date(),
        engine=computing.spark_master or computing.engine,
        earlier=results.compare,
        **vars(assumptions),
    )
    check_belonging(files, computing, results)
    out, report = results.out, results.report
    for place, folder in ((out, True), (report, False)):
        if place is not None:
            insight.check_place(place, folder=folder)
    insight.check_replaces(request.files(), folder=out, report=report)
    with progress_bar() as progress, insight.scoring(request, progress=progress) as scored:
        insight.write_outputs(
            scored, folder=out, as_csv=results.csv, report=report, language=language()
        )
    if results.json_:
        sys.stdout.write(insight.summary_text(scored.result.summary))
    else:
        print_findings(scored.result, out=out, report=report)


def check_belonging(files: Files, computing: Computing, results: Results) -> None:
    """Some options mean nothing without another.

    Raises:
        typer.BadParameter: That other is not given.
    """
    if files.map_referrals and not files.referrals:
        raise typer.BadParameter(gettext("--map-referrals needs --referrals, the file to read."))
    if computing.spark_master and computing.engine != "spark":
        raise typer.BadParameter(gettext("--spark-master needs --engine spark."))
    if results.csv and results.out is None:
        raise typer.BadParameter(gettext("--csv needs --out, the folder to write to."))
