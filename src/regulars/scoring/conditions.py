"""What a segment asks of a customer: a tree of all, any and not over fields of profile and scores.

As JSON: ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}``, or a leaf
``{"field": "clv", "is": "at_least", "value": 5000}``. A leaf about something that nobody knows of
a customer does not hold, so ``not`` of it does. Money is in minor units. No Django here; the one
compiler to SQL is in `regulars.scoring.segments`. Fields that a business has of its own, its attributes
and its places, are found by whoever parses: `regulars.scoring.own_fields`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from regulars.kernel.language import gettext, mark
from regulars.people.remembering import PREFERENCES
from regulars.scoring.core import LIFE_CYCLES, VALUES
from regulars.scoring.errors import InvalidCondition

Kind = Literal["number", "money", "choice", "yes_no", "text", "words", "date"]
Operator = Literal["at_least", "at_most", "any_of", "is", "contains", "about"]
Value = int | float | bool | str | tuple[str, ...]

OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    "number": ("at_least", "at_most"),
    "money": ("at_least", "at_most"),
    "choice": ("any_of",),
    "yes_no": ("is",),
    "text": ("about", "contains"),
    "words": ("contains",),
    "date": ("at_least", "at_most"),
}
DEEPEST, MOST_LEAVES, LONGEST_TEXT = 8, 50, 200
LARGEST_NUMBER = 2**53 - 1


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something that can be asked.

    Attributes:
        name: Stable; a column of the scores, or something of the profile.
        label: For people.
        kind: Of value.
        choices: Of a choice.
        names: What choices are called, where they are the business's own.
    """

    name: str
    label: str
    kind: Kind
    choices: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


Own = Callable[[str], Field | None]
ATTRIBUTE = "attribute:"
WAS_AT, AT_HOME = "was_at", "at_home"


def nothing_of_ones_own(name: str) -> None:
    """Where a business has no fields of its own."""
    del name


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(name="clv", label=mark("Spender value"), kind="money"),
        Field(name="sender_value", label=mark("Sender value"), kind="money"),
        Field(name="value_to_date", label=mark("Spent so far"), kind="money"),
        Field(name="value_at_stake", label=mark("At stake"), kind="money"),
        Field(name="purchases", label=mark("Number of purchases"), kind="number"),
        Field(name="purchase_days", label=mark("Days with a purchase"), kind="number"),
        Field(name="friends", label=mark("People brought"), kind="number"),
        Field(name="silent_days", label=mark("Days since the last purchase"), kind="number"),
        Field(name="usual_gap_days", label=mark("Usual days between purchases"), kind="number"),
        Field(name="p_alive", label=mark("Chance of being a customer still"), kind="number"),
        Field(name="r", label=mark("Recency, 1 to 5"), kind="number"),
        Field(name="f", label=mark("Frequency, 1 to 5"), kind="number"),
        Field(name="v", label=mark("Value, 1 to 5"), kind="number"),
        Field(name="referred", label=mark("Came through somebody"), kind="yes_no"),
        Field(name="quadrant", label=mark("By value"), kind="choice", choices=VALUES),
        Field(name="life_cycle", label=mark("By life cycle"), kind="choice", choices=LIFE_CYCLES),
        Field(
            name="quadrant_before",
            label=mark("Until last night, by value"),
            kind="choice",
            choices=VALUES,
        ),
        Field(
            name="life_cycle_before",
            label=mark("Until last night, by life cycle"),
            kind="choice",
            choices=LIFE_CYCLES,
        ),
        Field(name="likes", label=mark("Likes"), kind="text"),
        Field(name="avoids", label=mark("Avoids"), kind="text"),
        Field(name="needs", label=mark("Needs"), kind="text"),
        Field(name="pains", label=mark("What makes it hard for them"), kind="text"),
        Field(name="interests", label=mark("Is interested in"), kind="text"),
        Field(name="circumstances", label=mark("How they live"), kind="text"),
        Field(name="has_email", label=mark("E-mail address known"), kind="yes_no"),
        Field(name="has_phone", label=mark("Phone number known"), kind="yes_no"),
    )
}
OF_THE_PROFILE = frozenset({*PREFERENCES, "has_email", "has_phone", WAS_AT, AT_HOME})


