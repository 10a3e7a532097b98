"""Keeping others from changing the same message until a transaction ends, and whose word it brings."""

from uuid import UUID

from regulars.outreach.models import Message
from regulars.people.services.holding import hold


def held(message_id: UUID) -> Message | None:
    """A message that nobody else changes, or None where it is gone.

    The people are held first, as whoever erases them does it, so that neither waits for the other.
    """
    people = ("customer_id", "address__customer_id")
    found = Message.objects.filter(id=message_id).values_list(*people).first()
    if found is None:
        return None
    hold(*(one for one in found if one is not None))
    return Message.objects.select_for_update(of=("self",)).filter(id=message_id).first()


def speaker(message: Message) -> UUID:
    """Whose word comes by a link in a message: whoever has the address now that it went to.

    It may have been written to somebody else, who was one person with them then. Where nobody has the
    address any more it is the word of whom it was written to.
    """
    return message.customer_id if message.address is None else message.address.customer_id
