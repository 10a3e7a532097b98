"""What this room holds of a person: nothing in its tables; see `regulars.people.held`.

Its files may; they go when somebody is erased (`regulars.jobs.sweeping`).
"""

from collections.abc import Mapping

from regulars.people.held import Held

HELD: Mapping[str, Held] = {}
IMPERSONAL: Mapping[str, str] = {
    "Fetched": "who works here",
    "Job": "who works here, codes and counts",
    "Upload": "who works here",
}
