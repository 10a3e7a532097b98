"""The ladder: what the data are enough for. Too little for a model is not an error."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from regulars.kernel.clock import DAYS_PER_WEEK
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import date_text, number_text

Rung = Literal["facts", "rhythm", "models"]

FEWEST_CUSTOMERS_FOR_RHYTHM = 10
FEWEST_REPEATERS_FOR_RHYTHM = 3
FEWEST_REPEATERS_FOR_MODELS = 100
FEWEST_WEEKS_FOR_MODELS = 12
# Files that end so much before the last day that counts are probably cut off.
LONGEST_QUIET_END_DAYS = 28


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a base stands on the ladder.

    Attributes:
        rung: "facts" (counts, who brought whom), "rhythm" (scores from 1 to 5 and who is slipping
            away as well) or "models" (what everybody is worth as well).
        reason: What it was decided by and what the next rung needs, in the language in use.
    """

    rung: Rung
    reason: str


def standing(*, customers: int, repeaters: int, observed_days: int) -> Standing:
    """On which rung a base stands.

    Args:
        customers: With at least one purchase.
        repeaters: Of them, with purchases on two days or more.
        observed_days: From the first purchase of all to the end of observation.
    """
    weeks = observed_days // DAYS_PER_WEEK
    if customers < FEWEST_CUSTOMERS_FOR_RHYTHM or repeaters < FEWEST_REPEATERS_FOR_RHYTHM:
        return Standing(rung="facts", reason=_facts(customers, repeaters))
    if repeaters < FEWEST_REPEATERS_FOR_MODELS:
        reason = gettext(
            "{repeaters} customers came back, enough to see rhythms. From {needed} on, "
            "what everybody is worth can be estimated too."
        ).format(repeaters=number_text(repeaters), needed=number_text(FEWEST_REPEATERS_FOR_MODELS))
        return Standing(rung="rhythm", reason=reason)
    if weeks < FEWEST_WEEKS_FOR_MODELS:
        reason = ngettext(
            "There is {weeks} week of purchases so far, enough to see rhythms. After {needed} "
            "weeks, what everybody is worth can be estimated too.",
            "There are {weeks} weeks of purchases so far, enough to see rhythms. After {needed} "
            "weeks, what everybody is worth can be estimated too.",
            weeks,
        ).format(weeks=number_text(weeks), needed=number_text(FEWEST_WEEKS_FOR_MODELS))
        return Standing(rung="rhythm", reason=reason)
    reason = gettext(
        "{repeaters} of {customers} customers came back over {weeks} weeks, enough to estimate "
        "what everybody is worth."
    ).format(
        repeaters=number_text(repeaters),
        customers=number_text(customers),
        weeks=number_text(weeks),
    )
    return Standing(rung="models", reason=reason)


def _facts(customers: int, repeaters: int) -> str:
    known = ngettext(
        "There is {customers} customer so far.",
        "There are {customers} customers so far.",
        customers,
    ).format(customers=number_text(customers))
    back = ngettext(
        "{repeaters} of them came back.", "{repeaters} of them came back.", repeaters
    ).format(repeaters=number_text(repeaters))
    if not repeaters:
        back = gettext("Nobody has come back yet, which is how every shop begins.")
    needed = gettext(
        "Scores, and who is slipping away, can be told from {customers} customers on, "
        "{repeaters} of whom came back."
    ).format(
        customers=number_text(FEWEST_CUSTOMERS_FOR_RHYTHM),
        repeaters=number_text(FEWEST_REPEATERS_FOR_RHYTHM),
    )
    return " ".join((known, back, needed))


def quiet_end_note(*, last_day: date, until: date) -> str | None:
    """That the files end long before the last day that counts, in the language in use, if so.

    Args:
        last_day: Of the last purchase or refund in the files, those of a holdout too.
        until: The last day that counts.
    """
    quiet_days = (until - last_day).days
    if quiet_days <= LONGEST_QUIET_END_DAYS:
        return None
    return gettext(
        "The files end on {last_day}, {weeks} weeks before {until}. If later purchases are missing, "
        "everybody seems to stay away; then use --until {day}."
    ).format(
        last_day=date_text(last_day),
        weeks=number_text(quiet_days // DAYS_PER_WEEK),
        until=date_text(until),
        day=last_day.isoformat(),
    )
