"""What ``regulars score`` can be told: every option by what it is about."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from regulars.cli.options import day, option, share_above_zero
from regulars.kernel.language import gettext

FILES = gettext("Files")
READING = gettext("How to read them")
ASSUMPTIONS = gettext("What to assume")
RESULTS = gettext("What to write")

Language = Literal["en", "de", "es", "th"]


@dataclass(frozen=True, kw_only=True)
class Files:
    """Which files, up to when they count, and which of their columns are which."""

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
    ] = None
    referrals: Annotated[
        list[str] | None,
        option(
            "--referrals", gettext("Who brought whom: sender_id, friend_id, occurred_at."), FILES
        ),
    ] = None

    map_: Annotated[
        list[str] | None,
        option(
            "--map", gettext("Our column = the file's, as customer_id=Email; repeatable."), READING
        ),
    ] = None
    map_referrals: Annotated[
        list[str] | None,
        option("--map-referrals", gettext("The same for the referrals."), READING),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the files are read, by the names of ``Source``."""

    where: Annotated[
        str | None,
        option("--where", gettext("Only rows for which this SQL condition holds."), READING),
    ] = None
    timezone: Annotated[
        str | None,
        option(
            "--timezone",
            gettext("Where the business is, as Europe/Madrid; UTC if not given."),
            READING,
        ),
    ] = None
    currency_rates: Annotated[
        Path | None,
        option(
            "--currency-rates",
            gettext("Exchange rates: currency, rate, and optionally date."),
            READING,
        ),
    ] = None
    target_currency: Annotated[
        str | None,
        option("--currency", gettext("The currency to convert to, as EUR."), READING),
    ] = None
    encoding: Annotated[
        str | None,
        option("--encoding", gettext("Of the files; found out if not given."), READING),
    ] = None
    decimal: Annotated[
        Literal[".", ","] | None,
        option("--decimal", gettext("The decimal sign; found out if not given."), READING),
    ] = None
    day_first: Annotated[
        bool | None,
        option(
            "--day-first/--month-first",
            gettext("Whether 3/4/2026 is in April; found out if not given."),
            READING,
        ),
    ] = None
    skip_ragged: Annotated[
        bool,
        option(
            "--skip-ragged",
            gettext("Set rows aside that have too many or too few columns, instead of refusing."),
            READING,
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What is assumed, by the names of ``ScoreRequest``."""

    model: Annotated[
        Literal["auto", "bg-nbd", "pareto-nbd", "mbg-nbd"],
        option(
            "--model", gettext("The purchase model; auto chooses by holdout error."), ASSUMPTIONS
        ),
    ] = "auto"
    horizon_weeks: Annotated[
        float,
        option("--horizon-weeks", gettext("How far to look ahead."), ASSUMPTIONS, min=1, max=1040),
    ] = 52
    margin: Annotated[
        float | None,
        option(
            "--margin",
            gettext("What is left of a unit of revenue; 1 if the file has no margins either."),
            ASSUMPTIONS,
            min=0,
            max=1,
        ),
    ] = None
    discount_yearly: Annotated[
        float,
        option("--discount-yearly", gettext("Yearly discount rate."), ASSUMPTIONS, min=0, max=10),
    ] = 0.10
    acquisition_cost: Annotated[
        float,
        option(
            "--acquisition-cost",
            gettext("What winning a customer costs elsewhere."),
            ASSUMPTIONS,
            min=0,
        ),
    ] = 0.0
    come_anyway: Annotated[
        float,
        option(
            "--come-anyway",
            gettext("Share of friends who would have come without being sent."),
            ASSUMPTIONS,
            min=0,
            max=1,
        ),
    ] = 0.5
    decay: Annotated[
        float,
        option(
            "--decay",
            gettext("Part of a credit that passes one step up."),
            ASSUMPTIONS,
            min=0,
            max=1,
        ),
    ] = 0.5
    window_weeks: Annotated[
        float,
        option(
            "--window-weeks",
            gettext("How long after a referral credit flows."),
            ASSUMPTIONS,
            min=0,
            max=5200,
        ),
    ] = 104
    recorded_share: Annotated[
        float,
        option(
            "--recorded-share",
            gettext("Share of referrals that get recorded, above 0 and up to 1."),
            ASSUMPTIONS,
            parser=share_above_zero,
            metavar="SHARE",
        ),
    ] = 1.0
    allow_regular: Annotated[
        bool,
        option(
            "--allow-regular", gettext("Score even what behaves like subscriptions."), ASSUMPTIONS
        ),
    ] = False
    validate_until: Annotated[
        date | None,
        option(
            "--validate-until",
            gettext("Hold the forecast against what happened after --until, up to this day."),
            ASSUMPTIONS,
            parser=day,
            metavar="DATE",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Computing:
    """What adds up."""

    engine: Annotated[
        Literal["duckdb", "spark"],
        option("--engine", gettext("What adds up the purchases."), READING),
    ] = "duckdb"
    spark_master: Annotated[
        str | None,
        option(
            "--spark-master",
            gettext("The Spark cluster, as spark://host:7077; this machine if not given."),
            READING,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Results:
    """What is written, and in which language."""

    out: Annotated[
        Path | None,
        option(
            "--out", gettext("Folder for scores.parquet, summary.json and rejected.csv."), RESULTS
        ),
    ] = None
    csv: Annotated[bool, option("--csv", gettext("Write scores.csv as well."), RESULTS)] = False
    compare: Annotated[
        Path | None,
        option("--compare", gettext("The folder of an earlier run: say what changed."), RESULTS),
    ] = None
    report: Annotated[
        Path | None, option("--report", gettext("Write the report, one HTML file."), RESULTS)
    ] = None
    language_: Annotated[
        Language | None,
        option("--language", gettext("Of the report and what is printed."), RESULTS),
    ] = None
    json_: Annotated[
        bool,
        option("--json", gettext("Print the summary as JSON, and nothing else."), RESULTS),
    ] = False
