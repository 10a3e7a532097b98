"""Do they come back: those who began together, month after month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from regulars.insight.report.retention import LEVEL_SHARES
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import month_text, number_text, percent_text, quarter_text
from regulars.scoring.cohorts import (
    MONTHS_A_QUARTER,
    MONTHS_A_YEAR,
    Cohort,
    Curve,
    curves,
    whole_months,
)

COHORTS_SHOWN, MONTHS_SHOWN = 18, 12
CURVES_SHOWN, FEWEST_POINTS = 5, 2
YEARS_FROM_MONTHS = 24
LEFT, RIGHT, TOP, BOTTOM = 44, 84, 12, 36
SIZES = (("wide", 760, 320), ("narrow", 350, 260))
STEPS_UP = (0.05, 0.1, 0.2, 0.25)
MOST_STEPS = 5


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Of those who began together, the share that came that many months later."""

    text: str
    level: int
    is_over: bool


@dataclass(frozen=True)
class Row:
    """Those who began in one month."""

    name: str
    customers: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """Those who began in one year or quarter, as a line of the picture.

    Attributes:
        points: As SVG has them.
        name: Of the span.
        end: Where the line ends.
        label_y: Where its name stands, apart from the others'.
        step: Its place among the lines, the latest 1; the older, the paler.
    """

    points: str
    name: str
    end: tuple[float, float]
    label_y: float
    step: int


@dataclass(frozen=True, kw_only=True)
class Plot:
    """The picture for one width."""

    size: str
    width: int
    height: int
    foot: float
    left: float
    right: float
    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


def rows_of(cohorts: Sequence[Cohort], *, until: date) -> tuple[Row, ...]:
    """The latest months, the earliest on top."""
    later = [cohort for cohort in cohorts if cohort.came][-COHORTS_SHOWN:]
    return tuple(
        Row(
            month_text(cohort.month),
            number_text(cohort.customers),
            tuple(
                _cell(cohort, place, until)
                if place < len(cohort.came)
                else Cell(text="", level=0, is_over=True)
                for place in range(months_across(later))
            ),
        )
        for cohort in later
    )


def months_across(cohorts: Sequence[Cohort]) -> int:
    """How many columns the table has."""
    return min(max((len(one.came) for one in cohorts), default=0), MONTHS_SHOWN)


def headline(cohorts: Sequence[Cohort], *, until: date) -> str:
    """Of a hundred who come for the first time, how many come again the month after; "" while none could."""
    begun = [one for one in cohorts if whole_months(one, until=until) > 0]
    people = sum(one.customers for one in begun)
    if not people:
        return ""
    share = sum(one.came[0] for one in begun) / people
    return gettext(
        "Of 100 people who come for the first time, about {count} come again in the month after."
    ).format(count=number_text(100 * share))


def basis(cohorts: Sequence[Cohort]) -> str:
    """From how many, and from when on."""
    people = sum(one.customers for one in cohorts)
    return ngettext(
        "From one customer who began since {month}.",
        "From {count} customers who began since {month}.",
        people,
    ).format(count=number_text(people), month=month_text(cohorts[0].month))


def plots_of(cohorts: Sequence[Cohort], *, until: date) -> tuple[Plot, ...]:
    """The curves of the latest years, or quarters while there are few; none while none is long enough."""
    by_year = len(cohorts) > YEARS_FROM_MONTHS
    months = MONTHS_A_YEAR if by_year else MONTHS_A_QUARTER
    found = [
        one
        for one in curves(cohorts, until=until, months=months)
        if len(one.shares) >= FEWEST_POINTS
    ][-CURVES_SHOWN:]
    if not found:
        return ()
    return tuple(_plot(found, *size, by_year=by_year) for size in SIZES)


def _plot(found: Sequence[Curve], size: str, width: int, height: int, *, by_year: bool) -> Plot:
    most = min(max(len(one.shares) for one in found), MONTHS_A_YEAR)
    highest = max(share for one in found for share in one.shares[:most]) or 1.0
    step = next((some for some in STEPS_UP if highest / some <= MOST_STEPS), STEPS_UP[-1])
    steps = int(highest / step) + 1
    foot, right = height - BOTTOM, width - RIGHT

    def x(month: int) -> float:
        return round(LEFT + (right - LEFT) * (month - 1) / max(most - 1, 1), 1)

    def y(share: float) -> float:
        return round(foot - (foot - TOP) * share / (step * steps), 1)

    lines = []
    for place, one in enumerate(found):
        points = [(x(later), y(share)) for later, share in enumerate(one.shares[:most], start=1)]
        lines.append(
            Line(
                points=" ".join(f"{a},{b}" for a, b in points),
                name=str(one.begins.year) if by_year else quarter_text(one.begins),
                end=points[-1],
                label_y=points[-1][1],
                step=len(found) - place,
            )
        )
    every = 1 if size == "wide" or most <= MONTHS_A_YEAR // 2 else 3
    return Plot(
        size=size,
        width=width,
        height=height,
        foot=foot,
        left=LEFT,
        right=right,
        lines=_apart(lines),
        across=tuple(
            (x(month), gettext("+{count}").format(count=number_text(month)))
            for month in range(1, most + 1)
            if (month - 1) % every == 0
        ),
        up=tuple((y(step * some), percent_text(step * some)) for some in range(steps + 1)),
    )


def _apart(lines: Sequence[Line], least: float = 17.0) -> tuple[Line, ...]:
    """The lines with names that do not stand on one another."""
    placed: list[Line] = []
    lowest: dict[float, float] = {}
    for one in sorted(lines, key=lambda line: line.end[1]):
        across, up = one.end
        lowest[across] = max(up, lowest.get(across, up - least) + least)
        placed.append(replace(one, label_y=lowest[across]))
    return tuple(placed)


def _cell(cohort: Cohort, place: int, until: date) -> Cell:
    share = cohort.came[place] / cohort.customers
    return Cell(
        text=percent_text(share),
        level=sum(share >= edge for edge in LEVEL_SHARES),
        is_over=place < whole_months(cohort, until=until),
    )
