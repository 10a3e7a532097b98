"""Since when whole persons are known, as it is kept with them so that lists can be put in its order."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from regulars.people.models import Customer
from regulars.people.queries.knowing import reckoned
from regulars.people.services.holding import hold_shown
from regulars.people.sql import KNOWN_EARLIER, KNOWN_LATER
from regulars.stream.hot import as_id, rows, stored

HELD_AT_ONCE = 500


def known_from(told: Mapping[UUID, datetime]) -> None:
    """Has customers be known since earlier moments, if that is earlier; to be called inside a transaction.

    Args:
        told: Something that tells of them, by whichever of their ids.
    """
    if not told:
        return
    asked = json.dumps([(stored(one), stored(moment)) for one, moment in told.items()])
    later = sorted(as_id(one) for (one,) in rows(KNOWN_LATER, (asked,)))
    # Who is held is nobody else's part meanwhile, and whoever was made so a moment ago is seen.
    for start in range(0, len(later), HELD_AT_ONCE):
        hold_shown(later[start : start + HELD_AT_ONCE])
    if later:
        rows(KNOWN_EARLIER, (asked,))


def reckon(customer_ids: Collection[UUID]) -> None:
    """Reckons anew since when some are known, who may have lost what told of them; inside a transaction.

    Args:
        customer_ids: Of those who are shown, or were merged.
    """
    ids = sorted(set(customer_ids))
    for start in range(0, len(ids), HELD_AT_ONCE):
        hold_shown(ids[start : start + HELD_AT_ONCE])
    for customer, moment in reckoned(ids).items():
        Customer.objects.filter(id=customer).update(known_since=moment)
