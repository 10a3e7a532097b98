"""That customers are contacted, as often as the budget allows."""

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.people.contact import Answer, may_contact
from regulars.people.errors import InvalidContactRules
from regulars.people.models import (
    Business,
    Contact,
)
from regulars.people.permission import (
    CHANNELS,
    CONFIRMATION,
    PURPOSES,
    Channel,
    Purpose,
)
from regulars.people.remembering import one_of
from regulars.people.services.holding import hold_person, hold_present

MOST_CONTACTS, MOST_DAYS = 1_000, 366


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
