"""Which customers may be one person, for somebody to decide."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import or_
from uuid import UUID

from django.db.models import Q

from regulars.people.likely_same import (
    Known,
    Suspicion,
    block_keys,
    compared,
    only_two,
    pairs,
    ranked,
)
from regulars.people.models import (
    Alias,
    Customer,
    Identity,
    ImportantDate,
    Merge,
    NotTheSame,
    Preference,
    ToldTogether,
)
from regulars.people.queries.one_person import aliases, everyone, kept_ids

READ_AT_ONCE = 5_000
PAIRS_AT_ONCE = 50_000
SHOWN = 50
MOST_TOLD_WITH = 5


def suggested_duplicates(*, most: int = SHOWN, newest: int | None = None) -> tuple[Suspicion, ...]:
    """Pairs of customers who may be one person, the likeliest first.

    Pairs of whom somebody said that they are two, or whose merge was undone, are left out. Reads
    everybody, a few thousand at a time; of each only what they could have in common stays in memory.

    Args:
        most: How many.
        newest: How many customers are compared at most, those added last; None for all.
    """
    together = (ToldTogether.objects.values(side) for side in ("one_id", "other_id"))
    shown = (
        Customer.objects.exclude(id__in=Alias.objects.values("merged_id"))
        .filter(~Q(name="") | reduce(or_, (Q(id__in=side) for side in together)))
        .order_by("-id")
    )
    ids = list(shown.values_list("id", flat=True)[:newest])
    rare = _rare(ids)
    suspects = sorted(pairs(_blocks(ids)) | rare)
    apart = _said_apart()
    found: list[Suspicion] = []
    for start in range(0, len(suspects), PAIRS_AT_ONCE):
        some = suspects[start : start + PAIRS_AT_ONCE]
        known = {one.id: one for one in _known([ids[n] for n in sorted({*chain(*some)})])}
        for first, second in some:
            is_rare = (first, second) in rare
            one, other = known[ids[first]], known[ids[second]]
            if not (one.name and other.name) and not _may_be_asked(one, other):
                continue
            suspicion = compared(one, other, is_rare=is_rare)
            if suspicion is not None and (suspicion.one, suspicion.other) not in apart:
                found.append(suspicion)
        found = list(ranked(found)[:most])
    return tuple(found)


def _may_be_asked(one: Known, other: Known) -> bool:
    """Whether a stranger who was named beside somebody may be they: who shares a thing with many is none of them."""
    somebody = one if one.name else other
    return bool(somebody.name) and len(somebody.told_with) <= MOST_TOLD_WITH


def _rare(ids: Sequence[UUID]) -> frozenset[tuple[int, int]]:
    return only_two(_names(ids))


def _names(ids: Sequence[UUID]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(ids), READ_AT_ONCE):
        some = {one: start + place for place, one in enumerate(ids[start : start + READ_AT_ONCE])}
        for customer, name in Customer.objects.filter(id__in=some).values_list("id", "name"):
            yield some[customer], name


def _blocks(ids: Sequence[UUID]) -> Iterator[tuple[int, int]]:
    number_of = {customer: number for number, customer in enumerate(ids)}
    for known in _known(ids):
        for key in block_keys(known):
            yield number_of[known.id], hash(key)


def compared_of(customers: Sequence[UUID]) -> dict[UUID, Known]:
    """What is compared of some customers who are shown, whoever is there."""
    return {known.id: known for known in _known(customers)}


def _known(customers: Sequence[UUID]) -> Iterator[Known]:
    for start in range(0, len(customers), READ_AT_ONCE):
        yield from _read(customers[start : start + READ_AT_ONCE])


def _read(asked: Sequence[UUID]) -> Iterator[Known]:
    merged = Alias.objects.filter(kept_id__in=asked).values_list("merged_id", "kept_id")
    kept = {one: one for one in asked} | dict(merged)
    identities: Mapping[tuple[UUID, str], list[str]] = defaultdict(list)
    for customer, kind, value in Identity.objects.filter(
        customer_id__in=kept, kind__in=("phone", "email")
    ).values_list("customer_id", "kind", "value"):
        identities[kept[customer], kind].append(value)
    likes: Mapping[UUID, list[str]] = defaultdict(list)
    for customer, text in Preference.objects.filter(
        customer_id__in=kept, kind=Preference.LIKES
    ).values_list("customer_id", "text"):
        likes[kept[customer]].append(text)
    dates: Mapping[UUID, list[tuple[str, int, int]]] = defaultdict(list)
    for row in ImportantDate.objects.filter(customer_id__in=kept):
        dates[kept[row.customer_id]].append((row.label, row.month, row.day))
    told_with: Mapping[UUID, set[UUID]] = defaultdict(set)
    for one, other in _told_together(tuple(kept)):
        told_with[kept[one]].add(other)
    for customer, name in Customer.objects.filter(id__in=asked).values_list("id", "name"):
        yield Known(
            id=customer,
            name=name,
            phones=tuple(identities[customer, "phone"]),
            emails=tuple(identities[customer, "email"]),
            likes=tuple(likes[customer]),
            dates=tuple(dates[customer]),
            told_with=frozenset(told_with[customer]),
        )


def _told_together(customers: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """Who was named with some customers as one, each by who is shown for the other."""
    pairs = ToldTogether.objects.filter(one_id__in=customers).values_list("one_id", "other_id")
    more = ToldTogether.objects.filter(other_id__in=customers).values_list("other_id", "one_id")
    found = [*pairs, *more]
    shown = kept_ids({other for _, other in found})
    return ((one, shown[other]) for one, other in found if other in shown)


def said_apart(persons: Iterable[UUID]) -> frozenset[frozenset[UUID]]:
    """Pairs among some who are shown of whom somebody said that they are two, or whose merge was undone."""
    shown = everyone(persons)
    among = tuple(shown)
    said = (
        *NotTheSame.objects.filter(one_id__in=among, other_id__in=among).values_list(
            "one_id", "other_id"
        ),
        *Merge.objects.exclude(undone_at=None)
        .filter(kept_id__in=among, merged_id__in=among)
        .values_list("kept_id", "merged_id"),
    )
    pairs = (frozenset((shown[one], shown[other])) for one, other in said)
    return frozenset(pair for pair in pairs if len(pair) > 1)  # who are one again are not apart


def _said_apart() -> frozenset[tuple[UUID, UUID]]:
    """Pairs that are two people, by whoever is shown for each now, the smaller id first."""
    said = [
        *NotTheSame.objects.values_list("one_id", "other_id"),
        *Merge.objects.exclude(undone_at=None).values_list("kept_id", "merged_id"),
    ]
    kept = aliases()
    apart = (sorted((kept.get(one, one), kept.get(other, other))) for one, other in said)
    return frozenset((one, other) for one, other in apart)
