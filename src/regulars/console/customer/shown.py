"""The words of the pages about customers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.care.core import Rhythm
from regulars.console.today.words import initial_of
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.money import major, money_text
from regulars.kernel.words import date_text, number_text, one_stop
from regulars.people.core import shown_phone
from regulars.people.models import Customer, Identity, Note, Preference
from regulars.stream.models import Event
from regulars.stream.queries import Paid

WHAT = {
    "purchase.completed": mark("Purchase"),
    "purchase.refunded": mark("Refund"),
    "visit.recorded": mark("Visit"),
    "referral.recorded": mark("Came through {name}"),
}
KINDS = {
    "likes": mark("Likes"),
    "avoids": mark("Avoids"),
    "needs": mark("Needs"),
    "pains": mark("What makes it hard for them"),
    "interests": mark("Is interested in"),
    "circumstances": mark("How they live"),
}
# Told only where it is news: of the day before yesterday, the date is plainer.
YESTERDAY = 1
NOTHING: Mapping[UUID, tuple[str, str]] = {}


@dataclass(frozen=True)
class Row:
    """A customer in a list.

    Attributes:
        id: Of the customer.
        name: As people say it.
        initial: Of the name.
        likes: In a few words, or "".
        seen: When they were here last, in words.
        reason: Why they are found, in words, or "".
        mark: Where they stand, kind and words, or None.
    """

    id: UUID
    name: str
    initial: str
    likes: str
    seen: str
    reason: str
    mark: tuple[str, str] | None = None


@dataclass(frozen=True)
class Figure:
    """A large figure with its small label.

    Attributes:
        value: In a number or two words.
        label: What it is.
        basis: From when and from how many.
        needs_you: Whether it asks for something to be done.
    """

    value: str
    label: str
    basis: str
    needs_you: bool = False


@dataclass(frozen=True)
class Remembered:
    """A line of what is remembered.

    Attributes:
        id: To change it.
        kind: Of `regulars.people.remembering.PREFERENCES`.
        label: The kind in words; "" of what they like.
        text: As it was told.
    """

    id: str
    kind: str
    label: str
    text: str


@dataclass(frozen=True)
class Written:
    """A note.

    Attributes:
        id: To change it.
        text: As it was written.
        day: When, in full.
        iso_day: For machines.
        author: The name of who wrote it, or "" where a program did.
    """

    id: str
    text: str
    day: str
    iso_day: str
    author: str


@dataclass(frozen=True)
class Happened:
    """A line of the timeline.

    Attributes:
        day: In full.
        iso_day: For machines.
        what: In words.
        detail: What was bought, or "".
        amount: Or "".
        sender_id: Who sent them, where the line says so and they are here.
        kind: Of the event, for its mark.
        bought_id: Of a purchase the event, to give something of it back; None of everything else.
    """

    day: str
    iso_day: str
    what: str
    detail: str
    amount: str
    sender_id: UUID | None
    kind: str
    bought_id: UUID | None


def name_of(name: str) -> str:
    """A customer's name, or what to say while it is not known."""
    return name or gettext("Somebody without a name")


def rows_of(
    customers: Iterable[Customer],
    *,
    likes: Mapping[UUID, Sequence[str]],
    seen: Mapping[UUID, datetime],
    reasons: Mapping[UUID, str],
    marks: Mapping[UUID, tuple[str, str]] = NOTHING,
    zone: ZoneInfo,
    today: date,
) -> tuple[Row, ...]:
    """Customers as a list shows them."""
    return tuple(
        Row(
            id=one.id,
            name=name_of(one.name),
            initial=initial_of(one.name),
            likes=" · ".join(likes.get(one.id, ())),
            seen=seen_text(seen[one.id].astimezone(zone).date(), today=today)
            if one.id in seen
            else gettext("no visit noted yet"),
            reason=reasons.get(one.id, ""),
            mark=marks.get(one.id),
        )
        for one in customers
    )


def seen_text(day: date, *, today: date) -> str:
    """When somebody was here last: "here today", "here yesterday", "here 12 days ago"."""
    days = (today - day).days
    if days <= 0:
        return gettext("here today")
    if days == YESTERDAY:
        return gettext("here yesterday")
    return ngettext("here {count} day ago", "here {count} days ago", days).format(
        count=number_text(days)
    )


def reason_text(reason: str) -> str:
    """Why somebody is found, of `regulars.people.queries.Candidate`."""
    return {
        "identity:phone": gettext("by this phone number"),
        "identity:email": gettext("by this e-mail address"),
    }.get(reason, "")


def found_text(count: int) -> str:
    """How many were found."""
    if not count:
        return gettext("Nobody is called like that.")
    return ngettext("One person found.", "{count} people found.", count).format(
        count=number_text(count)
    )


