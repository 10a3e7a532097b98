"""Refunds of more than was bought: recorded as they are told, and said."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db import connection

from regulars.stream.models import Event
from regulars.stream.sql import BOUGHT_AND_REFUNDED

ASKED_AT_ONCE = 400
REFUND_EXCEEDS_PURCHASE: Final = "refund_exceeds_purchase"


Order = tuple[str, str, str]  # source, number and currency


def orders_given_back(events: Iterable[Event]) -> dict[UUID, Order]:
    """Of some events, the refunds that name their order, each with it."""
    return {
        one.id: (one.source, one.data["refund_of"], one.data["total"]["currency"])
        for one in events
        if one.type == "purchase.refunded" and one.data.get("refund_of")
    }


def refunded_beyond(refunds: Mapping[UUID, Order]) -> frozenset[UUID]:
    """Those of some refunds that are of orders of which more was given back than was bought.

    Every refund of such an order is meant, by whoever it was brought back. Each source has numbers of its
    own; where the log has no purchase of the number in the same currency, nobody can tell.

    Args:
        refunds: By id, the order that each gives back.
    """
    beyond = _beyond({order for _, order, _ in refunds.values()})
    return frozenset(one for one, order in refunds.items() if order in beyond)


def _beyond(orders: Collection[str]) -> set[Order]:
    """Of some numbers of orders, the orders of which more was given back than was bought."""
    bought: set[Order] = set()
    left: dict[Order, int] = defaultdict(int)
    asked = sorted(orders)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        places = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(BOUGHT_AND_REFUNDED.format(places=places), [*some, *some])
            for source, number, currency, amount, is_bought in cursor.fetchall():
                left[source, number, currency] += amount
                if is_bought:
                    bought.add((source, number, currency))
    return {order for order in bought if left[order] < 0}
