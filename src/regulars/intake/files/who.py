"""Whom a file's rows are about: its ids become identities, and these customers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.people.bulk import Key, Told, add_many, owners_of, tell_more
from regulars.people.core import IdentityKind, normalised
from regulars.people.errors import NotAnIdentity

# A phone says so by its country, or stands in a column of phones; other numbers are ids.
PHONE = re.compile(r"\+[\d\s()./-]{7,}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
APOSTROPHE = re.compile(r"'(?=[=+@-])")
LONGEST_IDENTITY = 254

FileId = tuple[str, bool]


def identity_of(text: str, *, is_phone: bool, region: str | None) -> Key | None:
    """What a file's id identifies somebody by: an e-mail address, a phone, else an outside id.

    Args:
        text: The id as the file has it.
        is_phone: Whether it stands in a column of phones.
        region: ISO 3166 of the business, for phones without a country.

    Returns:
        Its kind and normalised value, or None where it tells nobody apart.
    """
    kind: IdentityKind | None = None
    if "@" in text:
        kind = "email"
    elif is_phone or PHONE.fullmatch(text):
        kind = "phone"
    try:
        if kind is not None:
            return kind, normalised(kind, text, region=region)
    except NotAnIdentity:
        return None
    except RegularsError:
        pass  # whatever it is, the file calls somebody by it
    if len(text) > LONGEST_IDENTITY:
        return None
    try:
        return "external", normalised("external", CONTROL.sub(" ", text), region=region)
    except NotAnIdentity:
        return None


def plain_name(text: str | None) -> str:
    """A name without control characters, and without the apostrophe that a spreadsheet needed."""
    return APOSTROPHE.sub("", " ".join(CONTROL.sub(" ", text or "").split()), count=1)


@dataclass
class People:
    """Everybody in a file.

    Attributes:
        told: What the file tells of each, by its own ids; None where an id tells nobody apart.
        strangers: Customers' ids that nobody knows yet.
        added: Those of them that were added.
    """

    told: Mapping[FileId, Told | None]
    strangers: set[UUID]
    added: int = 0

    @classmethod
    def of(cls, ids: Iterable[tuple[str, bool, str | None]], *, region: str | None) -> "People":
        """Finds out who is known.

        Args:
            ids: The file's ids, whether each stands in a column of phones, and a name.
            region: ISO 3166 of the business, for phones without a country.
        """
        keys: dict[FileId, Key | None] = {}
        names: dict[Key, str] = {}
        for text, is_phone, name in ids:
            key = identity_of(text, is_phone=is_phone, region=region)
            keys[text, is_phone] = key
            if key is not None:
                names[key] = names.get(key) or plain_name(name)
        owners = owners_of(names)
        told = {
            key: Told(id=owners[key], name=name, identities=(key,))
            if key in owners
            else Told(name=name, identities=(key,))
            for key, name in names.items()
        }
        strangers = {told[key].id for key in told if key not in owners}
        return cls(
            {own: None if key is None else told[key] for own, key in keys.items()}, strangers
        )

    def say_names(self, *, actor: Actor, now: datetime) -> None:
        """Gives the nameless whom we know the file's names; inside a transaction."""
        known = {
            one.id: one
            for one in self.told.values()
            if one is not None and one.name and one.id not in self.strangers
        }
        tell_more(people=list(known.values()), actor=actor, now=now)

    def add(self, wanted: Iterable[Told], *, actor: Actor, now: datetime) -> None:
        """Adds those whom nobody knows; inside a transaction."""
        new = {one.id: one for one in wanted if one.id in self.strangers}
        add_many(people=list(new.values()), actor=actor, now=now)
        self.strangers -= new.keys()
        self.added += len(new)
