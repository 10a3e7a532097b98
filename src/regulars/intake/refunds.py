"""Whose a refund is that names a receipt and nobody: theirs whose the purchase is, whichever is told first.

Every till has numbers of its own, so a purchase of the refund's own source is meant (of what files tell, see
`regulars.stream.refunding.meant_source`). A till may begin its numbers anew
each day: of several purchases under one number it is the latest before the refund.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from regulars.intake.incoming import Incoming
from regulars.people.queries import present_of
from regulars.stream.models import Event
from regulars.stream.queries import OrderThen, bought_by, sources_of
from regulars.stream.refunding import NUMBERS_OF_OTHERS, meant_source
from regulars.stream.types import Facts

Receipt = tuple[str, str]  # source and number
NUMBER = KT("data__refund_of")  # as a text: SQLite reads one of digits in JSON as a number
AT_ANY_TIME = datetime.min.replace(tzinfo=UTC)
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


def buyers(refunds: Sequence[Event]) -> list[UUID | None]:
    """Whose some refunds are that go with their purchases, in the same order.

    Nobody's where the purchase is, or of somebody who was erased; what was theirs before they were erased stays so.
    """
    unsure = {one.data["refund_of"] for one in refunds if one.source in NUMBERS_OF_OTHERS}
    tellers = sources_of(unsure) if unsure else {}
    found = bought_by([_order_then(one, tellers) for one in refunds])
    present = present_of({who for who in found if who})
    return [
        who if who in present or who == one.customer_id else None
        for one, who in zip(refunds, found, strict=True)
    ]


def _order_then(refund: Event, tellers: Mapping[str, Collection[str]]) -> OrderThen:
    number = refund.data["refund_of"]
    return meant_source(refund.source, tellers.get(number, ())), number, refund.occurred_at


def told_of_nobody_since(moment: datetime) -> dict[Receipt, datetime]:
    """The receipts of refunds that were told of nobody from a moment on, each with when the first of it happened."""
    refunds = _of_nobody().filter(recorded_at__gte=moment)
    told = refunds.values_list("source", NUMBER, "occurred_at")
    return earliest(((source, number), at) for source, number, at in told if number)


def earliest(receipts: Iterable[tuple[Receipt, datetime]]) -> dict[Receipt, datetime]:
    """Receipts with the earliest of their moments each."""
    found: dict[Receipt, datetime] = {}
    for receipt, moment in receipts:
        found[receipt] = min(moment, found.get(receipt, moment))
    return found


def numbers_told_of_nobody(source: str) -> list[str]:
    """The orders of which a source ever told refunds of nobody."""
    found = _of_nobody().filter(source=source).values_list(NUMBER, flat=True)
    return sorted({number for number in found if number})


def _of_nobody() -> QuerySet[Event]:
    return Event.told.filter(type="purchase.refunded", customer_id=None, replaces=None)
