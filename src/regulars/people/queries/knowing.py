"""Since when whole persons are known: from the first thing that anything tells of them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from regulars.people.models import Alias, Customer
from regulars.stream.models import Event


def reckoned(customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when some customers are known, by everything that is kept of them.

    It is the earliest of when they were added, since when a file says that they are customers, and what
    happened first, of everybody merged into them too.
    """
    added = Least("created_at", Coalesce("since", "created_at"))
    merged = Alias.objects.filter(kept_id=OuterRef(OuterRef("id"))).values("merged_id")
    others = Customer.objects.filter(id__in=merged).annotate(first=added).order_by("first")
    events = Event.objects.order_by("occurred_at").values("occurred_at")
    own, theirs = events.filter(customer_id=OuterRef("id")), events.filter(customer_id__in=merged)
    found: QuerySet[Any] = Customer.objects.filter(id__in=customer_ids).annotate(
        first=Least(
            added,
            *(
                Coalesce(Subquery(first[:1]), "created_at")
                for first in (others.values("first"), own, theirs)
            ),
        )
    )
    return dict(found.values_list("id", "first"))


def known_since(customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when some who are shown are known, as it is kept."""
    found = Customer.objects.filter(id__in=customer_ids)
    return dict(found.values_list("id", "known_since"))
