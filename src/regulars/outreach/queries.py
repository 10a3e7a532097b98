"""Reads of messages."""

from collections.abc import Sequence
from uuid import UUID

from regulars.outreach.models import Message
from regulars.people.queries import ids_of

SHOWN = 20


def messages_to(customer_id: UUID) -> tuple[Message, ...]:
    """The latest messages to a person, the latest first."""
    found = Message.objects.filter(customer_id__in=ids_of(customer_id))
    return tuple(found.order_by("-written_at", "-id")[:SHOWN])


def not_sent(*, most: int = SHOWN) -> Sequence[Message]:
    """Messages that could not be sent and might be, once somebody looked into it; the latest first."""
    found = Message.objects.filter(state=Message.FAILED).select_related("customer")
    return tuple(found.order_by("-changed_at", "-id")[:most])


def how_many_wait() -> int:
    """How many messages wait to be sent."""
    return Message.objects.filter(state=Message.WAITING).count()
