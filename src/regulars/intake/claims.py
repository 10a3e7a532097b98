"""What was told of nobody, and of somebody later: a receipt that a customer brings the next day.

The log is not changed. The same event stands in it again, of whose it is, in the place of the first
(`regulars.stream.models.Event.replaces`), and a refund of nobody goes with its purchase. A claim that was
wrong is put back in the same way: the event stands there once more, of nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from regulars.intake.appending import append
from regulars.intake.incoming import Incoming
from regulars.intake.noted import noted_refunds
from regulars.intake.receipts import says_the_same
from regulars.intake.refunds import Receipt, buyers, earliest, receipt_of
from regulars.kernel.actor import Actor
from regulars.people.queries import kept_id, kept_ids
from regulars.stream.models import GOES_ALONG, Event
from regulars.stream.queries import OrderThen, going_along
from regulars.stream.services import Appended, NewEvent, earlier_keys, in_place_of

FOLLOWED_AT_ONCE = 2_000
TRIES = 5  # others may write of the same refunds at the same moment


def claim(
    incoming: Sequence[Incoming],
    events: Sequence[NewEvent],
    appended: Sequence[Appended],
    *,
    by_hand: bool = False,
    actor: Actor,
    now: datetime,
) -> tuple[Appended, ...]:
    """Gives those that were told of nobody before to whom they are told of now; inside a transaction.

    Args:
        incoming: In the order in which it is told.
        events: The same, with whom each is about.
        appended: What became of them so far.
        by_hand: Whether somebody decides whose it is; else what was put back from somebody is not theirs again.
        actor: Who tells.
        now: When.

    Returns:
        What became of them; what was claimed by another at the same moment is theirs.
    """
    asked: dict[UUID, int] = {}
    for place, (event, was) in enumerate(zip(events, appended, strict=True)):
        if not was.is_new and was.is_open and event.customer_id is not None:
            asked.setdefault(was.id, place)
    if not asked:
        return tuple(appended)
    told = Event.told.in_bulk(list(asked), field_name="id")
    theirs_no_more = {} if by_hand else put_back_from(told.values())
    claimed = _given(
        {
            place: (told[one], who)
            for one, place in asked.items()
            if (who := events[place].customer_id) is not None
            and not told[one].is_taken_back
            and says_the_same(incoming[place], told[one])
            and not (one in theirs_no_more and kept_id(who) in theirs_no_more[one])
        },
        actor=actor,
        now=now,
    )
    found: list[Appended] = []
    since: dict[UUID, Appended] = {}
    for place, was in enumerate(appended):
        if place in claimed:
            since[was.id] = replace(claimed[place], position=None)
        found.append(claimed.get(place) or (was if was.is_new else since.get(was.id, was)))
    return tuple(found)


def put_back_from(events: Iterable[Event]) -> dict[UUID, set[UUID]]:
    """Whose events were, by what somebody said, and are no more: who is shown for them, by the events' ids.

    Args:
        events: As they stand; nobody's, or with their purchases.
    """
    again = [one for one in events if one.replaces is not None]
    if not again:
        return {}
    earlier = {(one.source, key): one.id for one in again for key in earlier_keys(one.key)}
    links = Event.told.filter(
        source__in={source for source, _ in earlier},
        key__in={key for _, key in earlier},
        customer_id__isnull=False,
    ).exclude(recorded_by=str(GOES_ALONG))
    were = [
        (earlier[source, key], who)
        for source, key, who in links.values_list("source", "key", "customer_id")
        if (source, key) in earlier and who is not None
    ]
    persons, found = kept_ids({who for _, who in were}), dict[UUID, set[UUID]]()
    for one, who in were:
        found.setdefault(one, set()).add(persons[who])
    return found


def _given(
    meant: Mapping[int, tuple[Event, UUID]], *, actor: Actor, now: datetime
) -> dict[int, Appended]:
    """What became of events that are given to somebody each."""
    given: dict[int, Appended] = {}
    for _ in range(TRIES):
        if not meant:
            break
        events = [anew(*one) for one in meant.values()]
        appended = append(events=events, actor=actor, now=now)
        given |= zip(meant, appended, strict=True)
        was = [event for event, _ in meant.values()]
        take_along(list(zip(was, appended, strict=True)), actor=actor, now=now)
        # A refund may have gone with its purchase at this very moment; who names it is whose it is.
        again = {place: given[place].id for place in meant if _is_open_still(given[place])}
        stands = Event.told.in_bulk(list(again.values()), field_name="id") if again else {}
        meant = {place: (stands[one], meant[place][1]) for place, one in again.items()}
    return given


def _is_open_still(given: Appended) -> bool:
    return given.is_open and not given.is_new


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


def touched(incoming: Sequence[Incoming], appended: Sequence[Appended]) -> dict[Receipt, datetime]:
    """The receipts of what was bought just now, or claimed, and of what was given back by nobody; and from when on."""
    return earliest(
        (receipt, one.occurred_at)
        for one, was in zip(incoming, appended, strict=True)
        if was.is_new
        and (one.type == "purchase.completed" or was.customer_id is None)
        and (receipt := receipt_of(one)) is not None
    )


def follow(receipts: Mapping[Receipt, datetime], *, now: datetime) -> dict[UUID, Appended]:
    """Has refunds that name nobody go with their purchases, whose ever those are by now; inside a transaction.

    Args:
        receipts: Of what was bought, claimed, put back or given back just now, and when the first of each happened.
        now: When.

    Returns:
        How those stand now that moved, by the ids by which they stood.
    """
    asked, moved = sorted((*of, when) for of, when in receipts.items()), dict[UUID, Appended]()
    for start in range(0, len(asked), FOLLOWED_AT_ONCE):
        some = asked[start : start + FOLLOWED_AT_ONCE]
        for _ in range(TRIES):
            went, lost = _followed(some, now=now)
            moved |= went
            if not lost:
                break
    return moved


def follow_once_committed(receipts: Mapping[Receipt, datetime], *, now: datetime) -> None:
    """The same once this is written, with what others wrote at the same moment: whoever is last sees both."""

    def look_again() -> None:
        with transaction.atomic():
            follow(receipts, now=now)

    if connection.vendor != "sqlite":
        transaction.on_commit(look_again, robust=True)


def _followed(orders: Sequence[OrderThen], *, now: datetime) -> tuple[dict[UUID, Appended], bool]:
    """How refunds of some orders stand now, and whether another wrote of one at the same moment."""
    refunds = going_along(orders)
    if not refunds:
        return {}, False
    # Asked after the refunds, so that of two who ask at the same moment the later sees what the earlier saw.
    theirs = zip(refunds, buyers(refunds), strict=True)
    astray = [(one, whose) for one, whose in theirs if whose != one.customer_id]
    appended = append(events=[anew(*one) for one in astray], actor=GOES_ALONG, now=now)
    went = {
        one.id: now_stands
        for (one, _), now_stands in zip(astray, appended, strict=True)
        if now_stands.is_new
    }
    return went, len(went) < len(astray)


def as_they_stand(
    appended: Sequence[Appended], moved: Mapping[UUID, Appended]
) -> tuple[Appended, ...]:
    """What became of events, of refunds once they went with their purchases."""
    found = []
    for was in appended:
        stands = was
        while (later := moved.get(stands.id)) is not None:
            stands = replace(later, position=was.position)
        found.append(stands)
    return tuple(found)


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
