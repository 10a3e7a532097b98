"""Refunds of more than was bought: recorded as they are told, and said."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from django.db import connection

from regulars.stream.models import Event
from regulars.stream.sql import BOUGHT_AND_REFUNDED

ASKED_AT_ONCE = 400
REFUND_EXCEEDS_PURCHASE: Final = "refund_exceeds_purchase"
FILES, CONSOLE = "file", "console"
NUMBERS_OF_OTHERS = (FILES, CONSOLE)


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
    numbers = {number for _, number, _ in refunds.values()}
    left: dict[Order, int] = defaultdict(int)
    bought: set[Order] = set()
    sources: dict[str, set[str]] = defaultdict(set)
    back: list[tuple[Order, int]] = []
    for source, number, currency, amount, is_bought in _told_of(numbers):
        if is_bought:
            bought.add((source, number, currency))
            sources[number].add(source)
        back.append(((source, number, currency), amount))
    for order, amount in back:
        left[meant_order(order, sources)] += amount
    return frozenset(
        one
        for one, order in refunds.items()
        if (meant := meant_order(order, sources)) in bought and left[meant] < 0
    )


def meant_source(source: str, sources: Collection[str]) -> str:
    """Whose number of an order is meant by a source.

    Every source has numbers of its own. But what files tell, and the console notes, may be of a till's orders: where
    the source has no purchase of the number itself, and one other alone has, that is meant.

    Args:
        source: Who tells of the order.
        sources: Who told of purchases by its number.
    """
    if source not in NUMBERS_OF_OTHERS or source in sources or len(sources) != 1:
        return source
    (only,) = sources
    return only


def meant_order(order: Order, sources: Mapping[str, Collection[str]]) -> Order:
    """An order as the source has it whose it is; see `meant_source`."""
    source, number, currency = order
    return meant_source(source, sources.get(number, ())), number, currency


def _told_of(orders: Collection[str]) -> Iterator[tuple[str, str, str, int, bool]]:
    """What was bought and given back by some numbers of orders; see `BOUGHT_AND_REFUNDED`."""
    asked = sorted(orders)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = asked[start : start + ASKED_AT_ONCE]
        places = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(BOUGHT_AND_REFUNDED.format(places=places), [*some, *some])
            yield from cursor.fetchall()
