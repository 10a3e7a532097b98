"""What a person at the terminal is told about a run."""

from pathlib import Path

import pyarrow.compute as pc
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from regulars.insight import (
    QUADRANTS,
    Comparison,
    Findings,
    ScoreResult,
    findings,
    money,
    person,
    quadrant_name,
    slipping_sentence,
)
from regulars.kernel.language import gettext
from regulars.kernel.words import percent_text

STYLES = {"thank": "bold green", "win-back": "bold red"}
PEOPLE_SHOWN = 5
# Marks that keep names of either direction whole on a page; many terminals print them as boxes.
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def print_findings(
    result: ScoreResult, *, out: Path | None = None, report: Path | None = None
) -> None:
    """Print the headline, the groups, what to do this week and what was written.

    Args:
        result: What was found.
        out: Where the files are, if any were asked for.
        report: Where the report is, if one was asked for.
    """
    console = Console(highlight=False, soft_wrap=False)
    found = findings(result)
    _headline(console, found)
    _groups(console, found)
    _week(console, found)
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
    table = Table(box=None, pad_edge=False, padding=(0, 2), show_edge=False, header_style="dim")
    table.add_column("")
    for heading in found.group_columns:
        table.add_column(heading, justify="right")
    for group in found.groups:
        table.add_row(*group)
    console.print(Padding(table, (0, 0, 1, 2)))


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


def print_people(result: ScoreResult) -> None:
    """Print the first people of each group, and who is slipping away.

    Args:
        result: What was found, with referrals.
    """
    console = Console(highlight=False)
    scores = result.scores
    for quadrant in QUADRANTS[:-1]:
        rank = "sender_value" if quadrant == "advocate" else "clv"
        members = scores.filter(pc.equal(scores.column("quadrant"), quadrant))
        best = members.sort_by([(rank, "descending")]).slice(0, PEOPLE_SHOWN).to_pylist()
        console.print(Text(quadrant_name(quadrant), style="bold"))
        for row in best:
            sentence = gettext(
                "{name}: {own} expected from their own purchases, {brought} through friends"
            ).format(
                name=person(row["customer_name"], row["customer_id"]),
                own=money(result, row["clv"]),
                brought=money(result, row["sender_value"]),
            )
            console.print(Padding(plain(sentence), (0, 0, 0, 2)))
    console.print(Text(gettext("Slipping away"), style="bold"))
    for gone in result.slipping[:PEOPLE_SHOWN]:
        console.print(Padding(plain(slipping_sentence(result, gone)), (0, 0, 0, 2)))


def print_truth(comparison: Comparison, result: ScoreResult) -> None:
    """Print how the ranking compares with the truth about the town.

    Args:
        comparison: The ranking beside the truth.
        result: What was found.
    """
    console = Console(highlight=False)
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
