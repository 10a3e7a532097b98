"""The fields that a business has of its own: the attributes that it defined, and its places."""

from regulars.kernel.language import mark
from regulars.people.models import Attribute
from regulars.people.queries import attribute_of, location_names, open_attributes
from regulars.scoring.conditions import (
    AT_HOME,
    ATTRIBUTE,
    FIELDS,
    WAS_AT,
    Condition,
    Field,
    Kind,
    parsed,
)

KINDS: dict[str, Kind] = {
    "text": "words",
    "number": "number",
    "yes_no": "yes_no",
    "date": "date",
    "choice": "choice",
}
PLACES = {WAS_AT: mark("Was at"), AT_HOME: mark("At home at")}


def asked_of(told: object) -> Condition:
    """A condition from its JSON, with the fields of the business.

    Raises:
        InvalidCondition: It is none; the sentence says where it goes wrong.
    """
    return parsed(told, own_field)


def field_named(name: str) -> Field | None:
    """A field by its name, everybody's or the business's own."""
    return FIELDS.get(name) or own_field(name)


def own_field(name: str) -> Field | None:
    """A field of the business's own; of an attribute that is asked for no more what is known stays."""
    if name in PLACES:
        return _place(name)
    if name.startswith(ATTRIBUTE):
        found = attribute_of(name.removeprefix(ATTRIBUTE))
        return _attribute(found) if found else None
    return None


def own_fields() -> tuple[Field, ...]:
    """Those that can be asked now: places where there are any, then attributes."""
    places = tuple(_place(name) for name in PLACES) if location_names() else ()
    return (*places, *(_attribute(one) for one in open_attributes()))


def _place(name: str) -> Field:
    names = location_names()
    choices = tuple(one for one, _ in names)
    return Field(name=name, label=PLACES[name], kind="choice", choices=choices, names=names)


def _attribute(one: Attribute) -> Field:
    choices = tuple(one.choices)
    return Field(
        name=ATTRIBUTE + one.key,
        label=one.name,
        kind=KINDS[one.kind],
        choices=choices,
        names=tuple((choice, choice) for choice in choices),
    )
