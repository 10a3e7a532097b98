"""What follows from what: one table.

A reaction is told of an event that was just written and answers with events that follow from it; only
intake writes them.
"""

from collections.abc import Callable, Mapping, Sequence

from regulars.care.services import (
    returned_after_silence,
    returned_after_silences,
    thank_for_first_friend,
    thank_for_first_friends,
)
from regulars.stream.services import NewEvent

Reaction = Callable[..., Sequence[NewEvent]]

REACTIONS: Mapping[str, tuple[Reaction, ...]] = {
    "purchase.completed": (returned_after_silence,),
    "visit.recorded": (returned_after_silence,),
    "referral.recorded": (thank_for_first_friend,),
}

# Of the same outcome, for the many events that a file brings in the order in which they happened.
REACTIONS_TO_MANY: Mapping[str, tuple[Reaction, ...]] = {
    "purchase.completed": (returned_after_silences,),
    "visit.recorded": (returned_after_silences,),
    "referral.recorded": (thank_for_first_friends,),
}
