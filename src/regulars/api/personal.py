"""What this room holds of a person; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.api.models import AnsweredRequest
from regulars.people.held import Held

HELD: Mapping[str, Held] = {
    "requests": Held(
        model=AnsweredRequest,
        fields=("ids", "key__name", "idempotency_key", "created_at"),
        whose=("ids__customer",),
    ),
}
IMPERSONAL: Mapping[str, str] = {
    "AnsweredRequest.id": "a number of ours",
    "AnsweredRequest.fingerprint": "a digest of what was asked",
}
