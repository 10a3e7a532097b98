"""Refunds of a file that name their order and nobody: theirs who bought it, as those of a program are.

Files have numbers of their own: a refund of a file finds what a file told of, or claimed: an order that was nobody's
at first is theirs whose it is by now. Told before its purchase it is a stranger's, who waits for the order; whoever a
file says has bought it was the stranger.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.intake.files.drafts import Drafts
from regulars.intake.files.who import People
from regulars.intake.refunds import ASKED_AT_ONCE, ReceiptKey, receipts_awaited
from regulars.intake.whom import meet
from regulars.kernel.actor import Actor
from regulars.people.bulk import Told
from regulars.people.queries import Owner, kept_ids, present_of
from regulars.stream.queries import ordered
from regulars.stream.unclaimed import claimable

Buyers = dict[UUID, UUID]  # who is shown for somebody who bought, and whom it is recorded with


def find_buyers(drafts: Drafts, people: People, *, source: str) -> None:
    """Finds out whose refunds are that name an order and nobody; who has to wait is a stranger.

    Args:
        drafts: The file's events.
        people: Of the file; told of those who bought.
        source: Of the file's events.
    """
    orders = drafts.given_back()
    if not orders:
        return
    # What the log has it knows best: who was erased is not found again.
    bought = _in_the_log(list(orders), source)
    bought |= _claimed([one for one in orders if one not in bought])
    for order, about in drafts.buyers([one for one in orders if one not in bought]):
        buyer, buyers = people.told[about], bought.setdefault(order, {})
        if buyer is not None:
            buyers.setdefault(people.known.person(buyer.id), buyer.id)
    waiting = receipts_awaited(source)
    for order, about in orders.items():
        if order not in bought:
            people.wait(about, order, waiting.get(order))
        elif len(bought[order]) == 1:
            (who,) = bought[order].values()
            people.told[about] = Told(id=who)
        else:
            people.told[about] = None


def claim_orders(*, source: str, actor: Actor, now: datetime) -> None:
    """Makes strangers who wait for orders that were told meanwhile those who bought; inside a transaction.

    Args:
        source: Of the orders.
        actor: Who tells.
        now: When.
    """
    awaited = list(receipts_awaited(source))
    for start in range(0, len(awaited), ASKED_AT_ONCE):
        orders = awaited[start : start + ASKED_AT_ONCE]
        told = _in_the_log(orders, source)
        known = {
            _receipt(source, order): Owner(who, shown)
            for order, buyers in _claimed([one for one in orders if one not in told]).items()
            if len(buyers) == 1
            for shown, who in buyers.items()
        }
        receipts = [_receipt(source, order) for order in orders]
        meet(receipts, known=known, actor=actor, now=now)


def _receipt(source: str, order: str) -> ReceiptKey:
    return "receipt", f"{source}: {order}"


def _in_the_log(orders: Sequence[str], source: str) -> dict[str, Buyers]:
    """Who bought the orders that the log has, but those who were erased."""
    bought: dict[str, Buyers] = {}
    for order, who, shown in _purchases(orders, source):
        buyers = bought.setdefault(order, {})
        if who is not None and who in shown:
            buyers.setdefault(shown[who], who)
    return bought


def _claimed(orders: Sequence[str]) -> dict[str, Buyers]:
    """Who bought the orders that were told of nobody first, whoever told them, and are theirs by now."""
    found = [one for one in claimable(orders) if one.type == "purchase.completed"]
    shown = kept_ids(present_of({one.customer_id for one in found if one.customer_id}))
    bought: dict[str, Buyers] = {}
    for one in found:
        if one.customer_id is not None:
            buyers = bought.setdefault(one.data["order_id"], {})
            if one.customer_id in shown:
                buyers.setdefault(shown[one.customer_id], one.customer_id)
    return bought


def _purchases(
    orders: Sequence[str], source: str
) -> Iterator[tuple[str, UUID | None, Mapping[UUID, UUID]]]:
    for start in range(0, len(orders), ASKED_AT_ONCE):
        told = [
            one for one in ordered(orders[start : start + ASKED_AT_ONCE]) if one.source == source
        ]
        shown = kept_ids(present_of({one.customer_id for one in told if one.customer_id}))
        for one in told:
            yield one.order_id, one.customer_id, shown
