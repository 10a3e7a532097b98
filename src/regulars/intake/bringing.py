"""Who brought whom, as somebody who works here says it; and taken back where it was wrong."""

from datetime import datetime
from uuid import UUID

from regulars.care.listing import claimants, settle
from regulars.care.models import Task
from regulars.intake.appending import append
from regulars.intake.claims import anew
from regulars.intake.incoming import Incoming
from regulars.intake.noted import SOURCE
from regulars.intake.services import Recorded, record
from regulars.kernel.actor import Actor
from regulars.people.queries import claims_above, kept_id
from regulars.people.services.holding import hold_present
from regulars.stream.models import REFERRAL, Event


def tell_sender(*, friend_id: UUID, sender_id: UUID, actor: Actor, now: datetime) -> Recorded:
    """Records who brought somebody, once until it is taken back; to be called inside a transaction.

    Args:
        friend_id: Who came, as they are shown.
        sender_id: Who brought them.
        actor: Who says so.
        now: When.
    """
    (told,) = record(
        incoming=[sender_told(friend_id, sender_id, now=now)], region=None, actor=actor, now=now
    )
    return told


def sender_told(friend_id: UUID, sender_id: UUID, *, now: datetime) -> Incoming:
    """That somebody brought a friend, as the console tells it; told anew, it is another event."""
    before = Event.told.filter(
        customer_id=friend_id, type=REFERRAL, source=SOURCE, replaces=None
    ).count()
    return Incoming(
        type=REFERRAL,
        source=SOURCE,
        key=f"told:{friend_id}:{before}" if before else f"told:{friend_id}",
        occurred_at=now,
        customer_id=friend_id,
        data={"sender_id": str(sender_id)},
    )


def take_back(*, event_id: UUID, actor: Actor, now: datetime) -> UUID | None:
    """Says that somebody did not bring a friend after all; to be called inside a transaction.

    Every claim that the one brought the other, whoever told it, stands in the log once more, of nobody: another's
    claim may stand now, and nobody is to be thanked for what was wrong.

    Args:
        event_id: Of a claim.
        actor: Who says so.
        now: When.

    Returns:
        The friend who is shown; None where there is no such claim, or it was taken back before.

    Raises:
        CustomerErased: The friend was erased.
    """
    friend = _friend_of(event_id)
    if friend is None:
        return None
    hold_present(friend)
    claims = {one.event_id: one for one in claims_above((friend,))}
    if event_id not in claims:
        return None
    wrong = [one.event_id for one in claims.values() if one.ends == claims[event_id].ends]
    concerned = claimants((friend,))  # also those whose claims stand, or fall, without it
    events = Event.objects.filter(id__in=wrong).order_by("position")
    append(events=[anew(one, None) for one in events], actor=actor, now=now)
    settle(concerned, kinds=(Task.THANK,), now=now)
    return friend


def _friend_of(event_id: UUID) -> UUID | None:
    told = Event.objects.filter(id=event_id, type=REFERRAL, customer_id__isnull=False).first()
    return None if told is None or told.customer_id is None else kept_id(told.customer_id)