def is_of_the_profile(name: str) -> bool:
    """Whether a field is known without scores."""
    return name in OF_THE_PROFILE or name.startswith(ATTRIBUTE)


@dataclass(frozen=True)
class Leaf:
    """One question about one field."""

    field: Field
    operator: Operator
    value: Value


@dataclass(frozen=True)
class Every:
    """All of them hold."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    """At least one of them holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    of: "Condition"


Condition = Leaf | Every | Some | Not


def parsed(told: object, own: Own = nothing_of_ones_own) -> Condition:
    """A condition from its JSON.

    Args:
        told: As it was sent or kept.
        own: Finds a field of the business's own by its name.

    Raises:
        InvalidCondition: It is none; the sentence says where it goes wrong.
    """
    condition = _parsed(told, own, depth=1)
    if sum(1 for _ in leaves(condition)) > MOST_LEAVES:
        raise InvalidCondition(why=gettext("it asks too much at once."))
    return condition


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The questions of a condition, in the order in which they are written."""
    if isinstance(condition, Leaf):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.of)
    else:
        for part in condition.of:
            yield from leaves(part)


def _parsed(told: object, own: Own, *, depth: int) -> Condition:
    if depth > DEEPEST:
        raise InvalidCondition(why=gettext("it is nested too deeply."))
    if not isinstance(told, dict):
        raise InvalidCondition(why=gettext("every part of it must be an object."))
    if told.keys() == {"not"}:
        return Not(_parsed(told["not"], own, depth=depth + 1))
    for name, kind in (("all", Every), ("any", Some)):
        if told.keys() == {name}:
            parts = told[name]
            if not isinstance(parts, list) or not parts:
                raise InvalidCondition(why=gettext("a list of conditions is empty or is none."))
            return kind(tuple(_parsed(part, own, depth=depth + 1) for part in parts))
    if told.keys() != {"field", "is", "value"}:
        raise InvalidCondition(why=gettext("a part has other keys than it may have."))
    return _leaf(told, own)


def _leaf(told: Mapping[str, Any], own: Own) -> Leaf:
    name = told["field"]
    field = FIELDS.get(name) or own(name) if isinstance(name, str) else None
    if field is None:
        raise InvalidCondition(
            why=gettext("there is no field “{field}”.").format(field=told["field"])
        )
    operator = next((one for one in OPERATORS[field.kind] if one == told["is"]), None)
    if operator is None:
        raise InvalidCondition(
            why=gettext("“{field}” cannot be asked that way.").format(field=field.name)
        )
    value = _value(field, told["value"])
    if value is None:
        raise InvalidCondition(
            why=gettext("that is no value of “{field}”.").format(field=field.name)
        )
    return Leaf(field, operator, value)


def _value(field: Field, told: object) -> Value | None:
    """A value that a field can have, or None."""
    if field.kind == "yes_no":
        return told if isinstance(told, bool) else None
    if field.kind == "date":
        return told if isinstance(told, str) and _is_day(told) else None
    if field.kind in ("text", "words"):
        text = " ".join(told.split()) if isinstance(told, str) else ""
        return text if 0 < len(text) <= LONGEST_TEXT and "\x00" not in text else None
    if field.kind == "choice":
        chosen = told if isinstance(told, list) else [told]
        known = tuple(one for one in field.choices if one in chosen)
        return known if chosen and len(known) == len(chosen) else None
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    whole = isinstance(told, int) or field.kind == "number"
    # Also false of what is no number at all.
    return told if whole and abs(told) <= LARGEST_NUMBER else None


def _is_day(text: str) -> bool:
    """Whether a text is a day as attributes are kept: 2026-06-30."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def as_json(condition: Condition) -> dict[str, Any]:
    """A condition as it is kept."""
    if isinstance(condition, Not):
        return {"not": as_json(condition.of)}
    if isinstance(condition, Leaf):
        value = condition.value
        return {
            "field": condition.field.name,
            "is": condition.operator,
            "value": list(value) if isinstance(value, tuple) else value,
        }
    name = "all" if isinstance(condition, Every) else "any"
    return {name: [as_json(part) for part in condition.of]}
