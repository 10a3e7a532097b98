"""The account: how it is set, tried, and how its mailbox is read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from regulars.kernel.ids import new_id
from regulars.outreach.accounts import mail_account, mailbox_of, sealed, sender_of, server_of
from regulars.outreach.errors import InvalidMailAccount, NoMailAccount, SenderNotArriving
from regulars.outreach.imap import Read, read_new
from regulars.outreach.letters import trial
from regulars.outreach.models import MailAccount
from regulars.outreach.providers import OWN, PROVIDERS, SECURITIES
from regulars.outreach.reasons import Trouble
from regulars.outreach.services import take_report
from regulars.outreach.smtp import arrives, send
from regulars.people.core import folded_email
from regulars.people.models import Business
from regulars.people.queries import business
from regulars.people.remembering import one_of, plain_text
from regulars.stream.anew import in_one

LONGEST_HOST, LONGEST_LOGIN, LONGEST_PASSWORD = 253, 254, 500
LONGEST_NAME, LONGEST_IMPRINT = 120, 500
LARGEST_PORT = 65_535
LOOKED_BACK = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Access:
    """How one gets into a server.

    Attributes:
        password: "" to keep the one there is, which only the same server and user name may have.
    """

    host: str
    port: int
    security: str
    username: str
    password: str = ""


def keep_account(
    *,
    provider: str,
    sending: Access,
    mailbox: Access | None,
    sender_name: str,
    sender_address: str,
    imprint: str,
) -> None:
    """Sets the one account; inside a transaction.

    Args:
        provider: Of `regulars.outreach.providers.PROVIDERS`, or ``own``.
        sending: What messages go out by.
        mailbox: Where returned mail comes to, None to read none.
        sender_name: As recipients see it.
        sender_address: The same.
        imprint: Below every message, "" for nothing.

    Raises:
        InvalidMailAccount: A host or port cannot be one, or a password has to be typed again.
        InvalidEmail: The sender's address is none.
        RegularsError: Another text cannot be kept.
    """
    one_of(provider, (OWN, *PROVIDERS), field="provider")
    there = MailAccount.objects.select_for_update().first()
    account = there or MailAccount()
    account.provider = provider
    before = (account.host, account.username) if there else ("", "")
    account.password = _kept_password(sending, before, account.password)
    account.host, account.port, account.security, account.username = _checked(sending)
    if mailbox is None:
        account.mailbox_host = account.mailbox_username = account.mailbox_password = ""
    else:
        before = (account.mailbox_host, account.mailbox_username)
        host, port, security, username = _checked(mailbox)
        if host != before[0] and not username and not sending.password:
            # The password for sending is given to no other server unless it is typed again.
            raise InvalidMailAccount(field="password")
        account.mailbox_password = (
            _kept_password(mailbox, before, account.mailbox_password) if username else ""
        )
        if before[0] != host:
            account.mailbox_validity = account.mailbox_seen = 0
        account.mailbox_host, account.mailbox_port = host, port
        account.mailbox_security, account.mailbox_username = security, username
    account.sender_name = plain_text(
        " ".join(sender_name.split()), field="sender_name", most=LONGEST_NAME
    )
    account.sender_address = folded_email(sender_address)
    if not arrives(account.sender_address):
        raise SenderNotArriving
    account.imprint = (
        plain_text(imprint, field="imprint", most=LONGEST_IMPRINT) if imprint.strip() else ""
    )
    account.problem = account.mailbox_problem = ""
    account.save()


def try_account(*, to: str, now: datetime) -> Trouble | None:
    """Sends a message to show that mail works; to be called outside of any transaction.

    Args:
        to: An address of whoever asks.
        now: When.

    Returns:
        None where the server took it, else what stands in the way.

    Raises:
        NoMailAccount: There is none.
        InvalidEmail: The address is none.
    """
    account, house = mail_account(), business()
    if account is None or house is None:
        raise NoMailAccount
    address = folded_email(to)
    server = server_of(account)
    if server is None:
        return Trouble("password_lost")
    mail = trial(sender=sender_of(account, house), to=address, message=new_id())
    trouble = send(mail, server)
    if trouble is None:
        MailAccount.objects.update(problem="", worked_at=now)
    elif trouble.about == "account":
        MailAccount.objects.update(problem=trouble.reason)
    return trouble


def read_mailbox(*, now: datetime) -> Trouble | None:
    """Takes what came back since the last reading; to be called outside of any transaction.

    A reading that is cut short is begun again; what was taken before changes nothing then.

    Returns:
        None where it was read, or none is set, else what stands in the way.
    """
    account = mail_account()
    if account is None or not account.mailbox_host:
        return None
    mailbox = mailbox_of(account)
    if mailbox is None:
        found: Read | Trouble = Trouble("password_lost")
    else:
        found = read_new(
            mailbox,
            validity=account.mailbox_validity,
            seen=account.mailbox_seen,
            since=_days_before(now),
        )
    where = MailAccount.objects.filter(id=account.id)
    if isinstance(found, Trouble):
        where.update(mailbox_problem=found.reason)
        return found
    for report in found.reports:
        in_one(partial(take_report, report=report, now=now))
    where.update(
        mailbox_problem="",
        mailbox_read_at=now,
        mailbox_validity=found.validity,
        mailbox_seen=found.seen,
    )
    return None


def what_is_missing(house: Business, account: MailAccount | None) -> tuple[str, ...]:
    """What keeps messages to customers from going out, in codes, the first thing first."""
    if account is None:
        return ("no_mail",)
    return tuple(
        code
        for code, missing in (
            ("not_tried", account.worked_at is None),
            ("no_public_address", not house.public_address),
        )
        if missing
    )


def _checked(access: Access) -> tuple[str, int, str, str]:
    """Host, port, security and user name as they are kept."""
    host = plain_text(access.host, field="host", most=LONGEST_HOST).lower()
    if any(letter.isspace() or letter in "/@:" for letter in host):
        raise InvalidMailAccount(field="host", value=host)
    if not 1 <= access.port <= LARGEST_PORT:
        raise InvalidMailAccount(field="port", value=access.port)
    one_of(access.security, SECURITIES, field="security")
    username = access.username.strip()
    if username:
        username = plain_text(username, field="username", most=LONGEST_LOGIN)
    return host, access.port, access.security, username


def _kept_password(access: Access, before: tuple[str, str], kept: str) -> str:
    """A new password sealed, or the one there is, for who is asked for it already and nobody else."""
    if access.password:
        return sealed(plain_text(access.password, field="password", most=LONGEST_PASSWORD))
    same = (access.host.strip().lower(), access.username.strip()) == before
    if kept and access.username.strip() and not same:
        raise InvalidMailAccount(field="password", value="…")
    return kept if same else ""


def _days_before(now: datetime) -> date:
    return (now - LOOKED_BACK).date()
