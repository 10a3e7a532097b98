"""What is remembered of a customer: adding, changing and taking back."""

from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Status
from pydantic import AfterValidator, Field, StrictInt

from regulars.api.profiles import ProfileAnswer, write_once
from regulars.api.requests import IdempotencyKey, KeyWith
from regulars.api.routes import ADDED, CHANGED
from regulars.api.schemas import AttributeContent, AttributeKey, RowId, Sent, Written
from regulars.kernel.faults import sound
from regulars.people import services
from regulars.people.core import IdentityKind
from regulars.people.queries import identity_of, region
from regulars.stream.types import ShortText

router = Router(tags=["What is remembered"])
WRITE = KeyWith("customers:write")
Id = Path[UUID]
ADDS = {201: ProfileAnswer | Written, **ADDED}
CHANGES = {200: ProfileAnswer | Written, **CHANGED}
adds = partial(router.post, auth=WRITE, response=ADDS)
changes = partial(router.patch, auth=WRITE, response=CHANGES)
sets = partial(router.put, auth=WRITE, response=CHANGES)
removes = partial(router.delete, auth=WRITE, response=CHANGES)
LongText = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(sound)]
PreferenceKind = Literal["likes", "avoids", "needs", "pains", "interests", "circumstances"]


class PreferenceSent(Sent):
    """Something that somebody likes, avoids, needs …, in a few words."""

    kind: PreferenceKind = "likes"
    text: ShortText


class PreferenceChanged(Sent):
    """The same in other words."""

    text: ShortText


class NoteSent(Sent):
    """A note on a customer."""

    text: LongText


class DayOfYear(Sent):
    """A day of every year; the year is told only where somebody wants it known."""

    month: Annotated[StrictInt, Field(ge=1, le=12)]
    day: Annotated[StrictInt, Field(ge=1, le=31)]
    year: Annotated[StrictInt, Field(ge=1850, le=2199)] | None = None


class DateSent(DayOfYear):
    """A day of every year, and what day it is."""

    label: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(sound)]


class AttributeSent(Sent):
    """A value of an attribute that the business defined, of the kind that it has."""

    value: AttributeContent


class IdentitySent(Sent):
    """One more thing that somebody is recognised by."""

    kind: IdentityKind
    value: Annotated[str, Field(min_length=1, max_length=254), AfterValidator(sound)]


@adds("/customers/{customer_id}/preferences", summary="Remember a preference")
def add_preference(
    request: HttpRequest, customer_id: Id, sent: PreferenceSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer | Written]:
    """Remember what somebody likes, avoids, needs, suffers from, is interested in or lives with."""
    write = partial(services.add_preference, kind=sent.kind, text=sent.text)
    return Status(201, write_once(request, idempotency_key, customer_id, write))


@changes("/customers/{customer_id}/preferences/{preference_id}", summary="Change a preference")
def change_preference(
    request: HttpRequest,
    customer_id: Id,
    preference_id: RowId,
    sent: PreferenceChanged,
    idempotency_key: IdempotencyKey,
) -> ProfileAnswer | Written:
    """Put what is remembered in other words."""
    write = partial(services.change_preference, preference_id=preference_id, text=sent.text)
    return write_once(request, idempotency_key, customer_id, write, row=preference_id)


@removes("/customers/{customer_id}/preferences/{preference_id}", summary="Forget a preference")
def remove_preference(
    request: HttpRequest, customer_id: Id, preference_id: RowId, idempotency_key: IdempotencyKey
) -> ProfileAnswer | Written:
    """Forget what is remembered."""
    write = partial(services.remove_preference, preference_id=preference_id)
    return write_once(
        request, idempotency_key, customer_id, write, row=preference_id, is_signed=False
    )


@adds("/customers/{customer_id}/notes", summary="Write a note")
def add_note(
    request: HttpRequest, customer_id: Id, sent: NoteSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer | Written]:
    """Write a note on a customer."""
    write = partial(services.add_note, text=sent.text)
    return Status(201, write_once(request, idempotency_key, customer_id, write))


