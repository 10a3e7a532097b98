"""What tells one person from another: pure rules for e-mail, phones and ids.

Sources: RFC 5321 and 6531 for addresses, IDNA 2008 by UTS 46 for their domains; E.164 for phones, by the
metadata of libphonenumber.
"""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import blake2b
from secrets import token_bytes
from typing import Literal

import idna
import phonenumbers

from regulars.kernel.faults import JOINERS
from regulars.people.errors import (
    InvalidEmail,
    InvalidPhone,
    NotAnIdentity,
    PhoneNeedsCountry,
)
from regulars.people.names import visible

IdentityKind = Literal["email", "phone", "external", "card", "handle"]
IdentityKey = tuple[IdentityKind, str]  # a kind and its value
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
# RFC 952 and 1123: letters, digits and hyphens inside; 63 of them at most.
LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = rf"{LABEL}(?:\.{LABEL})+"
# RFC 5321, section 4.1.2: a dot-atom. Whatever else may stand in quotes is read as another address on its way.
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = re.compile(rf"{ATOM}(?:\.{ATOM})*@{DOMAIN}")
AT_FIRST = re.compile(r"^[@\s]+")
LETTERS = "LMN"  # categories of Unicode: letters, what is written above and below them, digits
ONE_DIGIT_AGAIN = re.compile(r"\+?(\d)\1{5,}")
PHONES_REMEMBERED = 50_000  # regulars call and come again
LONGEST_BEFORE = 5  # a plus, a country and what some countries put between
JOINER = re.compile(f"([{JOINERS}])")
NO_DIGITS = re.compile("[^0-9]+")
_OF_THIS_PROCESS = token_bytes(16)
_readings: dict[bytes, tuple[str, int]] = {}


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
    text = visible(value)
    if text.casefold() in STANDS_FOR_NOBODY or not text or ONE_DIGIT_AGAIN.fullmatch(text):
        raise NotAnIdentity(value=value)
    if len(text) > LONGEST_IDENTITY:
        raise InvalidEmail(value=value) if kind == "email" else NotAnIdentity(value=value)
    if kind == "email":
        address = folded_email(_with_joiners(value) if JOINER.search(value) else text)
        mailbox, _, domain = address.rpartition("@")
        if mailbox in NOBODYS_MAILBOX or f".{domain}".endswith(NOBODYS_DOMAIN):
            raise NotAnIdentity(value=value)
        return address
    if kind == "handle":
        return _folded_handle(text)
    return folded_phone(text, region=region) if kind == "phone" else text


def _with_joiners(value: str) -> str:
    """An address without what nobody sees, but for what joins letters of a domain where IDNA allows it.

    In Persian and in scripts of India a joiner makes another word, and another domain (RFC 5892, A.1 and A.2).
    """
    mailbox, _, domain = value.rpartition("@")
    seen = "".join(visible(part) if part not in JOINERS else part for part in JOINER.split(domain))
    try:
        named = idna.encode(seen, uts46=True).decode("ascii")
    except UnicodeError:
        named = visible(domain)
    return f"{visible(mailbox)}@{named}"


def _folded_handle(text: str) -> str:
    """A name in networks in small letters, without the "@" that many write before it.

    Raises:
        NotAnIdentity: Nothing is left, or it stands for nobody.
    """
    handle = AT_FIRST.sub("", visible(text.casefold())).casefold()
    if not handle or handle in STANDS_FOR_NOBODY:
        raise NotAnIdentity(value=text)
    return handle


def folded_email(text: str) -> str:
    """An address in small letters, its domain as the internet's name system writes it (IDNA).

    Capital letters tell nobody apart in practice. What else mail providers take for the same (dots,
    what follows a plus) is theirs to know, and is left as it is.

    Raises:
        InvalidEmail: It is no address, or one that mail would not find its way to as it is written.
    """
    address = text.lower() if text.isascii() else _in_letters(text)
    plain = address if address.isascii() else _without_letters(address)
    if not EMAIL.fullmatch(plain) or len(address) > LONGEST_EMAIL:
        raise InvalidEmail(value=text)
    return address


def _in_letters(text: str) -> str:
    """An address with letters of the world, as one form of it.

    Raises:
        InvalidEmail: Its domain cannot be one.
    """
    mailbox, _, domain = text.rpartition("@")
    try:
        named = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise InvalidEmail(value=text) from error
    small = unicodedata.normalize("NFKC", mailbox).lower()
    return f"{unicodedata.normalize('NFKC', small)}@{named.lower()}"


def _without_letters(address: str) -> str:
    """An address with an "a" for every letter that ASCII does not have."""
    return "".join(
        "a" if not one.isascii() and unicodedata.category(one)[0] in LETTERS else one
        for one in address
    )


def folded_phone(text: str, *, region: str | None) -> str:
    """A phone number as E.164 writes it.

    How one is read takes long and is remembered, but no number is: what is kept is a keyed digest of what was
    written, with what goes before its digits and how many of them go, as "+49" and one.

    Raises:
        PhoneNeedsCountry: It has no country, and the business has none.
        InvalidPhone: No such number is given out.
    """
    mark = blake2b(f"{region} {text}".encode(), digest_size=16, key=_OF_THIS_PROCESS).digest()
    digits = NO_DIGITS.sub("", text)
    if (known := _readings.get(mark)) is not None:
        return known[0] + digits[known[1] :]
    number = _parsed_phone(text, region=region)
    for before, dropped in ((number[: len(number) - len(digits) + cut], cut) for cut in range(4)):
        if 0 < len(before) <= LONGEST_BEFORE and before + digits[dropped:] == number:
            if len(_readings) >= PHONES_REMEMBERED:
                _readings.clear()
            _readings[mark] = (before, dropped)
            break
    return number


def _parsed_phone(text: str, *, region: str | None) -> str:
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
