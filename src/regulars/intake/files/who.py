"""Whom a file's rows are about: its ids become identities, and these customers."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from regulars.intake.files.recognising import Recognising
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.faults import seen
from regulars.people.bulk import Told, add_many, all_blocked, owners_of, standing_of, tell_more
from regulars.people.core import MOST_OF_A_KIND, IdentityKey, IdentityKind, normalised
from regulars.people.errors import AlreadyMerged, InvalidEmail, NotAnIdentity
from regulars.people.queries import namesakes
from regulars.people.services import merge, note_told_together

# A phone says so by its country, or stands in a column of phones; other numbers are ids.
PHONE = re.compile(r"\+[\d\s()./-]{7,}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
APOSTROPHE = re.compile(r"'(?=[=+@-])")
LONGEST_IDENTITY = 254

FileId = tuple[str, bool]


def identity_of(text: str, *, is_phone: bool, region: str | None) -> IdentityKey | None:
    """What a file's id identifies somebody by: an e-mail address, a phone, else an outside id.

    Args:
        text: The id as the file has it.
        is_phone: Whether it stands in a column of phones.
        region: ISO 3166 of the business, for phones without a country.

    Returns:
        Its kind and normalised value, or None where it tells nobody apart, or has an @ and is no address.
    """
    kind: IdentityKind | None = None
    if "@" in text:
        kind = "email"
    elif is_phone or PHONE.fullmatch(text):
        kind = "phone"
    try:
        if kind is not None:
            return kind, normalised(kind, text, region=region)
    except (NotAnIdentity, InvalidEmail):
        return None
    except RegularsError:
        pass  # whatever it is, the file calls somebody by it
    if len(text) > LONGEST_IDENTITY:
        return None
    try:
        return "external", normalised("external", CONTROL.sub(" ", text), region=region)
    except NotAnIdentity:
        return None


def is_misspelt(text: str) -> bool:
    """Whether a file's id was to be an e-mail address and cannot be one."""
    try:
        if "@" in text:
            normalised("email", text, region=None)
    except NotAnIdentity:
        return False
    except InvalidEmail:
        return True
    return False


def plain_name(text: str | None) -> str:
    """A name without what nobody sees, and without the apostrophe that a spreadsheet needed."""
    said = seen(CONTROL.sub(" ", text or ""))
    return APOSTROPHE.sub("", " ".join(said.split()), count=1)


def contacts_of(
    kind: IdentityKind, texts: Iterable[str], *, region: str | None
) -> list[IdentityKey]:
    """What a file's column of addresses or numbers identifies somebody by; the others tell nothing."""
    found = []
    for text in texts:
        with suppress(RegularsError):
            found.append((kind, normalised(kind, plain_name(text), region=region)))
    return found


def look_up(known: Recognising, keys: Iterable[IdentityKey], *, with_held: bool) -> None:
    """Finds whom identities belong to, and how they stand.

    Args:
        known: So far.
        keys: As they are compared.
        with_held: Whether anybody may get another identity.
    """
    known.blocked |= all_blocked()
    found = owners_of(set(keys) - known.owners.keys())
    standing = standing_of(set(found.values()), with_held=with_held)
    known.owners |= found
    known.shown |= standing.shown
    known.named |= standing.named
    known.held.update(standing.held)


@dataclass(frozen=True, slots=True)
class Mention:
    """What a file calls somebody.

    Attributes:
        own: The file's id of them.
        name: As people say it, or None.
        emails: As written.
        phones: As written.
    """

    own: FileId
    name: str | None = None
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()


