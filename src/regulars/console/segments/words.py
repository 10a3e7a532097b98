"""The words of segments: what a selection is called, why somebody is in it, the cross of everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from regulars.console.customer.words import PREFERENCE_NAMES
from regulars.console.segments.form import WAYS, yes_or_no
from regulars.console.shown.standing import WITH_LIFE_CYCLE, standing_now
from regulars.insight.report.rfv import FREQUENCY, RECENCY
from regulars.insight.report.wording import QUADRANT_COLOURS, QUADRANT_MEANINGS, QUADRANT_SHAPES
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.money import amount_text
from regulars.kernel.words import (
    compact_text,
    date_text,
    number_text,
    percent_text,
)
from regulars.people.queries import MOST_TOLD
from regulars.people.remembering import PREFERENCES
from regulars.scoring.alternatives import Asked, alternatives
from regulars.scoring.conditions import Condition, Leaf
from regulars.scoring.core import LIFE_CYCLE_NAMES, LIFE_CYCLES, VALUE_NAMES, VALUES
from regulars.scoring.everybody import Want
from regulars.scoring.models import Run, Score
from regulars.scoring.ready_made import MOVE_NAMES, NOWHERE, Selection
from regulars.scoring.segments import Answered

HEAT_STEPS = 5
LIFE_CYCLE_MEANINGS = {
    "new": mark("came once, lately"),
    "second_visit": mark("came once; the next visit makes the difference"),
    "growing": mark("came on two days"),
    "regular": mark("come at their own pace"),
    "slipping": mark("stay away longer than usual"),
    "lost": mark("have not come for very long"),
    "returned": mark("came back after a long silence"),
}
BY_STANDING = frozenset({"life_cycle", "life_cycle_before"})
BY_WORTH = frozenset({"quadrant", "quadrant_before"})


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Some customers, as a number that leads to them.

    Attributes:
        address: Of their list, or "" where there is nobody.
        customers: How many they are.
        level: How strongly it is coloured, from 0 to 5.
        want: What they want most, or "".
        label: Who they are, for those who do not see the table.
    """

    address: str
    customers: str
    level: int
    want: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The head of a row or column of the cross.

    Attributes:
        address: Of the list of all of them, or "".
        name: What they are called.
        meaning: In a few words, or "".
        customers: How many they are.
        colour, shape: Of a column.
    """

    address: str
    name: str
    meaning: str
    customers: str
    colour: str = ""
    shape: str = ""


@dataclass(frozen=True)
class CrossRow:
    """A life cycle, with a cell for each value."""

    heading: Heading
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Cross:
    """Everybody by value and life cycle."""

    columns: tuple[Heading, ...]
    rows: tuple[CrossRow, ...]


@dataclass(frozen=True)
class Chip:
    """Something that people want, with how many they are.

    Attributes:
        address: Of the page that shows them alone.
        text: What they want.
        customers: How many they are.
        is_chosen: Whether the page shows them alone.
    """

    address: str
    text: str
    customers: str
    is_chosen: bool


@dataclass(frozen=True)
class Wanting:
    """What people want of one kind."""

    name: str
    chips: tuple[Chip, ...]


def list_address(some: Selection, route: str = "segment_people") -> str:
    """The address of the list of a selection."""
    told = some.told()
    return reverse(route) + (f"?{urlencode(told)}" if told else "")


def cross_of(
    counted: Mapping[tuple[str, str], int],
    most: Mapping[tuple[str, str], Want],
    chosen: Selection,
) -> Cross:
    """The cross of value and life cycle.

    Args:
        counted: How many stand where; "" is nowhere.
        most: What those want most.
        chosen: What else is asked of all of them.
    """
    values = [*VALUES, *([""] if any(not value for value, _ in counted) else [])]
    standings = [*LIFE_CYCLES, *([""] if any(not standing for _, standing in counted) else [])]
    largest = max(counted.values(), default=0)

    def cell(value: str, standing: str) -> Cell:
        customers = counted.get((value, standing), 0)
        want = most.get((value, standing)) if not chosen.kind else None
        place = replace(chosen, value=value or NOWHERE, life_cycle=standing or NOWHERE)
        return Cell(
            address=list_address(place) if customers else "",
            customers=compact_text(customers) if customers else "–",
            level=_level(customers, largest),
            want=want.text if want else "",
            label=f"{_value_name(value)}, {_standing_name(standing)}",
        )

    def total(value: str | None, standing: str | None) -> int:
        return sum(
            customers
            for (one, other), customers in counted.items()
            if value in (None, one) and standing in (None, other)
        )

    return Cross(
        columns=tuple(_value_heading(value, total(value, None), chosen) for value in values),
        rows=tuple(
            CrossRow(
                _standing_heading(standing, total(None, standing), chosen),
                tuple(cell(value, standing) for value in values),
            )
            for standing in standings
        ),
    )


def _value_heading(value: str, customers: int, chosen: Selection) -> Heading:
    return Heading(
        address=list_address(replace(chosen, value=value or NOWHERE)),
        name=_value_name(value),
        meaning=gettext(QUADRANT_MEANINGS[value]) if value else "",
        customers=number_text(customers),
        colour=QUADRANT_COLOURS.get(value, ""),
        shape=QUADRANT_SHAPES.get(value, ""),
    )


def _standing_heading(standing: str, customers: int, chosen: Selection) -> Heading:
    return Heading(
        address=list_address(replace(chosen, life_cycle=standing or NOWHERE)),
        name=_standing_name(standing),
        meaning=gettext(LIFE_CYCLE_MEANINGS[standing]) if standing else "",
        customers=number_text(customers),
    )


def wanting_of(wants: Iterable[Want], chosen: Selection) -> tuple[Wanting, ...]:
    """What people want, kind by kind; what is chosen leads back to everybody."""
    told = list(wants)

    def chip(one: Want) -> Chip:
        is_chosen = (one.kind, one.subject) == (chosen.kind, chosen.subject)
        other = Selection() if is_chosen else Selection(kind=one.kind, subject=one.subject)
        return Chip(
            list_address(other, "segments"), one.text, number_text(one.customers), is_chosen
        )

    return tuple(
        Wanting(gettext(PREFERENCE_NAMES[kind]), chips)
        for kind in PREFERENCES
        if (chips := tuple(chip(one) for one in told if one.kind == kind))
    )


def heading_of(some: Selection) -> str:
    """What a selection is called: "Champions · Slipping"."""
    parts = []
    if some.moved:
        parts.append(gettext(MOVE_NAMES[some.moved]))
    if some.value:
        parts.append(_value_name("" if some.value == NOWHERE else some.value))
    if some.life_cycle:
        parts.append(_standing_name("" if some.life_cycle == NOWHERE else some.life_cycle))
    if some.kind:
        parts.append(f"{gettext(PREFERENCE_NAMES[some.kind])}: {some.subject}")
    if some.r is not None:
        parts.append(gettext("last here: {when}").format(when=gettext(RECENCY[some.r - 1])))
    if some.f is not None:
        parts.append(gettext("come: {often}").format(often=gettext(FREQUENCY[some.f - 1])))
    return " · ".join(parts) or gettext("Everybody")


def counted_text(customers: int) -> str:
    """From how many something is told."""
    if not customers:
        return gettext("Counted now.")
    if is_more(customers):
        return gettext("From more than {count} customers, counted now.").format(
            count=number_text(MOST_TOLD)
        )
    return ngettext(
        "From one customer, counted now.", "From {count} customers, counted now.", customers
    ).format(count=number_text(customers))


def is_more(customers: int) -> bool:
    """Whether no more were counted, and there may be any number of them."""
    return customers == MOST_TOLD + 1


def basis_of(customers: int, run: Run | None) -> str:
    """From how many, and from when."""
    counted = counted_text(customers)
    if run is None:
        return f"{counted} " + gettext("Nobody has been scored yet; that is done every night.")
    return f"{counted} {scored_text(run)}"


def scored_text(run: Run) -> str:
    """How fresh scores are."""
    return gettext("Scores are from what happened up to {day}.").format(day=date_text(run.until))


def reasons_of(
    members: Iterable[UUID],
    answers: Mapping[UUID, tuple[bool, Sequence[Answered]]],
    scores: Mapping[UUID, Score],
    *,
    here: Mapping[UUID, date],
    today: date,
) -> dict[UUID, str]:
    """Why each of some customers is where they are, in a few sentences.

    Args:
        members: Of the segment.
        answers: What is known of each question, by customer.
        scores: By customer.
        here: When they were here last, by customer.
        today: By the business's own calendar.
    """

    def told(one: UUID) -> Iterable[str]:
        score = scores.get(one)
        known = standing_now(score, last_here=here.get(one), today=today) if score else ()
        return _told(answers[one][1], score, known)

    return {one: " ".join(dict.fromkeys(told(one))) for one in members if one in answers}


def _told(
    answered: Sequence[Answered], score: Score | None, sentences: Sequence[str]
) -> Iterable[str]:
    names = {one.leaf.field.name for one in answered}
    has_bought = len(sentences) == WITH_LIFE_CYCLE
    if names & BY_STANDING or names & {"r", "f"}:
        yield sentences[0] if has_bought else gettext("Has not bought yet.")
    if names & BY_WORTH:
        yield from sentences[1:] if has_bought else sentences
    skipped = BY_STANDING | BY_WORTH | {"r", "f"}
    for one in answered:
        if one.leaf.field.name not in skipped:
            yield answered_text(one, score)


def answered_text(one: Answered, score: Score | None) -> str:
    """What is known of one question, as in “Purchases: 12”."""
    currency = score.run.currency or None if score is not None else None
    return gettext("{field}: {known}.").format(
        field=gettext(one.leaf.field.label), known=_known(one, currency)
    )


def _known(one: Answered, currency: str | None) -> str:
    field, known = one.leaf.field, one.known
    if known is None or known in ((), ""):
        return gettext("nothing known")
    if isinstance(known, bool):
        return gettext("yes") if known else gettext("no")
    if isinstance(known, str | tuple):
        is_day = field.kind == "date" and isinstance(known, str)
        told = (known,) if isinstance(known, str) else known
        return date_text(date.fromisoformat(told[0])) if is_day else " · ".join(told)
    if field.kind == "money":
        return amount_text(known, currency)
    if field.name == "p_alive":
        return percent_text(known)
    return number_text(known, digits=0 if float(known).is_integer() else 1)


def choice_text(field: str, value: str, own: Sequence[tuple[str, str]] = ()) -> str:
    """One choice of a field in words.

    Args:
        field: Its name.
        value: Of the choice.
        own: What the business calls its own choices.
    """
    if own:
        return dict(own).get(value, value)
    names: Mapping[str, Any] = VALUE_NAMES if field in BY_WORTH else LIFE_CYCLE_NAMES
    return gettext(names[value])


def _level(customers: int, largest: int) -> int:
    """By the root, so that the largest group does not leave all others pale."""
    return min(1 + int(sqrt(customers / largest) * HEAT_STEPS), HEAT_STEPS) if customers else 0


def _value_name(value: str) -> str:
    return gettext(VALUE_NAMES[value]) if value else gettext("Not sorted yet")


def _standing_name(standing: str) -> str:
    return gettext(LIFE_CYCLE_NAMES[standing]) if standing else gettext("Have not bought")


def condition_text(condition: Condition, currency: str) -> tuple[str, ...]:
    """What a segment asks, alternative by alternative; nothing where that would be too long to read."""
    found = alternatives(condition)
    if found is None:
        return ()
    return tuple(" · ".join(_asked_text(one, currency) for one in some) for some in found)


def _asked_text(asked: Asked, currency: str) -> str:
    leaf = asked.leaf
    words = gettext("{field}: {asked}").format
    if leaf.operator == "any_of" and not asked.is_contrary:
        return words(field=gettext(leaf.field.label), asked=_value_text(leaf, currency))
    if leaf.field.kind == "yes_no":
        told = gettext(dict(WAYS["yes_no"])[yes_or_no(asked)])
        return words(field=gettext(leaf.field.label), asked=told)
    way = gettext(
        dict(WAYS[leaf.field.kind])[("not " if asked.is_contrary else "") + leaf.operator]
    )
    return words(field=gettext(leaf.field.label), asked=f"{way} {_value_text(leaf, currency)}")


def _value_text(leaf: Leaf, currency: str) -> str:
    value = leaf.value
    if isinstance(value, tuple):
        return " / ".join(choice_text(leaf.field.name, one, leaf.field.names) for one in value)
    if leaf.field.kind == "date":
        return date_text(date.fromisoformat(str(value)))
    if isinstance(value, str):
        return f"“{value}”"
    if leaf.field.kind == "money":
        return amount_text(value, currency)
    if leaf.field.name == "p_alive":
        return percent_text(value)
    return number_text(value, digits=0 if float(value).is_integer() else 1)
