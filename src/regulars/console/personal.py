"""What this room holds of a person; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.console.models import SentForm
from regulars.people.held import Held

HELD: Mapping[str, Held] = {
    "forms": Held(model=SentForm, fields=("customer_id", "sent_at")),
}
IMPERSONAL: Mapping[str, str] = {
    "SavedView": "what somebody who works here looks for",
    "SentForm.key": "a number of ours",
    "SentForm.content": "a fingerprint, gone with its row",
}
