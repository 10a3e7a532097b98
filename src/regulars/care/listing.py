"""What follows for today's list from the log, whatever the order in which it was told.

A line follows from one event: the first friend somebody sent, or their last return. An older visit that is told
late, or two customers who turn out to be one, may make it another event, or none: then the line is
withdrawn, and back where it was once that is undone. What was done stays, and is not asked for again.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from regulars.care.core import SILENCE_DAYS, last_return
from regulars.care.models import Task
from regulars.care.sql import AFTER_A_GAP, SENT
from regulars.people.came_through import knotted_with
from regulars.people.models import Customer
from regulars.people.queries import claims_above, day_here, everyone, kept_ids, standing
from regulars.people.services.holding import hold
from regulars.stream.hot import as_id, as_moment, rows, stored
from regulars.stream.queries import Came, Effect, Happened, came, came_lately, sent_lately

LISTED_AHEAD_DAYS = 1
NEWS_DAYS = 7  # what is told later than that is history, and nothing to act upon
FORESEEN_DAYS = 1  # an event may lie that far ahead
LOOKED_AT_ONCE = 5_000
FOLLOWING_KINDS = (Task.THANK, Task.WELCOME_BACK)
DUE_IN_DAYS: Mapping[str, int] = {Task.THANK: 1, Task.WELCOME_BACK: 0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """The event that a line follows from.

    Attributes:
        event_id: Of the event.
        customer_id: For whom the line is, by the id that the event tells.
        occurred_at: When.
        about_id: Whom it is about besides.
    """

    event_id: UUID
    customer_id: UUID
    occurred_at: datetime
    about_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be done so that the list says what the log says.

    Attributes:
        new: Lines that are not there yet.
        restored: Lines that were withdrawn and follow again.
        withdrawn: Lines that follow no longer.
    """

    new: Sequence[Task]
    restored: Sequence[Task]
    withdrawn: Sequence[Task]

    def __bool__(self) -> bool:
        """Whether there is anything to be done."""
        return bool(self.new or self.restored or self.withdrawn)


def settle(
    customer_ids: Collection[UUID], *, kinds: Sequence[str] = FOLLOWING_KINDS, now: datetime
) -> tuple[tuple[UUID, Effect], ...]:
    """Has the list say of some persons what the log says of them; to be called inside a transaction.

    Args:
        customer_ids: Of each, one id at least.
        kinds: Of lines, of those that follow from events.
        now: When.

    Returns:
        What came onto the list, each with the event that it follows from.
    """
    if not customer_ids:
        return ()
    if not _changes(customer_ids, kinds, now=now):
        return ()
    # What others tell of them at the same moment is looked at after them.
    hold(*set(everyone(customer_ids).values()))
    changes = _changes(customer_ids, kinds, now=now)
    Task.objects.bulk_create(changes.new)
    for some, moment in ((changes.restored, None), (changes.withdrawn, now)):
        Task.objects.filter(id__in=[one.id for one in some]).update(withdrawn_at=moment)
    shown = everyone(customer_ids)
    return tuple(
        (one.event_id, Effect(kind="task", what=one.kind, customer_id=shown[one.customer_id]))
        for one in (*changes.new, *changes.restored)
        if one.event_id is not None
    )


def settle_whole(customer_ids: Collection[UUID], *, now: datetime) -> None:
    """The same for customers who are one person now, or two again, and for whoever sent or came through them."""
    whole = set(everyone(customer_ids).values())
    settle({*customer_ids, *_of_claims(whole, as_one=True)}, now=now)


def settle_thanks(friends: Collection[UUID], *, now: datetime) -> tuple[tuple[UUID, Effect], ...]:
    """Has the list say whom to thank once somebody claims to have sent some friends; inside a transaction.

    Another's claim about the same friend may stand no longer, or one that closed a circle with it may stand.
    """
    return settle(claimants(friends), kinds=(Task.THANK,), now=now)


def claimants(friends: Collection[UUID]) -> set[UUID]:
    """Who claims what may stand, or stand no longer, because of what is told of some friends."""
    return _of_claims(set(kept_ids(friends).values()))


def _of_claims(whole: Collection[UUID], *, as_one: bool = False) -> set[UUID]:
    """Who claims what may stand, or stand no longer, because of what is told of some persons who are shown.

    Args:
        whole: The persons.
        as_one: Whether they are to be taken for one, as they were, or are.
    """
    if not whole:
        return set()
    persons = dict.fromkeys(whole, min(whole)) if as_one else {}
    claims = [
        (persons.get(one.sender_id, one.sender_id), persons.get(one.friend_id, one.friend_id), one)
        for one in claims_above(whole)
    ]
    about = {persons.get(one, one) for one in whole}
    knot = knotted_with(about, [(sender, friend) for sender, friend, _ in claims])
    return {one.told_sender_id for _, friend, one in claims if friend in knot}


def came_back(events: Sequence[Happened], *, now: datetime) -> set[UUID]:
    """Who may have come back by some new events, or turn out never to have been away; by one id of theirs."""
    asked = [
        (stored(event.customer_id), stored(event.occurred_at))
        for event in events
        if event.customer_id is not None
    ]
    if not asked:
        return set()
    long_ago = now - timedelta(days=SILENCE_DAYS - FORESEEN_DAYS)
    since = now - timedelta(days=NEWS_DAYS)
    found = rows(AFTER_A_GAP, (stored(long_ago), stored(since), json.dumps(asked)))
    return {as_id(customer) for (customer,) in found}


