"""``regulars import``: files of what happened, and of who the customers are."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, JsonOption, opened
from regulars.cli.options import mapping, option
from regulars.cli.progress import progress_bar
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext

READING = gettext("How to read them")
RESULTS = gettext("What to do with them")

Files = Annotated[
    list[str], typer.Argument(help=gettext("CSV or Parquet files, folders or globs."))
]
Map = Annotated[
    list[str] | None,
    option("--map", gettext("Our column = the file's, as customer_id=Email; repeatable."), READING),
]
Where = Annotated[
    str | None,
    option("--where", gettext("Only rows for which this SQL condition holds."), READING),
]
Timezone = Annotated[
    str | None,
    option("--timezone", gettext("Where the business is; its own if not given."), READING),
]
Currency = Annotated[
    str | None,
    option("--currency", gettext("Of the amounts; the business's own if not given."), READING),
]
CurrencyRates = Annotated[
    Path | None,
    option(
        "--currency-rates", gettext("Exchange rates: currency, rate, and optionally date."), READING
    ),
]
Country = Annotated[
    str | None,
    option(
        "--country",
        gettext("Of phone numbers without one, as DE; the business's own if not given."),
        READING,
    ),
]
Encoding = Annotated[
    str | None,
    option("--encoding", gettext("Of the files; found out if not given."), READING),
]
Decimal = Annotated[
    Literal[".", ","] | None,
    option("--decimal", gettext("The decimal sign; found out if not given."), READING),
]
DayFirst = Annotated[
    bool | None,
    option(
        "--day-first/--month-first",
        gettext("Whether 3/4/2026 is in April; found out if not given."),
        READING,
    ),
]
SkipRagged = Annotated[
    bool,
    option(
        "--skip-ragged",
        gettext("Set rows aside that have too many or too few columns, instead of refusing."),
        READING,
    ),
]
DryRun = Annotated[
    bool, option("--dry-run", gettext("Say what would be, and write nothing."), RESULTS)
]
ErrorFile = Annotated[
    Path | None,
    option("--errors", gettext("File for the rows that cannot be used, with the reason."), RESULTS),
]


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the person says of the business, where the files leave it out."""

    home: Path | None
    timezone: str | None
    currency: str | None
    country: str | None


import_app = typer.Typer(no_args_is_help=True)


def _sales(name: str, help_: str, **more: Any) -> None:
    """Adds a command that takes in files of purchases or of refunds: they are read alike."""

    @import_app.command(name, help=help_)
    @command
    def sales(
        files: Files,
        *,
        map_: Map = None,
        where: Where = None,
        timezone: Timezone = None,
        currency: Currency = None,
        currency_rates: CurrencyRates = None,
        country: Country = None,
        encoding: Encoding = None,
        decimal: Decimal = None,
        day_first: DayFirst = None,
        skip_ragged: SkipRagged = False,
        dry_run: DryRun = False,
        errors: ErrorFile = None,
        home: HomeOption = None,
        json_: JsonOption = False,
    ) -> None:
        take(
            "purchases",
            {
                "paths": files,
                "columns": mapping(map_),
                "where": where,
                "currency_rates": currency_rates,
                "encoding": encoding,
                "decimal": decimal,
                "day_first": day_first,
                "skip_ragged": skip_ragged,
            },
            Said(home=home, timezone=timezone, currency=currency, country=country),
            errors=errors,
            dry_run=dry_run,
            json_=json_,
            **more,
        )


_sales("purchases", gettext("Take in purchases, with the refunds among them."))
_sales("refunds", gettext("Take in refunds that come in a file of their own."), all_refunds=True)


@import_app.command(help=gettext("Take in who brought whom."))
@command
def referrals(
    files: Files,
    *,
    map_: Map = None,
    timezone: Timezone = None,
    currency: Currency = None,
    country: Country = None,
    encoding: Encoding = None,
    day_first: DayFirst = None,
    skip_ragged: SkipRagged = False,
    dry_run: DryRun = False,
    errors: ErrorFile = None,
    home: HomeOption = None,
    json_: JsonOption = False,
) -> None:
    """Take in referrals."""
    take(
        "referrals",
        {
            "paths": files,
            "columns": mapping(map_),
            "encoding": encoding,
            "day_first": day_first,
            "skip_ragged": skip_ragged,
        },
        Said(home=home, timezone=timezone, currency=currency, country=country),
        errors=errors,
        dry_run=dry_run,
        json_=json_,
    )


@import_app.command(help=gettext("Take in who the customers are and what they like."))
@command
def customers(
    files: Files,
    *,
    map_: Map = None,
    where: Where = None,
    timezone: Timezone = None,
    currency: Currency = None,
    country: Country = None,
    encoding: Encoding = None,
    day_first: DayFirst = None,
    skip_ragged: SkipRagged = False,
    dry_run: DryRun = False,
    errors: ErrorFile = None,
    home: HomeOption = None,
    json_: JsonOption = False,
) -> None:
    """Take in customers."""
    take(
        "customers",
        {
            "paths": files,
            "columns": mapping(map_),
            "where": where,
            "encoding": encoding,
            "day_first": day_first,
            "skip_ragged": skip_ragged,
        },
        Said(home=home, timezone=timezone, currency=currency, country=country),
        errors=errors,
        dry_run=dry_run,
        json_=json_,
    )


def take(
    kind: Literal["purchases", "referrals", "customers"],
    reading: dict[str, Any],
    said: Said,
    *,
    errors: Path | None,
    dry_run: bool,
    json_: bool,
    **more: Any,
) -> None:
    """Take files in, and say what became of them."""
    # What is needed to read takes a second to import; `--help` should not wait for it.
    from regulars import insight  # noqa: PLC0415

    source = insight.Source(**reading)
    reads = source.files()
    if errors is not None:
        insight.check_place(errors, folder=False)
        insight.check_replaces(reads, report=errors)
    opened(said.home)
    from regulars.intake import files  # noqa: PLC0415

    take_in = {
        "purchases": files.import_purchases,
        "referrals": files.import_referrals,
        "customers": files.import_customers,
    }[kind]
    ground = files.ground(
        currency=said.currency,
        time_zone=said.timezone,
        region=said.country and said.country.upper(),
    )
    with progress_bar() as progress:
        told = take_in(
            source=source,
            ground=ground,
            errors=files.Errors(path=errors),
            is_dry=dry_run,
            actor=Actor("command", "import"),
            now=datetime.now(UTC),
            progress=progress,
            **more,
        )
    if json_:
        sys.stdout.write(json.dumps(told.as_json(), ensure_ascii=False, indent=2) + "\n")
        return
    for sentence in files.sentences(told, errors=errors):
        typer.echo(sentence)
