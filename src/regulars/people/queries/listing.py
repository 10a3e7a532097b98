"""Customers as they are listed: one row a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from regulars.kernel.cursors import as_moment, ends_at, ends_at_both, paged
from regulars.people.core import PRIORITY
from regulars.people.errors import UnknownLocation
from regulars.people.models import Alias, Customer, Identity, Location, Preference
from regulars.people.names import name_words
from regulars.people.queries.one_person import (
    everyone,
    kept_id,
    kept_ids,
    of_somebody_named,
    present_ids,
)
from regulars.people.queries.places import of_places
from regulars.people.queries.prospecting import prospects
from regulars.people.queries.recognition import beginning_with


@dataclass(frozen=True, kw_only=True)
class CustomerView:
    """A customer with what they are recognised by and what they like.

    Attributes:
        id: The kept one where several were merged.
        name: Theirs, "" of a stranger.
        created_at: When they were added.
        identities: Kind and value, the surest kind first.
        likes: In the order in which they were told.
        language: In which they are spoken to; "" for the business's own.
        location_id: Where they are at home, if anywhere.
    """

    id: UUID
    name: str
    created_at: datetime
    identities: tuple[tuple[str, str], ...]
    likes: tuple[str, ...]
    language: str
    location_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """Since when customers are known, as a list asks for it.

    Attributes:
        since: From this moment on; None for any.
        before: Before this moment; None for any.
        longest_first: Whether whoever is known longest comes first.
    """

    since: datetime | None = None
    before: datetime | None = None
    longest_first: bool = False


ANY_TIME = Known()


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
    """One customer; of somebody merged into another, the other.

    Raises:
        CustomerErased: They were erased.
        UnknownCustomer: There is none with that id.
    """
    present_ids(customer_id)
    return views(list(Customer.objects.filter(id=kept_id(customer_id))))[0]


def customers_page(
    *,
    cursor: str | None,
    limit: int,
    by_name: bool = False,
    called: str | None = None,
    prospects_only: bool = False,
    location_id: UUID | None = None,
    known: Known = ANY_TIME,
) -> CustomersPage:
    """A page of customers, strangers among them, the latest added first unless another order is asked for.

    Args:
        cursor: Of the page before, or None for the first.
        limit: How many on a page.
        by_name: Whether strangers are left out.
        called: Of whose names every part must begin so; None for everybody.
        prospects_only: Whether those are left out who have bought.
        location_id: Where everybody must be at home or have been; None for anywhere.
        known: Since when everybody must be known, and whether those known longest come first.

    Raises:
        UnknownLocation: There is no such location.
        InvalidCursor: The cursor is none of ours.
    """
    # Ids come in the order of time.
    shown = Customer.objects.exclude(id__in=Alias.objects.values("merged_id"))
    customers = (prospects() if prospects_only else shown).order_by("-id")
    if by_name:
        customers = customers.exclude(name="")
    if location_id is not None:
        if not Location.objects.filter(id=location_id).exists():
            raise UnknownLocation
        customers = customers.filter(of_places([location_id]))
    if called is not None:
        customers = _called(customers, called)
    if known != ANY_TIME:
        customers = _known(customers, known)
    if known.longest_first:
        return _known_longest(customers, cursor=cursor, limit=limit)
    if cursor is not None:
        customers = customers.filter(id__lt=ends_at(cursor, UUID))
    found = views(list(customers[: limit + 1]))
    return CustomersPage(*paged(found, limit=limit, ordered_by=lambda one: (one.id,)))


def _known(customers: QuerySet[Customer], known: Known) -> QuerySet[Customer]:
    """Those who are known since some time."""
    if known.since is not None:
        customers = customers.filter(known_since__gte=known.since)
    if known.before is not None:
        customers = customers.filter(known_since__lt=known.before)
    return customers


def _known_longest(
    customers: QuerySet[Customer], *, cursor: str | None, limit: int
) -> CustomersPage:
    if cursor is not None:
        since, last = ends_at_both(cursor, as_moment, UUID)
        customers = customers.filter(known_since__gte=since).filter(
            Q(known_since__gt=since) | Q(known_since=since, id__gt=last)
        )
    rows = list(customers.order_by("known_since", "id")[: limit + 1])
    ends = [(row.known_since, row.id) for row in rows]
    shown, further = paged(
        list(zip(views(rows), ends, strict=True)), limit=limit, ordered_by=lambda one: one[1]
    )
    return CustomersPage(tuple(view for view, _ in shown), further)


def _called(customers: QuerySet[Customer], name: str) -> QuerySet[Customer]:
    """Those of whom a name begins with every part asked for; of whoever was merged into them too."""
    words = name_words(name)
    if not words:
        return customers.none()
    for word in words:
        having = beginning_with(word).values("customer_id")
        merged = Alias.objects.filter(merged_id__in=having).values("kept_id")
        customers = customers.filter(Q(id__in=having) | Q(id__in=merged))
    return customers


def customers_by_id(customer_ids: Iterable[UUID]) -> list[Customer]:
    """Some customers, in the order in which they are asked for; of somebody merged, who is shown.

    Who is not there is left out, and nobody comes twice.
    """
    asked = list(customer_ids)
    kept = kept_ids(asked)
    found = Customer.objects.in_bulk(list(set(kept.values())))
    return [found[one] for one in dict.fromkeys(kept[one] for one in asked) if one in found]


def people_rows(customer_ids: Iterable[UUID]) -> tuple[CustomerView, ...]:
    """Some who are shown with everything that belongs to them, as `customers_by_id` orders them."""
    return views(customers_by_id(customer_ids))


def likes_of(customer_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """What some who are shown like, everybody merged into them included, as it was told."""
    whose = everyone(customer_ids)
    likes: dict[UUID, tuple[str, ...]] = {}
    rows = Preference.objects.filter(kind=Preference.LIKES, customer_id__in=whose)
    for customer, text in rows.order_by("said_at", "id").values_list("customer_id", "text"):
        likes[whose[customer]] = (*likes.get(whose[customer], ()), text)
    return likes


def preferences_of(customer_ids: Iterable[UUID]) -> dict[UUID, tuple[tuple[str, str], ...]]:
    """Everything remembered of some who are shown, kind and text, as it was told; as `likes_of`."""
    whose = everyone(customer_ids)
    told: dict[UUID, tuple[tuple[str, str], ...]] = {}
    rows = Preference.objects.filter(customer_id__in=whose).order_by("said_at", "id")
    for customer, kind, text in rows.values_list("customer_id", "kind", "text"):
        told[whose[customer]] = (*told.get(whose[customer], ()), (kind, text))
    return told


def how_many(*, among: QuerySet[Customer] | None = None) -> int:
    """How many customers are known by name, each person once.

    Args:
        among: Of whom; None for everybody.
    """
    named, merged = Customer.objects.exclude(name=""), Alias.objects.values("merged_id")
    if (
        among is None
    ):  # an index tells how many there are, without asking of each whether they were merged
        return named.count() - named.filter(id__in=merged).count()
    return named.exclude(id__in=merged).filter(id__in=among.values("id")).count()


def how_many_told(*kinds: str, among: QuerySet[Customer] | None = None) -> int:
    """Of how many of them something is remembered of some kinds.

    Args:
        kinds: Of `regulars.people.remembering.PREFERENCES`.
        among: Of whom; None for everybody.
    """
    told = of_somebody_named(Preference.objects.filter(kind__in=kinds))
    if among is not None:
        told = told.filter(shown_id__in=among.values("id"))
    return told.values("shown_id").distinct().count()


def views(customers: Sequence[Customer]) -> tuple[CustomerView, ...]:
    """Kept customers with everything that belongs to them; three queries for all."""
    rank: dict[str, int] = {kind: place for place, kind in enumerate(PRIORITY)}
    kept = {customer.id: customer.id for customer in customers}
    kept |= dict(Alias.objects.filter(kept_id__in=list(kept)).values_list("merged_id", "kept_id"))
    identities: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for one in Identity.objects.filter(customer_id__in=kept):
        identities[kept[one.customer_id]].append((one.kind, one.value))
    likes: dict[UUID, list[str]] = defaultdict(list)
    liked = Preference.objects.filter(customer_id__in=kept, kind=Preference.LIKES)
    for like in liked.order_by("said_at", "id"):
        likes[kept[like.customer_id]].append(like.text)
    return tuple(
        CustomerView(
            id=customer.id,
            name=customer.name,
            created_at=customer.created_at,
            identities=tuple(
                sorted(identities[customer.id], key=lambda one: (rank[one[0]], one[1]))
            ),
            likes=tuple(likes[customer.id]),
            language=customer.language,
            location_id=customer.location_id,
        )
        for customer in customers
    )
