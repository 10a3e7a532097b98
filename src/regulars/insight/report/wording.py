"""Words that several sections share: people, groups, money, spans of time."""

import math

from regulars.insight.arrays import FloatArray
from regulars.insight.result import ScoreResult
from regulars.insight.rhythm import LONGEST_RHYTHM_WEEKS
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.money import money_text
from regulars.kernel.words import date_text, isolated, number_text, percent_text, shortened

NAME_CHARACTERS = 40
ONE_PERCENT = 0.01
QUADRANT_NAMES = {
    "champion": mark("Champions"),
    "affluent": mark("Spenders"),
    "advocate": mark("Senders"),
    "other": mark("Others"),
}
# One person of a group, on their card; others carry no label.
QUADRANT_PERSONS = {
    "champion": mark("Champion"),
    "affluent": mark("Spender"),
    "advocate": mark("Sender"),
    "other": "",
}
QUADRANT_MEANINGS = {
    "champion": mark("buy a lot and bring others"),
    "affluent": mark("buy a lot, bring few"),
    "advocate": mark("bring others, buy less"),
    "other": mark("everybody else"),
}
# How a shape says in every picture what its colour says.
QUADRANT_SHAPES = {
    "champion": "diamond",
    "affluent": "square",
    "advocate": "triangle-up",
    "other": "circle",
}
QUADRANT_COLOURS = {
    "champion": "gold",
    "affluent": "plum",
    "advocate": "sky",
    "other": "stone",
}


def person(name: str | None, customer_id: str) -> str:
    """Somebody's name, or their number where no name is known, safe inside any sentence."""
    return isolated(shortened(name or customer_id, NAME_CHARACTERS))


def quadrant_name(quadrant: str) -> str:
    """What a group is called on the page."""
    return gettext(QUADRANT_NAMES[quadrant])


def person_in(quadrant: str) -> str:
    """What one person of a group is called; nothing for those in no group."""
    name = QUADRANT_PERSONS[quadrant]
    return gettext(name) if name else ""


def counts_revenue(result: ScoreResult) -> bool:
    """Whether figures are revenue, of which nothing was taken off."""
    return result.settings.margin == 1 and not result.settings.margin_from_file


def money(result: ScoreResult, amount_major: float) -> str:
    """An amount in the currency of the files."""
    return money_text(amount_major, result.currency)


def horizon(result: ScoreResult) -> str:
    """The span ahead: "the next 52 weeks"."""
    return _span(result.settings.horizon_weeks)


def stake_horizon(result: ScoreResult) -> str:
    """The span over which what is at stake is counted: where no model says who leaves, a year."""
    weeks = result.settings.horizon_weeks
    below_models = result.summary["ladder"] != "models"
    return _span(min(weeks, LONGEST_RHYTHM_WEEKS) if below_models else weeks)


def _span(weeks: float) -> str:
    return ngettext("the next week", "the next {weeks} weeks", _form(weeks)).format(
        weeks=_number(weeks)
    )


def weeks_text(weeks: float) -> str:
    """A span of weeks in words, halves included."""
    return ngettext("{weeks} week", "{weeks} weeks", _form(weeks)).format(weeks=_number(weeks))


def _form(weeks: float) -> int:
    """The whole number whose word form suits these weeks: only one week is "a week"."""
    return 1 if weeks == 1 else max(math.ceil(weeks), 2)


def _number(weeks: float) -> str:
    return number_text(weeks, digits=0 if float(weeks).is_integer() else 1)


def customers_text(count: int) -> str:
    """A number of customers in words."""
    return ngettext("{count} customer", "{count} customers", count).format(count=number_text(count))


def share_text(share: float) -> str:
    """A share in whole per cent; below one per cent with a decimal, so that few are not none."""
    return percent_text(share, digits=1 if 0 < share < ONE_PERCENT else 0)


def basis(result: ScoreResult, count: int | None = None) -> str:
    """From when and from how many a figure is."""
    customers = int(result.summary["customers"]) if count is None else count
    return gettext("As of {date}, from {customers}.").format(
        date=date_text(result.settings.until), customers=customers_text(customers)
    )


def column(result: ScoreResult, name: str) -> FloatArray | None:
    """One column of the scores as floats, nulls as NaN; None where it is absent or empty."""
    scores = result.scores
    if name not in scores.column_names:
        return None
    values = scores.column(name)
    if values.null_count == len(values):
        return None
    numbers: FloatArray = values.cast("float64").to_numpy()
    return numbers
