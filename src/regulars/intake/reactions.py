"""What follows from what: one table.

A reaction is told of events of a type that were just written, in the order of the log, and answers with
what follows, each with the id of the one that it follows from: events, which only intake writes, and
effects elsewhere, which it wrote. Of several events there follows what would stand after one after another.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from regulars.care.services import returned_after_silence, thank_for_first_friend
from regulars.stream.queries import Effect
from regulars.stream.services import NewEvent

Reaction = Callable[..., Sequence[tuple[UUID, NewEvent | Effect]]]

REACTIONS: Mapping[str, tuple[Reaction, ...]] = {
    "purchase.completed": (returned_after_silence,),
    "visit.recorded": (returned_after_silence,),
    "referral.recorded": (thank_for_first_friend,),
}
