"""Keeping others from changing the same message until a transaction ends."""

from uuid import UUID

from regulars.outreach.models import Message
from regulars.people.services.holding import hold


def held(message_id: UUID) -> Message | None:
    """A message that nobody else changes, or None where it is gone.

    The people are held first, as whoever erases them does it, so that neither waits for the other.
    """
    people = ("customer_id", "reader_id", "address__customer_id")
    found = Message.objects.filter(id=message_id).values_list(*people).first()
    if found is None:
        return None
    hold(*(one for one in found if one is not None))
    return Message.objects.select_for_update(of=("self",)).filter(id=message_id).first()
