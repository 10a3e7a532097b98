"""What tells one person from another: pure rules for e-mail, phones, ids and names.

Sources: RFC 5321 for addresses; E.164 for phones, by the metadata of libphonenumber.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import phonenumbers
from anyascii import anyascii
from rapidfuzz.distance import DamerauLevenshtein

from regulars.people.errors import (
    InvalidEmail,
    InvalidPhone,
    NotAnIdentity,
    PhoneNeedsCountry,
)

IdentityKind = Literal["email", "phone", "external", "card", "handle"]
# The surest first: where identities of one event name several customers, the first decides.
PRIORITY: tuple[IdentityKind, ...] = ("external", "email", "phone", "card", "handle")
# More than these belong to a shared device, or to several people taken for one.
MOST_OF_A_KIND: Mapping[IdentityKind, int] = {
    "external": 20,
    "email": 5,
    "phone": 5,
    "card": 10,
    "handle": 10,
}
STANDS_FOR_NOBODY = frozenset(
    (
        *("0", "-1", "null", "none", "nil", "nan", "n/a", "na", "undefined", "unknown"),
        *("anonymous", "guest", "test", "test@test.com", "test@example.com", "noreply@example.com"),
    )
)
# Mailboxes that several people read, or nobody.
NOBODYS_MAILBOX = frozenset(
    (
        *("info", "office", "contact", "kontakt", "contacto", "hello", "hallo", "hola", "mail"),
        *("service", "support", "admin", "webmaster", "postmaster", "abuse", "team", "shop"),
        *("noreply", "no-reply", "donotreply", "do-not-reply", "test"),
    )
)
# RFC 2606
NOBODYS_DOMAIN = (".example.com", ".example.net", ".invalid", ".localhost", ".test")
LONGEST_EMAIL = 254
LONGEST_IDENTITY = 254
FEWEST_DIGITS = 5  # of a number that somebody is called at
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
ONE_DIGIT_AGAIN = re.compile(r"\+?(\d)\1{5,}")
LONGEST_KEY = 120
PARTS_REMEMBERED = 4_096
PHONES_REMEMBERED = 10_000  # regulars call and come again, and reading a number takes long
SHORT_NAME, MIDDLE_NAME = 4, 8  # letters up to which no slip, and one slip, is forgiven


def normalised(kind: IdentityKind, value: str, *, region: str | None) -> str:
    """An identity as it is compared.

    Args:
        kind: Of identity.
        value: As somebody wrote it.
        region: ISO 3166 of the business, for phones without a country.

    Raises:
        NotAnIdentity: The value stands for nobody.
        InvalidEmail, InvalidPhone, PhoneNeedsCountry: It cannot be one.
    """
    text = _visible(value)
    if text.casefold() in STANDS_FOR_NOBODY or not text or ONE_DIGIT_AGAIN.fullmatch(text):
        raise NotAnIdentity(value=value)
    if len(text) > LONGEST_IDENTITY:
        raise InvalidEmail(value=value) if kind == "email" else NotAnIdentity(value=value)
    if kind == "email":
        address = folded_email(text)
        mailbox, _, domain = address.rpartition("@")
        if mailbox in NOBODYS_MAILBOX or f".{domain}".endswith(NOBODYS_DOMAIN):
            raise NotAnIdentity(value=value)
        return address
    return folded_phone(text, region=region) if kind == "phone" else text


def _visible(value: str) -> str:
    """A value without what nobody sees: a number copied from a page often brings such marks along."""
    if value.isascii() and value.isprintable():
        return value.strip()
    text = unicodedata.normalize("NFKC", value)
    return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()


def folded_email(text: str) -> str:
    """An address in small letters, its domain as the internet's name system writes it (IDNA).

    Capital letters tell nobody apart in practice. What else mail providers take for the same (dots,
    what follows a plus) is theirs to know, and is left as it is.

    Raises:
        InvalidEmail: It is no address.
    """
    if not EMAIL.fullmatch(text):
        raise InvalidEmail(value=text)
    mailbox, _, domain = text.rpartition("@")
    try:
        named = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise InvalidEmail(value=text) from error
    address = f"{unicodedata.normalize('NFKC', mailbox.lower())}@{named}"
    if len(address) > LONGEST_EMAIL:
        raise InvalidEmail(value=text)
    return address


@lru_cache(maxsize=PHONES_REMEMBERED)
def folded_phone(text: str, *, region: str | None) -> str:
    """A phone number as E.164 writes it.

    Raises:
        PhoneNeedsCountry: It has no country, and the business has none.
        InvalidPhone: No such number is given out.
    """
    if region is None and not text.startswith(("+", "00")):
        raise PhoneNeedsCountry(value=text)
    try:
        number = phonenumbers.parse(re.sub("^00", "+", text), region)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone(value=text) from error
    digits = len(str(number.national_number))
    if digits < FEWEST_DIGITS or not phonenumbers.is_possible_number(number):
        raise InvalidPhone(value=text)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def needs_region(kind: IdentityKind, value: str) -> bool:
    """Whether an identity tells one person from another only in the country of the business."""
    return kind == "phone" and not value.startswith("+")


def shown_phone(value: str) -> str:
    """A phone number of E.164 as people read it: "+49 171 2345678"."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, international))


