"""Who is the same person as whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from regulars.people.errors import (
    AlreadyMerged,
    CustomerErased,
    MergeWithItself,
    UnknownCustomer,
)
from regulars.people.models import Alias, Customer, Erasure, Identity, Merge, Note, Preference
from regulars.stream.queries import counts


def kept_id(customer_id: UUID) -> UUID:
    """The customer who is shown for this one: the same, unless merged into another."""
    kept = Alias.objects.filter(merged_id=customer_id).values_list("kept_id", flat=True).first()
    return kept or customer_id


def kept_ids(customer_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """The same of several at once; who was never merged stands for themselves."""
    asked = set(customer_ids)
    merged = Alias.objects.filter(merged_id__in=asked).values_list("merged_id", "kept_id")
    return {one: one for one in asked} | dict(merged)


def ids_of(customer_id: UUID) -> tuple[UUID, ...]:
    """Every id of one person: the kept one first, then everybody merged into it."""
    kept = kept_id(customer_id)
    merged = Alias.objects.filter(kept_id=kept).order_by("merged_id")
    return (kept, *merged.values_list("merged_id", flat=True))


def aliases() -> Mapping[UUID, UUID]:
    """All who were merged, with whom they are part of now; analysis joins it."""
    return dict(Alias.objects.values_list("merged_id", "kept_id"))


def everyone(customer_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Every id of several persons, each with the one who is shown."""
    asked = set(customer_ids)
    shown = set(kept_ids(asked).values())
    merged = Alias.objects.filter(kept_id__in=shown).values_list("merged_id", "kept_id")
    return {one: one for one in shown} | dict(merged)


def named_ids(customer_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Of some who are shown, those known by name: no strangers, and nobody who was erased."""
    named = Customer.objects.exclude(name="").filter(id__in=set(customer_ids))
    return frozenset(named.values_list("id", flat=True))


def of_somebody(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with a ``customer_id``, each with who is shown for them as ``shown_id``."""
    kept = Alias.objects.filter(merged_id=OuterRef("customer_id")).values("kept_id")
    found: QuerySet[Any] = rows.annotate(shown_id=Coalesce(Subquery(kept), "customer_id"))
    return found


def of_whole_person(rows: QuerySet[Any]) -> Q:
    """Customers of whom there is any of some rows with a ``customer_id``, or of anybody merged into them.

    Each is asked by themselves, so that the first of a list are found soon.
    """
    merged = Alias.objects.filter(
        _there_is(rows.filter(customer_id=OuterRef("merged_id"))), kept_id=OuterRef("id")
    )
    return Q(_there_is(rows.filter(customer_id=OuterRef("id")))) | Q(_there_is(merged))


def _there_is(rows: QuerySet[Any]) -> IsNull:
    """Whether there is a row; of EXISTS, PostgreSQL might rather find all rows first."""
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), False)  # noqa: FBT003  (Django's own)


def present_of(customer_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Of some customers those who are there, so were not erased."""
    found = Customer.objects.filter(id__in=set(customer_ids))
    return frozenset(found.values_list("id", flat=True))


def of_somebody_named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows with a ``customer_id``, those of customers known by name, with who is shown as ``shown_id``."""
    named = Customer.objects.exclude(name="").filter(id=OuterRef("shown_id"))
    return of_somebody(rows).filter(Exists(named))


def present_ids(customer_id: UUID) -> tuple[UUID, ...]:
    """Every id of one person, as `ids_of`, who must be there.

    Raises:
        CustomerErased: They were erased.
        UnknownCustomer: There never was such a customer.
    """
    if not Customer.objects.filter(id=customer_id).exists():
        check_not_erased((customer_id,))
        raise UnknownCustomer(customer_id=customer_id)
    return ids_of(customer_id)


def check_known(customer_ids: Iterable[UUID]) -> None:
    """That every id is, or was, a customer's.

    Raises:
        UnknownCustomer: One never was.
    """
    missing = set(customer_ids)
    missing -= set(Customer.objects.filter(id__in=missing).values_list("id", flat=True))
    if missing:
        erased = Erasure.objects.filter(customer_id__in=missing)
        missing -= set(erased.values_list("customer_id", flat=True))
    for one in sorted(missing):
        raise UnknownCustomer(customer_id=one)


def check_not_erased(customer_ids: Iterable[UUID]) -> None:
    """That nothing is told of somebody who was erased.

    Raises:
        CustomerErased: One of them was.
    """
    erased = Erasure.objects.filter(customer_id__in=set(customer_ids)).first()
    if erased is not None:
        raise CustomerErased(customer_id=erased.customer_id)


@dataclass(frozen=True, kw_only=True)
class MergePreview:
    """What will be read as the kept customer's once two are one.

    Attributes:
        kept_id, merged_id: Of the two.
        kept_name, merged_name: Theirs; the kept one stays.
        identities: Kind and value.
        preferences: What is remembered of the merged one, in its words.
        notes: How many.
        events: How many of each type.
    """

    kept_id: UUID
    merged_id: UUID
    kept_name: str
    merged_name: str
    identities: tuple[tuple[str, str], ...]
    preferences: tuple[str, ...]
    notes: int
    events: Mapping[str, int]


def preview_merge(*, kept: UUID, merged: UUID) -> MergePreview:
    """What a merge will bring to the kept customer; nothing is written.

    Raises:
        UnknownCustomer, CustomerErased, MergeWithItself, AlreadyMerged: They cannot be merged.
    """
    check_mergeable(kept, merged)
    ids = ids_of(merged)
    names = dict(Customer.objects.filter(id__in=(kept, merged)).values_list("id", "name"))
    identities = Identity.objects.filter(customer_id__in=ids).order_by("kind", "value")
    preferences = Preference.objects.filter(customer_id__in=ids).order_by("id")
    return MergePreview(
        kept_id=kept,
        merged_id=merged,
        kept_name=names[kept],
        merged_name=names[merged],
        identities=tuple(identities.values_list("kind", "value")),
        preferences=tuple(preferences.values_list("text", flat=True)),
        notes=Note.objects.filter(customer_id__in=ids).count(),
        events=counts(ids),
    )


def check_mergeable(kept: UUID, merged: UUID) -> None:
    """That two customers are there, are two, and are nobody else's part.

    Raises:
        UnknownCustomer, CustomerErased, MergeWithItself, AlreadyMerged: They cannot be merged.
    """
    for customer in (kept, merged):
        present_ids(customer)
    if kept == merged:
        raise MergeWithItself(customer_id=kept)
    for customer in (kept, merged):
        into = kept_id(customer)
        if into != customer:
            raise AlreadyMerged(customer_id=customer, kept_id=into)


def merges_of(customer_id: UUID) -> tuple[Merge, ...]:
    """The merges that a person is made of, and those that were undone, the latest first."""
    ids = ids_of(customer_id)
    found = Merge.objects.filter(kept_id__in=ids) | Merge.objects.filter(merged_id__in=ids)
    return tuple(found.order_by("-merged_at", "-id"))


def latest_merge() -> int:
    """The number of the latest merge of anybody, 0 before the first.

    A merge takes the next one while it holds the person, and so does who writes what they say: of one
    person's merges and words each knows those before it. Ids and times follow clocks, which go back.
    """
    return Merge.objects.aggregate(latest=Max("number"))["latest"] or 0


def erasures() -> tuple[tuple[UUID, datetime], ...]:
    """The journal of erasures, who and when, the first first; it outlives a restore beside the backup."""
    rows = Erasure.objects.order_by("erased_at", "customer_id")
    return tuple(rows.values_list("customer_id", "erased_at"))
