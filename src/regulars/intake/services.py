"""Recording what happened, in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from regulars.care.listing import settle
from regulars.care.queries import effects_of
from regulars.intake.appending import append
from regulars.intake.claims import as_they_stand, claim, follow, touched
from regulars.intake.incoming import Incoming
from regulars.intake.reactions import REACTIONS
from regulars.intake.receipts import check_receipts
from regulars.intake.refunds import Receipt, told_of_nobody_since
from regulars.intake.where import where
from regulars.intake.whom import whom
from regulars.kernel.actor import Actor
from regulars.people.queries import Owner, kept_ids
from regulars.stream.queries import Effect, Happened
from regulars.stream.refunding import REFUND_EXCEEDS_PURCHASE, Order, refunded_beyond
from regulars.stream.services import Appended, NewEvent, checked
from regulars.stream.types import Refund

__all__ = ["Incoming", "Recorded", "follow_what_was_missed", "react", "record"]

DEEPEST_REACTION = 4
FLAG = Effect(kind="flag", what=REFUND_EXCEEDS_PURCHASE, customer_id=None)
MISSED_DAYS = 2  # what was told at the same moment as something else is long there


class Recorded(NamedTuple):
    """What became of it.

    Attributes:
        status: Whether it was written now, or had been before.
        event_id: Of the event.
        customer_id: Whom it is about, the kept one where several were merged, or None where nothing
            tells who it was.
        effects: What followed from it and stands, told again of a duplicate.
    """

    status: Literal["recorded", "duplicate"]
    event_id: UUID
    customer_id: UUID | None
    effects: tuple[Effect, ...] = ()


def record(
    *,
    incoming: Sequence[Incoming],
    region: str | None,
    actor: Actor,
    now: datetime,
    refuse_other: bool = False,
    by_hand: bool = False,
) -> tuple[Recorded, ...]:
    """Records what happened and what follows from it; to be called inside a transaction.

    Several events become what they would become one after another. What was told of nobody before and is
    told of somebody now becomes theirs.

    Args:
        incoming: In the order in which it is told; all of it or nothing.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.
        refuse_other: Whether the keys are the teller's own, so that another thing under a key that was
            told before is refused instead of taken for a repetition. Where it is taken for one, as of our own
            doors, whose keys are of their making, whoever is named by what nobody has is added all the same.
        by_hand: Whether somebody who works here decides whose it is; see `regulars.intake.claims.claim`.

    Returns:
        What became of each, in the same order.

    Raises:
        CustomerErased: Something is told of somebody who was erased.
        UnknownLocation, UnknownLocationName: Something happened at a place that nobody knows.
        ReceiptConflict: Something is told under the key of something else.
        RegularsError: Something cannot be recorded; nothing is then. Which it is, and which of its fields, is
            told by the error's data (`regulars.intake.blame`).
    """
    known = whom(incoming, region=region, actor=actor, now=now)
    events = _events(incoming, known)
    appended = append(events=events, actor=actor, now=now)
    if not all(was.is_new for was in appended):
        appended = claim(incoming, events, appended, by_hand=by_hand, actor=actor, now=now)
    receipts = touched(incoming, appended)
    if receipts and (moved := follow(receipts, now=now)):
        appended = as_they_stand(appended, moved)
    repeated = [
        (place, one, was.id)
        for place, (one, was) in enumerate(zip(incoming, appended, strict=True))
        if not was.is_new
    ]
    if refuse_other and repeated:
        check_receipts(repeated, region=region)
    happened = _happened(events, appended)
    effects = react(happened, actor=actor, now=now)
    if connection.vendor != "sqlite":
        listed = {one.customer_id for some in effects.values() for one in some if one.customer_id}
        _look_again_after(receipts, happened, listed, actor=actor, now=now)
    if repeated:
        effects = {**effects, **effects_of([event for _, _, event in repeated])}
    if flagged := _flagged(events, appended):
        effects = {**effects, **{one: (*effects.get(one, ()), FLAG) for one in flagged}}
    return _recorded(appended, _shown(known, appended), effects)


def _recorded(
    appended: Sequence[Appended],
    shown: Mapping[UUID, UUID],
    effects: Mapping[UUID, Sequence[Effect]],
) -> tuple[Recorded, ...]:
    """What is answered of each, with who is shown for whom it is about and what followed."""
    return tuple(
        Recorded(
            status="recorded" if found.is_new else "duplicate",
            event_id=found.id,
            customer_id=shown[found.customer_id] if found.customer_id else None,
            effects=tuple(effects.get(found.id, ())),
        )
        for found in appended
    )


def _events(incoming: Sequence[Incoming], known: Sequence[Owner | None]) -> list[NewEvent]:
    """What is told as it stands in the log, each with whom it is about."""
    return [
        NewEvent(
            type=one.type,
            source=one.source,
            key=one.key,
            customer_id=owner.customer_id if owner else None,
            occurred_at=one.occurred_at,
            data=data,
        )
        for one, owner, data in zip(incoming, known, where(incoming), strict=True)
    ]


def _shown(known: Sequence[Owner | None], appended: Sequence[Appended]) -> Mapping[UUID, UUID]:
    """Who is shown for each customer whom the events are about."""
    shown = {owner.customer_id: owner.shown_id for owner in known if owner}
    before = {one.customer_id for one in appended if one.customer_id} - shown.keys()
    return {**shown, **kept_ids(before)} if before else shown


def _look_again_after(
    receipts: Mapping[Receipt, datetime],
    happened: Sequence[Happened],
    listed: Collection[UUID],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Once this is written, looks at what others wrote at the same moment: whoever is last sees both.

    Args:
        receipts: Of what was bought, and of what was given back by nobody, and from when on.
        happened: Of what is told, what is new and something may follow from.
        listed: Who came onto today's list by it.
        actor: Who says so.
        now: When.
    """

    def look_again() -> None:
        with transaction.atomic():
            follow(receipts, now=now)
            react(happened, actor=actor, now=now)
            settle(listed, now=now)

    if receipts or happened:
        transaction.on_commit(look_again, robust=True)


