"""What forbids to contact customers, whatever they agreed to."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.contact import addresses
from regulars.people.errors import UnknownEntry
from regulars.people.models import (
    Consent,
    Customer,
    Identity,
    Suppression,
)
from regulars.people.permission import (
    BOUNCE,
    CHANNELS,
    EVERYWHERE,
    REACHED_BY,
    SUPPRESSIONS,
    Channel,
)
from regulars.people.queries.one_person import latest_merge, present_ids
from regulars.people.remembering import one_of
from regulars.people.services.holding import hold_person, hold_present


def suppress(
    *,
    customer_id: UUID,
    channel: str = EVERYWHERE,
    reason: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Forbids to contact somebody, whatever they agreed to. Twice is once, but said anew.

    Args:
        customer_id: Whom.
        channel: On which channel, "" for all.
        reason: ``complaint`` or ``never``; what bounces is an address: `suppress_address`.
        actor: Who says so.
        now: When.

    Returns:
        The id of the suppression, to lift it by.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        UnknownKind: The channel or the reason is none.
    """
    hold_person(customer_id)
    present_ids(customer_id)
    told = {"after_merge": latest_merge()}
    found, _ = Suppression.objects.update_or_create(
        customer_id=customer_id,
        identity=None,
        channel=one_of(channel, (EVERYWHERE, *CHANNELS), field="channel"),
        reason=one_of(reason, SUPPRESSIONS, field="reason"),
        lifted_at=None,
        defaults=told,
        create_defaults={"since": now, "recorded_by": str(actor), **told},
    )
    return found.id


def suppress_address(
    *, identity_id: int, channel: Channel = "email", actor: Actor, now: datetime
) -> None:
    """Uses one address no more, as what is sent there does not arrive; others of theirs stay open.

    Twice is once, and an address that is there no more is no error.

    Args:
        identity_id: Of the address.
        channel: By which it is used no more.
        actor: Who says so.
        now: When.
    """
    found = Identity.objects.filter(id=identity_id).select_for_update().first()
    if found is not None:
        Suppression.objects.get_or_create(
            identity=found,
            channel=channel,
            lifted_at=None,
            defaults={
                "customer_id": found.customer_id,
                "reason": BOUNCE,
                "since": now,
                "recorded_by": str(actor),
                "after_merge": latest_merge(),
            },
        )


def suppress_addresses(*, customer_id: UUID, channel: str, actor: Actor, now: datetime) -> None:
    """Uses none of the addresses that somebody has on a channel any more; a new one is open again.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        UnknownKind: The channel is none, or has no addresses.
    """
    ids = hold_present(customer_id)
    one_of(channel, tuple(REACHED_BY), field="channel")
    by = next(one for one in REACHED_BY if one == channel)
    for address in addresses(ids, by):
        suppress_address(identity_id=address.id, channel=by, actor=actor, now=now)


def lift_suppression(
    *, customer_id: UUID, suppression_id: UUID, actor: Actor, now: datetime
) -> None:
    """Ends a suppression; that it stood remains written down.

    Raises:
        UnknownEntry: It is not about them, or was lifted before.
        UnknownCustomer, CustomerErased: They are not there.
    """
    found = Suppression.objects.filter(
        id=suppression_id, customer_id__in=hold_present(customer_id), lifted_at=None
    )
    if not found.update(lifted_at=now, lifted_by=str(actor)):
        raise UnknownEntry


def replay_withdrawals(*, words: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Notes again what a restored backup does not know; to be called inside a transaction. Twice is once.

    Args:
        words: See `regulars.people.queries.withdrawals`.

    Returns:
        How many were noted.
    """
    noted = 0
    for kind, row in words:
        if kind == "address":
            noted += _suppressed_again(row)
            continue
        table: type[Consent] | type[Suppression] = Consent if kind == "consent" else Suppression
        known = table.objects.filter(**row).exists()
        if not known and Customer.objects.filter(id=row["customer_id"]).exists():
            table.objects.create(**row, after_merge=latest_merge())
            noted += 1
    return noted


def _suppressed_again(row: Mapping[str, Any]) -> bool:
    """Uses an address no more that was used no more; whether it was used until now."""
    told = dict(row)
    kind, value = told.pop("identity__kind"), told.pop("identity__value")
    found = Identity.objects.filter(kind=kind, value=value).first()
    if found is None:
        return False
    _, is_new = Suppression.objects.get_or_create(
        identity=found,
        channel=told.pop("channel"),
        lifted_at=None,
        defaults={**told, "customer_id": found.customer_id, "after_merge": latest_merge()},
    )
    return is_new
