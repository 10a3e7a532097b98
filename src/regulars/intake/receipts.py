"""What is told again under a key that was told before: the same, or something else.

A till that sends a receipt twice counts once. One that gives a number to two receipts must hear of it,
or the second is lost. What was said is compared: the type, the moment, the data, and whom it is about.
The log holds no identity, so an identity tells that somebody else is meant only where it was another
customer's before the event was recorded; the same event again is never taken for another one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from regulars.intake.blame import blamed
from regulars.intake.errors import ReceiptConflict
from regulars.intake.incoming import Incoming
from regulars.kernel.errors import RegularsError
from regulars.people.core import PRIORITY, IdentityKey
from regulars.people.models import Identity
from regulars.people.queries import comparable, kept_ids
from regulars.stream.models import Event
from regulars.stream.services import checked
from regulars.stream.types import event_type

ASKED_AT_ONCE = 500


def check_receipts(repeated: Sequence[tuple[int, Incoming, UUID]], *, region: str | None) -> None:
    """That what was told before says the same now.

    Args:
        repeated: The place among several of what is told, itself, and the event that the log has under its source
            and key.
        region: ISO 3166 of the business, for phones without a country.

    Raises:
        ReceiptConflict: Something is told under the key of something else.
    """
    stored = Event.told.in_bulk([event for _, _, event in repeated], field_name="id")
    # What was taken back is compared as its source told it.
    back = {one.replaces: one.id for one in stored.values() if one.replaces and one.is_taken_back}
    for event in Event.told.filter(id__in=list(back)) if back else ():
        stored[back[event.id]] = event
    events = [(one, stored[event]) for _, one, event in repeated]
    surest = [_surest(one, region) for one, _ in events]
    owners = _owners({key for key in surest if key is not None})
    meant: list[UUID | None] = []
    for (one, event), key in zip(events, surest, strict=True):
        if key in owners and owners[key][1] < event.recorded_at:
            meant.append(owners[key][0])
        else:
            meant.append(one.customer_id)
    persons = kept_ids(
        {who for who in meant if who}
        | {event.customer_id for _, event in events if event.customer_id}
    )
    for (place, one, was), who in zip(repeated, meant, strict=True):
        event = stored[was]
        # What is nobody's still was put back from whom it is told of.
        is_they = (
            who is None or event.customer_id is None or persons[who] == persons[event.customer_id]
        )
        if not is_they or not says_the_same(one, event):
            raise blamed(ReceiptConflict(source=one.source, key=one.key), place, "key")


def says_the_same(told: Incoming, event: Event) -> bool:
    """Whether type, moment and data are those of an event of the log, whoever it is about.

    A place that is told by its name is not compared: names of places change.

    Raises:
        UnknownEventType, Fault: What is told cannot be.
    """
    if (told.type, told.occurred_at) != (event.type, event.occurred_at):
        return False
    kept = dict(event.data)
    if told.location:
        kept.pop("location_id", None)
    return checked(told.type, told.data) == event_type(event.type).facts.model_validate(kept)


def _surest(told: Incoming, region: str | None) -> IdentityKey | None:
    """The identity that decides whom something is about."""
    if told.customer_id or not told.identities:
        return None
    try:
        found = comparable(told.identities, region=region)
    except RegularsError:
        return None  # it was one when the country of the business was another
    return next(((kind, found[kind]) for kind in PRIORITY if kind in found), None)


def _owners(keys: Collection[IdentityKey]) -> dict[IdentityKey, tuple[UUID, datetime]]:
    """Whose identities are, and since when."""
    found: dict[IdentityKey, tuple[UUID, datetime]] = {}
    for kind in PRIORITY:
        values = [value for other, value in keys if other == kind]
        for start in range(0, len(values), ASKED_AT_ONCE):
            asked = Identity.objects.filter(
                kind=kind, value__in=values[start : start + ASKED_AT_ONCE]
            )
            for value, customer, since in asked.values_list("value", "customer_id", "created_at"):
                found[kind, value] = (customer, since)
    return found
