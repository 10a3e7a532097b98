"""Reads about people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from regulars.people.core import PRIORITY, IdentityKind, likeness, name_keys, normalised
from regulars.people.errors import UnknownCustomer
from regulars.people.models import Business, Customer, Identity, NameKey

CANDIDATES_WEIGHED = 200
CANDIDATES_SHOWN = 8


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant.

    Attributes:
        customer_id: Of the customer.
        name: Theirs.
        likeness: From 0 to 1.
        reason: ``identity:<kind>`` or ``name``.
    """

    customer_id: UUID
    name: str
    likeness: float
    reason: str


def business() -> Business | None:
    """The business, once the first run has begun."""
    return Business.objects.first()


def must_exist(customer_ids: Collection[UUID]) -> None:
    """Refuses ids that no customer has.

    Raises:
        UnknownCustomer: There is none with one of the ids.
    """
    wanted = set(customer_ids)
    found = set(Customer.objects.filter(id__in=wanted).values_list("id", flat=True))
    for missing in sorted(wanted - found):
        raise UnknownCustomer(id=missing)


def recognise(
    identities: Iterable[tuple[IdentityKind, str]], *, region: str | None
) -> Candidate | None:
    """The customer that identities belong to; the surest kind decides.

    Raises:
        RegularsError: An identity cannot be one; see `regulars.people.errors`.
    """
    values = {kind: normalised(kind, value, region=region) for kind, value in identities}
    for kind in PRIORITY:
        if kind in values:
            found = (
                Identity.objects.filter(kind=kind, value=values[kind])
                .select_related("customer")
                .first()
            )
            if found is not None:
                customer = found.customer
                return Candidate(customer.id, customer.name, 1.0, f"identity:{kind}")
    return None


def recognise_by_name(name: str) -> tuple[Candidate, ...]:
    """Customers whose name is like the one asked for, the likest first; slips are forgiven."""
    keys = name_keys(name)
    if not keys:
        return ()
    rows = (
        NameKey.objects.filter(key__in=keys)
        .values_list("customer_id")
        .annotate(shared=Count("key"))
        .order_by("-shared", "customer_id")[:CANDIDATES_WEIGHED]
    )
    people = Customer.objects.filter(id__in=[customer for customer, _ in rows])
    weighed = [
        Candidate(person.id, person.name, likeness(name, person.name), "name") for person in people
    ]
    likest = sorted(weighed, key=lambda one: (-one.likeness, one.name, one.customer_id))
    return tuple(one for one in likest if one.likeness > 0)[:CANDIDATES_SHOWN]
