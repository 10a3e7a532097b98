"""Which customers are one person, by the merges that stand: pure rules.

A merge is an edge from the merged customer to the kept one, and nobody has two; so the edges make
trees, and the root of a tree is the customer who is shown.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID


def roots(customers: Iterable[UUID], into: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """Who is shown for each customer that was merged, and stands for nobody else.

    Args:
        customers: Those who are asked for.
        into: The merges that stand, merged to kept; without circles.

    Returns:
        Merged to shown; who is shown for themselves is not in it.
    """
    return {customer: _root(customer, into) for customer in customers if customer in into}


def _root(customer: UUID, into: Mapping[UUID, UUID]) -> UUID:
    while customer in into:
        customer = into[customer]
    return customer