@dataclass
class People:
    """Everybody in a file.

    Attributes:
        told: What the file tells of each, by its own ids; None where an id tells nobody apart.
        strangers: Customers' ids that nobody knows yet.
        known: Who is who.
        recognised: How many were known, by the kind of identity that told.
        doubtful: Of how many an identity is another customer's.
        added: Strangers that were added.
        misspelt: Ids that were to be e-mail addresses and cannot be any.
    """

    told: Mapping[FileId, Told | None]
    strangers: set[UUID]
    known: Recognising
    recognised: Counter[str]
    doubtful: int = 0
    added: int = 0
    misspelt: frozenset[FileId] = frozenset()

    @classmethod
    def of(cls, mentions: Iterable[Mention], *, region: str | None) -> "People":
        """Finds out who is known.

        Args:
            mentions: The file's people, in the order in which it tells of them.
            region: ISO 3166 of the business, for phones without a country.
        """
        keys: dict[FileId, IdentityKey | None] = {}
        misspelt: set[FileId] = set()
        names: dict[IdentityKey, str] = {}
        further: dict[IdentityKey, dict[IdentityKey, None]] = defaultdict(dict)
        for one in mentions:
            text, is_phone = one.own
            key = identity_of(text, is_phone=is_phone, region=region)
            contacts = (
                *contacts_of("email", one.emails, region=region),
                *contacts_of("phone", one.phones, region=region),
            )
            if key is None and is_misspelt(text):
                misspelt.add(one.own)
                key = next(iter(apart(contacts)), None)
            keys[one.own] = key
            if key is None:
                continue
            names[key] = names.get(key) or plain_name(one.name)
            further[key] |= dict.fromkeys(contacts)
        known = Recognising()
        look_up(
            known,
            {*names, *(one for some in further.values() for one in some)},
            with_held=any(further.values()),
        )
        known.expect(names)
        met = {
            key: known.meet(
                (key, *apart(further[key])),
                called=key,
                name=names[key],
                namesake=partial(_called, names[key]),
            )
            for key in names
        }
        told = {
            key: Told(
                id=who.customer_id, name=names[key], identities=tuple(known.given[who.customer_id])
            )
            for key, who in met.items()
            if who is not None
        }
        strangers = {who.customer_id for who in met.values() if who and who.by is None}
        by = [who.by for who in met.values() if who and who.customer_id not in strangers and who.by]
        return cls(
            {own: told.get(key) if key else None for own, key in keys.items()},
            strangers,
            known,
            Counter(by),
            sum(who.is_doubtful for who in met.values() if who),
            misspelt=frozenset(misspelt),
        )

    def tell_of_known(self, *, actor: Actor, now: datetime) -> None:
        """Writes what the file tells of those whom we know; inside a transaction.

        Strangers who turn out to be somebody are merged, the nameless get a name, and everybody what they are
        recognised by besides.
        """
        for kept, merged in self.known.merges:
            with suppress(AlreadyMerged):  # at the same moment, by something else
                merge(kept=kept, merged=merged, actor=actor, now=now)
        known = {
            one.id: one
            for one in self.told.values()
            if one is not None and (one.name or one.identities) and one.id not in self.strangers
        }
        tell_more(people=list(known.values()), actor=actor, now=now)

    def add(self, wanted: Iterable[Told], *, actor: Actor, now: datetime) -> None:
        """Adds those whom nobody knows; inside a transaction. Once it stands, `meet` them."""
        new = {one.id: one for one in wanted if one.id in self.strangers}
        add_many(people=list(new.values()), actor=actor, now=now)

    def meet(self, wanted: Iterable[Told]) -> None:
        """Takes those who were added for known from now on."""
        new = {one.id for one in wanted} & self.strangers
        self.strangers -= new
        self.added += len(new)

    def note_doubts(self, *, now: datetime) -> None:
        """Notes who were named as one and are two here; inside a transaction, when all are added."""
        note_told_together(
            {
                pair: kind
                for pair, kind in self.known.together.items()
                if not self.strangers.intersection(pair)
            },
            now=now,
        )


def _called(name: str) -> UUID | None:
    return next(iter(namesakes(name)), None) if name else None


def apart(keys: Iterable[IdentityKey]) -> list[IdentityKey]:
    """Identities of kinds of which there are no more than a person has; more belong to several people."""
    told = list(keys)
    many = Counter(kind for kind, _ in told)
    return [key for key in told if many[key[0]] <= MOST_OF_A_KIND[key[0]]]
