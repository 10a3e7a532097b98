"""The types of events: what each says, by version.

A type is a schema; data that does not fit is refused. ``Personal`` marks what tells who somebody is:
intake hands it to ``people`` and leaves it out of the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from regulars.kernel.language import mark
from regulars.kernel.money import is_currency
from regulars.stream.errors import UnknownEventType

LARGEST_AMOUNT = 2**53 - 1  # what every reader of JSON understands exactly


class Personal:
    """Marks a field that tells who somebody is."""


Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]


class Facts(BaseModel):
    """What an event of some type says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Money(Facts):
    """An amount in minor units of a currency."""

    amount_minor: Amount
    currency: Currency


class Line(Facts):
    """One line of a purchase."""

    name: ShortText
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    amount_minor: Amount


class Purchase(Facts):
    """Somebody bought something."""

    total: Money
    order_id: ShortText | None = None
    lines: tuple[Line, ...] = ()


class Refund(Facts):
    """Something was given back; ``refund_of`` is the order."""

    total: Money
    refund_of: ShortText | None = None


class Visit(Facts):
    """Somebody was here; nothing need have been bought."""


class Referral(Facts):
    """The customer was sent by another, ``sender_id``."""

    sender_id: UUID


@dataclass(frozen=True)
class EventType:
    """A type of event.

    Attributes:
        name: Stable, ``noun.verb``.
        version: Of the schema; a change that readers must know of raises it.
        facts: The schema.
        sentence: What happened, for a timeline.
    """

    name: str
    version: int
    facts: type[Facts]
    sentence: str


TYPES: Mapping[str, EventType] = {
    kind.name: kind
    for kind in (
        EventType("purchase.completed", 1, Purchase, mark("Bought for {amount}")),
        EventType("purchase.refunded", 1, Refund, mark("Gave back {amount}")),
        EventType("visit.recorded", 1, Visit, mark("Was here")),
        EventType("referral.recorded", 1, Referral, mark("Came through {sender}")),
    )
}


def event_type(name: str) -> EventType:
    """A type by its name.

    Raises:
        UnknownEventType: There is none.
    """
    found = TYPES.get(name)
    if found is None:
        raise UnknownEventType(type=name)
    return found


def personal_fields(facts: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a schema that are marked ``Personal``."""
    return tuple(
        name
        for name, field in facts.model_fields.items()
        if any(isinstance(mark_, Personal) for mark_ in field.metadata)
        or any(isinstance(part, Personal) for part in get_args(field.annotation))
    )


def currencies_of(data: Mapping[str, Any]) -> list[str]:
    """Every currency that an event's data name, known or not."""
    total = data.get("total")
    named = [total["currency"]] if isinstance(total, Mapping) and "currency" in total else []
    return [code for code in named if not is_currency(code)]
