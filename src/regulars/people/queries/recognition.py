"""Who is meant by an identity or a name."""

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, pairwise
from operator import itemgetter
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from regulars.kernel.errors import RegularsError
from regulars.people.core import FEWEST_DIGITS, PRIORITY, IdentityKey, IdentityKind, normalised
from regulars.people.errors import NotAnIdentity
from regulars.people.models import (
    Alias,
    BlockedIdentity,
    Business,
    Customer,
    Identity,
    NameKey,
)
from regulars.people.names import (
    MOST_IN_PAIRS,
    ONE_WORD,
    begun_keys,
    fit,
    fit_of_words,
    forget_remembered,
    in_short,
    is_short_for,
    name_key,
    name_words,
    pair,
    parted,
    same_name,
    together,
    word_keys,
)
from regulars.people.nicknames import related
from regulars.people.queries.one_person import kept_ids
from regulars.people.queries.owners import owners_of
from regulars.people.sql import CALLED_LIKE, WORDS_BETWEEN, WORDS_HEARD, WORDS_OF_KEYS
from regulars.stream.hot import as_id, rows

READ_AT_ONCE = 5_000
CANDIDATES_WEIGHED = 120
CANDIDATES_SHOWN = 8
WORDS_ALIKE = 12  # of people's names, for one that was asked for
WORDS_BEGUN = 200  # the same, for one that is not typed to its end
CALLED_ASKED = 600  # words and pairs of words that are looked up
ROWS_WALKED = 20_000
IN_PARTS = 0.78  # of a word that is two here: whoever is called by the one word comes before them
PART_OF_NAME = 0.8  # how much less a word is worth that is one of several
LAST_LETTER = "\U0010ffff"  # no letter comes after it
SURE_ENOUGH = 0.9  # how like a name must be to mean somebody who is called a little differently
WORTH_ASKING = 0.88  # and to mean somebody perhaps, as who only sounds so
REMEMBERED_SECONDS = 3600  # who is called how is read anew each time; how words sound is not
NAMES_OF_ONE = 4  # so many like names may be one person, and others are shown all the same


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant.

    Attributes:
        customer_id: Of the customer, the kept one where several were merged.
        name: Theirs.
        likeness: From 0 to 1.
        reason: ``identity:<kind>``, or ``name:<how>`` with one of `regulars.people.names.How`.
        recorded_with: Whose the identity or the name is by itself: the same, or one merged into
            them. What comes in is recorded with this one, so that an undo takes it along.
        in_short: With the reason ``name:short``, what is short and the name in full: Pepe, José.
    """

    customer_id: UUID
    name: str
    likeness: float
    reason: str
    recorded_with: UUID
    in_short: tuple[str, str] | None = None


def business() -> Business | None:
    """The business, once the first run has begun."""
    return Business.objects.first()


def region() -> str | None:
    """ISO 3166 of the business, for phones without a country; None where it is not known."""
    known = business()
    return known.country or None if known else None


def recognise(identities: Iterable[IdentityKey], *, region: str | None) -> Candidate | None:
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


def comparable(identities: Iterable[IdentityKey], *, region: str | None) -> dict[IdentityKind, str]:
    """Identities by kind as they are compared, without those that stand for nobody."""
    values: dict[IdentityKind, str] = {}
    for kind, value in identities:
        try:
            values[kind] = normalised(kind, value, region=region)
        except NotAnIdentity:
            continue
    return values


def is_blocked(kind: IdentityKind, value: str) -> bool:
    """Whether the business said that a value stands for nobody."""
    return BlockedIdentity.objects.filter(kind=kind, value=value).exists()


def recognise_by_name(name: str, *, is_typing: bool = False) -> tuple[Candidate, ...]:
    """Customers whose name is like the one asked for, the likest first; slips are forgiven.

    A name of somebody merged finds the kept customer.

    Args:
        name: In any script, its words in any order, any of them left out.
        is_typing: Whether the last word may be the beginning of one.
    """
    _forget_in_time()
    words = name_words(name)[:MOST_IN_PAIRS]
    if not words:
        return ()
    found, known = _like_words(words, is_typing=is_typing)
    called = _alone(known[0]) if len(words) == 1 else _together(known)
    for otherwise in _written_otherwise(words, known, among=found):
        for one, likeness in otherwise.items():
            called[one] = max(likeness, called.get(one, 0))
    asked = _likest(called)
    if not asked:
        return ()
    told = json.dumps([(called, round(100 * likeness)) for called, likeness in asked])
    walked = CANDIDATES_WEIGHED if len(words) == 1 else ROWS_WALKED
    return _weighed(name, rows(CALLED_LIKE, (told, walked, CANDIDATES_WEIGHED)))


class _Remembering:
    """Since when this process remembers what words of names sound like."""

    since = monotonic()


def _forget_in_time() -> None:
    """Forgets after an hour: whoever was called so may have been erased by another process."""
    if monotonic() - _Remembering.since > REMEMBERED_SECONDS:
        _Remembering.since = monotonic()
        forget_remembered()


def namesakes(name: str) -> tuple[UUID, ...]:
    """Customers who are called exactly so (`same_name`), those known longest first.

    A name of somebody merged finds the kept customer.
    """
    words = name_words(name)
    if not words:
        return ()
    having = NameKey.objects.filter(called=together(words)[0]).values("customer")
    called = Customer.objects.filter(id__in=having)
    names = called.order_by("created_at", "id").values_list("id", "name")
    found = [customer for customer, known in names if same_name(name, known)]
    kept = kept_ids(found)
    return tuple(dict.fromkeys(kept[customer] for customer in found))


def known_by_name_alone() -> dict[str, UUID]:
    """Who is known by a full name and by nothing else, by the keys of names; not where several are called so."""
    shown = Customer.objects.filter(name__contains=" ").exclude(
        Exists(Identity.objects.filter(customer_id=OuterRef("id")))
    )
    shown = shown.exclude(Exists(Alias.objects.filter(merged_id=OuterRef("id"))))
    shown = shown.exclude(Exists(Alias.objects.filter(kept_id=OuterRef("id"))))
    found: dict[str, UUID | None] = {}
    for customer, name in shown.values_list("id", "name").iterator(READ_AT_ONCE):
        if len(name_words(name)) > 1:
            key = name_key(name)
            found[key] = None if key in found else customer
    return {key: customer for key, customer in found.items() if customer is not None}


def meant_in_short(name: str) -> tuple[UUID, ...]:
    """Customers who may be meant by a part of what they are called, as Anna M. by "Anna"."""
    return tuple(
        one.customer_id
        for one in recognise_by_name(name)
        if one.likeness >= SURE_ENOUGH and is_short_for(name, one.name)
    )


def _like_words(
    words: Sequence[str], *, is_typing: bool
) -> tuple[set[str], list[Mapping[str, float]]]:
    """The words of people's names here that may be meant, and for each word asked for its likest, and how like."""
    keys = {key for word in words for key in (*word_keys(word), *related(word), word[0])}
    keys.update(part for word in words for parts in parted(word) for part in parts)
    keys.update(one + other for one, other in pairwise(words))
    found = {word for (word,) in rows(WORDS_OF_KEYS, (json.dumps(sorted(keys)),))}
    begun = [word for word in words if len(word) == 1]
    if is_typing:
        begun.append(words[-1])
    for word in begun:
        told = (word, word + LAST_LETTER, WORDS_BEGUN)
        found.update(known for (known,) in rows(WORDS_BETWEEN, told))
        for key in begun_keys(word):
            told = (key, key + LAST_LETTER, WORDS_BEGUN)
            found.update(known for (known,) in rows(WORDS_HEARD, told))
    alike: list[Mapping[str, float]] = []
    for word in words:
        fits = [(fit_of_words(word, known).likeness, known) for known in found]
        most = WORDS_BEGUN if word in begun else WORDS_ALIKE
        likest = heapq.nlargest(most, (one for one in fits if one[0] > 0))
        alike.append({known: likeness for likeness, known in likest})
    return found, alike


