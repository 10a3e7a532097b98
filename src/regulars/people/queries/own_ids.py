"""What is known by ids that were exported once, from here or from another house."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.people.models import Customer, Erasure

ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class OwnIds:
    """Of some ids, whose they are.

    Attributes:
        here: Customers who are here, with since when they are known.
        erased: Of customers who were erased.
    """

    here: dict[UUID, datetime]
    erased: frozenset[UUID]


def own_ids(asked: Collection[UUID]) -> OwnIds:
    """Whose some ids are; those of nobody are left out."""
    here: dict[UUID, datetime] = {}
    erased: set[UUID] = set()
    ids = sorted(set(asked))
    for start in range(0, len(ids), ASKED_AT_ONCE):
        some = ids[start : start + ASKED_AT_ONCE]
        here |= dict(Customer.objects.filter(id__in=some).values_list("id", "known_since"))
        found = Erasure.objects.filter(customer_id__in=some)
        erased.update(found.values_list("customer_id", flat=True))
    return OwnIds(here, frozenset(erased))
