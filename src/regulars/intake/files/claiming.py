"""What a file tells of somebody, and was told of nobody before: theirs, instead of told twice.

An order is known by its number, what it came to and its day, whoever told it first: a till that knows nobody, and later
a list of the same orders with customers. What a file tells to have been given back of such an order is told of the
order as it stands, under its source.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from regulars.intake.appending import append
from regulars.intake.claims import anew, follow, put_back_from, take_along
from regulars.intake.files.back_of_claimed import Order, noted_orders, told_of_orders
from regulars.intake.files.draft import Draft
from regulars.intake.files.who import People
from regulars.intake.refunds import AT_ANY_TIME, NUMBER_OF, Receipt
from regulars.kernel.actor import Actor
from regulars.people.queries import kept_id, kept_ids
from regulars.stream.bulk import known_totals
from regulars.stream.models import Event
from regulars.stream.unclaimed import claimable

PURCHASE, REFUND = "purchase.completed", "purchase.refunded"
ONE_DAY = timedelta(hours=24)  # a file that tells no time of day means noon


class Name(NamedTuple):
    """By which an event of an order is known, whoever tells it."""

    type: str
    number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Claims:
    """What of a chunk was told before, of nobody at first.

    Attributes:
        rest: What is told for the first time, as far as that goes.
        theirs: What is claimed now, each with the event that it was so far.
        again: How many the log has by now, as the same customer's.
        otherwise: The keys of those that are somebody else's by now.
    """

    rest: Sequence[Draft]
    theirs: Sequence[tuple[Draft, Event]] = ()
    again: int = 0
    otherwise: Sequence[str] = ()

    @property
    def receipts(self) -> set[Receipt]:
        """Of what is claimed now."""
        return {(event.source, event.data[NUMBER_OF[event.type]]) for _, event in self.theirs}


@dataclass(frozen=True)
class Claimed:
    """What became of claims.

    Attributes:
        ids: Of the events that were written.
        otherwise: The keys of those that another claimed at the same moment.
    """

    ids: Sequence[str] = ()
    otherwise: Sequence[str] = ()


@dataclass(frozen=True)
class OfNobodyOnce:
    """What was told of nobody at first, as it stands; each is meant once.

    Attributes:
        found: By which it is known.
        persons: Who is shown for those whose it is by now.
        theirs_no_more: Whose it was and is no more, as somebody said.
    """

    found: Mapping[Name, list[Event]]
    persons: Mapping[UUID, UUID]
    theirs_no_more: Mapping[UUID, set[UUID]]

    @classmethod
    def of(cls, events: Sequence[Event]) -> "OfNobodyOnce":
        """Of events that are nobody's, or were at first."""
        found: dict[Name, list[Event]] = {}
        for event in events:
            found.setdefault(_name(event.type, event.data), []).append(event)
        return cls(
            found,
            kept_ids({one.customer_id for one in events if one.customer_id}),
            put_back_from(one for one in events if one.goes_along or not one.customer_id),
        )

    def near(self, name: Name, seconds: int) -> list[Event]:
        """What is known by a name and happened within a day of a moment, as far as it is not meant already."""
        moment = datetime.fromtimestamp(seconds, UTC)
        return [one for one in self.found.get(name, ()) if abs(one.occurred_at - moment) < ONE_DAY]

    def is_theirs(self, event: Event, person: UUID) -> bool:
        """Whether it is somebody's already, or was until somebody said that it is not."""
        return (
            event.customer_id is not None and self.persons[event.customer_id] == person
        ) or person in self.theirs_no_more.get(event.id, ())

    def take(self, events: Sequence[Event]) -> Event | None:
        """The first of some, where there is one; it is meant by nothing else then."""
        if not events:
            return None
        self.found[_name(events[0].type, events[0].data)].remove(events[0])
        return events[0]


