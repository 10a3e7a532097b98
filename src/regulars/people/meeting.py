"""Somebody is met by what a till, a shop or a person knows of them; whoever is new is kept by it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from regulars.kernel.actor import Actor
from regulars.people.core import IdentityKind, normalised
from regulars.people.models import Customer, Identity
from regulars.people.queries import recognise


def meet(
    *,
    identities: Iterable[tuple[IdentityKind, str]],
    region: str | None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """The customer whom identities belong to; somebody new, without a name yet, where nobody is known.

    Identities that nobody has become the customer's. One that is somebody else's stays theirs.

    Args:
        identities: Kind and value as written, at least one.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who says so.
        now: When.

    Raises:
        RegularsError: An identity cannot be one; see `regulars.people.errors`.
    """
    values = {kind: normalised(kind, value, region=region) for kind, value in identities}
    known = recognise(values.items(), region=region)
    try:
        with transaction.atomic():
            customer = (
                known.customer_id
                if known
                else Customer.objects.create(created_at=now, created_by=str(actor)).id
            )
            taken = set(
                Identity.objects.filter(kind__in=values, value__in=values.values()).values_list(
                    "kind", "value"
                )
            )
            Identity.objects.bulk_create(
                Identity(customer_id=customer, kind=kind, value=value, created_at=now)
                for kind, value in values.items()
                if (kind, value) not in taken
            )
    except IntegrityError:
        # Somebody met the same person at the same moment, and was first.
        return meet(identities=values.items(), region=region, actor=actor, now=now)
    return customer
