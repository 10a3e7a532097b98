"""How often somebody comes, what they paid, whom they brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from regulars.care.core import Rhythm
from regulars.console.shown.rows import ago_text
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.money import amount_text
from regulars.kernel.words import date_text, number_text
from regulars.stream.queries import Paid


@dataclass(frozen=True)
class Figure:
    """A large figure with its small label.

    Attributes:
        value: In a number or two words.
        label: What it is.
        basis: From when and from how many.
        needs_you: Whether it asks for something to be done.
    """

    value: str
    label: str
    basis: str
    needs_you: bool = False


def figures_of(
    rhythm: Rhythm | None,
    paid: Sequence[Paid],
    *,
    brought: int,
    known_since: date,
    zone: ZoneInfo,
) -> tuple[Figure, ...]:
    """How often somebody comes, what they paid, whom they brought; each from when and how many."""
    return (
        *_coming(rhythm, known_since),
        *(_paid(one, zone) for one in paid),
        Figure(
            value=number_text(brought),
            label=ngettext("person brought", "people brought", brought),
            basis=gettext("since {day}").format(day=date_text(known_since)),
        ),
    )


def _coming(rhythm: Rhythm | None, known_since: date) -> tuple[Figure, ...]:
    if rhythm is None:
        return (
            Figure(
                value="0",
                label=gettext("visits noted"),
                basis=gettext("since {day}").format(day=date_text(known_since)),
            ),
        )
    counted = ngettext(
        "from one day here, {day}", "from {count} days here since {day}", rhythm.days
    ).format(count=number_text(rhythm.days), day=date_text(rhythm.first))
    last = Figure(
        value=ago_text(rhythm.silent_days),
        label=gettext("last here"),
        basis=gettext("Longer than they usually stay away.")
        if rhythm.stays_away
        else date_text(rhythm.last),
        needs_you=rhythm.stays_away,
    )
    if rhythm.usual_gap_days is None:
        days = Figure(
            value=number_text(rhythm.days),
            label=ngettext("day here", "days here", rhythm.days),
            basis=gettext("since {day}; a rhythm shows from the third on").format(
                day=date_text(rhythm.first)
            ),
        )
        return (days, last)
    gap = max(round(rhythm.usual_gap_days), 1)
    often = Figure(
        value=ngettext("every day", "every {count} days", gap).format(count=number_text(gap)),
        label=gettext("their own rhythm"),
        basis=counted,
    )
    return (often, last)


def _paid(one: Paid, zone: ZoneInfo) -> Figure:
    return Figure(
        value=amount_text(one.amount_minor, one.currency),
        label=gettext("bought so far"),
        basis=ngettext(
            "from one purchase, {day}", "from {count} purchases since {day}", one.purchases
        ).format(
            count=number_text(one.purchases),
            day=date_text(one.since.astimezone(zone).date()),
        ),
    )