def claims_of(drafts: Sequence[Draft], people: People, *, source: str) -> Claims:
    """Which of some events of a file were told of nobody before.

    Args:
        drafts: In their order.
        people: Of the file.
        source: Of the file's events; what it told itself is told again, and claims nothing.
    """
    names = {
        draft.key: name
        for draft in drafts
        if people.told.get(draft.about) is not None and (name := _name_of(draft)) is not None
    }
    first = claimable({name.number for name in names.values()})
    once = OfNobodyOnce.of(first)
    told = known_totals(source, [key for key, name in names.items() if name in once.found])
    rest: list[Draft] = []
    claimed: list[tuple[Draft, Event]] = []
    otherwise: list[Draft] = []
    for draft in drafts:
        name, who = names.get(draft.key), people.told.get(draft.about)
        near = [] if name is None or draft.is_sum else once.near(name, draft.moment)
        if who is None or not near or draft.key in told:
            rest.append(draft)
            continue
        person = people.known.person(who.id)
        if once.take([one for one in near if once.is_theirs(one, person)]):
            continue
        if free := once.take([one for one in near if one.customer_id is None or one.goes_along]):
            claimed.append((draft, free))
        else:
            otherwise.append(draft)
    sums = {names[draft.key].number for draft in drafts if draft.is_sum and draft.key in names}
    bought = _bought(
        [
            *((one, once.persons[one.customer_id]) for one in first if one.customer_id),
            *noted_orders(sums, source=source),
            *(
                (event, people.known.person(who.id))
                for draft, event in claimed
                if (who := people.told[draft.about])
            ),
        ]
    )
    rest, lost = _refunds_of_orders(
        [(draft, names.get(draft.key)) for draft in rest],
        bought,
        people,
        source=source,
        refused={(draft.about, names[draft.key].number) for draft in otherwise},
    )
    refused = [*(draft.key for draft in otherwise), *lost]
    again = len(drafts) - len(rest) - len(claimed) - len(refused)
    return Claims(rest, claimed, again, refused)


def _refunds_of_orders(
    drafts: Sequence[tuple[Draft, Name | None]],
    bought: Mapping[Order, Sequence[Event]],
    people: People,
    *,
    refused: set[tuple[int, str]],
    source: str,
) -> tuple[list[Draft], list[str]]:
    """What is told for the first time, its refunds of orders that are theirs by now as those orders have them.

    Args:
        drafts: With their names.
        bought: The purchases that were nobody's at first, by the orders of those whose they are.
        people: Of the file.
        refused: Who tells which orders that are somebody else's; nothing was given back of them.
        source: Of the file's events.

    Returns:
        The events, and the keys of those that are refused.
    """
    lost = {
        draft.key
        for draft, name in drafts
        if draft.is_sum and name is not None and (draft.about, name.number) in refused
    }
    refunds = {
        draft.key: (draft, Order(name.number, name.currency, people.known.person(who.id)))
        for draft, name in drafts
        if name is not None
        and name.type == REFUND
        and draft.key not in lost
        and (who := people.told[draft.about]) is not None
    }
    new = {name.number for _, name in drafts if name is not None and name.type == PURCHASE}
    told = told_of_orders(refunds, bought, new=new, source=source)
    kept = [
        one
        for draft, _ in drafts
        if draft.key not in lost and (one := told.get(draft.key, draft)) is not None
    ]
    return kept, sorted(lost)


def write_claims(claims: Claims, people: People, *, actor: Actor, now: datetime) -> Claimed:
    """Gives what is claimed to whose it is; inside a transaction, and once they are there."""
    theirs = [
        (draft, event, who.id)
        for draft, event in claims.theirs
        if (who := people.told[draft.about]) is not None
    ]
    events = [anew(event, who) for _, event, who in theirs]
    appended = append(events=events, actor=actor, now=now)
    take_along(
        [(event, one) for (_, event, _), one in zip(theirs, appended, strict=True)],
        actor=actor,
        now=now,
    )
    follow(dict.fromkeys(claims.receipts, AT_ANY_TIME), now=now)
    written = [str(one.id) for one in appended if one.is_new]
    otherwise = [
        draft.key
        for (draft, _, who), one in zip(theirs, appended, strict=True)
        if not one.is_new and (one.customer_id is None or kept_id(one.customer_id) != kept_id(who))
    ]
    return Claimed(written, otherwise)


def _name_of(draft: Draft) -> Name | None:
    """By which an event of an order is known, or None where it names none."""
    data = json.loads(draft.data) if draft.type in NUMBER_OF else {}
    return _name(draft.type, data) if data.get(NUMBER_OF.get(draft.type, "")) else None


def _name(kind: str, data: Mapping[str, Any]) -> Name:
    total = data["total"]
    return Name(kind, data[NUMBER_OF[kind]], total["amount_minor"], total["currency"])


def _bought(events: Iterable[tuple[Event, UUID]]) -> dict[Order, list[Event]]:
    """The purchases among some events, each with whose it is, by their orders."""
    found: dict[Order, list[Event]] = {}
    for event, person in events:
        if event.type == PURCHASE:
            name = _name(event.type, event.data)
            found.setdefault(Order(name.number, name.currency, person), []).append(event)
    return found
