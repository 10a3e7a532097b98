"""What files tell to have been given back of an order that was nobody's at first, or that the console noted too.

The order stands under the source that told it, a till's perhaps. Its refunds are told under that source, too, so that
they are held against what was bought; and of a sum counts what is more than the log has of the order.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from regulars.intake.files.draft import Draft
from regulars.intake.files.growing import more_than
from regulars.people.queries import kept_ids
from regulars.stream.bulk import known_totals
from regulars.stream.models import Event
from regulars.stream.queries import given_back, ordered, sources_of
from regulars.stream.refunding import CONSOLE, meant_source


class Order(NamedTuple):
    """An order of somebody: its number, its currency, and who is shown for whoever bought."""

    number: str
    currency: str
    person: UUID


def told_of_orders(
    refunds: Mapping[str, tuple[Draft, Order]],
    claimed: Mapping[Order, Sequence[Event]],
    *,
    new: set[str],
    source: str,
) -> dict[str, Draft | None]:
    """The refunds of orders that were nobody's at first, as they are to be told.

    Args:
        refunds: Of a file, by their keys, each with the order that it gives back.
        claimed: The purchases that are theirs by now.
        new: The numbers of orders that the file tells besides, as new ones.
        source: Of the file's events.

    Returns:
        By key; None where the log has it all. What is of no such order is not in it.
    """
    found: dict[str, Draft | None] = {}
    whose = _sources({order for _, order in refunds.values()}, claimed, new=new, source=source)
    told = known_totals(source, [key for key, (_, order) in refunds.items() if order in whose])
    sums: dict[str, dict[str, tuple[Draft, Order]]] = defaultdict(dict)
    for key, (draft, order) in refunds.items():
        under = whose.get(order)
        if under is None or (under != source and key in told):
            continue
        if draft.is_sum:
            sums[under][key] = (draft, order)
        elif under != source:
            found[key] = draft._replace(source=under)
    back = _back({order.number for some in sums.values() for _, order in some.values()})
    for under, some in sums.items():
        known = {
            key: back.get((under, order.number, order.currency), 0)
            for key, (_, order) in some.items()
        }
        found |= more_than(under, [draft for draft, _ in some.values()], known)
    return found


def noted_orders(numbers: Collection[str], *, source: str) -> list[tuple[Event, UUID]]:
    """The purchases of a source of which the console noted refunds, that a sum may have too; and whose they are.

    Args:
        numbers: Of orders of which sums are told.
        source: Of the file's events.
    """
    noted = {one.data["refund_of"] for one in given_back(numbers) if one.source == CONSOLE}
    bought = [
        (one, one.customer_id)
        for one in (ordered(noted) if noted else ())
        if one.source == source and one.customer_id is not None
    ]
    persons = kept_ids({who for _, who in bought})
    return [(one, persons[who]) for one, who in bought]


def _sources(
    orders: set[Order],
    claimed: Mapping[Order, Sequence[Event]],
    *,
    new: set[str],
    source: str,
) -> dict[Order, str]:
    """Under which source some orders stand, where that is certain."""
    found = {order: {one.source for one in claimed[order]} for order in orders & claimed.keys()}
    told = ordered({order.number for order in found})
    own = new | {one.data["order_id"] for one in told if one.source == source}
    return {
        order: source if source in some else next(iter(some))
        for order, some in found.items()
        if source in some or (len(some) == 1 and order.number not in own)
    }


def _back(numbers: set[str]) -> dict[tuple[str, str, str], int]:
    """What the log has of some orders' refunds, in minor units, by source, number and currency."""
    back: dict[tuple[str, str, str], int] = defaultdict(int)
    sources = sources_of(numbers)
    for one in given_back(numbers):
        total, number = one.data["total"], one.data["refund_of"]
        meant = meant_source(one.source, sources.get(number, ()))
        back[meant, number, total["currency"]] += total["amount_minor"]
    return back
