"""Reads of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.outreach.consent_texts import consent_text
from regulars.outreach.links import message_of
from regulars.outreach.models import Message, Question
from regulars.people.permission import PURPOSES
from regulars.people.queries import business, ids_of

SHOWN = 20


def messages_to(customer_id: UUID) -> tuple[Message, ...]:
    """The latest messages to a person, the latest first."""
    found = Message.objects.filter(customer_id__in=ids_of(customer_id)).select_related(
        "customer", "question"
    )
    return tuple(found.order_by("-written_at", "-id")[:SHOWN])


def not_sent(*, most: int = SHOWN) -> Sequence[Message]:
    """Messages that could not be sent and might be, once somebody looked into it; the latest first."""
    found = Message.objects.filter(state=Message.FAILED).select_related("customer")
    return tuple(found.order_by("-changed_at", "-id")[:most])


def how_many_wait() -> int:
    """How many messages wait to be sent."""
    return Message.objects.filter(state=Message.WAITING).count()


@dataclass(frozen=True)
class Asked:
    """A question for consent, as its reader sees it.

    Attributes:
        business: Who asks.
        text: What they agree to; what they agreed to, as they were shown it.
        is_answered: Whether they have.
    """

    business: str
    text: str
    is_answered: bool


def asked(message_id: UUID, *, now: datetime) -> Asked | None:
    """A question as it stands, in the language in use; None where it can be answered no more."""
    house = business()
    found = Question.objects.filter(message_id=message_id).select_related("message").first()
    if found is None or house is None:
        return None
    if found.answered_at is not None:
        return Asked(house.name, found.text, is_answered=True)
    if found.expires_at <= now or found.message.address_id is None:
        return None
    purpose = next(one for one in PURPOSES if one == found.message.purpose)
    return Asked(house.name, consent_text(purpose, business=house.name), is_answered=False)


def language_of(what: str, token: str) -> str:
    """The language of the message that a link came in, or "" where that cannot be told."""
    found = message_of(what, token)
    if found is None:
        return ""
    known = Message.objects.filter(id=found).values_list("language", flat=True).first()
    return known or ""
