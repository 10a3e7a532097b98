"""What customers are recognised by: giving, taking away, and what stands for nobody."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.core import MOST_OF_A_KIND, PRIORITY, IdentityKey, IdentityKind, normalised
from regulars.people.errors import (
    IdentityBlocked,
    IdentityTaken,
    TooManyIdentities,
    UnknownEntry,
)
from regulars.people.models import BlockedIdentity, Customer, Identity
from regulars.people.queries.one_person import ids_of, kept_id, named_ids, present_ids
from regulars.people.queries.recognition import is_blocked
from regulars.people.remembering import one_of
from regulars.people.services.holding import hold_person, hold_present
from regulars.people.services.learnt import mark_learnt, say_theirs
from regulars.people.services.merging import merge

Values = list[IdentityKey]


def add_identity(
    *,
    customer_id: UUID,
    kind: IdentityKind,
    value: str,
    region: str | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Gives a customer one more identity; to be called inside a transaction.

    One that is theirs already, or somebody's who was merged into them, is no error. Where a stranger had it,
    the stranger was them: they are merged.

    Args:
        customer_id: Whose.
        kind: Of identity.
        value: As written.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Returns:
        The id of the identity.

    Raises:
        IdentityTaken: It is another customer's.
        TooManyIdentities: They have as many of the kind as a person has.
        NotAnIdentity, IdentityBlocked: It stands for nobody.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: It cannot be one; see `regulars.people.errors`.
    """
    hold_person(customer_id)
    ids = present_ids(customer_id)
    one_of(kind, PRIORITY, field="identity")
    value = normalised(kind, value, region=region)
    theirs = Identity.objects.filter(kind=kind, value=value, customer_id__in=ids)
    known = theirs.first()
    if known is not None:
        theirs.filter(is_learnt=True).update(is_learnt=False)  # somebody says so now
        return known.id
    values = check_free([(kind, value)], region=region)
    if Identity.objects.filter(kind=kind, customer_id__in=ids).count() >= MOST_OF_A_KIND[kind]:
        raise TooManyIdentities(most=MOST_OF_A_KIND[kind])
    claim(ids[0], values, actor=actor, now=now)
    give(customer_id, values, actor=actor, now=now)
    return Identity.objects.get(kind=kind, value=value).id


def remove_identity(
    *, customer_id: UUID, kind: IdentityKind, value: str, region: str | None
) -> None:
    """Takes an identity away; it is free for another customer then.

    Raises:
        UnknownEntry: It is not theirs.
        UnknownCustomer, CustomerErased: They are not there.
    """
    ids = hold_present(customer_id)
    value = normalised(kind, value, region=region)
    gone, _ = Identity.objects.filter(kind=kind, value=value, customer_id__in=ids).delete()
    if not gone:
        raise UnknownEntry


def change_identity(
    *,
    customer_id: UUID,
    kind: IdentityKind,
    value: str,
    to: str,
    region: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Corrects an identity, as a slip in a number; to be called inside a transaction.

    Args:
        customer_id: Whose.
        kind: Of identity.
        value: As it was.
        to: As it is.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Raises:
        UnknownEntry: It was not theirs.
        RegularsError: As for `add_identity`.
    """
    remove_identity(customer_id=customer_id, kind=kind, value=value, region=region)
    add_identity(customer_id=customer_id, kind=kind, value=to, region=region, actor=actor, now=now)


def block_identity(
    *, kind: IdentityKind, value: str, region: str | None, actor: Actor, now: datetime
) -> None:
    """Says that a value stands for nobody here, as the shop's own phone; nobody has it any more.

    To be called inside a transaction. What happened before stays whose it was.

    Raises:
        RegularsError: It cannot be one anyway; see `regulars.people.errors`.
    """
    one_of(kind, PRIORITY, field="identity")
    value = normalised(kind, value, region=region)
    BlockedIdentity.objects.get_or_create(
        kind=kind, value=value, defaults={"blocked_by": str(actor), "blocked_at": now}
    )
    Identity.objects.filter(kind=kind, value=value).delete()


def unblock_identity(*, kind: IdentityKind, value: str, region: str | None) -> None:
    """Lets a value stand for somebody again."""
    value = normalised(kind, value, region=region)
    BlockedIdentity.objects.filter(kind=kind, value=value).delete()


def check_free(identities: Iterable[IdentityKey], *, region: str | None) -> Values:
    """Identities as they are compared, each once, that stand for somebody and that no one by name has.

    Raises:
        IdentityTaken, IdentityBlocked, TooManyIdentities: One cannot be given.
        RegularsError: One cannot be an identity; see `regulars.people.errors`.
    """
    values = list(
        dict.fromkeys((kind, normalised(kind, value, region=region)) for kind, value in identities)
    )
    for kind, value in values:
        if is_blocked(kind, value):
            raise IdentityBlocked(value=value)
        owner = _owner(kind, value)
        if owner is not None and owner.name:
            raise IdentityTaken(value=value)
        if sum(other == kind for other, _ in values) > MOST_OF_A_KIND[kind]:
            raise TooManyIdentities(most=MOST_OF_A_KIND[kind])
    return values


def claim(customer_id: UUID, values: Values, *, actor: Actor, now: datetime) -> None:
    """Makes the strangers who have identities part of the customer who turns out to be them.

    What else a stranger has was told by programs, and nobody said that it is the customer's.

    Args:
        customer_id: Who is shown.
        values: What `check_free` let through.
        actor: Who says so.
        now: When.

    Raises:
        IdentityTaken: Somebody known by name was given one in the meantime.
    """
    for kind, value in values:
        identity = Identity.objects.filter(kind=kind, value=value).first()
        if identity is None:
            continue
        # Held, they cannot become another's part before they are this customer's.
        owner = hold_person(identity.customer_id)
        if owner != customer_id:
            if named_ids((owner,)):
                raise IdentityTaken(value=value)
            mark_learnt((owner,))
            merge(kept=customer_id, merged=owner, actor=actor, now=now)
        say_theirs([(kind, value)])


def give(customer_id: UUID, values: Values, *, actor: Actor, now: datetime) -> None:
    """Writes identities that `check_free` let through, but for those that came with a stranger.

    A stranger who was given one in the meantime was them, too.

    Raises:
        IdentityTaken: Somebody known by name was given one in the meantime, or somebody had it for a moment.
    """
    others = _written(customer_id, values, actor=actor, now=now)
    claim(ids_of(customer_id)[0], others, actor=actor, now=now)
    # Who had one for a moment may have lost it before they were looked for.
    for _, value in _written(customer_id, others, actor=actor, now=now):
        raise IdentityTaken(value=value)


def _written(customer_id: UUID, values: Values, *, actor: Actor, now: datetime) -> Values:
    """Writes identities that nobody has, and answers with those that are not theirs for all that."""
    Identity.objects.bulk_create(
        [
            Identity(
                customer_id=customer_id,
                kind=kind,
                value=value,
                created_at=now,
                created_by=str(actor),
            )
            for kind, value in values
        ],
        ignore_conflicts=True,
    )
    ids = ids_of(customer_id)
    return [
        (kind, value)
        for kind, value in values
        if not Identity.objects.filter(kind=kind, value=value, customer_id__in=ids).exists()
    ]


def _owner(kind: IdentityKind, value: str) -> Customer | None:
    """Who is shown for whoever has an identity."""
    found = Identity.objects.filter(kind=kind, value=value).first()
    return None if found is None else Customer.objects.get(id=kept_id(found.customer_id))
