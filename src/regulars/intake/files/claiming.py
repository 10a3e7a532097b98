"""What a file tells of somebody, and was told of nobody before: theirs, instead of told twice.

An order is known by its number, what it came to and its day, whoever told it first: a till that knows nobody, and later
a list of the same orders with customers.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from regulars.intake.claims import anew, follow, take_along
from regulars.intake.files.draft import Draft
from regulars.intake.files.who import People
from regulars.intake.refunds import NUMBER_OF, ReceiptKey
from regulars.kernel.actor import Actor
from regulars.people.queries import kept_ids
from regulars.stream.bulk import known_totals
from regulars.stream.models import Event
from regulars.stream.services import append
from regulars.stream.unclaimed import claimable

ONE_DAY = timedelta(hours=24)  # a file that tells no time of day means noon
Name = tuple[str, str, int, str]  # type, number of the order, what it came to, in which currency


@dataclass(frozen=True)
class Claims:
    """What of a chunk was told before, of nobody at first.

    Attributes:
        rest: What is told for the first time, as far as that goes.
        theirs: What is claimed now, each with the event that it was so far.
        again: How many were claimed by the same customer before.
        otherwise: The keys of those that are somebody else's by now.
    """

    rest: Sequence[Draft]
    theirs: list[tuple[Draft, Event]] = field(default_factory=list)
    again: int = 0
    otherwise: list[str] = field(default_factory=list)

    @property
    def receipts(self) -> set[ReceiptKey]:
        """Of what is claimed now."""
        return {
            ("receipt", f"{event.source}: {event.data[NUMBER_OF[event.type]]}")
            for _, event in self.theirs
        }


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
    found: dict[Name, list[Event]] = {}
    for event in claimable({number for _, number, _, _ in names.values()}):
        found.setdefault(_name(event.type, event.data), []).append(event)
    told = known_totals(source, [key for key, name in names.items() if name in found])
    persons = kept_ids(
        {one.customer_id for some in found.values() for one in some if one.customer_id}
    )
    claims, rest = Claims(rest=[]), []
    for draft in drafts:
        some = found.get(names[draft.key], []) if draft.key in names else []
        who, moment = people.told.get(draft.about), datetime.fromtimestamp(draft.moment, UTC)
        near = [one for one in some if abs(one.occurred_at - moment) < ONE_DAY]
        if who is None or not near or draft.key in told:
            rest.append(draft)
            continue
        person = people.known.person(who.id)
        theirs = [one for one in near if one.customer_id and persons[one.customer_id] == person]
        free = [one for one in near if one.customer_id is None]
        if theirs:
            some.remove(theirs[0])
        elif free:
            some.remove(free[0])
            claims.theirs.append((draft, free[0]))
        else:
            claims.otherwise.append(draft.key)
    claimed = len(claims.theirs) + len(claims.otherwise)
    return Claims(rest, claims.theirs, len(drafts) - len(rest) - claimed, claims.otherwise)


def write_claims(claims: Claims, people: People, *, actor: Actor, now: datetime) -> list[str]:
    """Gives what is claimed to whose it is; inside a transaction, and once they are there.

    Returns:
        The ids of what was written.
    """
    whose = [
        (event, who.id)
        for draft, event in claims.theirs
        if (who := people.told[draft.about]) is not None
    ]
    appended = append(events=[anew(*one) for one in whose], actor=actor, now=now)
    take_along(
        [(event, now_theirs) for (event, _), now_theirs in zip(whose, appended, strict=True)],
        actor=actor,
        now=now,
    )
    follow(claims.receipts, actor=actor, now=now)
    return [str(one.id) for one in appended if one.is_new]


def _name_of(draft: Draft) -> Name | None:
    """By which an event of an order is known, or None where it names none."""
    data = json.loads(draft.data) if draft.type in NUMBER_OF else {}
    return _name(draft.type, data) if data.get(NUMBER_OF.get(draft.type, "")) else None


def _name(kind: str, data: dict[str, object]) -> Name:
    total: dict[str, object] = data["total"]  # type: ignore[assignment]
    return kind, str(data[NUMBER_OF[kind]]), int(str(total["amount_minor"])), str(total["currency"])
