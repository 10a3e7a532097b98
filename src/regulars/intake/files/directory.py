"""Who is who while a file of customers is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from regulars.intake.files.recognising import Met, Recognising
from regulars.intake.files.who import look_up, look_up_people
from regulars.kernel.ids import new_id
from regulars.people.bulk import shown_name
from regulars.people.core import IdentityKey
from regulars.people.names import name_key
from regulars.people.queries import meant_in_short, namesakes


@dataclass
class Directory:
    """Who is who while a file is read: the known, and those whom it adds.

    Attributes:
        known: Who is known by what, and what the file tells of them.
        by_name: Customers by the keys of their names; the first whom the file calls so.
        in_short: Who was known before the file and may be meant by a part of their name.
        strangers: Who was not known before the file.
        recognised: How each who was known before was recognised, the first time.
        doubtful: Of whom an identity is another customer's.
    """

    known: Recognising = field(default_factory=Recognising)
    by_name: dict[str, UUID] = field(default_factory=dict)
    in_short: dict[str, tuple[UUID, ...]] = field(default_factory=dict)
    strangers: set[UUID] = field(default_factory=set)
    recognised: dict[UUID, str] = field(default_factory=dict)
    doubtful: set[UUID] = field(default_factory=set)

    def look_up(self, keys: Iterable[IdentityKey]) -> None:
        """Finds whom some identities belong to."""
        look_up(self.known, keys, with_held=True)

    def look_up_own(self, ids: Iterable[UUID]) -> None:
        """Finds out how some customers stand who are here by ids of ours that the file has."""
        here = set(ids)
        self.known.here |= here
        look_up_people(self.known, here)

    def find(
        self, name: str, identities: Sequence[IdentityKey], *, own: UUID | None = None
    ) -> UUID:
        """The customer, a new one where nobody is known.

        By a name alone those are found who are called exactly so; and where whatever else is told of them is
        that of somebody called otherwise. Whom a table that we wrote has by an id of ours nobody is by a name.
        """
        name = shown_name(name)
        key = name_key(name)
        called = own or next((one for one in identities if one[0] == "external"), None)
        met = self.known.meet(
            identities, called=called, name=name, namesakes=lambda: self._called(name, key)
        )
        if met is None:
            found = self._called(name, key)
            met = Met(found[0], "name") if found else Met(new_id(), None)
        if met.by is None:
            self.strangers.add(met.customer_id)
        elif met.customer_id not in self.strangers:
            self.recognised.setdefault(met.customer_id, met.by)
        if met.is_doubtful:
            self.doubtful.add(met.customer_id)
        if name:
            self.by_name.setdefault(key, met.customer_id)
        return met.customer_id

    def _called(self, name: str, key: str) -> tuple[UUID, ...]:
        """Who is called exactly so; whom the file calls so comes first, and alone."""
        here = self.by_name.get(key)
        return (here,) if here is not None else namesakes(name)

    def find_sender(self, name: str, *, friend: UUID) -> UUID:
        """Who brought a friend, by name alone, once every row's customer is found.

        Where nobody is called just so, a part of a name will do, if it can mean one person only.
        """
        name = shown_name(name)
        key = name_key(name)
        if key not in self.by_name:
            if key not in self.in_short:
                meant_by = () if namesakes(name) else meant_in_short(name)
                self.in_short[key] = tuple(one for one in meant_by if one not in self.strangers)
            meant = [one for one in self.in_short[key] if one != friend]
            if len(meant) == 1:
                return meant[0]
        return self.find(name, ())
