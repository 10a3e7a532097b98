"""What customers agree to, what forbids to contact them, and that they were contacted."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.contact import Answer, addresses, may_contact
from regulars.people.errors import ConsentInFuture, InvalidContactRules, UnknownEntry
from regulars.people.models import (
    Business,
    Consent,
    Contact,
    Customer,
    Identity,
    Suppression,
)
from regulars.people.permission import (
    BOUNCE,
    CHANNELS,
    CONFIRMATION,
    EVERYWHERE,
    PROFILE,
    PURPOSES,
    REACHED_BY,
    SUPPRESSIONS,
    Channel,
    Purpose,
    moment_of_word,
)
from regulars.people.queries.consents import latest_consent
from regulars.people.queries.one_person import latest_merge, present_ids
from regulars.people.remembering import one_of, plain_text
from regulars.people.services.holding import hold_person, hold_present
from regulars.people.services.parting import forget_what_needs_consent

LONGEST_VERSION, LONGEST_PROOF = 40, 500
MOST_CONTACTS, MOST_DAYS = 1_000, 366


def record_consent(
    *,
    customer_id: UUID,
    purpose: Purpose,
    channel: str,
    given: bool,
    text_version: str,
    proof: str,
    said_at: datetime | None,
    identity_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Writes down that somebody agreed, or withdrew; to be called inside a transaction.

    It may come late: what was said last counts, not what was told last, and what is said now is said
    last (`regulars.people.permission.moment_of_word`). Who withdraws the consent to their profile is not
    known any more by what needed it.

    Args:
        customer_id: Who.
        purpose: To what: of `regulars.people.permission.PURPOSES`, or ``profile``.
        channel: By which channel, "" for ``profile``.
        given: Whether they agreed.
        text_version: Of the text that they were shown; "" for who withdraws and was shown none.
        proof: How they said it: the form, the confirmed link, in whose presence.
        said_at: When they said it, or None for now.
        identity_id: Of the one address that it is for, where that said it; None for all of theirs.
        actor: Who writes it down.
        now: When.

    Returns:
        The id of what was written down.

    Raises:
        ConsentInFuture: ``said_at`` is still to come.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The purpose or channel is none, or a text cannot be kept.
    """
    hold_person(customer_id)
    ids = present_ids(customer_id)
    one_of(purpose, (*PURPOSES, PROFILE), field="purpose")
    one_of(channel, (EVERYWHERE,) if purpose == PROFILE else CHANNELS, field="channel")
    if said_at is not None and said_at > now:
        raise ConsentInFuture
    last = latest_consent(ids, purpose, channel)
    shown_text = given or bool(text_version.strip())
    word = Consent.objects.create(
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        given=given,
        text_version=plain_text(text_version, field="text_version", most=LONGEST_VERSION)
        if shown_text
        else "",
        proof=plain_text(proof, field="proof", most=LONGEST_PROOF),
        said_at=moment_of_word(
            given=given,
            said_at=said_at,
            latest=(last.said_at, last.given) if last else None,
            now=now,
        ),
        identity_id=identity_id,
        recorded_by=str(actor),
        after_merge=latest_merge(),
    )
    if purpose == PROFILE:
        forget_what_needs_consent(ids)
    return word.id


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


def claim_contact(
    *, customer_id: UUID, purpose: Purpose, channel: Channel, actor: Actor, now: datetime
) -> Answer:
    """Asks the one gate, and takes the contact from the budget where it is open.

    To be called inside a transaction, with what is to be sent written in it: two who ask at once for the
    last contact are not both let through.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        UnknownKind: The purpose or channel is none.
    """
    hold_person(customer_id)
    answer = may_contact(customer_id=customer_id, purpose=purpose, channel=channel, now=now)
    if answer.allowed:
        taken = record_contact(
            customer_id=customer_id, purpose=purpose, channel=channel, actor=actor, now=now
        )
        return replace(answer, contact_id=taken)
    return answer


def release_contact(*, contact_id: UUID) -> None:
    """Gives a contact back to the budget that did not come about; one that is gone is no error."""
    Contact.objects.filter(id=contact_id).delete()


def record_contact(
    *, customer_id: UUID, purpose: Purpose, channel: Channel, actor: Actor, now: datetime
) -> UUID:
    """Writes down that somebody was contacted, as by a call that nobody asked the gate for.

    Returns:
        The id of the contact.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        UnknownKind: The purpose or channel is none.
    """
    hold_present(customer_id)
    return Contact.objects.create(
        customer_id=customer_id,
        purpose=one_of(purpose, (*PURPOSES, CONFIRMATION), field="purpose"),
        channel=one_of(channel, CHANNELS, field="channel"),
        made_at=now,
        made_by=str(actor),
    ).id


def set_contact_rules(
    *, quiet_from: time, quiet_until: time, contacts_most: int, contacts_days: int
) -> None:
    """Sets when nobody is contacted, and how often one customer is at most.

    Args:
        quiet_from: On the clock of the business.
        quiet_until: The same; equal to ``quiet_from`` for no quiet hours.
        contacts_most: Over all purposes; 0 for never.
        contacts_days: In so many days.

    Raises:
        InvalidContactRules: No budget is like that.
    """
    if not (0 <= contacts_most <= MOST_CONTACTS and 1 <= contacts_days <= MOST_DAYS):
        raise InvalidContactRules(most=MOST_CONTACTS, days=MOST_DAYS)
    Business.objects.update(
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        contacts_most=contacts_most,
        contacts_days=contacts_days,
    )


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
