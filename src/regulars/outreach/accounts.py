"""The account as it is used: its password unsealed, for as long as it is needed."""

from datetime import datetime

from django.conf import settings

from regulars.kernel.outbox.core import Delivered, Failed, GivenUp, Outcome
from regulars.kernel.sealing import seal, unseal
from regulars.outreach.imap import Mailbox
from regulars.outreach.letters import Sender
from regulars.outreach.models import MailAccount
from regulars.outreach.providers import Security
from regulars.outreach.smtp import Server
from regulars.people.models import Business

USE = "regulars.outreach.password"
# Reasons that say nothing of whether the account works.
OF_THE_MESSAGE = ("too_many", "our_fault")


def sealed(password: str) -> str:
    """A password as it is kept."""
    return seal(password, secret=settings.SECRET_KEY, use=USE) if password else ""


def opened(kept: str) -> str | None:
    """A kept password, or None where the installation's secret is another than when it was kept."""
    return unseal(kept, secret=settings.SECRET_KEY, use=USE) if kept else ""


def mail_account() -> MailAccount | None:
    """The one account, or None where mail is not set up."""
    return MailAccount.objects.first()


def server_of(account: MailAccount) -> Server | None:
    """What messages go out by, or None where the password has to be typed again."""
    password = opened(account.password)
    if password is None:
        return None
    return Server(
        host=account.host,
        port=account.port,
        security=_security(account.security),
        username=account.username,
        password=password,
        sender=account.sender_address,
    )


def mailbox_of(account: MailAccount) -> Mailbox | None:
    """Where returned mail comes to, or None where the password has to be typed again."""
    password = opened(account.mailbox_password or account.password)
    if password is None:
        return None
    return Mailbox(
        host=account.mailbox_host,
        port=account.mailbox_port,
        security=_security(account.mailbox_security),
        username=account.mailbox_username or account.username,
        password=password,
    )


def tell_account(outcome: Outcome, now: datetime) -> None:
    """Writes down whether the account works, where a try says something about it."""
    match outcome:
        case Delivered():
            MailAccount.objects.update(problem="", worked_at=now)
        case Failed(reason) | GivenUp(reason) if reason not in OF_THE_MESSAGE:
            MailAccount.objects.exclude(problem=reason).update(problem=reason)


def sender_of(account: MailAccount, business: Business) -> Sender:
    """Who messages are from."""
    return Sender(
        business=business.name,
        name=account.sender_name,
        address=account.sender_address,
        imprint=account.imprint,
    )


def _security(told: str) -> Security:
    return "tls" if told == "tls" else "starttls" if told == "starttls" else "none"