def contacts_of(identities: Iterable[Identity]) -> tuple[str, ...]:
    """Phones and e-mail addresses."""
    return tuple(
        shown_phone(one.value) if one.kind == "phone" else one.value
        for one in identities
        if one.kind in ("phone", "email")
    )


def remembered_of(preferences: Iterable[Preference]) -> tuple[Remembered, ...]:
    """What is remembered of somebody, what they like first."""
    return tuple(
        Remembered(
            str(one.id),
            one.kind,
            "" if one.kind == Preference.LIKES else gettext(KINDS[one.kind]),
            one.text,
        )
        for one in preferences
    )


def written_of(
    notes: Iterable[Note], *, authors: Mapping[str, str], zone: ZoneInfo
) -> tuple[Written, ...]:
    """Notes, in the order in which they come.

    Args:
        notes: As they are kept.
        authors: Names of employees, by actor.
        zone: Of the business.
    """
    return tuple(
        Written(
            id=str(one.id),
            text=one.text,
            day=date_text(one.said_at.astimezone(zone).date()),
            iso_day=one.said_at.astimezone(zone).date().isoformat(),
            author=authors.get(one.said_by, ""),
        )
        for one in notes
    )


def figures_of(
    rhythm: Rhythm | None,
    paid: Sequence[Paid],
    *,
    brought: int,
    known_since: date,
    zone: ZoneInfo,
) -> tuple[Figure, ...]:
    """How often somebody comes, what they paid, whom they brought; each from when and how many."""
    return (
        *_coming(rhythm, known_since),
        *(_paid(one, zone) for one in paid),
        Figure(
            value=number_text(brought),
            label=ngettext("person brought", "people brought", brought),
            basis=gettext("since {day}").format(day=date_text(known_since)),
        ),
    )


def _coming(rhythm: Rhythm | None, known_since: date) -> tuple[Figure, ...]:
    if rhythm is None:
        return (
            Figure(
                value="0",
                label=gettext("visits noted"),
                basis=gettext("since {day}").format(day=date_text(known_since)),
            ),
        )
    counted = ngettext(
        "from one day here, {day}", "from {count} days here since {day}", rhythm.days
    ).format(count=number_text(rhythm.days), day=date_text(rhythm.first))
    last = Figure(
        value=_silence(rhythm.silent_days),
        label=gettext("last here"),
        basis=gettext("Longer than they usually stay away.")
        if rhythm.stays_away
        else date_text(rhythm.last),
        needs_you=rhythm.stays_away,
    )
    if rhythm.usual_gap_days is None:
        days = Figure(
            value=number_text(rhythm.days),
            label=ngettext("day here", "days here", rhythm.days),
            basis=gettext("since {day}; a rhythm shows from the third on").format(
                day=date_text(rhythm.first)
            ),
        )
        return (days, last)
    gap = max(round(rhythm.usual_gap_days), 1)
    often = Figure(
        value=ngettext("every day", "every {count} days", gap).format(count=number_text(gap)),
        label=gettext("their own rhythm"),
        basis=counted,
    )
    return (often, last)


def _silence(days: int) -> str:
    if not days:
        return gettext("today")
    if days == YESTERDAY:
        return gettext("yesterday")
    return ngettext("{count} day ago", "{count} days ago", days).format(count=number_text(days))


def _paid(one: Paid, zone: ZoneInfo) -> Figure:
    return Figure(
        value=amount_text(one.amount_minor, one.currency),
        label=gettext("bought so far"),
        basis=ngettext(
            "from one purchase, {day}", "from {count} purchases since {day}", one.purchases
        ).format(
            count=number_text(one.purchases),
            day=date_text(one.since.astimezone(zone).date()),
        ),
    )


def amount_text(amount_minor: int, currency: str) -> str:
    """An amount as people write it."""
    return money_text(major(amount_minor, currency), currency)


def timeline_of(
    events: Sequence[Event], *, senders: Mapping[UUID, tuple[UUID, str]], zone: ZoneInfo
) -> tuple[Happened, ...]:
    """What happened, in words.

    Args:
        events: As they are in the log.
        senders: By the id that was told of each who sent somebody and is here, who is shown, and the name.
        zone: Of the business.
    """
    return tuple(_happened(event, senders, zone) for event in events)


def _happened(event: Event, senders: Mapping[UUID, tuple[UUID, str]], zone: ZoneInfo) -> Happened:
    day = event.occurred_at.astimezone(zone).date()
    total = event.data.get("total")
    told = UUID(event.data["sender_id"]) if "sender_id" in event.data else None
    sender, name = senders.get(told, (None, name_of(""))) if told else (None, "")
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
        sender_id=sender,
        kind=event.type.split(".")[0],
        bought_id=event.id if event.type == "purchase.completed" else None,
    )
