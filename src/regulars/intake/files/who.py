"""Whom a file's rows are about: what it calls people becomes customers."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from regulars.intake.files.called import Mention, apart, meant_by
from regulars.intake.files.recognising import Recognising
from regulars.kernel.actor import Actor
from regulars.people.bulk import (
    Told,
    add_many,
    all_blocked,
    beside_of,
    owners_of,
    standing_of,
    tell_more,
)
from regulars.people.core import IdentityKey
from regulars.people.queries import known_by_name_alone, namesakes
from regulars.people.services import make_one, note_told_together, say_theirs


def look_up(known: Recognising, keys: Iterable[IdentityKey], *, with_held: bool) -> None:
    """Finds whom identities belong to, and how they stand.

    Args:
        known: So far.
        keys: As they are compared.
        with_held: Whether anybody may get another identity.
    """
    known.blocked |= all_blocked()
    found = owners_of(set(keys) - known.owners.keys())
    known.owners |= found
    look_up_people(known, set(found.values()), with_held=with_held)


def look_up_people(
    known: Recognising, customers: Collection[UUID], *, with_held: bool = True
) -> None:
    """Finds how some customers stand.

    Args:
        known: So far.
        customers: Who are here.
        with_held: Whether any may get another identity.
    """
    standing = standing_of(customers, with_held=with_held)
    beside = beside_of(customers)
    others = standing_of({one for some in beside.values() for one in some}, with_held=with_held)
    for some in (standing, others):
        known.shown |= some.shown
        known.named |= some.named
        known.held |= some.held
    for one, told in beside.items():
        person = known.person(one)
        known.beside[person] += [two for two in map(known.person, told) if two != person]


def make_them_one(known: Recognising, *, actor: Actor, now: datetime) -> None:
    """Merges the strangers who turned out to be somebody in a file; inside a transaction.

    What they had is only learnt of whom the file names, but for what it says itself.
    """
    for kept, merged in known.merges:
        is_named = known.person(kept) in known.named
        make_one(kept=kept, merged=merged, is_named=is_named, actor=actor, now=now)
    say_theirs(known.said)


@dataclass
class People:
    """Everybody in a file.

    Attributes:
        told: What the file tells of each, by their numbers in it; None where an id tells nobody apart.
        strangers: What the file tells of those whom nobody knows yet, by their ids.
        known: Who is who.
        recognised: How many were known, by the kind of identity that told.
        doubtful: Of how many an identity is another customer's.
        added: Strangers that were added.
        misspelt: Whose ids were to be e-mail addresses and cannot be any.
        awaiting: Of nobody whom refunds name, whose order nobody has told of yet,
        along: and whose is theirs who bought.
    """

    told: dict[int, Told | None]
    strangers: dict[UUID, Told]
    known: Recognising
    recognised: Counter[str]
    doubtful: int = 0
    added: int = 0
    misspelt: Set[int] = frozenset()
    awaiting: set[int] = field(default_factory=set)
    along: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, mentions: Iterable[Mention], *, region: str | None) -> "People":
        """Finds out who is known.

        Args:
            mentions: The file's people, in the order in which it tells of them.
            region: ISO 3166 of the business, for phones without a country.
        """
        meant = meant_by(mentions, region=region)
        known = Recognising()
        look_up(
            known,
            {key for one in meant.persons for key in (one.key, *one.contacts)},
            with_held=any(one.contacts for one in meant.persons),
        )
        known.expect(one.key for one in meant.persons)
        if any(one.name for one in meant.persons):
            known.unreached = known_by_name_alone()
        met = [
            (
                one,
                known.meet(
                    (one.key, *apart(one.contacts)),
                    called=one.key,
                    name=one.name,
                    namesakes=partial(namesakes, one.name),
                ),
            )
            for one in meant.persons
        ]
        names: dict[UUID, str] = {}
        for one, who in met:
            if who is not None:
                names[who.customer_id] = names.get(who.customer_id) or one.name
        found = {
            customer: Told(id=customer, name=name, identities=tuple(known.given[customer]))
            for customer, name in names.items()
        }
        told: dict[int, Told | None] = dict.fromkeys(meant.nobody)
        for one, who in met:
            told |= dict.fromkeys(one.about, found[who.customer_id] if who else None)
        new = {who.customer_id for _, who in met if who and who.by is None}
        strangers = {customer: one for customer, one in found.items() if customer in new}
        by = {who.customer_id: who.by for _, who in met if who and who.by}
        return cls(
            told,
            strangers,
            known,
            Counter(kind for customer, kind in by.items() if customer not in strangers),
            sum(who.is_doubtful for _, who in met if who),
            misspelt=meant.misspelt,
        )

    def tell_of_known(self, *, actor: Actor, now: datetime) -> None:
        """Writes what the file tells of those whom we know; inside a transaction.

        Strangers who turn out to be somebody are merged, the nameless get a name, and everybody what they are
        recognised by besides.
        """
        make_them_one(self.known, actor=actor, now=now)
        known = {
            one.id: one
            for one in self.told.values()
            if one is not None and (one.name or one.identities) and one.id not in self.strangers
        }
        tell_more(people=list(known.values()), actor=actor, now=now)

    def of_nobody(self, about: int) -> bool:
        """Whether what is told of somebody is nobody's, as far as one can tell."""
        return self.told[about] is None and about not in self.awaiting and about not in self.along

    def strangers_among(self, numbers: Iterable[int]) -> list[Told]:
        """Those whom nobody knows, in the order in which the file tells of them."""
        told = (self.told[number] for number in sorted(numbers))
        ids = dict.fromkeys(one.id for one in told if one is not None)
        return [self.strangers[one] for one in ids if one in self.strangers]

    def add(
        self,
        new: Sequence[Told],
        *,
        first: Mapping[UUID, datetime],
        actor: Actor,
        now: datetime,
    ) -> None:
        """Adds strangers, with when the first happened that is told of them; inside a transaction.

        Once it stands, `meet` them.
        """
        add_many(people=new, first=first, actor=actor, now=now)

    def meet(self, new: Sequence[Told]) -> None:
        """Takes strangers for known from now on."""
        for one in new:
            del self.strangers[one.id]
        self.added += len(new)

    def note_doubts(self, *, now: datetime) -> None:
        """Notes who were named as one and are two here; inside a transaction, when all are added."""
        note_told_together(
            {
                pair: kind
                for pair, kind in self.known.together.items()
                if not any(one in self.strangers for one in pair)
            },
            now=now,
        )
