"""Everything about a person, what was written to them included."""

from collections.abc import Mapping

from regulars.outreach.models import Message, Question
from regulars.people.export import EXPORTED as OF_PEOPLE
from regulars.people.export import Exported

EXPORTED: Mapping[str, Exported] = {
    **OF_PEOPLE,
    "messages": Exported(
        model=Message,
        fields=(
            *("customer_id", "kind", "purpose", "language", "subject", "text", "written_at"),
            *("written_by", "state", "reason", "changed_at", "sent_at", "address__value"),
        ),
    ),
    "questions": Exported(
        model=Question,
        fields=("message__customer_id", "message__purpose", "expires_at", "answered_at", "text"),
        whose=("message__customer_id",),
    ),
}
# Fields of these tables that tell nothing of a customer.
IMPERSONAL: Mapping[str, str] = {
    "MailAccount": "the business's own",
    "Message.id": "a number of ours",
    "Message.contact_id": "a number of ours",
}
