"""Who is who while a file of customers is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from regulars.kernel.ids import new_id
from regulars.people.bulk import Key, first_owner, owners_of, shown_name
from regulars.people.core import name_key
from regulars.people.queries import meant_in_short, namesakes


@dataclass
class Directory:
    """Who is who while a file is read: the known, and those whom it adds.

    Attributes:
        by_key: Customers by what identifies them.
        by_name: Customers by the keys of their names; the first whom the file calls so.
        in_short: Who was known before the file and may be meant by a part of their name.
        strangers: Who was not known before the file.
    """

    by_key: dict[Key, UUID] = field(default_factory=dict)
    by_name: dict[str, UUID] = field(default_factory=dict)
    in_short: dict[str, tuple[UUID, ...]] = field(default_factory=dict)
    strangers: set[UUID] = field(default_factory=set)

    def look_up(self, keys: Iterable[Key]) -> None:
        """Finds whom some identities belong to."""
        self.by_key.update(owners_of(set(keys) - self.by_key.keys()))

    def find(self, name: str, identities: Sequence[Key]) -> UUID:
        """The customer, a new one where nobody is known.

        By a name alone those are found who are called exactly so.
        """
        name = shown_name(name)
        key = name_key(name)
        found = first_owner(identities, self.by_key)
        if found is None and not identities:
            found = self.by_name.get(key) or next(iter(namesakes(name)), None)
        if found is None:
            found = new_id()
            self.strangers.add(found)
        if name:
            self.by_name.setdefault(key, found)
        for identity in identities:
            self.by_key.setdefault(identity, found)
        return found

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
