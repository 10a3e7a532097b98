"""Where somebody stands with the business: rules over their own rhythm, each with its reason.

Somebody is told by the days on which they bought: how many, how far apart, how long ago. Against
their own gap where they have one, and against everybody's where they came once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.money import amount_text
from regulars.kernel.words import number_text, percent_text

LifeCycle = Literal["new", "second_visit", "growing", "regular", "slipping", "lost", "returned"]
LIFE_CYCLES: tuple[LifeCycle, ...] = (
    *("new", "second_visit", "growing", "regular", "slipping", "lost", "returned"),
)
LIFE_CYCLE_NAMES = {
    "new": mark("New"),
    "second_visit": mark("Second visit due"),
    "growing": mark("Growing"),
    "regular": mark("Regular"),
    "slipping": mark("Slipping"),
    "lost": mark("Lost"),
    "returned": mark("Returned"),
}
VALUES = ("champion", "affluent", "advocate", "other")
VALUE_NAMES = {
    "champion": mark("Champions"),
    "affluent": mark("Spenders"),
    "advocate": mark("Senders"),
    "other": mark("Others"),
}

REGULAR_FROM_DAYS = 3  # purchase days, as in insight's list of whom to thank
GAPS_SLIPPING = 3.0
GAPS_LOST = 10.0
LEAST_DAYS_LOST, MOST_DAYS_LOST = 91, 728  # as in insight's rule of who is slipping away
LOST_BELOW = 0.1
USUAL_GAPS_UNTIL_LOST = 4.0  # of everybody's usual gap, for whoever came once
USUAL_GAP_DAYS = 30.0  # of everybody, while nobody has come twice
SILENCE_DAYS, GAPS_SILENT = 60, 3.0  # what a return is a return from
EVERY_DAY_FOR = 35  # days; before that, the last of each month is kept


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When somebody bought, as far as rules need it.

    Attributes:
        purchase_days: Days with a purchase, from 1 on.
        silent_days: From the last of them to the day that counts.
        usual_gap_days: Mean days between them; None with one.
        last_gap_days: Between the last two; None with one.
        earlier_gap_days: The mean of the gaps before the last; None with fewer than three days.
        p_alive: How likely they are still a customer; None where no model tells.
        is_slipping: Whether insight found that they stay away; None where too little is known.
    """

    purchase_days: int
    silent_days: int
    usual_gap_days: float | None = None
    last_gap_days: int | None = None
    earlier_gap_days: float | None = None
    p_alive: float | None = None
    is_slipping: bool | None = None


def life_cycle(rhythm: Rhythm, *, everybodys_gap_days: float | None) -> LifeCycle:
    """Where somebody stands; one answer for everybody.

    Args:
        rhythm: Theirs.
        everybodys_gap_days: The usual gap of those who came back; None while nobody has.
    """
    gap = rhythm.usual_gap_days
    if gap is None:
        return _after_one(rhythm, everybodys_gap_days or USUAL_GAP_DAYS)
    if _is_lost(rhythm, gap):
        return "lost"
    stays_away = rhythm.silent_days >= GAPS_SLIPPING * max(gap, 1.0)
    if stays_away if rhythm.is_slipping is None else rhythm.is_slipping:
        return "slipping"
    if _has_returned(rhythm):
        return "returned"
    return "regular" if rhythm.purchase_days >= REGULAR_FROM_DAYS else "growing"


def _after_one(rhythm: Rhythm, everybodys: float) -> LifeCycle:
    if rhythm.silent_days <= everybodys:
        return "new"
    return "second_visit" if rhythm.silent_days <= USUAL_GAPS_UNTIL_LOST * everybodys else "lost"


def _is_lost(rhythm: Rhythm, gap: float) -> bool:
    longest = min(max(GAPS_LOST * gap, LEAST_DAYS_LOST), MOST_DAYS_LOST)
    unlikely = rhythm.p_alive is not None and rhythm.p_alive < LOST_BELOW
    return rhythm.silent_days > longest or (unlikely and rhythm.silent_days > gap)


def _has_returned(rhythm: Rhythm) -> bool:
    """Whether the last purchase ended a long silence, and that is not long ago itself."""
    if rhythm.last_gap_days is None:
        return False
    silence = max(SILENCE_DAYS, GAPS_SILENT * (rhythm.earlier_gap_days or 0.0))
    return rhythm.last_gap_days > silence and rhythm.silent_days <= SILENCE_DAYS


