"""Reads about people."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from regulars.kernel.errors import RegularsError
from regulars.people.core import (
    FEWEST_DIGITS,
    PRIORITY,
    IdentityKind,
    folded_name,
    likeness,
    name_keys,
    normalised,
)
from regulars.people.errors import UnknownCustomer
from regulars.people.models import Business, Customer, Identity, NameKey, Preference
from regulars.stream.errors import InvalidCursor

CANDIDATES_WEIGHED = 200
CANDIDATES_SHOWN = 8
LONGEST_PART = 40


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


def region() -> str | None:
    """ISO 3166 of the business, for phones without a country; None where it is not known."""
    known = business()
    return known.country or None if known else None


@dataclass(frozen=True)
class CustomerView:
    """A customer with what they are recognised by and what they like.

    Attributes:
        identities: Kind and value, the surest kind first.
        likes: In the order in which they were told.
    """

    id: UUID
    name: str
    created_at: datetime
    identities: tuple[tuple[str, str], ...]
    likes: tuple[str, ...]


@dataclass(frozen=True)
class CustomersPage:
    """Some customers, the latest first.

    Attributes:
        customers: Of this page.
        cursor: Where the next page begins, or None at the end.
    """

    customers: tuple[CustomerView, ...]
    cursor: str | None


def customer_view(customer_id: UUID) -> CustomerView:
    """One customer.

    Raises:
        UnknownCustomer: There is none with that id.
    """
    found = views(Customer.objects.filter(id=customer_id))
    if not found:
        raise UnknownCustomer(id=customer_id)
    return found[0]


def customers_page(*, cursor: str | None, limit: int) -> CustomersPage:
    """A page of all customers, the latest first.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    # Ids come in the order of time.
    customers = Customer.objects.order_by("-id")
    if cursor is not None:
        try:
            customers = customers.filter(id__lt=UUID(cursor))
        except ValueError as error:
            raise InvalidCursor from error
    found = views(customers[: limit + 1])
    return CustomersPage(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def views(customers: QuerySet[Customer]) -> tuple[CustomerView, ...]:
    """Customers with everything that belongs to them, three queries for all."""
    rank: dict[str, int] = {kind: place for place, kind in enumerate(PRIORITY)}
    return tuple(
        CustomerView(
            id=customer.id,
            name=customer.name,
            created_at=customer.created_at,
            identities=tuple(
                sorted(
                    ((one.kind, one.value) for one in customer.identities.all()),
                    key=lambda one: (rank[one[0]], one[1]),
                )
            ),
            likes=tuple(
                one.text for one in customer.preferences.all() if one.kind == Preference.LIKES
            ),
        )
        for customer in customers.prefetch_related("identities", "preferences")
    )


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


def search(asked: str, *, region: str | None, most: int) -> tuple[Candidate, ...]:
    """Customers who may be meant by what somebody is typing, the likest first.

    A phone or an e-mail address finds its owner; a name finds whoever is called so, slips
    forgiven, and whoever's name begins so.

    Args:
        asked: As typed so far.
        region: ISO 3166 of the business, for phones without a country.
        most: How many at most.
    """
    kind: IdentityKind = "email" if "@" in asked else "phone"
    if kind == "email" or sum(letter.isdigit() for letter in asked) >= FEWEST_DIGITS:
        try:
            owner = recognise([(kind, asked)], region=region)
        except RegularsError:
            owner = None
        if owner is not None:
            return (owner,)
    found = {one.customer_id: one for one in (*recognise_by_name(asked), *_beginning(asked))}
    likest = sorted(found.values(), key=lambda one: (-one.likeness, one.name, one.customer_id))
    return tuple(likest[:most])


def _beginning(asked: str) -> list[Candidate]:
    """Customers of whose names one begins with the last word that was typed."""
    parts = folded_name(asked).split()
    if not parts:
        return []
    # Keys are small letters and digits, and no letter sorts after z.
    beginning = parts[-1]
    customers = (
        NameKey.objects.filter(key__gte=beginning, key__lte=beginning + "z" * LONGEST_PART)
        .order_by("key", "customer_id")
        .values_list("customer_id", flat=True)[:CANDIDATES_WEIGHED]
    )
    people = Customer.objects.filter(id__in=set(customers))
    weighed = [Candidate(one.id, one.name, likeness(asked, one.name), "name") for one in people]
    return [one for one in weighed if one.likeness > 0]


def customers_by_id(customer_ids: Sequence[UUID]) -> list[Customer]:
    """Some customers, in the order in which they are asked for; who is not there is left out."""
    found = Customer.objects.in_bulk(list(customer_ids))
    return [found[one] for one in customer_ids if one in found]


def likes_of(customer_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """What some customers like, as it was told."""
    likes: dict[UUID, tuple[str, ...]] = {}
    for customer, text in (
        Preference.objects.filter(kind=Preference.LIKES, customer_id__in=customer_ids)
        .order_by("id")
        .values_list("customer_id", "text")
    ):
        likes[customer] = (*likes.get(customer, ()), text)
    return likes


def how_many() -> int:
    """How many customers are known."""
    return Customer.objects.count()
