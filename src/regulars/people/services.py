"""Writes about people: every one has this one path."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.core import IdentityKind, folded_name, name_keys, normalised
from regulars.people.errors import AlreadyFounded, IdentityTaken, NameMissing
from regulars.people.models import (
    Business,
    Customer,
    Employee,
    Identity,
    NameKey,
    Preference,
)


def add_customer(
    *,
    name: str,
    identities: Iterable[tuple[IdentityKind, str]] = (),
    likes: Iterable[str] = (),
    region: str | None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Adds somebody by name.

    Args:
        name: As people say it.
        identities: Kind and value as written.
        likes: What they like, each in a few words.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Returns:
        The customer's id.

    Raises:
        NameMissing: There is no name.
        IdentityTaken: An identity is another customer's.
        RegularsError: An identity cannot be one; see `regulars.people.errors`.
    """
    shown = " ".join(name.split())
    if not shown:
        raise NameMissing
    values = [(kind, normalised(kind, value, region=region)) for kind, value in identities]
    for kind, value in values:
        if Identity.objects.filter(kind=kind, value=value).exists():
            raise IdentityTaken(value=value)
    customer = Customer.objects.create(name=shown, created_at=now, created_by=str(actor))
    Identity.objects.bulk_create(
        Identity(customer=customer, kind=kind, value=value, created_at=now)
        for kind, value in dict.fromkeys(values)
    )
    NameKey.objects.bulk_create(NameKey(customer=customer, key=key) for key in name_keys(shown))
    Preference.objects.bulk_create(
        Preference(
            customer=customer, kind=Preference.LIKES, text=text, said_by=str(actor), said_at=now
        )
        for text in likes
    )
    return customer.id


def found_business(
    *,
    name: str,
    language: str,
    time_zone: str,
    country: str,
    currency: str,
    stamp: str,
    promise: str,
    owner: str,
    password: str,
    now: datetime,
) -> Employee:
    """Sets up the business with its owner; once.

    Args:
        name: Of the business.
        language: One of `regulars.kernel.language.LANGUAGES`.
        time_zone: Of the IANA's list.
        country: ISO 3166, "" where none is known; phones without a country are read as of it.
        currency: ISO 4217.
        stamp: What only this business has.
        promise: What it promises its customers.
        owner: Of the first employee, the name; it is what they sign in with too.
        password: Theirs.
        now: When.

    Raises:
        AlreadyFounded: There is a business.
    """
    if Business.objects.exists():
        raise AlreadyFounded
    Business.objects.create(
        name=name,
        language=language,
        time_zone=time_zone,
        country=country,
        currency=currency,
        stamp=stamp,
        promise=promise,
        created_at=now,
    )
    employee = Employee(
        login=folded_name(owner) or owner, name=owner, role=Employee.OWNER, created_at=now
    )
    employee.set_password(password)
    employee.save()
    return employee


def choose_goal(*, goal: str) -> None:
    """Sets the one primary goal, one of `regulars.measure.core.GOALS`."""
    Business.objects.update(goal=goal)


def finish_first_run(*, now: datetime) -> None:
    """Ends the first run; what it asked for can be changed later on."""
    Business.objects.filter(ready_at=None).update(ready_at=now)


def describe_business(
    *,
    name: str,
    language: str,
    time_zone: str,
    country: str,
    currency: str,
    stamp: str,
    promise: str,
) -> None:
    """Changes what the business says of itself.

    Args:
        name: Of the business.
        language: One of `regulars.kernel.language.LANGUAGES`.
        time_zone: Of the IANA's list.
        country: ISO 3166, "" where none is known; phones without a country are read as of it.
        currency: ISO 4217; what was recorded in another stays so.
        stamp: What only this business has.
        promise: What it promises its customers.
    """
    Business.objects.update(
        name=name,
        language=language,
        time_zone=time_zone,
        country=country,
        currency=currency,
        stamp=stamp,
        promise=promise,
    )
