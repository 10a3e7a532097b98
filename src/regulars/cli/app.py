"""The ``regulars`` command and what it can do."""

from typing import Annotated

import typer

from regulars import __version__
from regulars.cli.demo import demo
from regulars.cli.key import key
from regulars.cli.score import score
from regulars.cli.simulate import simulate
from regulars.cli.start import start
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
app.command(
    help=gettext("Say what every customer is worth as a spender and as a sender."),
    epilog=example(
        "regulars score orders.csv --until 2026-06-30 --referrals referrals.csv "
        "--out scores --report report.html"
    ),
)(score)
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
