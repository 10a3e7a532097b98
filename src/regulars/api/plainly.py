"""Reading what tills tell plainly, as fast as it comes.

A purchase or a visit that says nothing unusual is read by schemas that are compiled to C. Whatever else is
told, or is told otherwise, is left to the shapes of `regulars.api.schemas`, which hold everything; what is
read here they would have read as the same.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType
from pydantic_core import PydanticCustomError

from regulars.api.schemas import LONGEST_IDENTITY, MOST_EVENTS
from regulars.intake.incoming import Written
from regulars.kernel.faults import LARGEST_AMOUNT, in_one_line, likely, sound
from regulars.people.core import PRIORITY, IdentityKey
from regulars.stream.types import LONGEST_KEY, LONGEST_TEXT, MOST_OF_A_LINE, known_currency

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
ESCAPED_DIGIT_OR_COLON = b"\\u003"
BEGINS_SEVERAL = b'"events"'
BEGINNING = 16  # bytes in which several events say that they are several

Key = Annotated[str, Meta(min_length=1, max_length=LONGEST_KEY)]
Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
IdentityText = Annotated[str, Meta(min_length=1, max_length=LONGEST_IDENTITY)]
Amount = Annotated[int, Meta(ge=0, le=LARGEST_AMOUNT)]
Quantity = Annotated[int, Meta(ge=1, le=MOST_OF_A_LINE)]


class _Plain(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Nothing but the fields that are named; those that are not there stay away."""


class _Money(_Plain):
    amount_minor: Amount
    currency: str


class _Line(_Plain):
    amount_minor: Amount
    name: Text | UnsetType = UNSET
    quantity: Quantity | UnsetType = UNSET


class _Purchase(_Plain):
    total: _Money
    order_id: Text | UnsetType = UNSET
    lines: list[_Line] | UnsetType = UNSET


class _Visit(_Plain):
    pass


class _Whom(_Plain):
    external: IdentityText | UnsetType = UNSET
    email: IdentityText | UnsetType = UNSET
    phone: IdentityText | UnsetType = UNSET
    card: IdentityText | UnsetType = UNSET
    handle: IdentityText | UnsetType = UNSET


class _Bought(_Plain, tag_field="type", tag="purchase.completed"):
    key: Key
    occurred_at: str
    customer: _Whom
    data: _Purchase


class _Came(_Plain, tag_field="type", tag="visit.recorded"):
    key: Key
    occurred_at: str
    customer: _Whom
    data: _Visit | UnsetType = UNSET


class _Several(_Plain):
    events: Annotated[list[_Bought | _Came], Meta(min_length=1, max_length=MOST_EVENTS)]


ONE = msgspec.json.Decoder(_Bought | _Came)
SEVERAL = msgspec.json.Decoder(_Several)
ENCODER = msgspec.json.Encoder()


def read_plainly(body: bytes, source: str) -> Sequence[Written] | None:
    """What a body tells, if it is plain; None leaves it to those who read everything.

    Args:
        body: JSON: one event, or several.
        source: Who tells.
    """
    try:
        several = BEGINS_SEVERAL in body[:BEGINNING]
        told = SEVERAL.decode(body) if several else ONE.decode(body)
        if not _names_all_once(body, told):
            return None
        # In bare ASCII nothing can hide: \x7f is the one control character that JSON lets through.
        is_bare = body.isascii() and b"\\" not in body and b"\x7f" not in body
        events = told.events if isinstance(told, _Several) else (told,)
        return [_written(one, source, is_bare=is_bare) for one in events]
    except (msgspec.MsgspecError, PydanticCustomError, ValueError):
        return None


def _names_all_once(body: bytes, told: object) -> bool:
    """Whether no object of a body names a field twice: each name brings a colon, and one of two is lost."""
    if ESCAPED_DIGIT_OR_COLON in body:
        return False
    return body.count(b":") == ENCODER.encode(told).count(b":")


def _written(one: _Bought | _Came, source: str, *, is_bare: bool) -> Written:
    """An event as intake takes it.

    Raises:
        PydanticCustomError, ValueError: It is not as plain as it looked.
    """
    if not MOMENT.fullmatch(one.occurred_at):
        raise ValueError
    who = one.customer
    identities: list[IdentityKey] = [
        (kind, value) for kind in PRIORITY if (value := getattr(who, kind)) is not UNSET
    ]
    if is_bare:
        if one.key.isspace():
            raise ValueError
    elif in_one_line(one.key) != one.key or any(sound(value) != value for _, value in identities):
        raise ValueError
    kind, data = "visit.recorded", "{}"
    if isinstance(one, _Bought):
        kind, data = "purchase.completed", _completed(one.data, is_bare=is_bare)
    return Written(
        kind,
        source,
        one.key,
        likely(datetime.fromisoformat(one.occurred_at)),
        tuple(identities),
        data,
    )


def _completed(said: _Purchase, *, is_bare: bool) -> str:
    """A purchase as it is kept: with what is understood where it is not said.

    Raises:
        PydanticCustomError, ValueError: It is not as plain as it looked.
    """
    known_currency(said.total.currency)
    if said.lines is UNSET:
        said.lines = []
    texts = [said.order_id]
    for line in said.lines:
        texts.append(line.name)
        if line.quantity is UNSET:
            line.quantity = 1
    if not is_bare and any(text is not UNSET and sound(text) != text for text in texts):
        raise ValueError
    return ENCODER.encode(said).decode()
