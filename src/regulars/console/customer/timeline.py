"""What happened to a customer, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.console.shown.names import name_of
from regulars.kernel.language import gettext, mark
from regulars.kernel.money import amount_text
from regulars.kernel.words import date_text, one_stop
from regulars.people.queries import Claim
from regulars.stream.models import Event
from regulars.stream.refunding import orders_given_back, refunded_beyond

SENT, SAID_TO_HAVE = "referral.recorded", mark("Is said to have come through {name}")
WHAT = {
    "purchase.completed": mark("Purchase"),
    "purchase.refunded": mark("Refund"),
    "visit.recorded": mark("Visit"),
    SENT: mark("Came through {name}"),
}


@dataclass(frozen=True)
class Happened:
    """A line of the timeline.

    Attributes:
        day: In full.
        iso_day: For machines.
        what: In words.
        detail: What was bought, or "".
        amount: Or "".
        is_beyond: Whether more was given back of the order than was bought.
        sender_id: Who sent them, where the line says so and they are here.
        kind: Of the event, for its mark.
        claimed: Of what was nobody's at first, how it became theirs, in words; "" of everything else.
        bought_id: Of a purchase the event, to give something of it back; None of everything else.
        claim_id: Of who sent them the event, to take it back; None of everything else.
    """

    day: str
    iso_day: str
    what: str
    detail: str
    amount: str
    is_beyond: bool
    sender_id: UUID | None
    kind: str
    claimed: str
    bought_id: UUID | None
    claim_id: UUID | None

    @property
    def can_be_put_back(self) -> bool:
        """Whether it is a purchase that was given to them, and may be nobody's again."""
        return bool(self.claimed) and self.bought_id is not None


def timeline_of(
    events: Sequence[Event],
    *,
    senders: Mapping[UUID, tuple[UUID, str]],
    came_by: Claim | None,
    customer_id: UUID,
    employees: Mapping[str, str],
    zone: ZoneInfo,
) -> tuple[Happened, ...]:
    """What happened, in words; that they sent themselves, as it is once two are one, is left out.

    Args:
        events: As they are in the log.
        senders: By the id that was told of each who sent somebody and is here, who is shown, and the name.
        came_by: The claim that stands about them, if one does.
        customer_id: Whose timeline it is.
        employees: The names of those who gave receipts, by actor.
        zone: Of the business.
    """
    beyond = refunded_beyond(orders_given_back(events))
    lines = []
    for event in events:
        line = _happened(event, senders, zone, event.id in beyond)
        if line.sender_id == customer_id:
            continue
        if event.type == SENT and (came_by is None or event.id != came_by.event_id):
            line = replace(
                line,
                what=one_stop(gettext(SAID_TO_HAVE).format(name=_sender(event, senders)[1])),
                detail=_why_it_counts_for_nobody(event, line, came_by),
            )
        lines.append(replace(line, claimed=_claimed(event, employees, zone)))
    return tuple(lines)


def _why_it_counts_for_nobody(event: Event, line: Happened, came_by: Claim | None) -> str:
    """Why it is not this claim of who sent somebody that stands."""
    if came_by is not None and (
        line.sender_id == came_by.sender_id
        or UUID(event.data["sender_id"]) == came_by.told_sender_id
    ):
        return gettext("That was told more than once; it counts once.")
    return gettext("Counts for nobody: somebody else was earlier, or it would close a circle.")


def _claimed(event: Event, employees: Mapping[str, str], zone: ZoneInfo) -> str:
    """How an event that was nobody's became theirs."""
    if event.replaces is None or event.type == "purchase.refunded":
        return ""  # a refund goes with its purchase, whose line says it
    day = date_text(event.recorded_at.astimezone(zone).date())
    name = employees.get(event.recorded_by)
    if name is None:
        return gettext("Nobody’s until {day}.").format(day=day)
    return gettext("Nobody’s until {day}, when {name} gave it to them.").format(day=day, name=name)


def _happened(
    event: Event,
    senders: Mapping[UUID, tuple[UUID, str]],
    zone: ZoneInfo,
    is_beyond: bool,  # noqa: FBT001  (a fact about the event)
) -> Happened:
    day = event.occurred_at.astimezone(zone).date()
    total = event.data.get("total")
    sender, name = _sender(event, senders)
    amount = amount_text(total["amount_minor"], total["currency"]) if total else ""
    if event.type == "purchase.refunded":
        amount = f"−{amount}"
    return Happened(
        day=date_text(day),
        iso_day=day.isoformat(),
        what=one_stop(gettext(WHAT[event.type]).format(name=name))
        if event.type in WHAT
        else gettext("Something was noted"),
        detail=" · ".join(line["name"] for line in event.data.get("lines", ()) if line.get("name")),
        amount=amount,
        is_beyond=is_beyond,
        sender_id=sender,
        kind=event.type.split(".")[0],
        claimed="",
        bought_id=event.id if event.type == "purchase.completed" else None,
        claim_id=event.id if event.type == SENT else None,
    )


def _sender(event: Event, senders: Mapping[UUID, tuple[UUID, str]]) -> tuple[UUID | None, str]:
    """Who sent them, by an event that says so: who is shown, if they are here, and the name."""
    if "sender_id" not in event.data:
        return None, ""
    return senders.get(UUID(event.data["sender_id"]), (None, name_of("")))
