"""Writes of this room: the account, messages, questions for consent and their answers."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from regulars.kernel.actor import SYSTEM, Actor
from regulars.kernel.language import LANGUAGES
from regulars.kernel.outbox.services import put, take_back
from regulars.outreach.accounts import mail_account
from regulars.outreach.consent_texts import consent_text, version_of
from regulars.outreach.delivery import KIND
from regulars.outreach.errors import (
    AskedAlready,
    NoMailAccount,
    NotContactable,
    SaidNo,
    UnknownMessage,
)
from regulars.outreach.holding import held
from regulars.outreach.links import who_agrees, who_refuses
from regulars.outreach.models import Message, Question
from regulars.outreach.queries import question_stands
from regulars.outreach.reasons import RESTORED, sentence
from regulars.outreach.returned import Report
from regulars.people.contact import addresses, may_contact
from regulars.people.models import Business
from regulars.people.permission import CONFIRMATION, PURPOSES, Purpose
from regulars.people.queries import business, ids_of, kept_id, latest_consents
from regulars.people.remembering import one_of, plain_text
from regulars.people.services import (
    record_consent,
    release_contact,
    set_language,
    suppress,
    suppress_address,
)
from regulars.people.services.holding import hold_person

LONGEST_SUBJECT, LONGEST_TEXT = 120, 5_000
# How a consent's proof begins that came by one of our links.
BY_LINK = "link in message"
ANSWERED_WITHIN = timedelta(days=14)
# Time alone clears this away, so that a message may be written meanwhile.
WAITED_FOR = ("allowed", "quiet_hours")


def write_letter(
    *,
    customer_id: UUID,
    purpose: Purpose,
    language: str,
    subject: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Writes a message to a customer, to be sent as soon as it may be; inside a transaction.

    The gate is asked now, so that nobody writes in vain, and again when it is sent. The language is
    kept as the one that they are written to in.

    Args:
        customer_id: To whom.
        purpose: What for, of `regulars.people.permission.PURPOSES`.
        language: Of the text, one of ours.
        subject: In one line.
        text: Paragraphs with an empty line between them.
        actor: Who writes.
        now: When.

    Returns:
        The id of the message.

    Raises:
        NoMailAccount, NotContactable: Nothing can be sent to them.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: A text cannot be kept.
    """
    hold_person(customer_id)
    _check_sendable(customer_id, purpose, now)
    return _put(
        Message.LETTER,
        customer_id=customer_id,
        purpose=purpose,
        language=language,
        subject=" ".join(plain_text(subject, field="subject", most=LONGEST_SUBJECT).split()),
        text=plain_text(text, field="text", most=LONGEST_TEXT),
        actor=actor,
        now=now,
    ).id


def ask_for_consent(
    *, customer_id: UUID, purpose: Purpose, language: str, actor: Actor, now: datetime
) -> UUID:
    """Asks somebody by mail whether they may be written to (double opt-in); inside a transaction.

    The mail says that who does nothing is not asked again, and so it is: a question that went out to an
    address that is theirs, or waits to, is the only one for its purpose. What an address agreed to that is
    not theirs any more, or that nothing arrives at, is asked of another.

    Args:
        customer_id: Whom.
        purpose: What for.
        language: In which, one of ours; kept as theirs.
        actor: Who asks.
        now: When.

    Returns:
        The id of the message.

    Raises:
        AskedAlready: They were asked before, or have agreed.
        SaidNo: Their last word was no.
        NoMailAccount, NotContactable: Nothing can be sent to them.
        UnknownCustomer, CustomerErased: They are not there.
    """
    hold_person(customer_id)
    ids = ids_of(customer_id)
    one_of(purpose, PURPOSES, field="purpose")
    word = latest_consents(ids).get((purpose, "email"))
    asked = Message.objects.filter(kind=Message.QUESTION, purpose=purpose)
    there = {one.id for one in addresses(ids, "email")}
    waits = Q(customer_id__in=ids, state=Message.WAITING)
    reached = waits | Q(state=Message.SENT, address__in=there)
    if word is not None and not word.given:
        raise SaidNo
    has_agreed = word is not None and word.identity_id in {None, *there}
    if has_agreed or asked.filter(reached).exists():
        raise AskedAlready
    _check_sendable(customer_id, CONFIRMATION, now)
    message = _put(
        Message.QUESTION,
        customer_id=customer_id,
        purpose=purpose,
        language=language,
        actor=actor,
        now=now,
    )
    Question.objects.create(message=message, expires_at=now + ANSWERED_WITHIN)
    return message.id


