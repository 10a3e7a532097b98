"""Keeping others from changing the same message until a transaction ends."""

from uuid import UUID

from regulars.outreach.models import Message
from regulars.people.services.holding import hold


def held(message_id: UUID) -> Message | None:
    """A message that nobody else changes, or None where it is gone.

    The person is held first, as whoever erases them does it, so that neither waits for the other.
    """
    found = Message.objects.filter(id=message_id).values_list("customer_id", flat=True).first()
    if found is None:
        return None
    hold(found)
    return Message.objects.select_for_update().filter(id=message_id).first()
