"""What is remembered of a customer, their consent, merging and export."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Status
from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt

from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, once
from regulars.api.routes import problems
from regulars.api.schemas import Answer, IdentityAnswer, Sent, Text
from regulars.kernel.faults import Moment, sound
from regulars.people import services
from regulars.people.contact import may_contact
from regulars.people.core import IdentityKind
from regulars.people.export import everything
from regulars.people.permission import Channel, Purpose
from regulars.people.queries import preview_merge, profile, region
from regulars.stream.types import ShortText

router = Router(tags=["What is remembered"])
READ, WRITE = KeyWith("customers:read"), KeyWith("customers:write")
WRITTEN = problems(400, 404, 409, 410, 413, 422)
Id = Path[UUID]
LongText = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(sound)]
PreferenceKind = Literal["likes", "avoids", "needs", "pains", "interests", "circumstances"]


class PreferenceSent(Sent):
    """Something that somebody likes, avoids, needs …, in a few words."""

    kind: PreferenceKind = "likes"
    text: ShortText


class NoteSent(Sent):
    """A note on a customer."""

    text: LongText


class DateSent(Sent):
    """A day of every year; the year is told only where somebody wants it known."""

    label: Text
    month: Annotated[StrictInt, Field(ge=1, le=12)]
    day: Annotated[StrictInt, Field(ge=1, le=31)]
    year: Annotated[StrictInt, Field(ge=1900, le=2199)] | None = None


class AttributeSent(Sent):
    """A value of an attribute that the business defined, of the kind that it has."""

    value: StrictBool | StrictInt | StrictFloat | ShortText


class IdentitySent(Sent):
    """One more thing that somebody is recognised by."""

    kind: IdentityKind
    value: Annotated[str, Field(min_length=1, max_length=254), AfterValidator(sound)]


class ConsentSent(Sent):
    """Somebody's word on being contacted: given or withdrawn, with what they were asked."""

    purpose: Literal["news", "care", "survey", "community", "profile"]
    channel: Channel | Literal[""]
    given: StrictBool
    text_version: Text
    proof: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(sound)]
    said_at: Moment


class MergeSent(Sent):
    """Two customers who are one person."""

    kept_id: UUID
    merged_id: UUID


class Entry(Answer):
    """Something remembered: who said so, and when."""

    id: str
    kind: str
    text: str
    said_by: str
    said_at: datetime


class DateAnswer(Answer):
    """A day of every year."""

    id: UUID
    label: str
    month: int
    day: int
    year: int | None


class AttributeAnswer(Answer):
    """The latest word on an attribute."""

    key: str
    value: Any
    said_by: str
    said_at: datetime


class ConsentAnswer(Answer):
    """The latest word on a purpose and a channel."""

    purpose: str
    channel: str
    given: bool
    said_at: datetime


class ProfileAnswer(Answer):
    """Everything that is remembered of a person; of customers who were merged, together."""

    customer_id: UUID
    name: str
    other_names: tuple[str, ...]
    known_since: datetime
    is_prospect: bool
    identities: tuple[IdentityAnswer, ...]
    preferences: tuple[Entry, ...]
    notes: tuple[Entry, ...]
    dates: tuple[DateAnswer, ...]
    attributes: tuple[AttributeAnswer, ...]
    consents: tuple[ConsentAnswer, ...]


class MayContactAnswer(Answer):
    """Whether somebody may be contacted now, and why."""

    allowed: bool
    reason: str
    sentence: str
    again_at: datetime | None


class MergeAnswer(Answer):
    """A merge that was done."""

    merge_id: UUID
    customer_id: UUID


class UndoneAnswer(Answer):
    """A merge that was undone."""

    merge_id: UUID


class MergePreviewAnswer(Answer):
    """What a merge would bring to the kept customer."""

    kept_name: str
    merged_name: str
    identities: tuple[IdentityAnswer, ...]
    preferences: tuple[str, ...]
    notes: int
    events: dict[str, int]


@router.get(
    "/customers/{customer_id}/profile",
    auth=READ,
    response={200: ProfileAnswer, **problems(404, 410, 422)},
    summary="Read what is remembered",
)
def read_profile(request: HttpRequest, customer_id: Id) -> ProfileAnswer:
    """Read everything that is remembered of a person, with who said so and when."""
    return profile_of(customer_id)