def settle_all(customer_ids: Collection[UUID], *, source: str, now: datetime) -> None:
    """The same as `settle` for everybody in a file, whose latest events are settled; inside a transaction.

    Its history can change something only for who is on the list, or was here lately by what somebody else
    told; and a claim of long ago for whoever else claims to have sent the same friend.

    Args:
        customer_ids: Of everybody of whom the file tells.
        source: Of the file's events.
        now: When it is told, as its events say.
    """
    told = set(customer_ids)
    since = now - timedelta(days=NEWS_DAYS)
    listed = Task.objects.filter(done_at=None, event_id__isnull=False)
    concerned = {
        *listed.values_list("customer_id", flat=True),
        *came_lately(since=since, but_told=(source, now)),
    }
    for some in _in_parts(concerned):
        whole = everyone(some)
        settle({person for one, person in whole.items() if one in told}, now=now)
    thanked = listed.filter(kind=Task.THANK).values_list("customer_id", flat=True)
    for some in _in_parts({*thanked, *sent_lately(since=since, but_told=(source, now))}):
        settle(some, kinds=(Task.THANK,), now=now)


def _in_parts(customers: Collection[UUID]) -> Iterator[list[UUID]]:
    ordered = sorted(customers)
    for start in range(0, len(ordered), LOOKED_AT_ONCE):
        yield ordered[start : start + LOOKED_AT_ONCE]


def _changes(customer_ids: Collection[UUID], kinds: Sequence[str], *, now: datetime) -> Changes:
    shown = everyone(customer_ids)
    persons: dict[UUID, set[UUID]] = defaultdict(set)
    for one, whose in shown.items():
        persons[whose].add(one)
    present = set(Customer.objects.filter(id__in=persons).values_list("id", flat=True))
    lines: dict[tuple[UUID, str], list[Task]] = defaultdict(list)
    for task in Task.objects.filter(customer_id__in=shown, kind__in=kinds):
        lines[shown[task.customer_id], task.kind].append(task)
    begun: list[tuple[str, Cause]] = []
    restored, withdrawn = [], []
    for kind in kinds:
        causes = CAUSES[kind](shown)
        for person in persons:
            cause, theirs = causes.get(person), lines[person, kind]
            stands = None
            if cause is not None and person in present and not _is_done(theirs, cause):
                stands = next((one for one in theirs if one.event_id == cause.event_id), None)
                if stands is not None and stands.withdrawn_at is not None:
                    restored.append(stands)
                elif stands is None and now - cause.occurred_at <= timedelta(days=NEWS_DAYS):
                    begun.append((kind, cause))
            withdrawn += [one for one in theirs if _is_open(one) and one is not stands]
    new = _lines(begun, now=now)
    about = {one.about_id for one in new if one.about_id}
    known = set(Customer.objects.filter(id__in=about).values_list("id", flat=True)) if about else ()
    for line in new:
        line.about_id = line.about_id if line.about_id in known else None
    return Changes(new, restored, withdrawn)


def _is_done(lines: Iterable[Task], cause: Cause) -> bool:
    """Whether somebody was thanked or welcomed for it, or for the same thing by another event, since."""
    return any(
        one.done_at and (one.event_id == cause.event_id or one.done_at >= cause.occurred_at)
        for one in lines
    )


def _is_open(line: Task) -> bool:
    return line.event_id is not None and line.done_at is None and line.withdrawn_at is None


def _lines(begun: Sequence[tuple[str, Cause]], *, now: datetime) -> list[Task]:
    """New lines, of which the business's calendar is asked once."""
    today = day_here(now) if begun else now.date()
    return [
        Task(
            kind=kind,
            customer_id=cause.customer_id,
            about_id=cause.about_id,
            event_id=cause.event_id,
            due_on=today + timedelta(days=DUE_IN_DAYS[kind]),
            created_at=now,
        )
        for kind, cause in begun
    ]


def _first_friends(shown: Mapping[UUID, UUID]) -> dict[UUID, Cause]:
    """The first whom each person sent, by the claims that stand."""
    sent = [
        (as_moment(moment), source, key, as_id(event), as_id(friend))
        for _, friend, moment, source, key, event in rows(SENT, (json.dumps([*map(str, shown)]),))
    ]
    stands = {one.event_id: one for one in standing({friend for *_, friend in sent}).values()}
    found: dict[UUID, Cause] = {}
    for moment, _, _, event, friend in sorted(sent):
        claim = stands.get(event)
        if claim is not None:
            cause = Cause(
                event_id=event,
                customer_id=claim.told_sender_id,
                occurred_at=moment,
                about_id=friend,
            )
            found.setdefault(claim.sender_id, cause)
    return found


def _last_returns(shown: Mapping[UUID, UUID]) -> dict[UUID, Cause]:
    """When each person came back last after a long silence."""
    days: dict[UUID, list[Came]] = defaultdict(list)
    for one in came(shown):
        days[shown[one.customer_id]].append(one)
    found = {}
    for person, theirs in days.items():
        theirs.sort()
        place = last_return([one.occurred_at for one in theirs])
        if place is not None:
            back = theirs[place]
            found[person] = Cause(
                event_id=back.event_id, customer_id=back.customer_id, occurred_at=back.occurred_at
            )
    return found


CAUSES: Mapping[str, Callable[[Mapping[UUID, UUID]], dict[UUID, Cause]]] = {
    Task.THANK: _first_friends,
    Task.WELCOME_BACK: _last_returns,
}
