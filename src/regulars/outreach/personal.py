"""What this room holds of a person; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.outreach.models import Message, Question
from regulars.people.held import Held

HELD: Mapping[str, Held] = {
    "messages": Held(
        model=Message,
        fields=(
            *("customer_id", "kind", "purpose", "language", "subject", "text", "written_at"),
            *("written_by", "state", "reason", "changed_at", "sent_at", "address__value"),
        ),
        emptied=("reader_id",),
    ),
    "questions": Held(
        model=Question,
        fields=("message__customer_id", "message__purpose", "expires_at", "answered_at", "text"),
        whose=("message__customer_id",),
    ),
}
# Fields of these tables that tell nothing of a customer.
IMPERSONAL: Mapping[str, str] = {
    "EmployeeMail": "who works here",
    "MailAccount": "the business's own",
    "OutboxRow": "ids of messages, codes and times",
    "Message.id": "a number of ours",
    "Message.contact_id": "a number of ours",
    "Message.reader": "a number of ours, of them or of who was taken for them",
}
