"""Adding customers, and what they are called."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.kernel.language import LANGUAGES
from regulars.people.core import IdentityKey
from regulars.people.errors import (
    AddressForName,
    IdentityTaken,
    NameMissing,
    NotAName,
    TextMissing,
    UnknownLocation,
)
from regulars.people.models import Customer, Identity, Location, NameKey, Preference
from regulars.people.naming import forget_words, make_findable, words_of
from regulars.people.nobody import instead_of_a_name, is_name
from regulars.people.remembering import (
    LONGEST_NAME,
    LONGEST_PREFERENCE,
    one_of,
    plain_text,
    remembered_as,
)
from regulars.people.services.holding import hold_present
from regulars.people.services.identities import check_free, claim, give
from regulars.people.sql import ADD_NAMELESS, GIVE_FREE
from regulars.stream.hot import rows, stored


def add_customer(
    *,
    name: str,
    identities: Iterable[IdentityKey] = (),
    likes: Iterable[str] = (),
    region: str | None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Adds somebody by name; to be called inside a transaction.

    Strangers who have one of the identities were them: they are merged.

    Args:
        name: As people say it.
        identities: Kind and value as written.
        likes: What they like, each in a few words.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Returns:
        The customer's id.

    Raises:
        NameMissing: There is no name.
        IdentityTaken: An identity is another customer's.
        RegularsError: Something cannot be kept; see `regulars.people.errors`.
    """
    shown = shown_name(name)
    liked = [plain_text(text, field="likes", most=LONGEST_PREFERENCE) for text in likes]
    values = check_free(identities, region=region)
    customer = Customer.objects.create(
        name=shown, created_at=now, known_since=now, created_by=str(actor)
    )
    claim(customer.id, values, actor=actor, now=now)
    give(customer.id, values, actor=actor, now=now)
    make_findable([(customer.id, shown)])
    Preference.objects.bulk_create(
        Preference(
            customer=customer,
            kind=Preference.LIKES,
            **remembered_as(text),
            said_by=str(actor),
            said_at=now,
        )
        for text in liked
    )
    return customer.id


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody of whom an identity alone is known.

    Attributes:
        id: Of the customer to be.
        identities: As they are compared, none of them blocked, at most one of a kind.
    """

    id: UUID
    identities: tuple[IdentityKey, ...]


def add_strangers(*, strangers: Sequence[Stranger], actor: Actor, now: datetime) -> None:
    """Adds people of whom an identity alone is known; to be called inside a transaction.

    What they do is kept together, until a customer by name is given the identity: then it was them.

    Args:
        strangers: None of whose identities anybody had a moment ago.
        actor: Who says so.
        now: When.

    Raises:
        IdentityTaken: Somebody was given one in the meantime.
    """
    by, moment = str(actor), stored(now)
    rows(ADD_NAMELESS, (by, moment, moment, json.dumps([one.id.hex for one in strangers])))
    # In one order, so that nobody waits for one who waits for them.
    pairs = sorted((kind, value, one.id.hex) for one in strangers for kind, value in one.identities)
    told = json.dumps([(customer, kind, value) for kind, value, customer in pairs])
    given = {value for (value,) in rows(GIVE_FREE, (by, moment, told))}
    for _, value, _ in pairs:
        if value not in given:
            raise IdentityTaken(value=value)


def rename(*, customer_id: UUID, name: str) -> None:
    """Calls a customer by another name; to be called inside a transaction.

    Of somebody merged into another it is their own name that changes; the kept one's is shown.

    Raises:
        NameMissing: There is no name.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The name cannot be kept; see `regulars.people.errors`.
    """
    shown = shown_name(name)
    hold_present(customer_id)
    Customer.objects.filter(id=customer_id).update(name=shown)
    Identity.objects.filter(customer_id=customer_id, is_learnt=True).update(is_learnt=False)
    before = words_of([customer_id])
    NameKey.objects.filter(customer_id=customer_id).delete()
    make_findable([(customer_id, shown)])
    forget_words(before)


def set_language(*, customer_id: UUID, language: str) -> None:
    """Says in which language somebody is spoken to.

    Args:
        customer_id: Who.
        language: Of `regulars.kernel.language.LANGUAGES`, or "" for the business's own.

    Raises:
        UnknownKind: It is none of them.
        UnknownCustomer, CustomerErased: They are not there.
    """
    one_of(language, ("", *LANGUAGES), field="language")
    hold_present(customer_id)
    Customer.objects.filter(id=customer_id).update(language=language)


def set_location(*, customer_id: UUID, location_id: UUID | None) -> None:
    """Says at which location somebody is at home, or at none.

    Raises:
        UnknownLocation: There is none of that id, or it is closed.
        UnknownCustomer, CustomerErased: They are not there.
    """
    if location_id and not Location.objects.filter(id=location_id, closed_at=None).exists():
        raise UnknownLocation
    hold_present(customer_id)
    Customer.objects.filter(id=customer_id).update(location_id=location_id)


def shown_name(name: str) -> str:
    """A name as it is kept, one blank between its parts.

    Raises:
        NameMissing: There is none.
        NotAName, AddressForName: Nobody is called so.
        TooLong, InvalidText: It cannot be kept.
    """
    try:
        shown = " ".join(plain_text(name, field="name", most=LONGEST_NAME).split())
    except TextMissing as error:
        raise NameMissing from error
    if instead_of_a_name(shown):
        raise AddressForName(value=shown)
    if not is_name(shown):
        raise NotAName(value=shown)
    return shown
