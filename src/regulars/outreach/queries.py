"""Reads of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q

from regulars.outreach.consent_texts import consent_text
from regulars.outreach.links import message_of, who_agrees
from regulars.outreach.models import Message, Question
from regulars.people.contact import addresses, is_forbidden, may_contact
from regulars.people.permission import PURPOSES
from regulars.people.queries import business, ids_of
from regulars.people.queries.consents import latest_consent

Standing = Literal["asked", "agreed", "left", "over", "silent"]
SHOWN = 20
# Sooner or later, what they agreed to comes.
WRITTEN_TO = ("allowed", "quiet_hours", "contact_budget")


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
        standing: ``asked`` may be answered. ``agreed``, and they are written to. ``left`` took the yes back and may
            say it again; ``over`` did, and it is too late for this link. ``silent`` wants nothing by e-mail.
    """

    business: str
    text: str
    standing: Standing


def asked(message_id: UUID, *, now: datetime) -> Asked | None:
    """A question as it stands, in the language in use; None where it can be answered no more."""
    house = business()
    found = Question.objects.filter(message_id=message_id).select_related("message").first()
    stands = None if found is None else question_stands(found, now=now)
    if found is None or house is None or stands is None:
        return None
    purpose = next(one for one in PURPOSES if one == found.message.purpose)
    shown = found.text if stands == "agreed" else consent_text(purpose, business=house.name)
    return Asked(house.name, shown, stands)


def question_stands(question: Question, *, now: datetime) -> Standing | None:
    """How a question stands, by all that its reader said since; None where it can be answered no more."""
    message = question.message
    customer = who_agrees(message)
    if customer is None:
        return None
    ids = ids_of(customer)
    purpose = next(one for one in PURPOSES if one == message.purpose)
    if is_forbidden(ids, "email"):
        return "silent"
    is_answered = question.answered_at is not None
    gate = may_contact(customer_id=customer, purpose=purpose, channel="email", now=now)
    if is_answered and gate.reason in WRITTEN_TO:
        return "agreed"
    word = latest_consent(ids, purpose, "email")
    has_left = word is not None and not word.given  # who is asked has said no to it since
    if question.expires_at > now and message.address in addresses(ids, "email"):
        return "left" if has_left else "asked"
    return "over" if has_left else None


def is_answered_or_asked(question: Message) -> bool:
    """Whether what a question asks that waits was said, or was asked before by another.

    Since it was written, whom it is to may have become one person with somebody who was asked as well: the first
    goes out.
    """
    ids = ids_of(question.customer_id)
    there = addresses(ids, "email")
    word = latest_consent(ids, question.purpose, "email")
    if word is not None and (
        not word.given or word.identity_id in (None, *(one.id for one in there))
    ):
        return True
    others = Message.objects.filter(kind=Message.QUESTION, purpose=question.purpose).exclude(
        id=question.id
    )
    before = Q(customer_id__in=ids, state=Message.WAITING, id__lt=question.id)
    return others.filter(before | Q(state=Message.SENT, address__in=there)).exists()


def language_of(what: str, token: str) -> str:
    """The language of the message that a link came in, or "" where that cannot be told."""
    found = message_of(what, token)
    if found is None:
        return ""
    known = Message.objects.filter(id=found).values_list("language", flat=True).first()
    return known or ""
