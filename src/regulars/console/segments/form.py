"""Building a segment as people think of it: all of these, or all of those."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.http import QueryDict

from regulars.console.asking.amounts import no_amount, typed_amount
from regulars.console.asking.numbers import number_typed, typed_number
from regulars.kernel.language import gettext, mark
from regulars.kernel.money import major, minor_digits
from regulars.scoring.alternatives import (
    MOST_ALTERNATIVES,
    Alternative,
    Asked,
    alternatives,
    together,
)
from regulars.scoring.conditions import (
    FIELDS,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_LEAVES,
    OF_THE_PROFILE,
    Condition,
    Field,
    Leaf,
    Operator,
    Value,
)
from regulars.scoring.errors import InvalidCondition
from regulars.scoring.own_fields import field_named

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        mark("How they come"),
        (
            *("life_cycle", "silent_days", "purchases", "purchase_days", "usual_gap_days"),
            *("p_alive", "life_cycle_before", "r", "f"),
        ),
    ),
    (
        mark("What they are worth"),
        ("quadrant", "value_to_date", "clv", "value_at_stake", "quadrant_before", "v"),
    ),
    (mark("Whom they bring"), ("friends", "sender_value", "referred")),
    (
        mark("What you remember of them"),
        ("likes", "needs", "pains", "interests", "avoids", "circumstances"),
    ),
    (mark("How to reach them"), ("has_phone", "has_email")),
)
AMOUNTS = (
    ("at_least", mark("at least")),
    ("at_most", mark("at most")),
    ("not at_least", mark("less, or not known")),
    ("not at_most", mark("more, or not known")),
)
WAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "number": AMOUNTS,
    "money": AMOUNTS,
    "choice": (("any_of", mark("is one of")), ("not any_of", mark("is none of"))),
    "yes_no": (
        ("yes", mark("yes")),
        ("no", mark("no")),
        ("not yes", mark("no, or not known")),
        ("not no", mark("yes, or not known")),
    ),
    "text": (
        ("contains", mark("mentions")),
        ("about", mark("is just")),
        ("not contains", mark("does not mention")),
        ("not about", mark("is not")),
    ),
    "words": (("contains", mark("mentions")), ("not contains", mark("does not mention"))),
    "date": (
        ("at_least", mark("on the day or later")),
        ("at_most", mark("on the day or before")),
        ("not at_least", mark("before the day, or not known")),
        ("not at_most", mark("after the day, or not known")),
    ),
}
FIRST_FIELD = "life_cycle"
PER_CENT = 100
CONTRARY = "not "


@dataclass(frozen=True, kw_only=True)
class Line:
    """One question as it is typed.

    Attributes:
        field: Of `FIELDS`.
        way: Of `WAYS` of its kind.
        text: What is typed, of numbers, amounts and texts.
        chosen: Of the field's choices.
        problem: What is wrong with it, in a sentence, or "".
    """

    field: Field
    way: str
    text: str = ""
    chosen: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_begun(self) -> bool:
        """Whether there is an answer in it yet."""
        return bool(self.text or self.chosen or self.field.kind == "yes_no")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A segment as it is being built.

    Attributes:
        name: As typed.
        boxes: Alternatives; in each, everything must hold.
        condition: What it asks, as soon as every line says something.
    """

    name: str = ""
    boxes: tuple[tuple[Line, ...], ...] = ()
    condition: Condition | None = field(default=None, compare=False)


def empty_line(name: str = FIRST_FIELD) -> Line:
    """A line that asks nothing yet."""
    one = field_named(name) or FIELDS[FIRST_FIELD]
    return Line(field=one, way=WAYS[one.kind][0][0])


def new_draft() -> Draft:
    """Where one begins."""
    return Draft(boxes=((empty_line(),),))


def draft_of(name: str, condition: Condition, currency: str) -> Draft | None:
    """A segment as it can be changed here; None for one that is too nested, or too finely drawn."""
    found = alternatives(condition) or ()
    boxes = tuple(tuple(_line(one, currency) for one in some) for some in found)
    if not boxes or any(len(one.text) > LONGEST_TEXT for some in boxes for one in some):
        return None
    return Draft(name=name, boxes=boxes, condition=condition)


def typed_draft(posted: QueryDict, currency: str) -> Draft:
    """What a form sent, with what is wrong beside each line, after what its button asked for."""
    boxes: list[list[Line]] = []
    lines = 0
    for box in range(MOST_ALTERNATIVES):
        found: list[Line] = []
        while lines < MOST_LEAVES and f"field-{box}-{len(found)}" in posted:
            found.append(_typed_line(posted, f"{box}-{len(found)}"))
            lines += 1
        if found:
            boxes.append(found)
    done = _done(boxes or [[empty_line()]], posted.get("do", "") or "")
    return _checked(posted.get("name", "") or "", done, currency)


def with_problems(draft: Draft, currency: str) -> Draft:
    """The draft with a sentence beside each line that says nothing yet."""
    return replace(
        draft,
        boxes=tuple(
            tuple(
                one if one.is_begun else replace(one, problem=_missing(one.field, currency))
                for one in some
            )
            for some in draft.boxes
        ),
    )


