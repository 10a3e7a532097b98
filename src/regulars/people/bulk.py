"""Many customers at once, for files of them; what is kept is the same as one by one."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count

from regulars.kernel.actor import Actor
from regulars.kernel.ids import new_id
from regulars.kernel.words import shortened
from regulars.people.core import IdentityKey, IdentityKind
from regulars.people.models import (
    Alias,
    BlockedIdentity,
    Customer,
    Identity,
    Preference,
    ToldTogether,
)
from regulars.people.naming import make_findable
from regulars.people.queries.one_person import everyone
from regulars.people.remembering import remembered_as
from regulars.people.services.knowing import known_from
from regulars.stream.bulk import write_rows
from regulars.stream.hot import stored

LONGEST_NAME = 120
LONGEST_LIKING = 200
ASKED_AT_ONCE = 500
WRITTEN_AT_ONCE = 1_000
NOTHING: Mapping[UUID, datetime] = {}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a file tells of one customer.

    Attributes:
        id: The customer's, known already or to be.
        name: As people say it, or "".
        identities: Kind and normalised value of each.
        likes: In a few words each.
        since: Since when they are a customer, or None.
        location: Where they are at home, or None.
    """

    id: UUID = field(default_factory=new_id)
    name: str = ""
    identities: tuple[IdentityKey, ...] = ()
    likes: tuple[str, ...] = ()
    since: datetime | None = None
    location: UUID | None = None

    @cached_property
    def digits(self) -> str:
        """The id as rows by the million have it."""
        return self.id.hex


