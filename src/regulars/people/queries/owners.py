"""Whose identities are, for many events at a time."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from regulars.people.core import IdentityKey
from regulars.people.models import BlockedIdentity
from regulars.people.sql import OWNERS
from regulars.stream.hot import as_id, rows


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an identity is.

    Attributes:
        customer_id: Whose it is by itself; what comes in is recorded with this one.
        shown_id: Who is shown for them.
    """

    customer_id: UUID
    shown_id: UUID


def owners_of(keys: Collection[IdentityKey]) -> dict[IdentityKey, Owner]:
    """The owners of identities as they are compared; those of nobody are left out."""
    if not keys:
        return {}
    found = rows(OWNERS, (json.dumps(list(keys)),))
    return {
        (kind, value): Owner(as_id(customer), as_id(shown))
        for kind, value, customer, shown in found
    }


def blocked_of(keys: Collection[IdentityKey]) -> set[IdentityKey]:
    """Those of some identities that the business said stand for nobody."""
    if not keys:
        return set()
    asked = reduce(or_, (Q(kind=kind, value=value) for kind, value in keys))
    found = BlockedIdentity.objects.filter(asked).values_list("kind", "value")
    return {(kind, value) for kind, value in keys if (kind, value) in set(found)}
