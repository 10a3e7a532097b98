"""Who may be contacted: consent, what forbids it, the one gate, and what was sent by others."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Status
from pydantic import AfterValidator, Field, StrictBool

from regulars.api.profiles import ProfileAnswer, write_once
from regulars.api.requests import IdempotencyKey, KeyWith
from regulars.api.routes import ADDED, CHANGED, problems
from regulars.api.schemas import Answer, Sent, Written
from regulars.kernel.faults import Moment, sound
from regulars.people import services
from regulars.people.contact import may_contact
from regulars.people.permission import Channel, Purpose

router = Router(tags=["Who may be contacted"])
READ, WRITE = KeyWith("customers:read"), KeyWith("customers:write")
Id = Path[UUID]
adds = partial(router.post, auth=WRITE, response={201: ProfileAnswer | Written, **ADDED})
removes = partial(router.delete, auth=WRITE, response={200: ProfileAnswer | Written, **CHANGED})
ToContact = Literal["news", "care", "survey", "community", "confirmation"]


class ConsentSent(Sent):
    """Somebody's word on being contacted: given or withdrawn, with what they were asked.

    Who withdraws may have been shown no text.
    """

    purpose: Literal["news", "care", "survey", "community", "profile"]
    channel: Channel | Literal[""]
    given: StrictBool
    text_version: Annotated[str, Field(max_length=40), AfterValidator(sound)] = ""
    proof: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(sound)]
    said_at: Moment


class SuppressionSent(Sent):
    """Somebody must not be contacted: on a channel, or "" for all; a bounce closes their addresses there."""

    channel: Channel | Literal[""] = ""
    reason: Literal["bounce", "complaint", "never"]


class ContactSent(Sent):
    """Somebody was written to or called, by you: it counts in the one budget."""

    purpose: ToContact
    channel: Channel


class MayContactAnswer(Answer):
    """Whether somebody may be contacted now, and why."""

    allowed: bool
    reason: str
    sentence: str
    again_at: datetime | None


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


@adds("/customers/{customer_id}/consents", summary="Record consent")
def record_consent(
    request: HttpRequest, customer_id: Id, sent: ConsentSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer | Written]:
    """Record that somebody agreed, or withdrew; what they said before stays on record."""
    write = partial(services.record_consent, **sent.model_dump())
    return Status(201, write_once(request, idempotency_key, customer_id, write))


@adds("/customers/{customer_id}/suppressions", summary="Forbid to contact somebody")
def suppress(
    request: HttpRequest, customer_id: Id, sent: SuppressionSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer | Written]:
    """Forbid to contact somebody, whatever they agreed to: a bounce, a complaint, “never again”."""
    write = (
        partial(services.suppress_addresses, channel=sent.channel)
        if sent.reason == "bounce"
        else partial(services.suppress, channel=sent.channel, reason=sent.reason)
    )
    return Status(201, write_once(request, idempotency_key, customer_id, write))


@removes("/customers/{customer_id}/suppressions/{suppression_id}", summary="Lift a suppression")
def lift_suppression(
    request: HttpRequest, customer_id: Id, suppression_id: Id, idempotency_key: IdempotencyKey
) -> ProfileAnswer | Written:
    """End a suppression; that it stood remains on record."""
    write = partial(services.lift_suppression, suppression_id=suppression_id)
    return write_once(request, idempotency_key, customer_id, write, row=suppression_id)


@adds("/customers/{customer_id}/contacts", summary="Record that somebody was contacted")
def record_contact(
    request: HttpRequest, customer_id: Id, sent: ContactSent, idempotency_key: IdempotencyKey
) -> Status[ProfileAnswer | Written]:
    """Record that you wrote to somebody or called them, so that the one budget counts it."""
    write = partial(services.record_contact, purpose=sent.purpose, channel=sent.channel)
    return Status(201, write_once(request, idempotency_key, customer_id, write))