def agree(*, message_id: UUID, again: bool = False, now: datetime) -> bool:
    """Somebody says yes by the link in a question: once, and in time; inside a transaction.

    What they were shown, in the language in use, is kept with the question. A yes that they took back is
    said again where they were shown so; who wants nothing by e-mail at all does not change it by a link.

    Args:
        message_id: Of the question.
        again: Whether they know that they took it back.
        now: When.

    Returns:
        Whether they have agreed now, or had by this link.
    """
    message = held(message_id)
    house = business()
    if message is None or message.kind != Message.QUESTION or house is None:
        return False
    question = message.question
    stands, customer = question_stands(question, now=now), who_agrees(message)
    if customer is None:
        return False
    if stands != "asked" and (stands, again) != ("left", True):
        return stands == "agreed"
    purpose = next(one for one in PURPOSES if one == message.purpose)
    text = consent_text(purpose, business=house.name)
    record_consent(
        customer_id=customer,
        purpose=purpose,
        channel="email",
        given=True,
        text_version=version_of(text, purpose),
        proof=f"{BY_LINK} {message.id}, asked {message.written_at.isoformat(timespec='seconds')}, "
        f"confirmed {now.isoformat(timespec='seconds')}",
        said_at=None,
        identity_id=message.address_id,
        actor=Actor("customer", str(customer)),
        now=now,
    )
    question.answered_at, question.text = now, text
    question.save(update_fields=("answered_at", "text"))
    return True


def leave(*, message_id: UUID, to: str = "", everything: bool, now: datetime) -> None:
    """Somebody wants to hear no more, by the link in a message; inside a transaction.

    Twice is once. Whoever has the address now that it went to says it, whether or not they had agreed
    themselves; where nobody has it, who had it then. Only of a message that is there no more nothing is left to take
    back.

    Args:
        message_id: Of the message.
        to: The address that its link carries.
        everything: Nothing by e-mail at all, and not only nothing of its kind.
        now: When.
    """
    message = held(message_id)
    if message is None:
        return
    customer = who_refuses(message, to)
    actor = Actor("customer", str(customer))
    if everything:  # nor are they asked for what nobody has asked them for yet
        suppress(customer_id=customer, channel="email", reason="never", actor=actor, now=now)
    words = latest_consents(ids_of(customer))
    for purpose in PURPOSES:
        word = words.get((purpose, "email"))
        is_meant = purpose == message.purpose or (everything and word is not None)
        if not is_meant or (word is not None and not word.given):
            continue
        record_consent(
            customer_id=customer,
            purpose=purpose,
            channel="email",
            given=False,
            text_version="",
            proof=f"{BY_LINK} {message.id}",
            said_at=None,
            actor=actor,
            now=now,
        )


def take_report(*, report: Report, now: datetime) -> None:
    """What a returned mail says of a message of ours; inside a transaction. Twice is once."""
    message = held(report.message_id)
    if message is None or message.state not in (Message.SENT, Message.WAITING):
        return
    if report.reason == "complaint":
        complains = who_refuses(message)
        suppress(customer_id=complains, channel="email", reason="complaint", actor=SYSTEM, now=now)
    elif message.contact_id is not None:
        release_contact(contact_id=message.contact_id)
        message.contact_id = None
    if report.reason == "address_dead" and message.address_id is not None:
        suppress_address(identity_id=message.address_id, actor=SYSTEM, now=now)
    message.state, message.reason, message.changed_at = Message.BOUNCED, report.reason, now
    message.save()
    take_back(kind=KIND, subject_id=message.id, reason=report.reason, now=now)


def send_again(*, message_id: UUID, now: datetime) -> None:
    """Tries a message again that could not be sent; inside a transaction.

    Raises:
        UnknownMessage: There is none that failed.
    """
    message = held(message_id)
    if message is None or message.state != Message.FAILED:
        raise UnknownMessage
    message.state, message.reason, message.changed_at = Message.WAITING, "", now
    message.save(update_fields=("state", "reason", "changed_at"))
    put(kind=KIND, subject_id=message.id, now=now)


def hold_back(*, now: datetime) -> int:
    """Sends nothing that waits unless somebody says so; inside a transaction.

    What a restored backup has waiting may have gone out after the backup was made.

    Returns:
        How many messages that are.
    """
    take_back(kind=KIND, reason=RESTORED, now=now)
    return Message.objects.filter(state=Message.WAITING).update(
        state=Message.FAILED, reason=RESTORED, changed_at=now
    )


def _check_sendable(customer_id: UUID, purpose: Purpose, now: datetime) -> None:
    house: Business | None = business()
    if mail_account() is None:
        raise NoMailAccount
    if house is None or not house.public_address:
        raise NotContactable(why=sentence("no_public_address"))
    answer = may_contact(customer_id=customer_id, purpose=purpose, channel="email", now=now)
    if answer.reason not in WAITED_FOR:
        raise NotContactable(why=answer.sentence)


def _put(
    kind: str,
    *,
    customer_id: UUID,
    purpose: Purpose,
    language: str,
    subject: str = "",
    text: str = "",
    actor: Actor,
    now: datetime,
) -> Message:
    """Has a message sent as soon as it may be, and keeps its language as the customer's."""
    one_of(language, LANGUAGES, field="language")
    set_language(customer_id=kept_id(customer_id), language=language)
    message = Message.objects.create(
        customer_id=customer_id,
        kind=kind,
        purpose=purpose,
        language=language,
        subject=subject,
        text=text,
        written_at=now,
        written_by=str(actor),
        changed_at=now,
    )
    put(kind=KIND, subject_id=message.id, now=now)
    return message
