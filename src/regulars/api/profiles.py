"""What is remembered of a person, as it is answered, and writing it once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router

from regulars.api.requests import KeyWith, actor_of, may, once
from regulars.api.routes import problems
from regulars.api.schemas import Answer, Written
from regulars.people.audit import looked_at
from regulars.people.queries import present_ids, profile

router = Router(tags=["What is remembered"])
Row = TypeVar("Row", bound=Answer)
Ids = Mapping[str, UUID | int]


class KnownIdentity(Answer):
    """What somebody is recognised by."""

    id: int
    kind: str
    value: str


class PreferenceAnswer(Answer):
    """What somebody likes, avoids, needs …: who said so, and when."""

    id: int
    kind: str
    text: str
    said_by: str
    said_at: datetime


class NoteAnswer(Answer):
    """A note: who wrote it, and when."""

    id: UUID
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
    said_by: str
    said_at: datetime


class AttributeAnswer(Answer):
    """The latest word on an attribute."""

    key: str
    value: Any
    said_by: str
    said_at: datetime


class ConsentAnswer(Answer):
    """The latest word on a purpose and a channel, with what was agreed to and how."""

    purpose: str
    channel: str
    given: bool
    text_version: str
    proof: str
    said_at: datetime


class SuppressionAnswer(Answer):
    """What forbids to contact somebody: on a channel, or "" for all."""

    id: UUID
    channel: str
    reason: str
    since: datetime


class ProfileAnswer(Answer):
    """Everything that is remembered of a person; of customers who were merged, together."""

    customer_id: UUID
    name: str
    other_names: tuple[str, ...]
    language: str
    location_id: UUID | None
    known_since: datetime
    is_prospect: bool
    identities: tuple[KnownIdentity, ...]
    preferences: tuple[PreferenceAnswer, ...]
    notes: tuple[NoteAnswer, ...]
    dates: tuple[DateAnswer, ...]
    attributes: tuple[AttributeAnswer, ...]
    consents: tuple[ConsentAnswer, ...]
    suppressions: tuple[SuppressionAnswer, ...]


@router.get(
    "/customers/{customer_id}/profile",
    auth=KeyWith("customers:read"),
    response={200: ProfileAnswer, **problems(404, 410, 422)},
    summary="Read what is remembered",
)
def read_profile(request: HttpRequest, customer_id: Path[UUID]) -> ProfileAnswer:
    """Read everything that is remembered of a person, with who said so and when."""
    return read_by(request, customer_id)


def write_once(
    request: HttpRequest,
    idempotency_key: str,
    customer_id: UUID,
    write: Callable[..., object],
    *,
    row: UUID | int | None = None,
    is_signed: bool = True,
) -> ProfileAnswer | Written:
    """Writes something about a customer, once, and answers with what is remembered then, or with what was written.

    Args:
        request: With its key.
        idempotency_key: As it was sent.
        customer_id: Of whom.
        write: A service that lacks nothing but of whom, who says so and when; it may return the id of what it adds.
        row: The id of what is changed.
        is_signed: Whether the service takes who says so and when; not where nothing of it stays.
    """

    def act(now: datetime) -> Ids:
        signed = {"actor": actor_of(request), "now": now} if is_signed else {}
        made = write(customer_id=customer_id, **signed)
        return _ids(customer_id, row or made)

    return written(request, once(request, idempotency_key, act))


def _ids(customer_id: UUID, row: object) -> Ids:
    return {"customer": customer_id} | ({"row": row} if isinstance(row, UUID | int) else {})


def written(request: HttpRequest, ids: Mapping[str, Any]) -> ProfileAnswer | Written:
    """What a write is answered with: everything that is remembered only where the key may read it, and on record."""
    if may(request, "customers:read"):
        return read_by(request, ids["customer"])
    return Written(customer_id=present_ids(ids["customer"])[0], id=ids.get("row"))


def read_by(request: HttpRequest, customer_id: UUID) -> ProfileAnswer:
    """What is remembered of a person, and that a program read it."""
    found = profile_of(customer_id)
    looked_at(customer_id=found.customer_id, actor=actor_of(request), now=timezone.now())
    return found


def profile_of(customer_id: UUID) -> ProfileAnswer:
    """What is remembered of a person, as it is answered."""
    found = profile(customer_id)
    return ProfileAnswer(
        customer_id=found.customer_id,
        name=found.name,
        other_names=found.other_names,
        language=found.language,
        location_id=found.location.id if found.location else None,
        known_since=found.known_since,
        is_prospect=found.is_prospect,
        identities=_answers(KnownIdentity, found.identities),
        preferences=_answers(PreferenceAnswer, found.preferences),
        notes=_answers(NoteAnswer, found.notes),
        dates=_answers(DateAnswer, found.dates),
        attributes=tuple(
            AttributeAnswer(
                key=one.attribute.key, value=one.value, said_by=one.said_by, said_at=one.said_at
            )
            for one in found.attributes
        ),
        consents=_answers(ConsentAnswer, found.consents),
        suppressions=_answers(SuppressionAnswer, found.suppressions),
    )


def _answers(kind: type[Row], rows: Iterable[object]) -> tuple[Row, ...]:
    """Rows as they are answered: what an answer holds is called as it is in the table."""
    return tuple(kind.model_validate(one, from_attributes=True) for one in rows)
