"""Keeping others from changing the same people until a transaction ends."""

from uuid import UUID

from regulars.people.models import Customer
from regulars.people.queries.one_person import kept_id, present_ids


def hold(*customers: UUID) -> None:
    """Waits for whoever changes these customers, and lets nobody in until the transaction ends.

    PostgreSQL locks their rows; SQLite has one writer anyway.
    """
    list(Customer.objects.filter(id__in=customers).order_by("id").select_for_update())


def hold_person(customer: UUID) -> UUID:
    """The same for whoever is shown for a customer, who cannot become another's part meanwhile.

    Returns:
        The id of who is shown.
    """
    while True:
        root = kept_id(customer)
        hold(root)
        if kept_id(customer) == root:
            return root


def hold_present(customer: UUID) -> tuple[UUID, ...]:
    """Every id of a person who is there and is not erased until the transaction ends.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    hold(customer)
    return present_ids(customer)
