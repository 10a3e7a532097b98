"""Purchases of nobody, with what was given back of them: found by what stands on the receipt."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Func, Q, QuerySet, TextField

from regulars.stream.models import Event
from regulars.stream.queries import ASKED_AT_ONCE, PAID_BY, given_back, sources_of
from regulars.stream.refunding import CONSOLE, meant_source
from regulars.stream.sql import CLAIMABLE


class OrderNumber(Func):
    """The number of a purchase's order, as the index `stream_event_order` has it."""

    template = "(%(expressions)s ->> 'order_id')"
    output_field = TextField()
    arity = 1


def unclaimed_by_number(
    number: str, *, since: datetime, until: datetime, at_any_time: bool, most: int
) -> list[Event]:
    """Purchases of nobody that have a number, the latest first.

    Args:
        number: Of the order, or what the source calls the receipt.
        since: From then on,
        until: and before then;
        at_any_time: but whenever it was, where it is the number of an order.
        most: How many at most.
    """
    forms = {number, number.upper(), number.lower()}
    then = _of_nobody().filter(occurred_at__gte=since, occurred_at__lt=until)
    ordered = (_of_nobody() if at_any_time else then).alias(number=OrderNumber("data"))
    called = Q(key__in=forms)
    for form in forms:
        called |= Q(key__startswith=f"{form}\n")
    found = [
        *_latest(ordered.filter(number__isnull=False, number__in=forms), most),
        *_latest(then.filter(called), most),
    ]
    return in_order(found)[:most]


def unclaimed_between(
    since: datetime, until: datetime, *, amount: tuple[int, str] | None = None, most: int
) -> list[Event]:
    """Purchases of nobody in some time, the latest first.

    Args:
        since: From then on,
        until: and before then.
        amount: What they came to, in minor units, and in which currency; None for any amount.
        most: How many at most.
    """
    found = _of_nobody().filter(occurred_at__gte=since, occurred_at__lt=until)
    if amount is not None:
        minor, currency = amount
        found = found.filter(data__total__amount_minor=minor, data__total__currency=currency)
    return _latest(found, most)


def in_order(purchases: Collection[Event]) -> list[Event]:
    """Each once, the latest first."""
    once = {one.id: one for one in purchases}
    return sorted(once.values(), key=lambda one: (one.occurred_at, one.position), reverse=True)


def back_of(purchases: Collection[Event]) -> dict[tuple[str, str], int]:
    """What was given back of some purchases, in minor units, by source and number of the order.

    But for what the console noted, which is known by its purchase (`regulars.intake.noted`).
    """
    orders = {(one.source, one.data["order_id"]) for one in purchases if one.data.get("order_id")}
    back: dict[tuple[str, str], int] = {}
    numbers = {order for _, order in orders}
    sources = sources_of(numbers)
    for one in given_back(numbers):
        number = one.data["refund_of"]
        name = (meant_source(one.source, sources.get(number, ())), number)
        if name in orders and one.source != CONSOLE:
            back[name] = back.get(name, 0) + one.data["total"]["amount_minor"]
    return back


def _of_nobody() -> QuerySet[Event]:
    return Event.objects.filter(customer_id=None, type="purchase.completed")


def _latest(events: QuerySet[Event], most: int) -> list[Event]:
    return list(events.order_by("-occurred_at", "-position")[:most])


def claimable(numbers: Collection[str]) -> list[Event]:
    """The purchases and refunds by some numbers of orders that are nobody's, or were at first.

    Args:
        numbers: As many as one likes.
    """
    if not numbers:
        return []
    given: Any = list(numbers) if connection.vendor == "postgresql" else json.dumps(list(numbers))
    with connection.cursor() as cursor:
        cursor.execute(CLAIMABLE[connection.vendor], (given, given))
        positions = [position for (position,) in cursor.fetchall()]
    found: list[Event] = []
    for start in range(0, len(positions), ASKED_AT_ONCE):
        found += Event.objects.filter(position__in=positions[start : start + ASKED_AT_ONCE])
    return sorted(found, key=lambda one: one.position)


def is_anything_unclaimed() -> bool:
    """Whether any purchase or refund was ever told of nobody."""
    return Event.told.filter(customer_id=None, type__in=PAID_BY).exists()


def is_anything_noted() -> bool:
    """Whether any refund was ever noted in the console."""
    return Event.told.filter(source=CONSOLE, type="purchase.refunded").exists()
