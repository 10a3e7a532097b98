"""People in a list, as every page shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.console.shown.names import initial_of, name_of
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import number_text
from regulars.people.models import Customer
from regulars.people.queries import Candidate

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


def ago_text(days: int) -> str:
    """How many days something is past: "today", "yesterday", "12 days ago"."""
    if days <= 0:
        return gettext("today")
    if days == YESTERDAY:
        return gettext("yesterday")
    return ngettext("{count} day ago", "{count} days ago", days).format(count=number_text(days))


def reason_text(found: Candidate) -> str:
    """Why somebody is found."""
    if found.in_short:
        short, name = found.in_short
        return gettext("{short} is short for {name}").format(short=short, name=name)
    return {
        "identity:phone": gettext("by this phone number"),
        "identity:email": gettext("by this e-mail address"),
        "name:given": gettext("by the first name alone"),
        "name:called": gettext("is called so besides"),
        "name:part": gettext("by a part of the name"),
        "name:beginning": gettext("the name begins like this"),
        "name:sound": gettext("sounds the same, spelt differently"),
        "name:script": gettext("sounds the same in another script"),
        "name:typo": gettext("spelt a little differently"),
    }.get(found.reason, "")