def why(standing: LifeCycle, rhythm: Rhythm) -> str:
    """A life cycle in one sentence about this customer, in the language in use."""
    silent = number_text(rhythm.silent_days)
    if not rhythm.silent_days and standing not in ("slipping", "lost"):
        return _came_today(standing, rhythm)
    if rhythm.usual_gap_days is None:
        return ngettext(
            "Came once, {silent} day ago.", "Came once, {silent} days ago.", rhythm.silent_days
        ).format(silent=silent)
    if standing == "returned" and rhythm.last_gap_days is not None:
        return ngettext(
            "Came back after {gap} days, {silent} day ago.",
            "Came back after {gap} days, {silent} days ago.",
            rhythm.silent_days,
        ).format(gap=number_text(rhythm.last_gap_days), silent=silent)
    if standing not in ("slipping", "lost"):
        return _comes(rhythm.usual_gap_days, rhythm.silent_days)
    told = came(rhythm.usual_gap_days, rhythm.silent_days)
    if standing == "lost" and rhythm.p_alive is not None and rhythm.p_alive < LOST_BELOW:
        chance = gettext("The chance of another visit is {chance}.")
        told = f"{told} {chance.format(chance=percent_text(rhythm.p_alive))}"
    return told


def _came_today(standing: LifeCycle, rhythm: Rhythm) -> str:
    """The same of somebody who was here on the day on which it is told."""
    if rhythm.usual_gap_days is None:
        return gettext("Came for the first time.")
    if standing == "returned" and rhythm.last_gap_days is not None:
        gap = rhythm.last_gap_days
        return ngettext(
            "Came back after {count} day.", "Came back after {count} days.", gap
        ).format(count=number_text(gap))
    usual = round(rhythm.usual_gap_days)
    if usual <= 1:
        return gettext("Comes almost every day.")
    return gettext("Comes every {gap} days.").format(gap=number_text(usual))


def _comes(gap_days: float, silent_days: int) -> str:
    gap, silent = round(gap_days), number_text(silent_days)
    if gap <= 1:
        return ngettext(
            "Comes almost every day, last {silent} day ago.",
            "Comes almost every day, last {silent} days ago.",
            silent_days,
        ).format(silent=silent)
    return ngettext(
        "Comes every {gap} days, last {silent} day ago.",
        "Comes every {gap} days, last {silent} days ago.",
        silent_days,
    ).format(gap=number_text(gap), silent=silent)


def came(gap_days: float, silent_days: int) -> str:
    """How often somebody came, and for how long they have not: "Came every 9 days, not for 31."."""
    gap, silent = round(gap_days), number_text(silent_days)
    if gap <= 1:
        return ngettext(
            "Came almost every day, not for {silent} day.",
            "Came almost every day, not for {silent} days.",
            silent_days,
        ).format(silent=silent)
    return gettext("Came every {gap} days, not for {silent}.").format(
        gap=number_text(gap), silent=silent
    )


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What somebody is sorted by value by; money in minor units.

    Attributes:
        spending: Spender value, or what they spent so far where no model tells.
        is_expected: Which of the two it is.
        spending_from: From here on somebody spends much; None where nobody does.
        friends: Whom they brought.
        sending: What those are worth.
        sending_from: From here on somebody sends much; None where nobody does.
        currency: ISO 4217, or None.
    """

    spending: int
    is_expected: bool
    spending_from: int | None
    friends: int
    sending: int
    sending_from: int | None
    currency: str | None


def why_worth(worth: Worth) -> tuple[str, str]:
    """Why somebody stands where they do by value, in the language in use.

    Returns:
        A sentence about spending and one about sending.
    """

    def money(minor: int) -> str:
        return amount_text(minor, worth.currency)

    spent = (
        gettext("Expected to bring {amount} over the next year.")
        if worth.is_expected
        else gettext("Brought {amount} so far.")
    ).format(amount=money(worth.spending))
    if worth.spending_from is not None:
        spent = f"{spent} " + gettext("Spenders begin at {amount}.").format(
            amount=money(worth.spending_from)
        )
    if not worth.friends:
        return spent, gettext("Brought nobody yet.")
    sent = ngettext(
        "Brought {friends} person, worth {amount}.",
        "Brought {friends} people, worth {amount}.",
        worth.friends,
    ).format(friends=number_text(worth.friends), amount=money(worth.sending))
    if worth.sending_from is not None:
        sent = f"{sent} " + gettext("Senders begin at {amount}.").format(
            amount=money(worth.sending_from)
        )
    return spent, sent


def days_worth_keeping(scored: Iterable[date]) -> frozenset[date]:
    """The days whose scores stay: all of the last five weeks, and the last of each month before.

    Args:
        scored: The days that have scores.
    """
    days = sorted(set(scored))
    if not days:
        return frozenset()
    recent = days[-1] - timedelta(days=EVERY_DAY_FOR)
    last_of_month = {(day.year, day.month): day for day in days}
    return frozenset(last_of_month.values()) | {day for day in days if day > recent}
