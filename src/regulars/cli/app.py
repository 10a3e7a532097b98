"""The ``regulars`` command and what it can do."""

from typing import Annotated, Any

import typer

from regulars import __version__
from regulars.cli.around_help import in_our_words
from regulars.cli.backup import backup, restore
from regulars.cli.check import check
from regulars.cli.demo import demo
from regulars.cli.export import export
from regulars.cli.import_ import import_app
from regulars.cli.key import key
from regulars.cli.score import score
from regulars.cli.scores import scores
from regulars.cli.simulate import simulate
from regulars.cli.start import start
from regulars.cli.user import user_app
from regulars.cli.worker import worker
from regulars.kernel.language import gettext


def example(*lines: str) -> str:
    """An example below a command's help, as it is typed."""
    return gettext("Example:") + "\n\n" + "\n\n".join(f"[bold]{line}[/bold]" for line in lines)


app = typer.Typer(
    name="regulars",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
    help=gettext("Know your customers: who spends, who sends others, and who is slipping away."),
    epilog=example("regulars demo --out demo"),
)

app.command(
    help=gettext("Start Regulars and open it in the browser."),
    epilog=example("regulars start"),
)(start)
app.add_typer(
    import_app,
    name="import",
    help=gettext("Take in files of purchases, refunds, referrals and customers."),
    epilog=example("regulars import purchases orders.csv"),
)
app.command(
    help=gettext("Write customers, events or scores to a CSV, Parquet or JSON file."),
    epilog=example("regulars export customers customers.csv"),
)(export)
app.command(
    help=gettext("Back up everything into one file, while Regulars runs."),
    epilog=example("regulars backup regulars.zip"),
)(backup)
app.command(
    help=gettext("Restore a backup, verified before anything is replaced."),
    epilog=example("regulars restore regulars.zip --home Restored"),
)(restore)
app.command(
    help=gettext("See whether configuration, database and books are as they should be."),
    epilog=example("regulars check"),
)(check)
app.add_typer(
    user_app,
    name="user",
    help=gettext("Say who works here, and give passwords."),
    epilog=example("regulars user add Mia --role manager"),
)
app.command(
    help=gettext("Do the work that nobody waits for, beside a server that does not."),
    epilog=example("regulars worker"),
)(worker)
app.command(
    help=gettext("Say what every customer is worth as a spender and as a sender."),
    epilog=example(
        "regulars score orders.csv --until 2026-06-30 --referrals referrals.csv "
        "--out scores --report report.html"
    ),
)(score)
app.command(
    help=gettext("Score everybody at home now, from all that happened."),
    epilog=example("regulars scores"),
)(scores)
app.command(
    help=gettext("Make up a town whose people buy, lapse, return things and tell one another."),
    epilog=example("regulars simulate --seed 7 --customers 10000 --out town"),
)(simulate)
app.command(
    help=gettext("Simulate a café's town, score it, and hold the ranking against the truth."),
    epilog=example("regulars demo --out demo"),
)(demo)
app.add_typer(key, name="key", epilog=example("regulars key add till --scope events:write"))


def _version(wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        typer.echo(f"regulars {__version__}")
        raise typer.Exit


@app.callback()
def regulars(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help=gettext("Show the version and leave."),
        ),
    ] = False,
) -> None:
    """Hold the options that belong to no command."""
    del version


def command() -> Any:
    """All of it, as it is called."""
    return in_our_words(app)
