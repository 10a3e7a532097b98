"""``regulars score``: from files of purchases to what every customer is worth."""

import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from regulars.cli.door import command
from regulars.cli.options import day, mapping, option, share_above_zero
from regulars.cli.progress import progress_bar
from regulars.kernel.language import gettext, language

FILES = gettext("Files")
READING = gettext("How to read them")
ASSUMPTIONS = gettext("What to assume")
RESULTS = gettext("What to write")

Language = Literal["en", "de", "es", "th"]


@command
def score(
    purchases: Annotated[
        list[str],
        typer.Argument(help=gettext("CSV or Parquet files, folders or globs.")),
    ],
    *,
    until: Annotated[
        date | None,
        option(
            "--until",
            gettext(
                "The last day that counts, as 2026-06-30; if not given, the last in the files that is "
                "not in the future."
            ),
            FILES,
            parser=day,
            metavar="DATE",
        ),
    ] = None,
    referrals: Annotated[
        list[str] | None,
        option(
            "--referrals", gettext("Who brought whom: sender_id, friend_id, occurred_at."), FILES
        ),
    ] = None,
    map_: Annotated[
        list[str] | None,
        option(
            "--map", gettext("Our column = the file's, as customer_id=Email; repeatable."), READING
        ),
    ] = None,
    map_referrals: Annotated[
        list[str] | None,
        option("--map-referrals", gettext("The same for the referrals."), READING),
    ] = None,
    where: Annotated[
        str | None,
        option("--where", gettext("Only rows for which this SQL condition holds."), READING),
    ] = None,
    timezone: Annotated[
        str | None,
        option(
            "--timezone",
            gettext("Where the business is, as Europe/Madrid; UTC if not given."),
            READING,
        ),
    ] = None,
    currency_rates: Annotated[
        Path | None,
        option(
            "--currency-rates",
            gettext("Exchange rates: currency, rate, and optionally date."),
            READING,
        ),
    ] = None,
    currency: Annotated[
        str | None,
        option("--currency", gettext("The currency to convert to, as EUR."), READING),
    ] = None,
    encoding: Annotated[
        str | None,
        option("--encoding", gettext("Of the files; found out if not given."), READING),
    ] = None,
    decimal: Annotated[
        Literal[".", ","] | None,
        option("--decimal", gettext("The decimal sign; found out if not given."), READING),
    ] = None,
    day_first: Annotated[
        bool | None,
        option(
            "--day-first/--month-first",
            gettext("Whether 3/4/2026 is in April; found out if not given."),
            READING,
        ),
    ] = None,
    skip_ragged: Annotated[
        bool,
        option(
            "--skip-ragged",
            gettext("Set rows aside that have too many or too few columns, instead of refusing."),
            READING,
        ),
    ] = False,
    model: Annotated[
        Literal["auto", "bg-nbd", "pareto-nbd", "mbg-nbd"],
        option(
            "--model", gettext("The purchase model; auto chooses by holdout error."), ASSUMPTIONS
        ),
    ] = "auto",
    horizon_weeks: Annotated[
        float,
        option("--horizon-weeks", gettext("How far to look ahead."), ASSUMPTIONS, min=1, max=1040),
    ] = 52,
    margin: Annotated[
        float | None,
        option(
            "--margin",
            gettext("What is left of a unit of revenue; 1 if the file has no margins either."),
            ASSUMPTIONS,
            min=0,
            max=1,
        ),
    ] = None,
    discount_yearly: Annotated[
        float,
        option("--discount-yearly", gettext("Yearly discount rate."), ASSUMPTIONS, min=0, max=10),
    ] = 0.10,
    acquisition_cost: Annotated[
        float,
        option(
            "--acquisition-cost",
            gettext("What winning a customer costs elsewhere."),
            ASSUMPTIONS,
            min=0,
        ),
    ] = 0.0,
    come_anyway: Annotated[
        float,
        option(
            "--come-anyway",
            gettext("Share of friends who would have come without being sent."),
            ASSUMPTIONS,
            min=0,
            max=1,
        ),
    ] = 0.5,
    decay: Annotated[
        float,
        option(
            "--decay",
            gettext("Part of a credit that passes one step up."),
            ASSUMPTIONS,
            min=0,
            max=1,
        ),
    ] = 0.5,
    window_weeks: Annotated[
        float,
        option(
            "--window-weeks",
            gettext("How long after a referral credit flows."),
            ASSUMPTIONS,
            min=0,
            max=5200,
        ),
    ] = 104,
    recorded_share: Annotated[
        float,
        option(
            "--recorded-share",
            gettext("Share of referrals that get recorded, above 0 and up to 1."),
            ASSUMPTIONS,
            parser=share_above_zero,
            metavar="SHARE",
        ),
    ] = 1.0,
    allow_regular: Annotated[
        bool,
        option(
            "--allow-regular", gettext("Score even what behaves like subscriptions."), ASSUMPTIONS
        ),
    ] = False,
    validate_until: Annotated[
        date | None,
        option(
            "--validate-until",
            gettext("Hold the forecast against what happened after --until, up to this day."),
            ASSUMPTIONS,
            parser=day,
            metavar="DATE",
        ),
    ] = None,
    engine: Annotated[
        Literal["duckdb", "spark"],
        option("--engine", gettext("What adds up the purchases."), READING),
    ] = "duckdb",
    spark_master: Annotated[
        str | None,
        option(
            "--spark-master",
            gettext("The Spark cluster, as spark://host:7077; this machine if not given."),
            READING,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        option(
            "--out", gettext("Folder for scores.parquet, summary.json and rejected.csv."), RESULTS
        ),
    ] = None,
    csv: Annotated[bool, option("--csv", gettext("Write scores.csv as well."), RESULTS)] = False,
    compare: Annotated[
        Path | None,
        option("--compare", gettext("The folder of an earlier run: say what changed."), RESULTS),
    ] = None,
    report: Annotated[
        Path | None, option("--report", gettext("Write the report, one HTML file."), RESULTS)
    ] = None,
    language_: Annotated[  # noqa: ARG001 - the door speaks it
        Language | None,
        option("--language", gettext("Of the report and what is printed."), RESULTS),
    ] = None,
    json_: Annotated[
        bool,
        option("--json", gettext("Print the summary as JSON, and nothing else."), RESULTS),
    ] = False,
) -> None:
    """Score the customers of a business."""
    # What is needed to compute takes a second to import; `--help` should not wait for it.
    from regulars import insight  # noqa: PLC0415
    from regulars.cli.findings import print_findings  # noqa: PLC0415

    source = insight.Source(
        paths=purchases,
        columns=mapping(map_),
        where=where,
        timezone=timezone,
        currency_rates=currency_rates,
        target_currency=currency,
        encoding=encoding,
        decimal=decimal,
        day_first=day_first,
        skip_ragged=skip_ragged,
    )
    request = insight.ScoreRequest(
        purchases=source,
        referrals=replace(source, paths=referrals, columns=mapping(map_referrals), where=None)
        if referrals
        else None,
        until=until,
        validate_until=validate_until,
        today=datetime.now().astimezone().date(),
        model=model,
        horizon_weeks=horizon_weeks,
        margin=margin,
        discount_yearly=discount_yearly,
        acquisition_cost=acquisition_cost,
        come_anyway=come_anyway,
        decay=decay,
        window_weeks=window_weeks,
        recorded_share=recorded_share,
        allow_regular=allow_regular,
        engine=spark_master or engine,
        earlier=compare,
    )
    if map_referrals and not referrals:
        raise typer.BadParameter(gettext("--map-referrals needs --referrals, the file to read."))
    if spark_master and engine != "spark":
        raise typer.BadParameter(gettext("--spark-master needs --engine spark."))
    if csv and out is None:
        raise typer.BadParameter(gettext("--csv needs --out, the folder to write to."))
    for place, folder in ((out, True), (report, False)):
        if place is not None:
            insight.check_place(place, folder=folder)
    insight.check_replaces(request.files(), folder=out, report=report)
    with progress_bar() as progress, insight.scoring(request, progress=progress) as scored:
        insight.write_outputs(scored, folder=out, as_csv=csv, report=report, language=language())
    if json_:
        sys.stdout.write(insight.summary_text(scored.result.summary))
    else:
        print_findings(scored.result, out=out, report=report)
