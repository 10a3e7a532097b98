"""How a message leaves: asked of the gate at that very moment, sent, and written down what became of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from regulars.kernel.actor import SYSTEM
from regulars.kernel.language import gettext, speaking
from regulars.kernel.outbox.core import (
    Delivered,
    Deliverer,
    Failed,
    GivenUp,
    Later,
    Outcome,
    Refused,
)
from regulars.outreach.accounts import mail_account, sender_of, server_of, tell_account
from regulars.outreach.consent_texts import NAMES, consent_text
from regulars.outreach.holding import held
from regulars.outreach.letters import Words, compose
from regulars.outreach.links import ANSWER, LEAVE, link
from regulars.outreach.models import Message
from regulars.outreach.queries import is_answered_or_asked
from regulars.outreach.reasons import ADDRESS_DEAD, ASKED
from regulars.outreach.smtp import Ready, sent
from regulars.people.contact import address_for
from regulars.people.errors import CustomerErased, UnknownCustomer
from regulars.people.models import Business
from regulars.people.permission import CONFIRMATION, Purpose
from regulars.people.queries import business, ids_of
from regulars.people.services import claim_contact, release_contact, suppress_address

KIND = "mail"
GONE = "gone"
OF_THE_GATE = ("suppressed", "no_consent", "no_address", "contact_budget", "expired", ASKED)


def attempt(message_id: UUID, now: datetime) -> Outcome:
    """Sends a message, if it may be sent now; see `regulars.kernel.outbox.core.Deliverer`."""
    try:
        with transaction.atomic():
            prepared = _prepared(message_id, now)
    except (UnknownCustomer, CustomerErased):
        return Refused(GONE)
    return sent(prepared)


def settle(message_id: UUID, outcome: Outcome, now: datetime) -> None:
    """Writes down what became of a message; one that was erased meanwhile is no error."""
    message = held(message_id)
    tell_account(outcome, now)
    if message is None or message.state != Message.WAITING:
        return
    message.changed_at = now
    match outcome:
        case Delivered():
            message.state, message.reason, message.sent_at = Message.SENT, "", now
        case Failed(reason) | Later(reason):
            message.reason = reason
        case Refused(reason) | GivenUp(reason):
            message.state, message.reason = _end_of(outcome), reason
            if message.contact_id is not None:
                release_contact(contact_id=message.contact_id)
                message.contact_id = None
    message.save()
    if message.reason == ADDRESS_DEAD and message.address_id is not None:
        suppress_address(identity_id=message.address_id, actor=SYSTEM, now=now)


def _end_of(outcome: Refused | GivenUp) -> str:
    if outcome.reason == ADDRESS_DEAD:
        return Message.BOUNCED
    refused = isinstance(outcome, Refused) and outcome.reason in OF_THE_GATE
    return Message.REFUSED if refused else Message.FAILED


MAIL = Deliverer(attempt=attempt, settle=settle, hold=held)


def _prepared(message_id: UUID, now: datetime) -> Ready | Outcome:
    """What is to be sent, its contact taken from the budget; or why not."""
    message = held(message_id)
    if message is None:
        return Refused(GONE)
    house, account = business(), mail_account()
    server = server_of(account) if account else None
    if house is None or account is None:
        return Failed("no_mail")
    if server is None or not house.public_address:
        return Failed("password_lost" if server is None else "no_public_address")
    refusal = _refusal(message, now)
    if refusal is not None or message.address is None:
        return refusal or Refused(GONE)
    sender = sender_of(account, house)
    with speaking(message.language):
        mail = compose(
            words_of(message, house=house),
            sender=sender,
            to=message.address.value,
            message=message.id,
            is_automatic=message.kind == Message.QUESTION,
        )
    return Ready(mail, server)


def _refusal(message: Message, now: datetime) -> Outcome | None:
    """Asks the gate, and takes the contact and the address where it is open."""
    is_question = message.kind == Message.QUESTION
    if message.state != Message.WAITING:
        return Delivered() if message.state == Message.SENT else Refused(message.reason)
    if is_question and message.question.expires_at <= now:
        return Refused("expired")
    if is_question and is_answered_or_asked(message):
        return Refused(ASKED)
    if message.contact_id is not None:  # of an earlier try
        release_contact(contact_id=message.contact_id)
    purpose = CONFIRMATION if is_question else _purpose(message)
    answer = claim_contact(
        customer_id=message.customer_id,
        purpose=purpose,
        channel="email",
        actor=SYSTEM,
        now=now,
    )
    message.contact_id, message.address = answer.contact_id, None
    if answer.allowed:
        message.address = address_for(ids_of(message.customer_id), purpose, "email")
    message.reader_id = None if message.address is None else message.address.customer_id
    message.save(update_fields=("contact_id", "address", "reader"))
    if answer.allowed:
        return None
    if answer.reason == "quiet_hours" and answer.again_at is not None:
        return Later(answer.reason, answer.again_at)
    return Refused(answer.reason)


def words_of(message: Message, *, house: Business) -> Words:
    """What a message says, in the language in use."""
    name, purpose = house.name, _purpose(message)
    if message.kind == Message.LETTER:
        return Words(
            subject=message.subject,
            text=message.text,
            small_print=gettext(
                "You get this because you agreed that {business} writes to you by e-mail: {what}."
            ).format(what=gettext(NAMES[purpose]), business=name),
            leave_address=link(house.public_address, LEAVE, message),
        )
    return Words(
        subject=gettext("May {business} write to you?").format(business=name),
        text="\n\n".join(
            (
                gettext(
                    "We were told that you would like to hear from us. We only write to people who say "
                    "so themselves, so please tell us whether you agree:"
                ),
                gettext("“{text}”").format(text=consent_text(purpose, business=name)),
            )
        ),
        action=gettext("Read it and agree"),
        action_address=link(house.public_address, ANSWER, message),
        small_print=gettext(
            "The link works for two weeks. If you do not want this, do nothing: we will not ask you this again."
        ),
    )


def _purpose(message: Message) -> Purpose:
    return next(purpose for purpose in NAMES if purpose == message.purpose)
