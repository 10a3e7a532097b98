"""Who is meant by an identity or a name."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from regulars.kernel.errors import RegularsError
from regulars.people.core import (
    FEWEST_DIGITS,
    PRIORITY,
    IdentityKind,
    folded_name,
    is_short_for,
    likeness,
    likeness_of_parts,
    name_parts,
    normalised,
    part_keys,
    same_name,
)
from regulars.people.errors import NotAnIdentity
from regulars.people.models import BlockedIdentity, Business, Customer, NameKey
from regulars.people.queries.one_person import kept_ids
from regulars.people.queries.owners import owners_of
from regulars.people.sql import CALLED_LIKE, WORDS_OF_KEYS
from regulars.stream.hot import as_id, rows

CANDIDATES_WEIGHED = 200
CANDIDATES_SHOWN = 8
LONGEST_PART = 40
SURE_ENOUGH = 0.9  # how like a name must be to mean somebody who is called a little differently
NAMES_OF_ONE = 4  # so many like names may be one person, and others are shown all the same


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant.

    Attributes:
        customer_id: Of the customer, the kept one where several were merged.
        name: Theirs.
        likeness: From 0 to 1.
        reason: ``identity:<kind>`` or ``name``.
        recorded_with: Whose the identity or the name is by itself: the same, or one merged into
            them. What comes in is recorded with this one, so that an undo takes it along.
    """

    customer_id: UUID
    name: str
    likeness: float
    reason: str
    recorded_with: UUID


def business() -> Business | None:
    """The business, once the first run has begun."""
    return Business.objects.first()


def region() -> str | None:
    """ISO 3166 of the business, for phones without a country; None where it is not known."""
    known = business()
    return known.country or None if known else None


def recognise(
    identities: Iterable[tuple[IdentityKind, str]], *, region: str | None
) -> Candidate | None:
    """The customer that identities belong to; the surest kind decides.

    What stands for nobody (0, anonymous) finds nobody, and is no error: tills send it for guests.

    Raises:
        RegularsError: An identity cannot be one; see `regulars.people.errors`.
    """
    values = comparable(identities, region=region)
    owners = owners_of(list(values.items()))
    for kind in PRIORITY:
        owner = owners.get((kind, values.get(kind, "")))
        if owner is not None:
            names = Customer.objects.filter(id=owner.shown_id).values_list("name", flat=True)
            name = names.first() or ""
            return Candidate(owner.shown_id, name, 1.0, f"identity:{kind}", owner.customer_id)
    return None


def comparable(
    identities: Iterable[tuple[IdentityKind, str]], *, region: str | None
) -> dict[IdentityKind, str]:
    """Identities by kind as they are compared, without those that stand for nobody."""
    values: dict[IdentityKind, str] = {}
    for kind, value in identities:
        with suppress(NotAnIdentity):
            values[kind] = normalised(kind, value, region=region)
    return values


def is_blocked(kind: IdentityKind, value: str) -> bool:
    """Whether the business said that a value stands for nobody."""
    return BlockedIdentity.objects.filter(kind=kind, value=value).exists()


def recognise_by_name(name: str) -> tuple[Candidate, ...]:
    """Customers whose name is like the one asked for, the likest first; slips are forgiven.

    A name of somebody merged finds the kept customer.
    """
    words = _like_words(name_parts(name))
    if not words:
        return ()
    asked = json.dumps([(word, round(likeness * 100)) for word, likeness in words.items()])
    found = _weighed(
        name, [as_id(one) for (one,) in rows(CALLED_LIKE, (asked, CANDIDATES_WEIGHED))]
    )
    return tuple(found.values())[:CANDIDATES_SHOWN]


