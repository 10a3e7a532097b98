"""Do they come back: those who began together, quarter after quarter."""

from collections import defaultdict
from dataclasses import dataclass

from regulars.insight.report.section import HeatCell, HeatRow, HeatTable, Section
from regulars.insight.report.wording import customers_text
from regulars.insight.result import CohortCell, ScoreResult
from regulars.kernel.language import gettext
from regulars.kernel.words import number_text, percent_text, quarter_text

COHORTS_SHOWN = 10
QUARTERS_SHOWN = 8
LEVEL_SHARES = (0.05, 0.15, 0.3, 0.45, 0.6)


@dataclass(frozen=True, kw_only=True)
class Retention(Section):
    """The table of those who came back."""

    heat: HeatTable | None = None


def build_retention(result: ScoreResult) -> Retention:
    """Retention by quarter of the first purchase, the earliest cohort on top."""
    heading = gettext("Do they come back?")
    later = [cell for cell in result.retention if 1 <= cell.quarters <= QUARTERS_SHOWN]
    if not later:
        return Retention(
            anchor="retention",
            heading=heading,
            empty=gettext(
                "Here you will see how many of those who began in one quarter came again in the "
                "next ones. It begins with the second quarter in your file."
            ),
        )
    cohorts: dict[object, dict[int, CohortCell]] = defaultdict(dict)
    for cell in later:
        cohorts[cell.cohort][cell.quarters] = cell
    shown = sorted(cohorts.values(), key=lambda cells: next(iter(cells.values())).cohort)
    shown = shown[-COHORTS_SHOWN:]
    quarters = range(1, max(cell for cells in shown for cell in cells) + 1)
    people = sum(next(iter(cells.values())).customers for cells in shown)
    return Retention(
        anchor="retention",
        heading=heading,
        intro=_intro(later),
        basis=gettext("From {customers} who began in these quarters.").format(
            customers=customers_text(people)
        ),
        heat=HeatTable(
            caption=gettext(
                "Of those who began in a quarter, the share who came again that many quarters later"
            ),
            corner=gettext("began in"),
            columns=tuple(
                gettext("+{count}").format(count=number_text(quarter)) for quarter in quarters
            ),
            rows=tuple(_row(cells, quarters) for cells in shown),
            pale=gettext("few came again"),
            dark=gettext("many came again"),
        ),
    )


def _intro(cells: list[CohortCell]) -> tuple[str, ...]:
    first = [cell for cell in cells if cell.quarters == 1 and cell.complete]
    explanation = gettext(
        "Each row follows the people who bought for the first time in that quarter. The columns "
        "count the quarters after it."
    )
    people = sum(cell.customers for cell in first)
    if not people:
        return (explanation,)
    share = sum(cell.active for cell in first) / people
    return (
        gettext(
            "Of 100 people who come for the first time, about {count} come again in the "
            "quarter after."
        ).format(count=number_text(100 * share)),
        explanation,
    )


def _row(cells: dict[int, CohortCell], quarters: range) -> HeatRow:
    some = next(iter(cells.values()))
    return HeatRow(
        heading=quarter_text(some.cohort),
        note=customers_text(some.customers),
        cells=tuple(_cell(cells.get(quarter)) for quarter in quarters),
    )


def _cell(cell: CohortCell | None) -> HeatCell:
    if cell is None or not cell.customers:
        return HeatCell(level=0, text="")
    share = cell.active / cell.customers
    level = sum(share >= edge for edge in LEVEL_SHARES)
    unfinished = "" if cell.complete else gettext("so far")
    return HeatCell(level=level, text=percent_text(share), note=unfinished)