def follow_what_was_missed(now: datetime) -> None:
    """Has refunds of nobody go with their purchases, where a plain one was told at the same moment."""
    lately = told_of_nobody_since(now - timedelta(days=MISSED_DAYS))
    if lately:
        with transaction.atomic():
            follow(lately, now=now)


def _flagged(events: Sequence[NewEvent], appended: Sequence[Appended]) -> frozenset[UUID]:
    """The refunds that are of more than was bought, with all that was given back of the same order."""
    refunds: dict[UUID, Order] = {}
    for event, found in zip(events, appended, strict=True):
        if event.type == "purchase.refunded":
            facts = checked(event.type, event.data)
            if isinstance(facts, Refund) and facts.refund_of:
                refunds[found.id] = (event.source, facts.refund_of, facts.total.currency)
    return refunded_beyond(refunds) if refunds else frozenset()


def _happened(events: Sequence[NewEvent], appended: Sequence[Appended]) -> list[Happened]:
    """Those events that were written just now and that something follows from, as reactions are told."""
    return [
        Happened(
            position=found.position,
            id=found.id,
            type=event.type,
            customer_id=event.customer_id,
            occurred_at=event.occurred_at,
            facts=checked(event.type, event.data),
        )
        for event, found in zip(events, appended, strict=True)
        if found.position is not None and event.type in REACTIONS
    ]


def react(
    events: Sequence[Happened], *, actor: Actor, now: datetime
) -> Mapping[UUID, Sequence[Effect]]:
    """Calls the reactions breadth first, and appends what they answer, at most four deep.

    Args:
        events: Just written, in the order of the log.
        actor: Who told them.
        now: When.

    Returns:
        What followed elsewhere than in the log, by the event that it followed from in the end.
    """
    effects: dict[UUID, list[Effect]] = defaultdict(list)
    origin = {event.id: event.id for event in events}
    level = list(events)
    for _ in range(DEEPEST_REACTION):
        following = []
        for cause, followed in _following(level, now=now):
            if isinstance(followed, Effect):
                effects[origin.get(cause, cause)].append(followed)
            else:
                following.append((cause, followed))
        if not following:
            break
        told = [event for _, event in following]
        appended = append(events=told, actor=actor, now=now)
        for (cause, _), found in zip(following, appended, strict=True):
            origin.setdefault(found.id, origin[cause])
        level = _happened(told, appended)
    return effects


def _following(
    events: Sequence[Happened], *, now: datetime
) -> list[tuple[UUID, NewEvent | Effect]]:
    """What the reactions to some events answer, each with the event that it follows from."""
    by_type: dict[str, list[Happened]] = defaultdict(list)
    for event in events:
        by_type[event.type].append(event)
    return [
        (cause, following)
        for kind, some in by_type.items()
        for reaction in REACTIONS.get(kind, ())
        for cause, following in reaction(some, now=now)
    ]
