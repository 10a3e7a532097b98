"""What this room holds of a person: nothing in its tables; see `regulars.people.held`.

Its files may; they go when somebody is erased.
"""

from collections.abc import Mapping

from regulars.jobs.sweeping import sweep_after_erasure
from regulars.people.held import Held

HELD: Mapping[str, Held] = {}
ERASED = sweep_after_erasure
IMPERSONAL: Mapping[str, str] = {
    "Fetched": "who works here",
    "Job": "who works here, codes and counts",
    "Upload": "who works here",
}
