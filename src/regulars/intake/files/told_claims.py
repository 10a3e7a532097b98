"""Which claims of who sent whom the log has, by whole persons, whoever told them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulars.people.queries import everyone, kept_ids
from regulars.stream.models import REFERRAL, Event


@dataclass
class ToldClaim:
    """That somebody sent somebody, as it was told so far.

    Attributes:
        moments: When that was, by each who told it.
        is_taken_back: Whether somebody said that it is wrong.
    """

    moments: set[datetime] = field(default_factory=set)
    is_taken_back: bool = False


def told_claims(friends: Iterable[UUID]) -> Mapping[tuple[UUID, UUID], ToldClaim]:
    """The claims about some friends, by who is shown for the sender and for the friend."""
    persons = everyone(friends)
    events = list(Event.told.filter(type=REFERRAL, customer_id__in=persons))
    shown = kept_ids(UUID(one.data["sender_id"]) for one in events)
    wrong = set(
        Event.told.filter(
            replaces__in=[one.id for one in events], customer_id__isnull=True
        ).values_list("replaces", flat=True)
    )
    found: dict[tuple[UUID, UUID], ToldClaim] = defaultdict(ToldClaim)
    for one in events:
        if one.customer_id is not None:
            claim = found[shown[UUID(one.data["sender_id"])], persons[one.customer_id]]
            claim.moments.add(one.occurred_at)
            claim.is_taken_back |= one.id in wrong
    return found