def _typed_line(posted: QueryDict, place: str) -> Line:
    one = field_named(posted.get(f"field-{place}") or "") or FIELDS[FIRST_FIELD]
    ways = [way for way, _ in WAYS[one.kind]]
    way = posted.get(f"way-{place}") or ""
    text = " ".join((posted.get(f"text-{place}") or "").replace("\x00", "").split())
    chosen = posted.getlist(f"choice-{place}")
    return Line(
        field=one,
        way=way if way in ways else ways[0],
        text="" if one.kind in ("choice", "yes_no") else text[:LONGEST_TEXT],
        chosen=tuple(choice for choice in one.choices if choice in chosen),
    )


def _done(boxes: list[list[Line]], do: str) -> list[list[Line]]:
    """The lines after a button: one more, one more alternative, one less."""
    what, _, place = do.partition(" ")
    numbers = [int(part) for part in place.split("-") if part.isascii() and part.isdigit()]
    lines = sum(map(len, boxes))
    if what == "or" and len(boxes) < MOST_ALTERNATIVES and lines < MOST_LEAVES:
        return [*boxes, [empty_line()]]
    if not numbers or numbers[0] >= len(boxes):
        return boxes
    box = numbers[0]
    if what == "and" and lines < MOST_LEAVES:
        boxes[box] = [*boxes[box], empty_line(boxes[box][-1].field.name)]
    if what == "drop" and len(numbers) > 1:
        boxes[box] = [one for place, one in enumerate(boxes[box]) if place != numbers[1]]
    return [some for some in boxes if some] or [[empty_line()]]


def _checked(name: str, boxes: Sequence[Sequence[Line]], currency: str) -> Draft:
    asked: list[Alternative] = []
    shown: list[tuple[Line, ...]] = []
    is_whole = True
    for some in boxes:
        found = [_asked(one, currency) for one in some if one.is_begun]
        shown.append(
            tuple(
                replace(one, problem=_wrong(one.field, currency))
                if one.is_begun and _asked(one, currency) is None
                else one
                for one in some
            )
        )
        is_whole = is_whole and all(found)
        if found and all(found):
            asked.append(tuple(one for one in found if one is not None))
    condition = together(tuple(asked)) if asked and is_whole else None
    return Draft(name=name, boxes=tuple(shown), condition=condition)


def _asked(line: Line, currency: str) -> Asked | None:
    kind = line.field.kind
    is_contrary = line.way.startswith(CONTRARY)
    if kind == "yes_no":
        return Asked(Leaf(line.field, "is", line.way.endswith("yes")), is_contrary)
    operator: Operator = line.way.removeprefix(CONTRARY)  # type: ignore[assignment]
    value: Value | None = line.text or None
    if kind == "choice":
        value = line.chosen or None
    elif kind == "money":
        value = _amount(line.text, currency)
    elif kind == "number":
        value = _number(line)
    elif kind == "date":
        value = _day(line.text)
    return None if value is None else Asked(Leaf(line.field, operator, value), is_contrary)


def _amount(text: str, currency: str) -> int | None:
    amount = typed_amount(text.removeprefix("-"), currency)
    return -amount if amount is not None and text.startswith("-") else amount


def _day(text: str) -> str | None:
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat()
    return None


def _number(line: Line) -> int | float | None:
    number = typed_number(line.text.removesuffix("%"))
    if number is None:
        return None
    if line.field.name == "p_alive":
        return float(Decimal(repr(number)) / PER_CENT) if 0 <= number <= PER_CENT else None
    if abs(number) > LARGEST_NUMBER:
        return None
    return number


def _line(asked: Asked, currency: str) -> Line:
    """A question as it would have been typed."""
    leaf = asked.leaf
    one, value = leaf.field, leaf.value
    if one.kind == "yes_no":
        return Line(field=one, way=yes_or_no(asked))
    way = CONTRARY + leaf.operator if asked.is_contrary else leaf.operator
    if one.kind == "choice":
        return Line(field=one, way=way, chosen=value if isinstance(value, tuple) else ())
    return Line(field=one, way=way, text=_written(one, value, currency))


def yes_or_no(asked: Asked) -> str:
    """The way of a question that is answered by yes or no; of the profile, nothing is unknown."""
    yes = bool(asked.leaf.value) != asked.is_contrary
    if asked.is_contrary and asked.leaf.field.name not in OF_THE_PROFILE:
        return "not no" if yes else "not yes"
    return "yes" if yes else "no"


def _written(one: Field, value: Value, currency: str) -> str:
    if one.kind == "money" and isinstance(value, int | float):
        return f"{major(value, currency):.{minor_digits(currency)}f}"
    if isinstance(value, int | float):
        return number_typed(
            float(Decimal(repr(value)) * PER_CENT) if one.name == "p_alive" else value
        )
    return str(value)


def _missing(one: Field, currency: str) -> str:
    if one.kind == "choice":
        return gettext("Choose at least one.")
    if one.kind in ("text", "words"):
        return gettext("Write what you are looking for.")
    return _wrong(one, currency)


def _wrong(one: Field, currency: str) -> str:
    if one.kind == "money":
        return no_amount(currency)
    if one.name == "p_alive":
        return gettext("Write a number from 0 to 100.")
    return gettext("Choose a day.") if one.kind == "date" else gettext("Write a number.")


def condition_of(draft: Draft) -> Condition:
    """What a draft asks.

    Raises:
        InvalidCondition: Nothing yet.
    """
    if draft.condition is None or any(not one.is_begun for some in draft.boxes for one in some):
        raise InvalidCondition(why=gettext("a line says nothing yet."))
    return draft.condition