def folded_name(name: str) -> str:
    """A name in Latin small letters without accents, one space between its parts."""
    latin = anyascii(unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", latin))


def name_key(name: str) -> str:
    """A name as people are told apart by it: equal for two names that are the same.

    Accents, capitals and signs between the parts tell nobody apart in Latin script. Another script
    loses whole letters on its way into Latin ones, so such a name counts as it is written too.
    """
    written = " ".join(_visible(_visible(name).casefold()).split())
    folded = folded_name(name)
    if folded and all(_is_latin(letter) for letter in written if letter.isalpha()):
        return folded
    return f"{folded}|{written}"


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same, and not merely alike as Daniel is to Daniela."""
    return name_key(one) == name_key(other)


def is_short_for(short: str, name: str) -> bool:
    """Whether a name has every word of another, and more besides, as "Anna M." has "Anna"."""
    return {name_key(word) for word in short.split()} < {name_key(word) for word in name.split()}


def _is_latin(letter: str) -> bool:
    # An apostrophe may be a "modifier letter", which every script uses.
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER"))


def name_keys(name: str) -> frozenset[str]:
    """What a name can be looked up by: its parts, and each of them less one letter.

    Two parts that differ by one slip (a letter too many, too few, another, or two changed
    over) have a key in common (Garbe's symmetric delete).
    """
    return frozenset(key for part in name_parts(name) for key in part_keys(part))


def name_parts(name: str) -> tuple[str, ...]:
    """The parts of a name as they are looked up, each once."""
    return tuple(dict.fromkeys(part[:LONGEST_KEY] for part in folded_name(name).split()))


@lru_cache(maxsize=PARTS_REMEMBERED)
def part_keys(part: str) -> frozenset[str]:
    """What one part of a folded name can be looked up by; many people share their names."""
    if len(part) < SHORT_NAME:
        return frozenset((part,))
    return frozenset((part, *(part[:place] + part[place + 1 :] for place in range(len(part)))))


def slips_forgiven(part: str) -> int:
    """How many slips of the pen a part of a name may have."""
    return 0 if len(part) < SHORT_NAME else 1 if len(part) < MIDDLE_NAME else 2


def likeness(asked: str, known: str) -> float:
    """How well a name fits what was asked for, from 0 to 1.

    Every part that was asked for must be there: as it is, as a beginning, or with few slips.

    Args:
        asked: What somebody typed.
        known: A customer's name.
    """
    wanted, parts = folded_name(asked).split(), folded_name(known).split()
    if not wanted or not parts:
        return 0.0
    scores = []
    free = list(parts)
    for part in wanted:
        best = max(free, key=lambda other: likeness_of_parts(part, other), default=None)
        if best is None or not (score := likeness_of_parts(part, best)):
            return 0.0
        free.remove(best)
        scores.append(score)
    unasked = len(free) / len(parts)
    return sum(scores) / len(scores) * (1 - 0.2 * unasked)


def likeness_of_parts(asked: str, known: str) -> float:
    """How well one part of a folded name fits another, from 0 to 1: equal, begun, or with few slips."""
    if asked == known:
        return 1.0
    if known.startswith(asked):
        return 0.75 + 0.2 * len(asked) / len(known)
    slips = DamerauLevenshtein.distance(asked, known)
    if slips > slips_forgiven(max(asked, known, key=len)):
        return 0.0
    return 0.9 - 0.2 * slips
