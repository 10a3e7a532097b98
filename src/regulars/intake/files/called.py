"""What a file calls people: texts become identities and names, and who is meant by them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from regulars.kernel.errors import RegularsError
from regulars.kernel.faults import seen
from regulars.people.core import MOST_OF_A_KIND, IdentityKey, IdentityKind, normalised
from regulars.people.errors import InvalidEmail, NotAnIdentity
from regulars.people.likely_same import fits
from regulars.people.nobody import is_name

# A phone says so by its country, or stands in a column of phones; other numbers are ids.
PHONE = re.compile(r"\+[\d\s()./-]{7,}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
APOSTROPHE = re.compile(r"'(?=[=+@-])")
LONGEST_IDENTITY = 254
FEWEST_OF_A_PHONE = 9  # digits: what is shorter and begins with no 0 is a customer's number


def identity_of(text: str, *, is_phone: bool, region: str | None) -> IdentityKey | None:
    """What a file's id identifies somebody by: an e-mail address, a phone, else an outside id.

    Args:
        text: The id as the file has it.
        is_phone: Whether it stands in a column of phones.
        region: ISO 3166 of the business, for phones without a country.

    Returns:
        Its kind and normalised value, or None where it tells nobody apart, or has an @ and is no address.
    """
    text = APOSTROPHE.sub("", text, count=1)
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


def sender_named(text: str, *, region: str | None) -> tuple[str, IdentityKey | None]:
    """Who brought somebody, as a file's column of them says.

    Args:
        text: A name, an address, a phone, or a number that the file's system gives people.
        region: ISO 3166 of the business, for phones without a country.

    Returns:
        The name, or what identifies them; neither where the text stands for nobody.

    Raises:
        InvalidEmail: It has an @ and is no address.
    """
    try:
        if "@" in text:
            return "", ("email", normalised("email", text, region=region))
        normalised("external", text, region=region)
    except NotAnIdentity:
        return "", None
    if is_name(text):
        return text, None
    if not any(map(str.isdigit, text)):
        return "", None
    is_phone = text.startswith("0") or sum(map(str.isdigit, text)) >= FEWEST_OF_A_PHONE
    return "", identity_of(text, is_phone=is_phone, region=region)


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


def personal_name(text: str | None) -> str:
    """What a file calls somebody, or "" where that is nobody's name."""
    name = plain_name(text)
    return name if is_name(name) else ""


def contacts_of(
    kind: IdentityKind, texts: Iterable[str], *, region: str | None
) -> list[IdentityKey]:
    """What a file's column of addresses or numbers identifies somebody by; the others tell nothing."""
    found = []
    for text in texts:
        with suppress(RegularsError):
            found.append((kind, normalised(kind, plain_name(text), region=region)))
    return found


def apart(keys: Iterable[IdentityKey]) -> list[IdentityKey]:
    """Identities of kinds of which there are no more than a person has; more belong to several people."""
    told = list(keys)
    many = Counter(kind for kind, _ in told)
    return [key for key in told if many[key[0]] <= MOST_OF_A_KIND[key[0]]]


@dataclass(frozen=True, slots=True)
class Mention:
    """What a file calls somebody.

    Attributes:
        about: Their number in the file.
        text: The file's id of them.
        is_phone: Whether it stands in a column of phones.
        name: As people say it, or None.
        emails: As written.
        phones: As written.
    """

    about: int
    text: str
    is_phone: bool
    name: str | None = None
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()


@dataclass(slots=True)
class Person:
    """Somebody whom a file calls one thing, and one name in several ways.

    Attributes:
        key: What the file calls them, as it is compared.
        name: The fullest that it calls them, or "".
        about: Their numbers in the file.
        contacts: What it tells of them besides.
    """

    key: IdentityKey
    name: str
    about: list[int] = field(default_factory=list)
    contacts: dict[IdentityKey, None] = field(default_factory=dict)


@dataclass
class Meant:
    """Whom a file means.

    Attributes:
        persons: In the order in which it tells of them, but whoever is called by a phone alone comes after
            those who have it and a name.
        nobody: The numbers of those whose id tells nobody apart.
        misspelt: The numbers of those whose id was to be an e-mail address and cannot be one.
    """

    persons: list[Person] = field(default_factory=list)
    nobody: list[int] = field(default_factory=list)
    misspelt: set[int] = field(default_factory=set)


def meant_by(mentions: Iterable[Mention], *, region: str | None) -> Meant:
    """Whom a file means by what it calls people.

    An id is one person's, whatever they are called; a phone or an address may be a household's.

    Args:
        mentions: In the order in which the file tells of them.
        region: ISO 3166 of the business, for phones without a country.
    """
    meant = Meant()
    called: dict[IdentityKey, list[Person]] = {}
    for one in mentions:
        key = identity_of(one.text, is_phone=one.is_phone, region=region)
        contacts = (
            *contacts_of("email", one.emails, region=region),
            *contacts_of("phone", one.phones, region=region),
        )
        if key is None and is_misspelt(one.text):
            meant.misspelt.add(one.about)
            key = next(iter(apart(contacts)), None)
        if key is None:
            meant.nobody.append(one.about)
            continue
        person = _of_that_name(called.setdefault(key, []), key, personal_name(one.name))
        person.about.append(one.about)
        person.contacts |= dict.fromkeys(contacts)
    for persons in called.values():
        meant.persons += sorted(persons, key=lambda person: not person.name)
    return meant


def _of_that_name(persons: list[Person], key: IdentityKey, name: str) -> Person:
    """Who of those who are called one thing is called by a name, too; somebody else where nobody is."""
    for one in persons:
        if key[0] == "external":
            one.name = one.name or name
            return one
        if one.name == name or (one.name and name and fits(name, one.name)):
            one.name = max(one.name, name, key=len)
            return one
    persons.append(Person(key, name))
    return persons[-1]
