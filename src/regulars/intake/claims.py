"""What was told of nobody, and of somebody later: a receipt that a customer brings the next day.

The log is not changed. The same event stands in it again, of whose it is, in the place of the first
(`regulars.stream.models.Event.replaces`), and a refund of nobody goes with its purchase. A claim that was
wrong is put back in the same way: the event stands there once more, of nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from regulars.intake.incoming import Incoming
from regulars.intake.noted import noted_refunds
from regulars.intake.receipts import says_the_same
from regulars.intake.refunds import Bought, ReceiptKey, receipt_of
from regulars.kernel.actor import Actor
from regulars.stream.models import Event
from regulars.stream.queries import given_back
from regulars.stream.services import Appended, NewEvent, append, in_place_of, told_before


def claim(
    incoming: Sequence[Incoming],
    events: Sequence[NewEvent],
    appended: Sequence[Appended],
    *,
    actor: Actor,
    now: datetime,
) -> tuple[Appended, ...]:
    """Gives those that were told of nobody before to whom they are told of now; inside a transaction.

    Args:
        incoming: In the order in which it is told.
        events: The same, with whom each is about.
        appended: What became of them so far.
        actor: Who tells.
        now: When.

    Returns:
        What became of them; what was claimed by another at the same moment is theirs.
    """
    asked: dict[UUID, int] = {}
    for place, (event, was) in enumerate(zip(events, appended, strict=True)):
        if not was.is_new and was.customer_id is None and event.customer_id is not None:
            asked.setdefault(was.id, place)
    told = Event.told.in_bulk(list(asked), field_name="id") if asked else {}
    meant = {
        place: anew(told[one], events[place].customer_id)
        for one, place in asked.items()
        if not told[one].is_taken_back and says_the_same(incoming[place], told[one])
    }
    if not meant:
        return tuple(appended)
    claimed = dict(
        zip(meant, append(events=tuple(meant.values()), actor=actor, now=now), strict=True)
    )
    take_along(
        [(told[one], claimed[place]) for one, place in asked.items() if place in claimed],
        actor=actor,
        now=now,
    )
    receipts = {one for place in claimed if (one := receipt_of(incoming[place])) is not None}
    follow(receipts, actor=actor, now=now)
    found: list[Appended] = []
    since: dict[UUID, Appended] = {}
    for place, was in enumerate(appended):
        if place in claimed:
            since[was.id] = replace(claimed[place], position=None)
        found.append(claimed.get(place) or (was if was.is_new else since.get(was.id, was)))
    return tuple(found)


def go_along(
    incoming: Sequence[Incoming], appended: Sequence[Appended], *, actor: Actor, now: datetime
) -> tuple[Appended, ...]:
    """Has refunds that were told just now, of nobody, go with their purchases; inside a transaction.

    They are nobody's first, and again where a purchase is put back.

    Args:
        incoming: In the order in which it is told.
        appended: What became of it so far.
        actor: Who tells.
        now: When.

    Returns:
        What became of it.
    """
    refunds = {
        was.id: (one.name, receipt)
        for one, was in zip(incoming, appended, strict=True)
        if one.type == "purchase.refunded"
        and was.is_new
        and was.customer_id is None
        and (receipt := receipt_of(one)) is not None
    }
    if not refunds:
        return tuple(appended)
    follow({receipt for _, receipt in refunds.values()}, actor=actor, now=now)
    standing = told_before({name for name, _ in refunds.values()})
    went = {
        was: standing[name] for was, (name, _) in refunds.items() if standing[name][1] is not None
    }
    return tuple(
        replace(was, id=went[was.id][0], customer_id=went[was.id][1], is_claim=True)
        if was.id in went
        else was
        for was in appended
    )


def take_along(claimed: Sequence[tuple[Event, Appended]], *, actor: Actor, now: datetime) -> None:
    """Gives what the console noted of purchases that were put back to whose they are now; inside a transaction.

    Args:
        claimed: Each as it was so far, and what became of it.
        actor: Who tells.
        now: When.
    """
    noted = noted_refunds([event for event, _ in claimed])
    theirs = [
        anew(refund, now_theirs.customer_id)
        for event, now_theirs in claimed
        for refund in noted.get(event.id, ())
        if now_theirs.is_new and refund.customer_id is None
    ]
    append(events=theirs, actor=actor, now=now)


def follow(receipts: Collection[ReceiptKey], *, actor: Actor, now: datetime) -> None:
    """Gives refunds of nobody to those who turn out to have bought; inside a transaction.

    Args:
        receipts: Of what was bought or given back just now.
        actor: Who tells.
        now: When.
    """
    numbers = {number.partition(": ")[2] for _, number in receipts}
    refunds = [
        (one, event)
        for event in (given_back(numbers) if numbers else ())
        if event.customer_id is None and receipt_of(one := as_told(event)) in receipts
    ]
    bought = Bought([one for one, _ in refunds]) if refunds else None
    theirs = [
        anew(event, owner.customer_id)
        for one, event in refunds
        if bought is not None and (owner := bought.owner(one)) is not None
    ]
    append(events=theirs, actor=actor, now=now)


def anew(event: Event, customer_id: UUID | None) -> NewEvent:
    """The same event once more, in its own place, of somebody or of nobody."""
    return NewEvent(
        type=event.type,
        source=event.source,
        key=in_place_of(event.key),
        customer_id=customer_id,
        occurred_at=event.occurred_at,
        data=event.data,
        replaces=event.id,
    )


def as_told(event: Event) -> Incoming:
    """An event of the log as its source tells it."""
    return Incoming(event.type, event.source, event.key, event.occurred_at, data=event.data)
