"""A receipt of nobody is given to whose it is, by somebody who works here; and put back where it was not."""

from datetime import datetime
from uuid import UUID

from regulars.care.listing import settle
from regulars.intake.appending import append
from regulars.intake.claims import anew, as_told, follow, follow_once_committed
from regulars.intake.incoming import Incoming
from regulars.intake.noted import noted_refunds
from regulars.intake.refunds import Receipt, receipt_of
from regulars.intake.services import Recorded, record
from regulars.kernel.actor import Actor
from regulars.people.queries import kept_ids
from regulars.stream.models import Event
from regulars.stream.queries import given_back

PURCHASE = "purchase.completed"


def give(*, event_id: UUID, customer_id: UUID, actor: Actor, now: datetime) -> Recorded | None:
    """Makes a purchase of nobody a customer's, as its source would by telling it again; inside a transaction.

    Args:
        event_id: Of the purchase.
        customer_id: Whose it is.
        actor: Who says so.
        now: When.

    Returns:
        What became of it: a duplicate where it was theirs already. None where there is no such purchase.

    Raises:
        ReceiptConflict: It is somebody else's by now.
        UnknownCustomer, CustomerErased: There is no such customer.
    """
    event = Event.told.filter(id=event_id, type=PURCHASE, customer_id=None).first()
    if event is None:
        return None
    told = Incoming(
        type=event.type,
        source=event.source,
        key=event.told_key,
        occurred_at=event.occurred_at,
        customer_id=customer_id,
        data=event.data,
    )
    (given,) = record(
        incoming=[told], region=None, actor=actor, now=now, refuse_other=True, by_hand=True
    )
    return given


def put_back(*, event_id: UUID, actor: Actor, now: datetime) -> bool:
    """Makes a purchase nobody's again that was given to the wrong one; inside a transaction.

    So is what was given back of it, but where somebody is known to have brought it back.

    Args:
        event_id: Of the purchase as it is theirs.
        actor: Who says so.
        now: When.

    Returns:
        Whether it was: not where it is nobody's already, or was told of them from the beginning.
    """
    event = Event.objects.filter(
        id=event_id, type=PURCHASE, replaces__isnull=False, customer_id__isnull=False
    ).first()
    if event is None or event.customer_id is None:
        return False
    receipt = receipt_of(as_told(event))
    theirs = noted_refunds([event]).get(event.id, []) + _claimed_with_it(event, receipt)
    appended = append(events=[anew(one, None) for one in (event, *theirs)], actor=actor, now=now)
    if receipt is not None:
        follow({receipt: event.occurred_at}, now=now)
        follow_once_committed({receipt: event.occurred_at}, now=now)
    settle([event.customer_id], now=now)
    return appended[0].is_new


def _claimed_with_it(purchase: Event, receipt: Receipt | None) -> list[Event]:
    """The refunds of a purchase that were nobody's too, until somebody said that they are who bought."""
    if receipt is None or purchase.customer_id is None:
        return []
    claimed = [
        one
        for one in given_back([receipt[1]])
        if receipt_of(as_told(one)) == receipt
        and one.replaces is not None
        and one.customer_id is not None
        and not one.goes_along
    ]
    persons = kept_ids(
        {purchase.customer_id, *(one.customer_id for one in claimed if one.customer_id)}
    )
    return [
        one
        for one in claimed
        if one.customer_id and persons[one.customer_id] == persons[purchase.customer_id]
    ]
