"""What is remembered of customers: adding, changing and removing, with who said so and when."""

from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.errors import (
    ConsentMissing,
    UnknownAttribute,
    UnknownEntry,
)
from regulars.people.models import Attribute, AttributeValue, ImportantDate, Note, Preference
from regulars.people.permission import EVERYWHERE, PROFILE
from regulars.people.queries.calendar import day_here
from regulars.people.queries.consents import consent_stands
from regulars.people.queries.one_person import present_ids
from regulars.people.remembering import (
    LONGEST_LABEL,
    LONGEST_NOTE,
    LONGEST_PREFERENCE,
    PREFERENCES,
    PreferenceKind,
    attribute_value,
    day_of_year,
    one_of,
    plain_text,
    remembered_as,
)
from regulars.people.services.holding import hold_person, hold_present


def add_preference(
    *, customer_id: UUID, kind: PreferenceKind, text: str, actor: Actor, now: datetime
) -> int:
    """Remembers what somebody likes, avoids, needs, is pained by, is interested in, or how they live.

    Returns:
        The id of what is remembered.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The kind or the text cannot be; see `regulars.people.errors`.
    """
    hold_present(customer_id)
    kept = one_of(kind, PREFERENCES, field="kind")
    told = plain_text(text, field=kind, most=LONGEST_PREFERENCE)
    return Preference.objects.create(
        customer_id=customer_id,
        kind=kept,
        **remembered_as(told),
        said_by=str(actor),
        said_at=now,
    ).id


def change_preference(
    *,
    customer_id: UUID,
    preference_id: int,
    kind: PreferenceKind | None = None,
    text: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Puts what is remembered in other words, or under another kind.

    Args:
        customer_id: Whose.
        preference_id: What `add_preference` returned.
        kind: Of what is remembered; None to leave it.
        text: In a few words.
        actor: Who says so.
        now: When.

    Raises:
        UnknownEntry: It is not theirs.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The kind or the text cannot be; see `regulars.people.errors`.
    """
    told = plain_text(text, field="text", most=LONGEST_PREFERENCE)
    kept = remembered_as(told)
    if kind is not None:
        kept["kind"] = one_of(kind, PREFERENCES, field="kind")
    found = Preference.objects.filter(id=preference_id, customer_id__in=hold_present(customer_id))
    _one(found.update(**kept, said_by=str(actor), said_at=now))


def remove_preference(*, customer_id: UUID, preference_id: int) -> None:
    """Forgets what is remembered.

    Raises:
        UnknownEntry: It is not theirs.
        UnknownCustomer, CustomerErased: They are not there.
    """
    found = Preference.objects.filter(id=preference_id, customer_id__in=hold_present(customer_id))
    _one(found.delete()[0])


def add_note(*, customer_id: UUID, text: str, actor: Actor, now: datetime) -> UUID:
    """Adds a note about somebody.

    Returns:
        The id of the note.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The text cannot be kept; see `regulars.people.errors`.
    """
    hold_present(customer_id)
    return Note.objects.create(
        customer_id=customer_id,
        text=plain_text(text, field="note", most=LONGEST_NOTE),
        said_by=str(actor),
        said_at=now,
    ).id


def change_note(
    *, customer_id: UUID, note_id: UUID, text: str, actor: Actor, now: datetime
) -> None:
    """Writes a note anew.

    Raises:
        UnknownEntry: It is not about them.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The text cannot be kept; see `regulars.people.errors`.
    """
    kept = plain_text(text, field="note", most=LONGEST_NOTE)
    found = Note.objects.filter(id=note_id, customer_id__in=hold_present(customer_id))
    _one(found.update(text=kept, said_by=str(actor), said_at=now))


def remove_note(*, customer_id: UUID, note_id: UUID) -> None:
    """Removes a note.

    Raises:
        UnknownEntry: It is not about them.
        UnknownCustomer, CustomerErased: They are not there.
    """
    found = Note.objects.filter(id=note_id, customer_id__in=hold_present(customer_id))
    _one(found.delete()[0])


def add_date(
    *,
    customer_id: UUID,
    label: str,
    month: int,
    day: int,
    year: int | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Remembers a day that comes back every year.

    Args:
        customer_id: Whose.
        label: What day it is: "birthday".
        month: 1 to 12.
        day: 29 February is one.
        year: In which it began, if known.
        actor: Who says so.
        now: When.

    Returns:
        The id of the date.

    Raises:
        InvalidDay: There is no such day, or it is still to come.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The label cannot be kept; see `regulars.people.errors`.
    """
    hold_present(customer_id)
    day_of_year(month=month, day=day, year=year, today=day_here(now))
    return ImportantDate.objects.create(
        customer_id=customer_id,
        label=plain_text(label, field="date", most=LONGEST_LABEL),
        month=month,
        day=day,
        year=year,
        said_by=str(actor),
        said_at=now,
    ).id


def change_date(
    *,
    customer_id: UUID,
    date_id: UUID,
    label: str | None = None,
    month: int,
    day: int,
    year: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Puts an important date on another day, or calls it something else.

    Args:
        customer_id: Whose.
        date_id: What `add_date` returned.
        label: What day it is; None to leave it.
        month: 1 to 12.
        day: 29 February is one.
        year: In which it began, if known.
        actor: Who says so.
        now: When.

    Raises:
        InvalidDay: There is no such day, or it is still to come.
        UnknownEntry: It is not theirs.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The label cannot be kept; see `regulars.people.errors`.
    """
    day_of_year(month=month, day=day, year=year, today=day_here(now))
    named = {} if label is None else {"label": plain_text(label, field="date", most=LONGEST_LABEL)}
    found = ImportantDate.objects.filter(id=date_id, customer_id__in=hold_present(customer_id))
    _one(found.update(**named, month=month, day=day, year=year, said_by=str(actor), said_at=now))


def remove_date(*, customer_id: UUID, date_id: UUID) -> None:
    """Forgets an important date.

    Raises:
        UnknownEntry: It is not theirs.
        UnknownCustomer, CustomerErased: They are not there.
    """
    found = ImportantDate.objects.filter(id=date_id, customer_id__in=hold_present(customer_id))
    _one(found.delete()[0])


def set_attribute(
    *, customer_id: UUID, key: str, value: object, actor: Actor, now: datetime
) -> None:
    """Says what an attribute is of a customer; to be called inside a transaction.

    Raises:
        UnknownAttribute: The business has not defined it.
        InvalidAttribute: The value does not fit it.
        ConsentMissing: It needs consent to a profile, and there is none.
        UnknownCustomer, CustomerErased: They are not there.
    """
    hold_person(customer_id)
    ids = present_ids(customer_id)
    attribute = Attribute.objects.filter(key=key, retired_at=None).first()
    if attribute is None:
        raise UnknownAttribute(key=key)
    content = attribute_value(value, key=key, kind=attribute.kind, choices=attribute.choices)
    if attribute.needs_consent and not consent_stands(ids, PROFILE, EVERYWHERE):
        raise ConsentMissing(key=key)
    AttributeValue.objects.update_or_create(
        customer_id=customer_id,
        attribute=attribute,
        defaults={"value": content, "said_by": str(actor), "said_at": now},
    )


def remove_attribute(*, customer_id: UUID, key: str) -> None:
    """Forgets what an attribute is of a customer.

    Raises:
        UnknownEntry: Nothing is known of it.
        UnknownCustomer, CustomerErased: They are not there.
    """
    ids = hold_present(customer_id)
    _one(AttributeValue.objects.filter(customer_id__in=ids, attribute__key=key).delete()[0])


def _one(changed: int) -> None:
    if not changed:
        raise UnknownEntry