def owners_of(identities: Iterable[IdentityKey]) -> dict[IdentityKey, UUID]:
    """The customers that identities belong to; those of nobody are left out."""
    by_kind: dict[IdentityKind, list[str]] = {}
    for kind, value in identities:
        by_kind.setdefault(kind, []).append(value)
    return {
        (kind, value): customer
        for kind, values in by_kind.items()
        for start in range(0, len(values), ASKED_AT_ONCE)
        for value, customer in Identity.objects.filter(
            kind=kind, value__in=values[start : start + ASKED_AT_ONCE]
        ).values_list("value", "customer_id")
    }


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How some customers stand.

    Attributes:
        shown: Who is shown for everybody who was merged.
        named: Of those who are shown, what whoever is known by name is called.
        held: How many identities of a kind each person has.
    """

    shown: Mapping[UUID, UUID]
    named: Mapping[UUID, str]
    held: Counter[tuple[UUID, IdentityKind]]


def standing_of(customers: Collection[UUID], *, with_held: bool) -> Standing:
    """How some customers stand, everybody merged into them included.

    Args:
        customers: Whoever has an identity.
        with_held: Whether to count their identities.
    """
    shown: dict[UUID, UUID] = {}
    named: dict[UUID, str] = {}
    held: Counter[tuple[UUID, IdentityKind]] = Counter()
    for part in _parts(set(customers)):
        shown.update(Alias.objects.filter(merged_id__in=part).values_list("merged_id", "kept_id"))
    persons = {shown.get(one, one) for one in customers}
    for part in _parts(persons):
        named.update(
            Customer.objects.filter(id__in=part).exclude(name="").values_list("id", "name")
        )
        if not with_held:
            continue
        of_them = dict(Alias.objects.filter(kept_id__in=part).values_list("merged_id", "kept_id"))
        shown |= of_them
        for ids in _parts({*part, *of_them}):
            counted = Identity.objects.filter(customer_id__in=ids).values_list(
                "customer_id", "kind"
            )
            for customer, kind, number in counted.annotate(number=Count("id")):
                held[shown.get(customer, customer), kind] += number
    return Standing(shown=shown, named=named, held=held)


def beside_of(customers: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """With whom some customers were named as one, by the ids that it was told of."""
    beside: dict[UUID, list[UUID]] = {}
    if not ToldTogether.objects.exists():
        return beside
    for part in _parts(set(customers)):
        for mine, theirs in (("one_id", "other_id"), ("other_id", "one_id")):
            pairs = ToldTogether.objects.filter(**{f"{mine}__in": part}).order_by("id")
            for one, other in pairs.values_list(mine, theirs):
                beside.setdefault(one, []).append(other)
    return beside


def all_blocked() -> frozenset[IdentityKey]:
    """Everything that the business said stands for nobody."""
    rows: Any = BlockedIdentity.objects.values_list("kind", "value")
    return frozenset(rows)


def _parts(customers: Collection[UUID]) -> Iterator[list[UUID]]:
    ids = sorted(customers)
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield ids[start : start + ASKED_AT_ONCE]


def add_many(
    *,
    people: Sequence[Told],
    first: Mapping[UUID, datetime] = NOTHING,
    actor: Actor,
    now: datetime,
) -> None:
    """Adds customers with what identifies them; to be called inside a transaction.

    Args:
        people: None of them, and none of their identities, known yet.
        first: When the first happened that is told of some of them.
        actor: Who says so.
        now: When.
    """
    by, at = str(actor), stored(now)
    write_rows(
        Customer._meta.db_table,  # noqa: SLF001
        (
            *("id", "name", "language", "since", "location_id", "created_at", "created_by"),
            "known_since",
        ),
        (
            (
                one.digits,
                shown_name(one.name),
                "",
                stored(one.since),
                one.location and one.location.hex,
                at,
                by,
                stored(min(one.since or now, first.get(one.id, now), now)),
            )
            for one in people
        ),
    )
    _add_identities([(one.id, key) for one in people for key in one.identities], now=now)
    make_findable((one.id, shown_name(one.name)) for one in people if one.name)
    _add_likes([(one.id, text) for one in people for text in one.likes], actor=actor, now=now)


def tell_more(*, people: Sequence[Told], actor: Actor, now: datetime) -> None:
    """Adds to known customers what was not known of them; to be called inside a transaction.

    A name stays as it is where there is one, and an identity with whom it belongs to.

    Args:
        people: All of them known.
        actor: Who says so.
        now: When.
    """
    ids = [one.id for one in people]
    nameless: set[UUID] = set()
    liked: set[tuple[UUID, str]] = set()
    person: dict[UUID, UUID] = {}
    for start in range(0, len(ids), ASKED_AT_ONCE):
        part = ids[start : start + ASKED_AT_ONCE]
        nameless.update(Customer.objects.filter(id__in=part, name="").values_list("id", flat=True))
        whole = everyone(part)
        likes = Preference.objects.filter(customer_id__in=whole)
        liked.update((whole[one], text) for one, text in likes.values_list("customer_id", "text"))
        person |= whole
    named = [(one.id, shown_name(one.name)) for one in people if one.name and one.id in nameless]
    Customer.objects.bulk_update(
        [Customer(id=customer, name=name) for customer, name in named],
        ("name",),
        batch_size=ASKED_AT_ONCE,
    )
    make_findable(named)
    since = {one.id: one.since for one in people if one.since}
    _keep("since", since)
    known_from(since)
    _keep("location_id", {one.id: one.location for one in people if one.location})
    taken = owners_of(key for one in people for key in one.identities)
    _add_identities(
        [(one.id, key) for one in people for key in one.identities if key not in taken], now=now
    )
    _add_likes(
        [
            (one.id, text)
            for one in people
            for text in one.likes
            if (person[one.id], text[:LONGEST_LIKING]) not in liked
        ],
        actor=actor,
        now=now,
    )


def shown_name(name: str) -> str:
    """A name as it is kept: one space between its parts, and no longer than the table's."""
    return shortened(" ".join(name.split()), LONGEST_NAME)


def _keep(field: Literal["since", "location_id"], told: Mapping[UUID, datetime | UUID]) -> None:
    """Keeps since when some are customers, or where they are at home; what was said before stays."""
    for part in _parts(told.keys()):
        unsaid = list(Customer.objects.filter(id__in=part, **{field: None}))
        for one in unsaid:
            setattr(one, field, told[one.id])
        Customer.objects.bulk_update(unsaid, (field,))


def _add_identities(pairs: Sequence[tuple[UUID, IdentityKey]], *, now: datetime) -> None:
    at = stored(now)
    write_rows(
        Identity._meta.db_table,  # noqa: SLF001
        ("customer_id", "kind", "value", "created_at", "created_by"),
        ((customer.hex, kind, value, at, "") for customer, (kind, value) in pairs),
    )


def _add_likes(pairs: Sequence[tuple[UUID, str]], *, actor: Actor, now: datetime) -> None:
    Preference.objects.bulk_create(
        (
            Preference(
                customer_id=customer,
                kind=Preference.LIKES,
                **remembered_as(text[:LONGEST_LIKING]),
                said_by=str(actor),
                said_at=now,
            )
            for customer, text in pairs
        ),
        batch_size=WRITTEN_AT_ONCE,
    )