def namesakes(name: str) -> tuple[UUID, ...]:
    """Customers who are called exactly so (`same_name`), those known longest first.

    A name of somebody merged finds the kept customer.
    """
    parts = name_parts(name)
    if not parts:
        return ()
    theirs = NameKey.objects.filter(customer_id=OuterRef("id"))
    called = Customer.objects.exclude(Exists(theirs.exclude(part__in=parts)))
    for part in parts:
        called = called.filter(
            id__in=NameKey.objects.filter(key=part, part=part).values("customer")
        )
    names = called.order_by("created_at", "id").values_list("id", "name")
    found = [customer for customer, known in names if same_name(name, known)]
    kept = kept_ids(found)
    return tuple(dict.fromkeys(kept[customer] for customer in found))


def meant_in_short(name: str) -> tuple[UUID, ...]:
    """Customers who may be meant by a part of what they are called, as Anna M. by "Anna"."""
    return tuple(
        one.customer_id
        for one in recognise_by_name(name)
        if one.likeness >= SURE_ENOUGH and is_short_for(name, one.name)
    )


def _like_words(parts: Sequence[str]) -> Mapping[str, float]:
    """What people here are called that is like a part that was asked for, and how like it is."""
    keys = {key for part in parts for key in part_keys(part)}
    known = [word for (word,) in rows(WORDS_OF_KEYS, (json.dumps(sorted(keys)),))] if keys else []
    likest = {word: max(likeness_of_parts(part, word) for part in parts) for word in known}
    return {word: likeness for word, likeness in likest.items() if likeness > 0}


def search(asked: str, *, region: str | None, most: int) -> tuple[Candidate, ...]:
    """Customers who may be meant by what somebody is typing, the likest first.

    A phone or an e-mail address finds its owner; a name finds whoever is called so, slips
    forgiven, and whoever's name begins so.

    Args:
        asked: As typed so far.
        region: ISO 3166 of the business, for phones without a country.
        most: How many at most.
    """
    kind: IdentityKind = "email" if "@" in asked else "phone"
    if kind == "email" or sum(letter.isdigit() for letter in asked) >= FEWEST_DIGITS:
        try:
            owner = recognise([(kind, asked)], region=region)
        except RegularsError:
            owner = None
        if owner is not None:
            return (owner,)
    found: dict[UUID, Candidate] = {}
    for one in (*recognise_by_name(asked), *_beginning(asked)):
        if one.likeness > (found[one.customer_id].likeness if one.customer_id in found else 0):
            found[one.customer_id] = one
    likest = sorted(found.values(), key=lambda one: (-one.likeness, one.name, one.customer_id))
    return tuple(likest[:most])


def _beginning(asked: str) -> list[Candidate]:
    """Customers of whose names one begins with the last word that was typed."""
    parts = folded_name(asked).split()
    if not parts:
        return []
    customers = (
        beginning_with(parts[-1])
        .order_by("key", "customer_id")
        .values_list("customer_id", flat=True)[:CANDIDATES_WEIGHED]
    )
    return list(_weighed(asked, set(customers)).values())


def beginning_with(part: str) -> QuerySet[NameKey]:
    """What names can be looked up by that begins with a folded part of one."""
    # Keys are small letters and digits, and no letter sorts after z.
    return NameKey.objects.filter(key__gte=part, key__lte=part + "z" * LONGEST_PART)


def _weighed(asked: str, customers: Iterable[UUID]) -> dict[UUID, Candidate]:
    """Whoever of some customers is called like that, the likest first; by who is shown for them."""
    names = dict(Customer.objects.filter(id__in=set(customers)).values_list("id", "name"))
    weighed = [(likeness(asked, known), known, customer) for customer, known in names.items()]
    likest = sorted(
        (one for one in weighed if one[0] > 0), key=lambda one: (-one[0], one[1], one[2])
    )[: CANDIDATES_SHOWN * NAMES_OF_ONE]
    kept = kept_ids(customer for _, _, customer in likest)
    names |= dict(
        Customer.objects.filter(id__in=set(kept.values()) - names.keys()).values_list("id", "name")
    )
    found: dict[UUID, Candidate] = {}
    for score, _, customer in likest:
        shown = kept[customer]
        found.setdefault(shown, Candidate(shown, names[shown], score, "name", customer))
    return found
