"""What a person at the terminal is told about a run."""

from pathlib import Path

from rich import table as rich_table
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from regulars.cli.terminal import Terminal
from regulars.insight import (
    REJECTED,
    REJECTED_REFERRALS,
    Comparison,
    Findings,
    ScoreResult,
    Table,
    findings,
    money,
    people_to_know,
)
from regulars.kernel.language import gettext
from regulars.kernel.words import percent_text

STYLES = {"thank": "bold green", "win-back": "bold red"}
# Marks that keep names of either direction whole on a page; many terminals print them as boxes.
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def print_findings(
    result: ScoreResult, *, out: Path | None = None, report: Path | None = None
) -> None:
    """Print the headline, the groups, what to do this week, what changed, what was left out.

    Args:
        result: What was found.
        out: Where the files are, if any were asked for.
        report: Where the report is, if one was asked for.
    """
    console = Terminal(highlight=False)
    found = findings(result)
    _headline(console, found)
    _groups(console, found)
    _week(console, found)
    _changes(console, found)
    _left_out(console, found, result, out)
    notes = (*result.notes, *result.model_notes)
    if notes:
        console.print(Text(gettext("How this was worked out"), style="bold"))
        for note in notes:
            console.print(Padding(plain(note), (0, 0, 0, 2)))
        console.print()
    for sentence, path in (
        (gettext("The scores are in {path}."), out),
        (gettext("The report is {path}."), report),
    ):
        if path is not None:
            console.print(Text(sentence.format(path=path)))


def plain(sentence: str, style: str = "") -> Text:
    """A sentence for a terminal."""
    return Text(sentence.translate(ISOLATES), style=style)


def _headline(console: Console, found: Findings) -> None:
    console.print()
    console.print(plain(found.headline.sentence, "bold"))
    for sentence in found.headline.lead:
        console.print(plain(sentence))
    console.print()
    for figure in found.headline.figures:
        console.print(Text.assemble(("  ", ""), (figure.value, "bold"), ("  " + figure.label, "")))
        if figure.note:
            console.print(Padding(plain(figure.note, "dim"), (0, 0, 0, 4)))
    console.print()


def _groups(console: Console, found: Findings) -> None:
    if not found.groups:
        return
    _grid(console, ("", *found.group_columns), found.groups)
    console.print()


def _grid(console: Console, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    grid = rich_table.Table(box=None, pad_edge=False, padding=(0, 2), header_style="dim")
    for place, heading in enumerate(columns):
        grid.add_column(Text(heading), justify="right" if place else "left")
    for row in rows:
        grid.add_row(*(plain(cell) for cell in row))
    console.print(Padding(grid, (0, 0, 0, 2)))


def _week(console: Console, found: Findings) -> None:
    console.print(Text(found.week.heading, style="bold"))
    for sentence in found.week.intro:
        console.print(Padding(Text(sentence, style="dim"), (0, 0, 0, 2)))
    if found.week.empty:
        console.print(Padding(Text(found.week.empty), (0, 0, 0, 2)))
    for place, action in enumerate(found.week.actions, start=1):
        console.print(
            Text.assemble(
                f"{place:>4}  ",
                (action.tag + " ", STYLES[action.kind]),
                action.why.translate(ISOLATES),
            )
        )
        console.print(Padding(plain(action.what, "dim"), (0, 0, 0, 6)))
    console.print()


def _changes(console: Console, found: Findings) -> None:
    changes = found.changes
    if changes is None:
        return
    console.print(Text(changes.heading, style="bold"))
    for sentence in changes.intro:
        console.print(Padding(plain(sentence), (0, 0, 0, 2)))
    _grid(console, ("", *changes.totals.columns[1:]), changes.totals.rows)
    for sentence in changes.movements:
        console.print(Padding(plain(sentence), (0, 0, 0, 2)))
    for table in (changes.risen, changes.fallen):
        if table is not None:
            _grid(console, (table.caption, *table.columns[1:]), table.rows)
    console.print()


def _left_out(console: Console, found: Findings, result: ScoreResult, out: Path | None) -> None:
    """What did not count, reason by reason, and where the rows are."""
    left_out, claims = found.left_out, result.summary["referrals"]
    if not (left_out.rejected or left_out.referrals or left_out.kept):
        return
    console.print(Text(left_out.heading, style="bold"))
    for sentence in left_out.intro:
        console.print(Padding(plain(sentence, "dim"), (0, 0, 0, 2)))
    _reasons(console, left_out.rejected)
    if left_out.rejected:
        _where(console, gettext("{file} in {folder} has these rows."), REJECTED, out)
    _reasons(console, left_out.referrals)
    if claims and claims["rejected"]:
        told = gettext("{file} in {folder} has the referrals whose row could not be used.")
        _where(console, told, REJECTED_REFERRALS, out)
    _reasons(console, left_out.kept)
    console.print()


def _reasons(console: Console, table: Table | None) -> None:
    if table is not None:
        _grid(console, (table.caption, table.columns[1]), table.rows)


def _where(console: Console, sentence: str, file: str, out: Path | None) -> None:
    told = (
        gettext("--out DIR writes them to a file.")
        if out is None
        else sentence.format(file=file, folder=out)
    )
    console.print(Padding(plain(told, "dim"), (0, 0, 0, 2)))


def print_people(result: ScoreResult) -> None:
    """Print the first people of each group, and who is slipping away.

    Args:
        result: What was found.
    """
    console = Terminal(highlight=False)
    for people in people_to_know(result):
        if not people.sentences:
            continue
        console.print(Text(people.heading, style="bold"))
        for sentence in people.sentences:
            console.print(Padding(plain(sentence), (0, 0, 0, 2)))


def print_truth(comparison: Comparison, result: ScoreResult) -> None:
    """Print how the ranking compares with the truth about the town.

    Args:
        comparison: The ranking beside the truth.
        result: What was found.
    """
    console = Terminal(highlight=False)
    console.print(
        Text(gettext("Beside the truth, which only a made-up town can tell"), style="bold")
    )
    sentences = (
        gettext(
            "Of the {best} people who truly bring most, {found} are among the tenth we rank highest; "
            "counting friends finds {counting}, ranking by own spending {spending}."
        ).format(
            best=comparison.best,
            found=percent_text(comparison.found),
            counting=percent_text(comparison.found_by_counting),
            spending=percent_text(comparison.found_by_spending),
        ),
        gettext("Friends bring {true} until a year from now; we estimate {estimated}.").format(
            true=money(result, comparison.brought),
            estimated=money(result, comparison.brought_estimated),
        ),
        gettext("Today's customers spend {true} in the year ahead; we expect {estimated}.").format(
            true=money(result, comparison.ahead),
            estimated=money(result, comparison.ahead_estimated),
        ),
    )
    for sentence in sentences:
        console.print(Padding(plain(sentence), (0, 0, 0, 2)))
