"""The types of events: what each says, by version.

A type is a schema; data that does not fit is refused. No field tells who somebody is: that is kept in
``people``, and events carry ids.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from regulars.kernel.faults import LARGEST_AMOUNT, in_one_line, sound
from regulars.kernel.money import is_currency
from regulars.stream.errors import UnknownEventType


def known_currency(code: str) -> str:
    """A currency's code.

    Raises:
        PydanticCustomError: There is none of that code.
    """
    if not is_currency(code):
        raise PydanticCustomError("unknown_currency_code", "no currency")
    return code


def no_source_of_ours(source: str) -> str:
    """What a program calls itself.

    Raises:
        PydanticCustomError: The product calls itself so.
    """
    if source in OUR_SOURCES:
        raise PydanticCustomError("reserved_source", "a source of the product's own")
    return source


def within(margin: int | None, amount: int) -> int | None:
    """A margin, which is of an amount and no more than it.

    Raises:
        PydanticCustomError: It is more.
    """
    if margin is not None and margin > amount:
        raise PydanticCustomError("margin_exceeds_amount", "more than the amount")
    return margin


Amount = Annotated[int, Strict(), Field(ge=0, le=LARGEST_AMOUNT)]
Margin = Annotated[
    int,
    Strict(),
    Field(
        ge=-LARGEST_AMOUNT,
        le=LARGEST_AMOUNT,
        description="What is left of the amount once what was sold is paid for; below 0 at a loss.",
    ),
]
LostMargin = Annotated[
    int,
    Strict(),
    Field(ge=0, le=LARGEST_AMOUNT, description="What of the margin went back with it."),
]
Currency = Annotated[
    str, Field(json_schema_extra={"pattern": "^[A-Z]{3}$"}), AfterValidator(known_currency)
]
LONGEST_TEXT = LONGEST_KEY = 200
MOST_OF_A_LINE = 1_000_000
ShortText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(sound)]
EventKey = Annotated[str, Field(min_length=1, max_length=LONGEST_KEY), AfterValidator(in_one_line)]
SOURCE, LONGEST_SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]*"), 60
# What is told on our own pages, by files and by the product itself; no program can pose as them.
OUR_SOURCES = frozenset(("console", "counter", "file", "portal", "regulars"))


class Facts(BaseModel):
    """What an event of some type says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Money(Facts):
    """An amount in minor units of a currency."""

    amount_minor: Amount
    currency: Currency


class Line(Facts):
    """One line of a purchase, or of what was given back; not every till tells of what."""

    name: ShortText | None = None
    quantity: Annotated[int, Strict(), Field(ge=1, le=MOST_OF_A_LINE)] = 1
    amount_minor: Amount
    margin_minor: Margin | None = None

    @field_validator("margin_minor")
    @classmethod
    def of_the_amount(cls, margin: int | None, told: ValidationInfo) -> int | None:
        """No more than the line's amount, where that can be read."""
        return within(margin, told.data.get("amount_minor", LARGEST_AMOUNT))


class AtAPlace(Facts):
    """Something that may have happened at one of the business's locations; not every source tells."""

    location_id: UUID | None = None


class OfATotal(AtAPlace):
    """An amount that changed hands, and what of it is margin."""

    total: Money
    margin_minor: Margin | None = None

    @field_validator("margin_minor")
    @classmethod
    def of_the_total(cls, margin: int | None, told: ValidationInfo) -> int | None:
        """No more than the total, where that can be read."""
        total = told.data.get("total")
        return within(margin, total.amount_minor if total else LARGEST_AMOUNT)


class Purchase(OfATotal):
    """Somebody bought something."""

    order_id: ShortText | None = None
    lines: tuple[Line, ...] = ()


class LineBack(Line):
    """One line of what was given back."""

    margin_minor: LostMargin | None = None


class Refund(OfATotal):
    """Something was given back; ``refund_of`` is the order, ``order_id`` the refund's own number."""

    margin_minor: LostMargin | None = None
    refund_of: ShortText | None = None
    order_id: ShortText | None = None
    lines: tuple[LineBack, ...] = ()


class Visit(AtAPlace):
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
    """

    name: str
    version: int
    facts: type[Facts]


TYPES: Mapping[str, EventType] = {
    kind.name: kind
    for kind in (
        EventType("purchase.completed", 2, Purchase),
        EventType("purchase.refunded", 2, Refund),
        EventType("visit.recorded", 1, Visit),
        EventType("referral.recorded", 1, Referral),
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
