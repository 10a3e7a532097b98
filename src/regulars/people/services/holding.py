"""Keeping others from changing the same people until a transaction ends.

Whoever holds several holds them by their ids, the smallest first: so nobody holds what another waits for
who holds what they wait for. Where it cannot be known beforehand whom a transaction will touch, one of the
two is to begin anew: `regulars.stream.anew`.
"""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from django.db import transaction

from regulars.people.models import Customer
from regulars.people.queries.one_person import ids_of, kept_id, kept_ids, present_ids


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
    (root,) = _held(lambda: (kept_id(customer),))
    return root


def hold_shown(customers: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The same for whoever is shown for each of several, whatever became of them a moment ago.

    Returns:
        Who is shown, by the id that was asked for.
    """
    _held(lambda: tuple(sorted(set(kept_ids(customers).values()))))
    return kept_ids(customers)


def hold_all_of(customer: UUID) -> tuple[UUID, ...]:
    """The same for every id of a person, whom nobody can become a part of meanwhile.

    Returns:
        The ids, the shown one first.
    """
    return _held(lambda: ids_of(customer))


def hold_present(customer: UUID) -> tuple[UUID, ...]:
    """Every id of a person who is there and is not erased until the transaction ends.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    hold(customer)
    return present_ids(customer)


def _held(whom: Callable[[], tuple[UUID, ...]]) -> tuple[UUID, ...]:
    """Holds some, who are the same once they are held; who turns out to be somebody else is let go first."""
    while True:
        before = transaction.savepoint()
        ids = whom()
        hold(*ids)
        if whom() == ids:
            transaction.savepoint_commit(before)
            return ids
        transaction.savepoint_rollback(before)
