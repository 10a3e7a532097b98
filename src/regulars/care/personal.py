"""What this room holds of a person; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.care.listing import settle_whole
from regulars.care.models import Task
from regulars.people.held import Held

HELD: Mapping[str, Held] = {
    "tasks": Held(
        model=Task,
        fields=(
            *("customer_id", "about_id", "event_id", "kind", "due_on"),
            *("created_at", "done_at", "done_by", "withdrawn_at"),
        ),
        emptied=("about_id",),
    ),
}
WHOLE = settle_whole  # once they are one person, or two again
IMPERSONAL: Mapping[str, str] = {"Task.id": "a number of ours"}
