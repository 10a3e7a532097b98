"""What the console notes: a refund is known there by the key of its purchase, which may have no number.

A purchase may be nobody's, somebody's and another's in turn, each time by an id of its own. So the key has the id that
it was told by first, and what was noted of it is found whose ever it is.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from regulars.stream.models import Event

SOURCE = "console"
ASKED_AT_ONCE = 100


def refund_key(purchase: Event, form: UUID) -> str:
    """By which the log knows a refund of a purchase, as one form tells it."""
    return f"{_begin(_told_first([purchase])[purchase.id])}{form}"


def noted_refunds(purchases: Collection[Event]) -> dict[UUID, list[Event]]:
    """What was noted of some purchases as given back, by the id of the purchase, the first first.

    Args:
        purchases: As they stand in the log now.
    """
    # Of what was nobody's all the time nothing can have been noted.
    asked = [one for one in purchases if one.customer_id or one.replaces]
    found: dict[UUID, list[Event]] = {}
    for start in range(0, len(asked), ASKED_AT_ONCE):
        first = _told_first(asked[start : start + ASKED_AT_ONCE])
        begins = {_begin(told): one for one, told in first.items()}
        any_of = Q()
        for begin in begins:
            any_of |= Q(key__startswith=begin)
        for refund in Event.objects.filter(any_of, source=SOURCE).order_by("position"):
            found.setdefault(begins[refund.key[: len(_begin(refund.id))]], []).append(refund)
    return found


def _told_first(purchases: Collection[Event]) -> dict[UUID, UUID]:
    """The ids by which purchases were told first, by those by which they stand."""
    claimed = [one for one in purchases if one.replaces]
    told = Event.told.filter(
        source__in={one.source for one in claimed}, key__in={one.told_key for one in claimed}
    )
    ids = {(source, key): one for source, key, one in told.values_list("source", "key", "id")}
    return {one.id: ids[one.source, one.told_key] if one.replaces else one.id for one in purchases}


def _begin(told: UUID) -> str:
    return f"refund:{told}:"
