"""What this room holds of a person; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.api.models import AnsweredRequest
from regulars.people.held import Held

HELD: Mapping[str, Held] = {
    "requests": Held(
        model=AnsweredRequest,
        fields=("ids", "key__name", "created_at"),
        whose=("ids__customer",),
        stays="ids and times, for two days: so that the same request does not make them anew",
    ),
}
IMPERSONAL: Mapping[str, str] = {
    "AnsweredRequest.id": "a number of ours",
    "AnsweredRequest.idempotency_key": "a digest that only the key which asked can make",
    "AnsweredRequest.fingerprint": "a digest that only the key which asked can make",
}