def _written_otherwise(
    words: Sequence[str], known: Sequence[Mapping[str, float]], *, among: Set[str]
) -> Iterator[Mapping[str, float]]:
    """What else somebody is found by: “Jeanluc” as Jean-Luc and Jean Luc are, and the other way round."""
    for place, word in enumerate(words):
        for parts in parted(word):
            if among >= set(parts):
                told = _together(
                    [*known[:place], *({part: 1.0} for part in parts), *known[place + 1 :]]
                )
                yield {one: likeness * IN_PARTS for one, likeness in told.items()}
    for place, parts in enumerate(pairwise(words)):
        whole = "".join(parts)
        if whole in among:
            rest = [*known[:place], {whole: 1.0}, *known[place + 2 :]]
            yield _alone(rest[0]) if len(rest) == 1 else _together(rest)


def _alone(known: Mapping[str, float]) -> dict[str, float]:
    """What somebody is found by of whom one word was told: those first whose whole name it is."""
    whole = {ONE_WORD.format(word): likeness for word, likeness in known.items()}
    return whole | {word: likeness * PART_OF_NAME for word, likeness in known.items()}


def _together(known: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """What somebody is found by of whom several words were told: two of them, or one who has no other."""
    asked: dict[str, float] = {}
    for some, others in combinations(known, 2):
        for one, likeness in some.items():
            for other, theirs in others.items():
                both = pair(one, other)
                asked[both] = max(likeness * theirs, asked.get(both, 0))
    for some in known:
        for one, likeness in some.items():
            asked[ONE_WORD.format(one)] = likeness * PART_OF_NAME
    return asked


def _likest(asked: Mapping[str, float]) -> list[tuple[str, float]]:
    return heapq.nlargest(CALLED_ASKED, asked.items(), key=itemgetter(1))


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
    return recognise_by_name(asked, is_typing=True)[:most]


def beginning_with(word: str) -> QuerySet[NameKey]:
    """What customers are found by of whose names a word begins so."""
    return NameKey.objects.filter(called__gte=word, called__lt=word + LAST_LETTER)


def _weighed(asked: str, found: Iterable[tuple[Any, ...]]) -> tuple[Candidate, ...]:
    """Whoever of some customers is called like that, the likest first; by who is shown for them."""
    weighed = [(fit(asked, name), name, one, kept) for one, name, kept in found]
    shown = sorted(
        (one for one in weighed if one[0].likeness > 0),
        key=lambda one: (-one[0].likeness, one[1], one[2]),
    )[: CANDIDATES_SHOWN * NAMES_OF_ONE]
    likest = [(fitting, name, as_id(one), as_id(kept)) for fitting, name, one, kept in shown]
    names = {one: name for _, name, one, _ in likest}
    if merged := {kept for _, _, one, kept in likest if kept != one}:
        names |= dict(Customer.objects.filter(id__in=merged).values_list("id", "name"))
    candidates: dict[UUID, Candidate] = {}
    for fitting, name, customer, kept in likest:
        reason = f"name:{fitting.how}"
        short = in_short(asked, name) if fitting.how == "short" else None
        candidate = Candidate(kept, names[kept], fitting.likeness, reason, customer, short)
        candidates.setdefault(kept, candidate)
    return tuple(candidates.values())[:CANDIDATES_SHOWN]
