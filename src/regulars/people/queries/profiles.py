"""Everything that is remembered of one customer, in one read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.people.core import PRIORITY, IdentityKey
from regulars.people.errors import UnknownEntry
from regulars.people.models import (
    AttributeValue,
    Consent,
    Customer,
    Identity,
    ImportantDate,
    Location,
    Note,
    Preference,
    Suppression,
)
from regulars.people.queries.consents import latest_consents
from regulars.people.queries.one_person import present_ids
from regulars.people.queries.prospecting import PURCHASE
from regulars.people.remembering import PREFERENCES
from regulars.stream.queries import counts


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is known of a customer, everybody merged into them included.

    Attributes:
        customer_id: The kept one.
        ids: All of theirs, the kept one first.
        name: Theirs.
        other_names: Of those merged into them, where they differ.
        known_since: Since when anything tells of them.
        identities: The surest kind first.
        preferences: By kind, in the order in which they were told.
        attributes: The latest word on each.
        notes: The latest first.
        dates: By the day of the year.
        consents: Their latest word on each purpose and channel.
        suppressions: What forbids to contact them now.
        is_prospect: Whether they are known and have not bought yet.
        language: In which they are spoken to; "" for the business's own.
        location: Where they are at home, if anywhere.
    """

    customer_id: UUID
    ids: tuple[UUID, ...]
    name: str
    other_names: tuple[str, ...]
    known_since: datetime
    identities: tuple[Identity, ...]
    preferences: tuple[Preference, ...]
    attributes: tuple[AttributeValue, ...]
    notes: tuple[Note, ...]
    dates: tuple[ImportantDate, ...]
    consents: tuple[Consent, ...]
    suppressions: tuple[Suppression, ...]
    is_prospect: bool
    language: str
    location: Location | None


def profile(customer_id: UUID) -> Profile:
    """What is known of a customer.

    Args:
        customer_id: Theirs, or that of somebody merged into them.

    Raises:
        UnknownCustomer: There never was such a customer.
        CustomerErased: They were erased.
    """
    ids = present_ids(customer_id)
    rows = Customer.objects.select_related("location").in_bulk(ids)
    kept = rows[ids[0]]
    theirs = {"customer_id__in": ids}
    names = {row.name for row in rows.values()} - {kept.name, ""}
    preferences = Preference.objects.filter(**theirs).order_by("said_at", "id")
    standing = Suppression.objects.filter(**theirs, lifted_at=None).select_related("identity")
    return Profile(
        customer_id=kept.id,
        ids=ids,
        name=kept.name,
        other_names=tuple(sorted(names)),
        known_since=kept.known_since,
        identities=tuple(
            sorted(
                Identity.objects.filter(**theirs),
                key=lambda one: (PRIORITY.index(one.kind), one.created_at, one.value),
            )
        ),
        preferences=tuple(sorted(preferences, key=lambda one: PREFERENCES.index(one.kind))),
        attributes=_latest(AttributeValue.objects.filter(**theirs).select_related("attribute")),
        notes=tuple(Note.objects.filter(**theirs).order_by("-said_at", "-id")),
        dates=tuple(ImportantDate.objects.filter(**theirs).order_by("month", "day", "id")),
        consents=tuple(latest_consents(ids).values()),
        suppressions=tuple(standing.order_by("since", "id")),
        is_prospect=not counts(ids).get(PURCHASE),
        language=kept.language,
        location=kept.location,
    )


def identity_of(customer_id: UUID, identity_id: int) -> IdentityKey:
    """Kind and value of an identity of somebody's.

    Raises:
        UnknownEntry: It is not theirs.
        UnknownCustomer, CustomerErased: They are not there.
    """
    theirs = Identity.objects.filter(customer_id__in=present_ids(customer_id))
    found = theirs.filter(id=identity_id).first()
    if found is None:
        raise UnknownEntry
    return next(kind for kind in PRIORITY if kind == found.kind), found.value


def _latest(values: Iterable[AttributeValue]) -> tuple[AttributeValue, ...]:
    told = sorted(values, key=lambda one: (one.said_at, one.id))
    latest = {one.attribute.key: one for one in told}
    return tuple(latest[key] for key in sorted(latest))
