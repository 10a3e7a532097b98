"""``regulars import``: files of what happened, and of who the customers are."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from regulars.cli.door import command
from regulars.cli.opening import HomeOption, JsonOption, opened
from regulars.cli.options import mapping, option
from regulars.cli.progress import progress_bar
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext

Kind = Literal["purchases", "referrals", "customers"]
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


# Every option with its default, by the name that it is passed on by.
OPTIONS: Mapping[str, tuple[Any, Any]] = {
    "map_": (Map, None),
    "where": (Where, None),
    "timezone": (Timezone, None),
    "currency": (Currency, None),
    "currency_rates": (CurrencyRates, None),
    "country": (Country, None),
    "encoding": (Encoding, None),
    "decimal": (Decimal, None),
    "day_first": (DayFirst, None),
    "skip_ragged": (SkipRagged, False),
    "dry_run": (DryRun, False),
    "errors": (ErrorFile, None),
    "home": (HomeOption, None),
    "json_": (JsonOption, False),
}
OF_AMOUNTS = ("currency_rates", "decimal")
OF_SOURCE = ("where", "currency_rates", "encoding", "decimal", "day_first", "skip_ragged")

import_app = typer.Typer(no_args_is_help=True)


def _adds(name: str, help_: str, kind: Kind, *, but: tuple[str, ...] = (), **more: Any) -> None:
    """Adds a command that takes files in.

    Args:
        name: Of the command.
        help_: What it says of itself.
        kind: Of what is taken in.
        but: The options that it does not have.
        more: What else is passed on.
    """

    def body(files: list[str], **said: Any) -> None:
        take(kind, files, said, **more)

    options = [
        Parameter(one, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for one, (annotation, default) in OPTIONS.items()
        if one not in but
    ]
    first = Parameter("files", Parameter.POSITIONAL_OR_KEYWORD, annotation=Files)
    body.__signature__ = Signature([first, *options])  # type: ignore[attr-defined]
    import_app.command(name, help=help_)(command(body))


_adds("purchases", gettext("Take in purchases, with the refunds among them."), "purchases")
_adds(
    "refunds",
    gettext("Take in refunds that come in a file of their own."),
    "purchases",
    all_refunds=True,
)
_adds("referrals", gettext("Take in who brought whom."), "referrals", but=("where", *OF_AMOUNTS))
_adds(
    "customers",
    gettext("Take in who the customers are and what they like."),
    "customers",
    but=OF_AMOUNTS,
)


def take(kind: Kind, paths: list[str], said: Mapping[str, Any], **more: Any) -> None:
    """Take files in, and say what became of them.

    Args:
        kind: Of what is taken in.
        paths: Files, folders or globs.
        said: The options, by the names of `OPTIONS`.
        more: What else its importer asks for.
    """
    # What is needed to read takes a second to import; `--help` should not wait for it.
    from regulars import insight  # noqa: PLC0415

    source = insight.Source(
        paths=paths,
        columns=mapping(said["map_"]),
        **{one: said[one] for one in OF_SOURCE if one in said},
    )
    reads, errors = source.files(), said["errors"]
    if errors is not None:
        insight.check_place(errors, folder=False)
        insight.check_replaces(reads, report=errors)
    opened(said["home"])
    from regulars.intake import files  # noqa: PLC0415

    take_in = {
        "purchases": files.import_purchases,
        "referrals": files.import_referrals,
        "customers": files.import_customers,
    }[kind]
    country = said["country"]
    ground = files.ground(
        currency=said["currency"],
        time_zone=said["timezone"],
        region=country and country.upper(),
    )
    with progress_bar() as progress:
        told = take_in(
            source=source,
            ground=ground,
            errors=files.Errors(path=errors),
            is_dry=said["dry_run"],
            actor=Actor("command", "import"),
            now=datetime.now(UTC),
            progress=progress,
            **more,
        )
    if said["json_"]:
        sys.stdout.write(json.dumps(told.as_json(), ensure_ascii=False, indent=2) + "\n")
        return
    for sentence in files.sentences(told, errors=errors):
        typer.echo(sentence)
