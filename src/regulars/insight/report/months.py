"""New customers beside existing ones: how many, what they spend, what one of each is worth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.insight.report.drawing import HALF_WIDTH, Canvas, Specification, axis, picture, ticks
from regulars.insight.report.section import Picture, Section, Table
from regulars.insight.report.wording import basis, column, horizon, money
from regulars.insight.result import Month, ScoreResult
from regulars.kernel.language import gettext
from regulars.kernel.money import money_text
from regulars.kernel.words import compact_text, month_text, number_text

MONTHS_ON_PHONES, MONTHS_ON_DESKS = 12, 24
MONTHS_SUMMED_UP = 12
NEW_WEEKS = 13
# Up to how many months every such one is named below its bar, counted back from the last.
NAMED_EVERY = {5: 1, 12: 3, 24: 6}
FEWEST_MONTHS = 2


@dataclass(frozen=True, kw_only=True)
class Months(Section):
    """Two pictures and two tables of new and returning customers."""

    pictures: tuple[Picture, ...] = ()
    worth: Table | None = None
    numbers: Table | None = None
    fold: str = ""


def build_months(result: ScoreResult) -> Months:
    """New beside existing customers, by month."""
    heading = gettext("New and existing customers")
    if not result.months:
        return Months(
            anchor="new",
            heading=heading,
            empty=gettext("New and returning customers of each month will be here."),
        )
    return Months(
        anchor="new",
        heading=heading,
        intro=(_intro(result),),
        basis=basis(result),
        pictures=(_people_picture(result), _revenue_picture(result))
        if len(result.months) >= FEWEST_MONTHS
        else (),
        worth=_worth(result),
        numbers=_numbers(result),
        fold=gettext("The numbers, month by month"),
    )


def _intro(result: ScoreResult) -> str:
    last = result.months[-MONTHS_SUMMED_UP:]
    total = sum(month.new_revenue + month.returning_revenue for month in last)
    returning = sum(month.returning_revenue for month in last)
    if total <= 0 or len(last) < FEWEST_MONTHS:
        return gettext("Who came for the first time, and who came back.")
    return gettext(
        "Of every {hundred} that came in during the last {months} months, {returning} came from "
        "people who had been here before."
    ).format(
        hundred=money_text(100, result.currency, digits=0),
        months=number_text(len(last)),
        returning=money_text(100 * returning / total, result.currency, digits=0),
    )


def _people_picture(result: ScoreResult) -> Picture:
    return _picture(
        result,
        identifier="people",
        title=gettext("Customers by month"),
        parts=lambda month: (month.new_customers, month.returning_customers),
        text=compact_text,
    )


def _revenue_picture(result: ScoreResult) -> Picture:
    return _picture(
        result,
        identifier="revenue",
        title=gettext("Revenue by month, after refunds"),
        parts=lambda month: (month.new_revenue, month.returning_revenue),
        text=lambda amount: money_text(amount, result.currency, digits=0),
    )


def _picture(
    result: ScoreResult,
    *,
    identifier: str,
    title: str,
    parts: Callable[[Month], tuple[float, float]],
    text: Callable[[float], str],
) -> Picture:
    latest = result.months[-1]
    new, returning = parts(latest)
    return picture(
        lambda canvas: _bars(_shown(result, narrow=canvas.narrow), canvas, parts, text),
        identifier=identifier,
        title=title,
        description=gettext("In {month}: {new} new, {returning} returning.").format(
            month=month_text(latest.month), new=text(new), returning=text(returning)
        ),
        caption=title,
        desk=HALF_WIDTH,
    )


def _bars(
    months: tuple[Month, ...],
    canvas: Canvas,
    parts: Callable[[Month], tuple[float, float]],
    text: Callable[[float], str],
) -> Specification:
    rows: list[dict[str, Any]] = []
    for i, month in enumerate(months):
        new, returning = (max(float(part), 0.0) for part in parts(month))
        rows.append({"month": i, "from": 0.0, "to": returning, "who": "returning"})
        rows.append({"month": i, "from": returning, "to": returning + new, "who": "new"})
    scale = ticks(max(float(row["to"]) for row in rows))
    every = next(step for most, step in NAMED_EVERY.items() if len(months) <= most)
    labels = [
        (float(i), month_text(month.month))
        for i, month in enumerate(months)
        if (len(months) - 1 - i) % every == 0
    ]
    width = max(4.0, 0.72 * (canvas.width - 60) / len(months))
    return {
        "height": 190,
        "data": {"values": rows},
        "mark": {"type": "bar", "size": width},
        "encoding": {
            "x": {
                "field": "month",
                "type": "quantitative",
                "scale": {"domain": [-0.6, len(months) - 0.4], "nice": False, "zero": False},
                "axis": axis(None, labels, grid=False),
            },
            "y": {
                "field": "from",
                "type": "quantitative",
                "scale": {"domain": [0, scale[-1]]},
                "axis": axis(None, [(at, text(at)) for at in scale]),
            },
            "y2": {"field": "to"},
            "color": {
                "field": "who",
                "type": "nominal",
                "scale": {
                    "domain": ["returning", "new"],
                    "range": ["var(--pine)", "var(--gold)"],
                },
                "legend": None,
            },
        },
    }


def _worth(result: ScoreResult) -> Table | None:
    """What one new and one existing customer have spent, and are expected to."""
    age, value = column(result, "age"), column(result, "value_to_date")
    if age is None or value is None:
        return None
    clv = column(result, "clv")
    bought = ~np.isnan(age)
    new = bought & (age <= NEW_WEEKS)
    existing = bought & ~new
    if not new.any() or not existing.any():
        return None
    columns = [gettext("Customers"), gettext("Number"), gettext("Spent so far, each")]
    if clv is not None:
        columns.append(gettext("Expected in {horizon}, each").format(horizon=horizon(result)))
    rows = []
    for name, chosen in (
        (gettext("New: first came in the last {weeks} weeks").format(weeks=NEW_WEEKS), new),
        (gettext("Existing: came before that"), existing),
    ):
        row = [
            name,
            number_text(int(chosen.sum())),
            money(result, float(np.nanmean(value[chosen]))),
        ]
        if clv is not None:
            row.append(money(result, float(np.nan_to_num(clv[chosen]).mean())))
        rows.append(tuple(row))
    return Table(
        caption=gettext("What one of each is worth"), columns=tuple(columns), rows=tuple(rows)
    )


def _shown(result: ScoreResult, *, narrow: bool) -> tuple[Month, ...]:
    return result.months[-(MONTHS_ON_PHONES if narrow else MONTHS_ON_DESKS) :]


def _numbers(result: ScoreResult) -> Table:
    shown = _shown(result, narrow=False)
    return Table(
        caption=gettext("New and returning customers and their revenue, by month"),
        columns=(
            gettext("Month"),
            gettext("New customers"),
            gettext("Returning"),
            gettext("Revenue of new"),
            gettext("Revenue of returning"),
        ),
        rows=tuple(
            (
                month_text(month.month),
                number_text(month.new_customers),
                number_text(month.returning_customers),
                money(result, month.new_revenue),
                money(result, month.returning_revenue),
            )
            for month in reversed(shown)
        ),
    )
