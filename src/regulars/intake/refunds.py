"""Whose a refund is that names a receipt and nobody: theirs who bought, whichever is told first.

A refund that is told before its purchase is a stranger's, who waits for the receipt; whoever turns out
to have bought was the stranger. Every till has numbers of its own, so the refund's own source is meant.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from regulars.intake.incoming import Incoming
from regulars.people.models import AwaitedReceipt
from regulars.people.queries import Owner, kept_ids, present_of
from regulars.stream.queries import ordered
from regulars.stream.types import Facts

ReceiptKey = tuple[Literal["receipt"], str]
ASKED_AT_ONCE = 500
NUMBER_OF = {"purchase.completed": "order_id", "purchase.refunded": "refund_of"}


def order_of(one: Incoming) -> str | None:
    """The order that was bought, or that is given back."""
    field = NUMBER_OF.get(one.type)
    if field is None:
        return None
    said = getattr(one.data, field) if isinstance(one.data, Facts) else one.data.get(field)
    return said if isinstance(said, str) and said else None


def receipt_of(one: Incoming) -> ReceiptKey | None:
    """The receipt that something tells of, as somebody may wait for it."""
    order = order_of(one)
    return None if order is None else ("receipt", f"{one.source}: {order}")


class Bought:
    """Who bought what is given back, as the log says."""

    def __init__(self, refunds: Sequence[Incoming]) -> None:
        self.buyers: dict[tuple[str, str], list[UUID | None]] = defaultdict(list)
        self.claimed: set[tuple[str, str]] = set()
        for one in ordered({order for refund in refunds if (order := order_of(refund))}):
            self.buyers[one.source, one.order_id].append(one.customer_id)
            if one.was_claimed:
                self.claimed.add((one.source, one.order_id))
        customers = {one for some in self.buyers.values() for one in some if one is not None}
        self.persons = dict(kept_ids(present_of(customers)))

    def add(self, purchase: Incoming, owner: Owner | None, *, is_claim: bool) -> None:
        """Takes down what is bought just now, or claimed."""
        order = order_of(purchase)
        if order is not None:
            who = None if owner is None else owner.customer_id
            self.buyers[purchase.source, order].append(who)
            if is_claim:
                self.claimed.add((purchase.source, order))
        if owner is not None:
            self.persons[owner.customer_id] = owner.shown_id

    def is_known(self, refund: Incoming) -> bool:
        """Whether the log has the purchase."""
        return bool(self._of(refund))

    def was_claimed(self, refund: Incoming) -> bool:
        """Whether the purchase was nobody's at first, and may be so again."""
        return (refund.source, order_of(refund) or "") in self.claimed

    def owner(self, refund: Incoming) -> Owner | None:
        """Who bought; None where nobody knows, several could have, or they were erased."""
        who = [one for one in self._of(refund) if one is not None and one in self.persons]
        if len({self.persons[one] for one in who}) != 1:
            return None
        return Owner(who[0], self.persons[who[0]])

    def _of(self, refund: Incoming) -> list[UUID | None]:
        return self.buyers.get((refund.source, order_of(refund) or ""), [])


def bought_by(receipts: Collection[ReceiptKey]) -> dict[ReceiptKey, Owner]:
    """Who bought first by some receipts, of those whom somebody knows; as the log says."""
    found = ordered({number.partition(": ")[2] for _, number in receipts})
    persons = kept_ids(present_of({one.customer_id for one in found if one.customer_id}))
    buyers: dict[ReceiptKey, Owner] = {}
    for one in found:
        receipt: ReceiptKey = ("receipt", f"{one.source}: {one.order_id}")
        who = one.customer_id
        if who is not None and who in persons and receipt in receipts:
            buyers.setdefault(receipt, Owner(who, persons[who]))
    return buyers


def wait_for(receipt: ReceiptKey, customer_id: UUID) -> UUID:
    """Lets a stranger, who has just been added, wait for a receipt.

    Returns:
        Who waits for it: somebody else, if they came at the same moment.
    """
    AwaitedReceipt.objects.bulk_create(
        [AwaitedReceipt(receipt=receipt[1], customer_id=customer_id)], ignore_conflicts=True
    )
    return AwaitedReceipt.objects.get(receipt=receipt[1]).customer_id


def wait_for_many(source: str, strangers: Mapping[str, UUID]) -> None:
    """Lets strangers, who have just been added, wait each for an order of a source."""
    AwaitedReceipt.objects.bulk_create(
        (
            AwaitedReceipt(receipt=f"{source}: {order}", customer_id=customer)
            for order, customer in strangers.items()
        ),
        batch_size=ASKED_AT_ONCE,
        ignore_conflicts=True,
    )


def receipts_awaited(source: str) -> dict[str, UUID]:
    """The orders of a source that somebody waits for, and who."""
    begins = f"{source}: "
    rows = AwaitedReceipt.objects.filter(receipt__startswith=begins).order_by("id")
    return {
        receipt.removeprefix(begins): who
        for receipt, who in rows.values_list("receipt", "customer_id")
    }


def waited_for_since(moment: datetime) -> tuple[ReceiptKey, ...]:
    """Receipts that somebody waits for who was added from a moment on."""
    waiting = AwaitedReceipt.objects.filter(customer__created_at__gte=moment)
    return tuple(("receipt", one) for one in waiting.values_list("receipt", flat=True))


def stop_waiting(receipts: Collection[ReceiptKey]) -> None:
    """Lets nobody wait any longer for receipts that came."""
    asked = [receipt for _, receipt in receipts]
    for start in range(0, len(asked), ASKED_AT_ONCE):
        part = asked[start : start + ASKED_AT_ONCE]
        AwaitedReceipt.objects.filter(receipt__in=part).delete()
