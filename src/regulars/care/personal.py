"""What this room holds of a person; see `regulars.people.held`."""

from collections.abc import Mapping

from regulars.care.models import Task
from regulars.people.held import Held

HELD: Mapping[str, Held] = {
    "tasks": Held(
        model=Task,
        fields=("customer_id", "about_id", "kind", "due_on", "created_at", "done_at", "done_by"),
        emptied=("about_id",),
    ),
}
IMPERSONAL: Mapping[str, str] = {"Task.id": "a number of ours"}
