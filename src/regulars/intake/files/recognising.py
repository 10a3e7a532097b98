"""Who is who in a file that calls people by several things: pure rules.

The surest identity that is known decides, as for a single event. Beyond that a file tells what an event
cannot: two ids of one file are two customers, whatever phone they share, and so are two names that do not fit:
households share a phone, couples an address. Whoever was told beside somebody before, and is called so, is meant
where they come again, with an address of their own by now; so is the only one of a full name who has none yet.
A stranger who has one of somebody's identities was them. Two who are known by name are never made one here; that
both were named is noted, for somebody to decide.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from regulars.kernel.ids import new_id
from regulars.people.core import MOST_OF_A_KIND, PRIORITY, IdentityKey, IdentityKind
from regulars.people.likely_same import fits
from regulars.people.names import name_key

Called = IdentityKey | UUID  # by an id of ours where a table that we wrote calls somebody so
MOST_PAIRS = 5  # of one customer: what more people share tells nobody apart


@dataclass(frozen=True, slots=True)
class Met:
    """Whom a file means.

    Attributes:
        customer_id: Whose the identity is that decides; what comes in is recorded with this one.
        by: The kind of identity that they are known by, or their name; None where nobody knew them.
        is_doubtful: Whether another identity that the file gives them is somebody else's.
    """

    customer_id: UUID
    by: IdentityKind | Literal["name"] | None
    is_doubtful: bool = False


@dataclass
class Recognising:
    """Who is known while a file is read, and what it tells of them.

    Attributes:
        owners: Whose each identity is.
        shown: Who is shown for a customer who was merged.
        named: Of those who are shown, what whoever is known by name is called.
        blocked: Identities that stand for nobody.
        held: How many identities of a kind somebody has.
        called: What the file calls somebody by.
        given: What customers are recognised by from now on.
        merges: Kept and merged, in their order.
        said: What the file says is theirs whom it names, where they came by it as part of them.
        together: Two who were named as one, and by what.
        beside: With whom somebody was named as one, now or before; who is shown for each.
        unreached: Who is known by a full name that nobody else has and by nothing else, by the keys of names.
        here: Of the ids of ours that the file has, those of customers who are here, or added by it.
        joined: Of the others, those of somebody who is here by another id: to be added as part of them.
    """

    owners: dict[IdentityKey, UUID] = field(default_factory=dict)
    shown: dict[UUID, UUID] = field(default_factory=dict)
    named: dict[UUID, str] = field(default_factory=dict)
    blocked: set[IdentityKey] = field(default_factory=set)
    held: Counter[tuple[UUID, IdentityKind]] = field(default_factory=Counter)
    called: dict[UUID, Called] = field(default_factory=dict)
    given: dict[UUID, list[IdentityKey]] = field(default_factory=lambda: defaultdict(list))
    merges: list[tuple[UUID, UUID]] = field(default_factory=list)
    said: list[IdentityKey] = field(default_factory=list)
    together: dict[tuple[UUID, UUID], IdentityKind] = field(default_factory=dict)
    beside: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    unreached: dict[str, UUID] = field(default_factory=dict)
    here: set[UUID] = field(default_factory=set)
    joined: list[UUID] = field(default_factory=list)

    def expect(self, called: Iterable[Called]) -> None:
        """Tells what the file calls people by, before anybody is met: who is known so is nobody else."""
        for key in called:
            owner = self._known_as(key)
            if owner is not None:
                self.called.setdefault(self.person(owner), key)

    def _known_as(self, called: Called) -> UUID | None:
        """Who is known by what the file calls somebody."""
        if isinstance(called, UUID):
            return called if called in self.here else None
        return self.owners.get(called)

    def person(self, customer: UUID) -> UUID:
        """Who is shown for a customer."""
        while (kept := self.shown.get(customer, customer)) != customer:
            customer = kept
        return customer

    def meet(
        self,
        keys: Iterable[IdentityKey],
        *,
        called: Called | None = None,
        name: str = "",
        namesakes: Callable[[], Sequence[UUID]] = tuple,
    ) -> Met | None:
        """Whom a file means by some identities, and what becomes of these.

        Args:
            keys: As they are compared.
            called: Of them, what the file tells people apart by, if anything; or an id of ours. Who is not here
                by that, and is nobody whom the identities mean, is new by that very id.
            name: What the file calls them, so that they are somebody from now on, or "".
            namesakes: Who is called just so; asked where nothing else that the file tells of them is theirs.

        Returns:
            None where none of them stands for anybody.
        """
        told = [key for key in dict.fromkeys(keys) if key not in self.blocked]
        told.sort(key=lambda key: PRIORITY.index(key[0]))
        ours = called if isinstance(called, UUID) else None
        if not told and ours is None:
            return None
        called = called if ours is not None or called in told else None
        is_here = ours in self.here
        surest = None if is_here else self._surest(told, called, name)
        by: IdentityKind | Literal["name"] | None = None
        if ours is not None and is_here:
            own, by = self.person(ours), "external"
        elif surest is not None:
            own, by = self.owners[surest], surest[0]
            self._join(ours, own)
        elif ours is not None:
            own = ours
            self.here.add(ours)
        elif (found := self._by_name(told, called, name, namesakes)) is not None:
            own, by = found, "name"
        else:
            own = new_id()
        if called is not None:
            self.called.setdefault(self.person(own), called)
        doubts = [
            key
            for key in told
            if not self._theirs(own, key, called, name, may_merge=by not in (None, "name"))
        ]
        if name:  # a stranger until now
            self.named.setdefault(self.person(own), name)
            self.said += [
                key
                for key in told
                if key not in doubts and self.owners.get(key, own) != self.person(own)
            ]
        return Met(own, by, bool(doubts))

    def _join(self, ours: UUID | None, own: UUID) -> None:
        """Has an id of ours that nobody has here be part of whom it turned out to mean."""
        if ours is not None:
            self.here.add(ours)
            self.joined.append(ours)
            self._merge(self.person(own), ours)

    def _surest(
        self, told: Sequence[IdentityKey], called: Called | None, name: str
    ) -> IdentityKey | None:
        """The identity by which somebody is known; of one kind all must mean the same."""
        owned = [key for key in told if key in self.owners]
        for kind in PRIORITY if owned else ():
            known = [
                key
                for key in owned
                if key[0] == kind
                and (
                    (key == called and kind == "external")
                    or self._may_be(self.owners[key], called, name)
                )
            ]
            persons = {self.person(self.owners[key]) for key in known}
            if persons:
                return known[0] if len(persons) == 1 else None
        return None

    def _by_name(
        self,
        told: Sequence[IdentityKey],
        called: Called | None,
        name: str,
        namesakes: Callable[[], Sequence[UUID]],
    ) -> UUID | None:
        """Who is meant by a name, as whatever else is told of them is somebody else's, or new."""
        if not name:
            return None
        owners = [self.person(self.owners[key]) for key in told if key in self.owners]
        if not owners and not self.unreached:
            return None
        others = {self.person(one) for owner in owners for one in self.beside[owner]}
        fitting = {one for one in others if one in self.named and self._may_be(one, called, name)}
        if len(fitting) > 1:
            fitting = {one for one in fitting if name_key(self.named[one]) == name_key(name)}
        if len(fitting) == 1:
            return fitting.pop()
        if not owners:
            found = self.unreached.pop(name_key(name), None)
            return found if found is not None and tuple(namesakes()) == (found,) else None
        return next(iter(namesakes()), None) if len(owners) == len(told) else None

    def _may_be(self, customer: UUID, called: Called | None, name: str) -> bool:
        """Whether the file calls a customer by no other id, and by no name that is another's."""
        person = self.person(customer)
        if called is not None and self.called.get(person, called) != called:
            return False
        return fits(name, self.named.get(person, ""))

    def _theirs(
        self,
        own: UUID,
        key: IdentityKey,
        called: Called | None,
        name: str,
        *,
        may_merge: bool,
    ) -> bool:
        """Gives a customer an identity, and says whether it is not somebody else's."""
        person, kind = self.person(own), key[0]
        owner = self.owners.get(key)
        if owner is None:
            if self.held[person, kind] < MOST_OF_A_KIND[kind]:
                self.held[person, kind] += 1
                self.owners[key] = own
                self.given[own].append(key)
            return True
        other = self.person(owner)
        if other == person:
            return True
        both_named = person in self.named and other in self.named
        if may_merge and self._may_be(other, called, name) and not both_named:
            kept, merged = (other, person) if other in self.named else (person, other)
            self._merge(kept, merged)
            return True
        pair = (min(person, other), max(person, other))
        if other not in self.beside[person] and len(self.beside[other]) < MOST_PAIRS:
            self.together[pair] = kind
            self.beside[other].append(person)
            self.beside[person].append(other)
        return False

    def _merge(self, kept: UUID, merged: UUID) -> None:
        self.merges.append((kept, merged))
        self.shown[merged] = kept
        for kind in PRIORITY:
            self.held[kept, kind] += self.held.pop((merged, kind), 0)
        if merged in self.called:
            self.called.setdefault(kept, self.called.pop(merged))
