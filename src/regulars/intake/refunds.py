"""Whose a refund is that names a receipt and nobody: theirs whose the purchase is, whichever is told first.

Every till has numbers of its own, so a purchase of the refund's own source is meant (of what files tell, see
`regulars.stream.refunding.meant_source`). A till may begin its numbers anew
each day: of several purchases under one number it is the latest before the refund.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from regulars.intake.incoming import Incoming
from regulars.people.queries import present_of
from regulars.stream.models import Event
from regulars.stream.queries import ordered
from regulars.stream.refunding import meant_source
from regulars.stream.types import Facts

Receipt = tuple[str, str]  # source and number
NUMBER_OF = {"purchase.completed": "order_id", "purchase.refunded": "refund_of"}


def order_of(one: Incoming) -> str | None:
    """The order that was bought, or that is given back."""
    field = NUMBER_OF.get(one.type)
    if field is None:
        return None
    said = getattr(one.data, field) if isinstance(one.data, Facts) else one.data.get(field)
    return said if isinstance(said, str) and said else None


def receipt_of(one: Incoming) -> Receipt | None:
    """The receipt that something tells of."""
    order = order_of(one)
    return None if order is None else (one.source, order)


def given_back_of(moment: datetime, purchases: Sequence[Event]) -> Event | None:
    """Which of some purchases under one number a refund gives back, in whatever order all of them were told.

    Args:
        moment: When it was given back.
        purchases: That stand, of one source.

    Returns:
        The latest that was not after it, else the earliest after it; of one moment, the last by key. None where
        there is none.
    """
    before = [one for one in purchases if one.occurred_at <= moment]
    if before:
        return max(before, key=lambda one: (one.occurred_at, one.told_key))
    if not purchases:
        return None
    first = min(one.occurred_at for one in purchases)
    return max((one for one in purchases if one.occurred_at == first), key=lambda one: one.told_key)


class Bought:
    """What was bought by some numbers of orders, as the log says."""

    def __init__(self, numbers: Collection[str]) -> None:
        self.purchases: dict[Receipt, list[Event]] = defaultdict(list)
        self.sources: dict[str, set[str]] = defaultdict(set)
        for one in ordered(numbers):
            number = one.data["order_id"]
            self.purchases[one.source, number].append(one)
            self.sources[number].add(one.source)
        bought = (one for some in self.purchases.values() for one in some)
        self.present = present_of({one.customer_id for one in bought if one.customer_id})

    def meant(self, source: str, number: str) -> Sequence[Event]:
        """The purchases that a source means by a number."""
        told_by = meant_source(source, self.sources.get(number, ()))
        return self.purchases.get((told_by, number), ())

    def whose(self, refund: Event) -> UUID | None:
        """Whose a refund is that goes with its purchase; nobody's where that is, or of somebody who was erased.

        What was theirs before they were erased stays so.
        """
        told = self.meant(refund.source, refund.data["refund_of"])
        purchase = given_back_of(refund.occurred_at, told)
        who = None if purchase is None else purchase.customer_id
        return who if who in self.present or who == refund.customer_id else None


def told_of_nobody_since(moment: datetime) -> set[Receipt]:
    """The receipts of refunds that were told of nobody from a moment on."""
    found = _of_nobody().filter(recorded_at__gte=moment).values_list("source", "data__refund_of")
    return {(source, number) for source, number in found if number}


def numbers_told_of_nobody(source: str) -> list[str]:
    """The orders of which a source ever told refunds of nobody."""
    found = _of_nobody().filter(source=source).values_list("data__refund_of", flat=True)
    return sorted({number for number in found if number})


def _of_nobody() -> QuerySet[Event]:
    return Event.told.filter(type="purchase.refunded", customer_id=None, replaces=None)
