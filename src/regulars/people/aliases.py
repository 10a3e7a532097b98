"""Which customers are one person, by the merges that stand: pure rules.

A merge is an edge from the merged customer to the kept one, and nobody has two; so the edges make
trees, and the root of a tree is the customer who is shown.
"""

from collections.abc import Mapping
from uuid import UUID


def part_under(customer: UUID, into: Mapping[UUID, UUID]) -> frozenset[UUID]:
    """A customer and everybody who was merged into them, and into those.

    Args:
        customer: Anybody.
        into: The merges that stand, merged to kept.
    """
    under = {customer}
    growing = True
    while growing:
        found = {merged for merged, kept in into.items() if kept in under} - under
        under |= found
        growing = bool(found)
    return frozenset(under)