@changes("/customers/{customer_id}/notes/{note_id}", summary="Change a note")
def change_note(
    request: HttpRequest,
    customer_id: Id,
    note_id: Id,
    sent: NoteSent,
    idempotency_key: IdempotencyKey,
) -> ProfileAnswer | Written:
    """Write a note anew."""
    write = partial(services.change_note, note_id=note_id, text=sent.text)
    return write_once(request, idempotency_key, customer_id, write, row=note_id)


@removes("/customers/{customer_id}/notes/{note_id}", summary="Remove a note")
def remove_note(
    request: HttpRequest, customer_id: Id, note_id: Id, idempotency_key: IdempotencyKey
) -> ProfileAnswer | Written:
    """Remove a note."""
    write = partial(services.remove_note, note_id=note_id)
    return write_once(request, idempotency_key, customer_id, write, row=note_id, is_signed=False)


@adds("/customers/{customer_id}/dates", summary="Remember a day")
def add_date(
    request: HttpRequest, customer_id: Id, sent: DateSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer | Written]:
    """Remember a day of every year, as a birthday."""
    write = partial(services.add_date, **sent.model_dump())
    return Status(201, write_once(request, idempotency_key, customer_id, write))


@changes("/customers/{customer_id}/dates/{date_id}", summary="Change a day")
def change_date(
    request: HttpRequest,
    customer_id: Id,
    date_id: Id,
    sent: DayOfYear,
    idempotency_key: IdempotencyKey,
) -> ProfileAnswer | Written:
    """Put an important date on another day; without a year, none is known."""
    write = partial(services.change_date, date_id=date_id, **sent.model_dump())
    return write_once(request, idempotency_key, customer_id, write, row=date_id)


@removes("/customers/{customer_id}/dates/{date_id}", summary="Forget a day")
def remove_date(
    request: HttpRequest, customer_id: Id, date_id: Id, idempotency_key: IdempotencyKey
) -> ProfileAnswer | Written:
    """Forget an important date."""
    return write_once(
        request,
        idempotency_key,
        customer_id,
        partial(services.remove_date, date_id=date_id),
        row=date_id,
        is_signed=False,
    )


@sets("/customers/{customer_id}/attributes/{key}", summary="Set an attribute")
def set_attribute(
    request: HttpRequest,
    customer_id: Id,
    key: Path[AttributeKey],
    sent: AttributeSent,
    idempotency_key: IdempotencyKey,
) -> ProfileAnswer | Written:
    """Set an attribute that the business defined."""
    write = partial(services.set_attribute, key=key, value=sent.value)
    return write_once(request, idempotency_key, customer_id, write)


@removes("/customers/{customer_id}/attributes/{key}", summary="Forget an attribute")
def remove_attribute(
    request: HttpRequest, customer_id: Id, key: Path[AttributeKey], idempotency_key: IdempotencyKey
) -> ProfileAnswer | Written:
    """Forget what an attribute is of a customer."""
    return write_once(
        request,
        idempotency_key,
        customer_id,
        partial(services.remove_attribute, key=key),
        is_signed=False,
    )


@adds("/customers/{customer_id}/identities", summary="Add an identity")
def add_identity(
    request: HttpRequest, customer_id: Id, sent: IdentitySent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer | Written]:
    """Add something that somebody is recognised by; a stranger who had it was them."""
    write = partial(services.add_identity, kind=sent.kind, value=sent.value, region=region())
    return Status(201, write_once(request, idempotency_key, customer_id, write))


@removes("/customers/{customer_id}/identities/{identity_id}", summary="Take an identity away")
def remove_identity(
    request: HttpRequest, customer_id: Id, identity_id: RowId, idempotency_key: IdempotencyKey
) -> ProfileAnswer | Written:
    """Take an identity away; it is free for another customer then."""

    def take_away(*, customer_id: UUID) -> None:
        kind, value = identity_of(customer_id, identity_id)
        services.remove_identity(customer_id=customer_id, kind=kind, value=value, region=None)

    return write_once(
        request, idempotency_key, customer_id, take_away, row=identity_id, is_signed=False
    )
