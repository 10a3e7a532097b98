"""The words of the pages about mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.console.shown.names import name_of
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import date_text, number_text, time_text
from regulars.outreach.consent_texts import NAMES
from regulars.outreach.models import MailAccount, Message
from regulars.outreach.providers import OWN, PROVIDERS
from regulars.outreach.queries import question_stands
from regulars.outreach.reasons import Trouble, sentence

MISSING = {
    "no_mail": mark("An account to send from: fill in the form, and send yourself a test."),
    "not_tried": mark("A test: nothing has gone out yet by this account."),
    "no_public_address": mark(
        "An address on the internet: every message carries a link to say no by, and customers cannot "
        "reach this computer yet."
    ),
    "host_not_allowed": mark(
        "The server does not answer to the name in its address on the internet yet: add it to REGULARS_HOSTS."
    ),
}
SECURITY_NAMES = {
    "starttls": mark("STARTTLS, mostly port 587"),
    "tls": mark("TLS, mostly port 465"),
    "none": mark("None: only for a server in your own house"),
}
STATES = {
    Message.WAITING: mark("Waits to be sent"),
    Message.SENT: mark("Sent"),
    Message.REFUSED: mark("Not sent"),
    Message.FAILED: mark("Could not be sent"),
    Message.BOUNCED: mark("Came back"),
}


@dataclass(frozen=True)
class Trial:
    """What a test found.

    Attributes:
        told: Sentences, the worst first.
        said: The server's own words, "" for none.
    """

    told: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Sent:
    """A message in a list.

    Attributes:
        id: Of the message.
        customer_id: To whom.
        customer: Their name.
        what: Its subject, or what it asks.
        state: What became of it.
        why: Why, in a sentence, or "".
        day: When that was.
        needs_you: Whether somebody has to do something.
    """

    id: UUID
    customer_id: UUID
    customer: str
    what: str
    state: str
    why: str
    day: str
    needs_you: bool


def provider_choices() -> tuple[tuple[str, str], ...]:
    """Well-known providers, and one's own server first."""
    own = (OWN, gettext("Another, or a server of our own"))
    return (own, *((key, one.name) for key, one in PROVIDERS.items()))


def security_choices() -> tuple[tuple[str, str], ...]:
    """How a connection is protected."""
    return tuple((key, gettext(name)) for key, name in SECURITY_NAMES.items())


def missing_text(code: str) -> str:
    """What is missing before messages can go to customers."""
    return gettext(MISSING[code])


def trial_of(
    sending: Trouble | None, reading: Trouble | None, *, account: MailAccount | None
) -> Trial | None:
    """What a test found, None where all is well."""
    if account is None or (sending is None and reading is None):
        return None
    told = []
    if sending is not None:
        told.append(_why(sending.reason, account))
        if sending.reason == "login_wrong" and account.provider in PROVIDERS:
            told.append(gettext(PROVIDERS[account.provider].hint))
    if reading is not None:
        told.append(_reading(reading.reason, account))
    said = sending.said if sending else ""
    return Trial(tuple(one for one in told if one), said)


def state_of_account(
    account: MailAccount | None, *, waiting: int, zone: ZoneInfo
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How the account does, in sentences: what is well, and what somebody has to look into."""
    if account is None:
        return (), ()
    well, wrong = [], []
    if account.problem:
        wrong.append(_why(account.problem, account))
    elif account.worked_at is not None:
        moment = account.worked_at.astimezone(zone)
        well.append(
            gettext("Mail works. The latest message went out on {day} at {time}.").format(
                day=date_text(moment.date()), time=time_text(moment)
            )
        )
    if waiting:
        well.append(
            ngettext(
                "One message waits to be sent.", "{count} messages wait to be sent.", waiting
            ).format(count=number_text(waiting))
        )
    if account.mailbox_problem:
        wrong.append(_reading(account.mailbox_problem, account))
    return tuple(well), tuple(wrong)


def sent_of(
    messages: Iterable[Message], *, account: MailAccount | None, zone: ZoneInfo, now: datetime
) -> tuple[Sent, ...]:
    """Messages with what became of them, and of what was asked in them, until now."""
    return tuple(
        Sent(
            id=one.id,
            customer_id=one.customer_id,
            customer=name_of(one.customer.name),
            what=one.subject
            or gettext("May we write to you: {what}").format(
                what=gettext(NAMES[one.purpose])  # type: ignore[index]
            ),
            state=_state(one, now),
            why=_why(one.reason, account) if one.reason else "",
            day=date_text(one.changed_at.astimezone(zone).date()),
            needs_you=one.state in (Message.FAILED, Message.BOUNCED),
        )
        for one in messages
    )


def _state(message: Message, now: datetime) -> str:
    question = getattr(message, "question", None)  # Django has none where there is no row
    if question is not None and question.answered_at is not None:
        if question_stands(question, now=now) in ("left", "over", "silent"):
            return gettext("They agreed, and withdrew later")
        return gettext("They agreed")
    return gettext(STATES[message.state])


def _why(reason: str, account: MailAccount | None) -> str:
    if account is None:
        return sentence(reason)
    return sentence(reason, host=account.host, port=account.port, sender=account.sender_address)


def _reading(reason: str, account: MailAccount) -> str:
    told = sentence(reason, host=account.mailbox_host, port=account.mailbox_port)
    return gettext("Mail that comes back cannot be read: {why}").format(why=told)