@router.post(
    "/customers/{customer_id}/preferences",
    auth=WRITE,
    response={201: ProfileAnswer, **WRITTEN},
    summary="Remember a preference",
)
def add_preference(
    request: HttpRequest, customer_id: Id, sent: PreferenceSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer]:
    """Remember what somebody likes, avoids, needs, suffers from, is interested in or lives with."""
    return remember(
        request,
        idempotency_key,
        customer_id,
        partial(services.add_preference, kind=sent.kind, text=sent.text),
    )


@router.post(
    "/customers/{customer_id}/notes",
    auth=WRITE,
    response={201: ProfileAnswer, **WRITTEN},
    summary="Write a note",
)
def add_note(
    request: HttpRequest, customer_id: Id, sent: NoteSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer]:
    """Write a note on a customer."""
    return remember(
        request, idempotency_key, customer_id, partial(services.add_note, text=sent.text)
    )


@router.post(
    "/customers/{customer_id}/dates",
    auth=WRITE,
    response={201: ProfileAnswer, **WRITTEN},
    summary="Remember a day",
)
def add_date(
    request: HttpRequest, customer_id: Id, sent: DateSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer]:
    """Remember a day of every year, as a birthday."""
    return remember(
        request, idempotency_key, customer_id, partial(services.add_date, **sent.model_dump())
    )


@router.put(
    "/customers/{customer_id}/attributes/{key}",
    auth=WRITE,
    response={201: ProfileAnswer, **WRITTEN},
    summary="Set an attribute",
)
def set_attribute(
    request: HttpRequest,
    customer_id: Id,
    key: Path[str],
    sent: AttributeSent,
    idempotency_key: IdempotencyKey,
) -> Status[ProfileAnswer]:
    """Set an attribute that the business defined."""
    return remember(
        request,
        idempotency_key,
        customer_id,
        partial(services.set_attribute, key=key, value=sent.value),
    )


@router.post(
    "/customers/{customer_id}/identities",
    auth=WRITE,
    response={201: ProfileAnswer, **WRITTEN},
    summary="Add an identity",
)
def add_identity(
    request: HttpRequest, customer_id: Id, sent: IdentitySent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer]:
    """Add something that somebody is recognised by; a stranger who had it was them."""
    return remember(
        request,
        idempotency_key,
        customer_id,
        partial(services.add_identity, kind=sent.kind, value=sent.value, region=region()),
    )


@router.post(
    "/customers/{customer_id}/consents",
    auth=WRITE,
    response={201: ProfileAnswer, **WRITTEN},
    summary="Record consent",
)
def record_consent(
    request: HttpRequest, customer_id: Id, sent: ConsentSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer]:
    """Record that somebody agreed, or withdrew; what they said before stays on record."""
    return remember(
        request, idempotency_key, customer_id, partial(services.record_consent, **sent.model_dump())
    )


@router.get(
    "/customers/{customer_id}/may-contact",
    auth=READ,
    response={200: MayContactAnswer, **problems(400, 404, 410, 422)},
    summary="Ask whether somebody may be contacted",
)
def ask_may_contact(
    request: HttpRequest,
    customer_id: Id,
    purpose: Annotated[Purpose, Query()],
    channel: Annotated[Channel, Query()],
) -> MayContactAnswer:
    """Ask the one gate: consent, suppression, quiet hours, the contact budget."""
    answer = may_contact(
        customer_id=customer_id, purpose=purpose, channel=channel, now=timezone.now()
    )
    return MayContactAnswer(
        allowed=answer.allowed,
        reason=answer.reason,
        sentence=answer.sentence,
        again_at=answer.again_at,
    )


@router.get(
    "/merges/preview",
    auth=READ,
    response={200: MergePreviewAnswer, **problems(400, 404, 409, 410, 422)},
    summary="See what a merge would bring",
)
def see_merge(
    request: HttpRequest, kept_id: Annotated[UUID, Query()], merged_id: Annotated[UUID, Query()]
) -> MergePreviewAnswer:
    """See what would be read as the kept customer's; nothing is written."""
    seen = preview_merge(kept=kept_id, merged=merged_id)
    return MergePreviewAnswer(
        kept_name=seen.kept_name,
        merged_name=seen.merged_name,
        identities=tuple(IdentityAnswer(kind=kind, value=value) for kind, value in seen.identities),
        preferences=seen.preferences,
        notes=seen.notes,
        events=dict(seen.events),
    )


