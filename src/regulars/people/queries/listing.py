"""Customers as they are listed: one row a person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.people.core import PRIORITY
from regulars.people.models import Alias, Customer, Identity, Preference
from regulars.people.queries.one_person import kept_id, present_ids
from regulars.stream.errors import InvalidCursor


@dataclass(frozen=True, kw_only=True)
class CustomerView:
    """A customer with what they are recognised by and what they like.

    Attributes:
        id: The kept one where several were merged.
        name: Theirs, "" of a stranger.
        created_at: When they were added.
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
    """One customer; of somebody merged into another, the other.

    Raises:
        CustomerErased: They were erased.
        UnknownCustomer: There is none with that id.
    """
    present_ids(customer_id)
    return views(list(Customer.objects.filter(id=kept_id(customer_id))))[0]


def customers_page(*, cursor: str | None, limit: int) -> CustomersPage:
    """A page of all customers, the latest first, strangers among them.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    # Ids come in the order of time.
    customers = Customer.objects.exclude(id__in=Alias.objects.values("merged_id")).order_by("-id")
    if cursor is not None:
        try:
            customers = customers.filter(id__lt=UUID(cursor))
        except ValueError as error:
            raise InvalidCursor from error
    found = views(list(customers[: limit + 1]))
    return CustomersPage(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


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
        )
        for customer in customers
    )
