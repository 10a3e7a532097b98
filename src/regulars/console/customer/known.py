"""What is known of a customer: how to reach them, what to remember, what was noted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from regulars.console.customer.words import PREFERENCE_NAMES
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text
from regulars.people.core import shown_phone
from regulars.people.models import Identity, Note, Preference


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
            "" if one.kind == Preference.LIKES else gettext(PREFERENCE_NAMES[one.kind]),
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