@router.post(
    "/merges",
    auth=WRITE,
    response={201: MergeAnswer, **WRITTEN},
    summary="Merge two customers",
)
def merge(
    request: HttpRequest, sent: MergeSent, idempotency_key: IdempotencyKey
) -> Status[MergeAnswer]:
    """Say that two customers are one person; it can be undone, and both are restored then."""

    def act(now: datetime) -> Mapping[str, UUID]:
        merged = services.merge(
            kept=sent.kept_id, merged=sent.merged_id, actor=actor_of(request), now=now
        )
        return {"merge": merged, "customer": sent.kept_id}

    done = once(request, idempotency_key, act)
    return Status(201, MergeAnswer(merge_id=done["merge"], customer_id=done["customer"]))


@router.post(
    "/merges/{merge_id}/undo",
    auth=WRITE,
    response={201: UndoneAnswer, **WRITTEN},
    summary="Undo a merge",
)
def undo_merge(
    request: HttpRequest, merge_id: Id, idempotency_key: IdempotencyKey
) -> Status[UndoneAnswer]:
    """Part two customers again; what came in between stays with the identity it came by."""

    def act(now: datetime) -> Mapping[str, UUID]:
        services.unmerge(merge_id=merge_id, actor=actor_of(request), now=now)
        return {"merge": merge_id}

    return Status(201, UndoneAnswer(merge_id=once(request, idempotency_key, act)["merge"]))


@router.get(
    "/customers/{customer_id}/export",
    auth=READ,
    response={200: dict[str, Any], **problems(404, 410, 422)},
    summary="Export everything about somebody",
)
def export(request: HttpRequest, customer_id: Id) -> dict[str, Any]:
    """Read everything that is kept about a person, as they may ask for it."""
    return everything(customer_id)


def remember(
    request: HttpRequest, idempotency_key: str, customer_id: UUID, write: Callable[..., object]
) -> Status[ProfileAnswer]:
    """Writes something about a customer, once, and answers with what is remembered then.

    Args:
        request: With its key.
        idempotency_key: As it was sent.
        customer_id: Of whom.
        write: A service that lacks nothing but of whom, who says so and when.
    """

    def act(now: datetime) -> Mapping[str, UUID]:
        write(customer_id=customer_id, actor=actor_of(request), now=now)
        return {"customer": customer_id}

    done = once(request, idempotency_key, act)
    return Status(201, profile_of(done["customer"]))


def profile_of(customer_id: UUID) -> ProfileAnswer:
    """What is remembered of a person, as it is answered."""
    found = profile(customer_id)
    return ProfileAnswer(
        customer_id=found.customer_id,
        name=found.name,
        other_names=found.other_names,
        known_since=found.known_since,
        is_prospect=found.is_prospect,
        identities=tuple(
            IdentityAnswer(kind=one.kind, value=one.value) for one in found.identities
        ),
        preferences=tuple(
            Entry(
                id=str(one.id),
                kind=one.kind,
                text=one.text,
                said_by=one.said_by,
                said_at=one.said_at,
            )
            for one in found.preferences
        ),
        notes=tuple(
            Entry(
                id=str(one.id), kind="note", text=one.text, said_by=one.said_by, said_at=one.said_at
            )
            for one in found.notes
        ),
        dates=tuple(
            DateAnswer(id=one.id, label=one.label, month=one.month, day=one.day, year=one.year)
            for one in found.dates
        ),
        attributes=tuple(
            AttributeAnswer(
                key=one.attribute.key, value=one.value, said_by=one.said_by, said_at=one.said_at
            )
            for one in found.attributes
        ),
        consents=tuple(
            ConsentAnswer(
                purpose=one.purpose, channel=one.channel, given=one.given, said_at=one.said_at
            )
            for one in found.consents
        ),
    )
