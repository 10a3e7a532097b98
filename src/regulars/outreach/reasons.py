"""What can stand in the way of a message, and what a server's answer means: pure.

Every reason is a code that is kept, and a sentence for who runs the business.
"""

import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from regulars.kernel.language import gettext, mark
from regulars.people.permission import SENTENCES as GATE

ADDRESS_DEAD = "address_dead"
MAILBOX_FULL = "mailbox_full"
OTHER_ADDRESS = "other_address"
RESTORED = "restored"
ASKED = "asked_already"
OTHER_MAILBOX = "other_mailbox"
SENTENCES: Mapping[str, str] = {
    "host_unknown": mark("There is no server called {host}. Look for a slip in its name."),
    "port_closed": mark(
        "{host} answers nobody on port {port}. Port 587 with STARTTLS and port 465 with TLS are usual."
    ),
    "no_answer": mark(
        "{host} did not answer on port {port}. Either it is another port, or something between you and "
        "the server lets nothing through."
    ),
    "certificate": mark(
        "{host} cannot prove that it is {host}, so no password was sent. Use the name that your provider "
        "gives for it."
    ),
    "other_security": mark(
        "{host} protects port {port} in another way. Choose STARTTLS for port 587 and TLS for port 465."
    ),
    "no_starttls": mark("{host} does not offer STARTTLS on port {port}. Try TLS on port 465."),
    "login_wrong": mark("{host} does not know this user name with this password."),
    "login_needed": mark("{host} wants a user name and a password first."),
    "login_not_offered": mark(
        "{host} lets nobody sign in on port {port} like this. Choose STARTTLS or TLS."
    ),
    "sender_refused": mark(
        "{host} does not let you send as {sender}. Use the address that belongs to the user name."
    ),
    "recipient_refused": mark("The server does not take messages for this address from you."),
    "message_refused": mark("The server does not take this message; it may hold it for spam."),
    "too_many": mark("The server takes no more messages for now; it is tried again later."),
    "hung_up": mark("{host} broke off the connection."),
    "network": mark("The server could not be reached. Look whether this computer is online."),
    "refused": mark("The server refused the message."),
    "no_mail": mark("No mail account is set up."),
    "no_public_address": mark(
        "Messages need a link to say no by, and customers cannot reach this installation yet."
    ),
    "password_lost": mark("The password of the mail account has to be typed again."),
    "no_such_folder": mark("The mailbox has no folder of this name."),
    OTHER_MAILBOX: mark(
        "{host} cannot be read like this on port {port}. TLS on port 993 is usual."
    ),
    "not_imap": mark("{host} does not speak IMAP on port {port}."),
    ADDRESS_DEAD: mark("There is no such mailbox any more; nothing more goes to this address."),
    MAILBOX_FULL: mark("Their mailbox is full."),
    OTHER_ADDRESS: mark(
        "Mail servers cannot be told this address as it is written; ask them for another one."
    ),
    "complaint": mark("They marked the message as spam; nothing more is sent to them."),
    "returned": mark("It came back."),
    ASKED: mark("They have been asked, or have said it, by now."),
    "expired": mark("It would have come too late to be answered."),
    RESTORED: mark(
        "It was waiting when the backup was made that is in use now, and may have gone out since."
    ),
    "our_fault": mark("This is our fault; look into the log of the server."),
    **GATE,
}
CONNECTION_TLS_PORT = 465
LOGIN_NEEDED, MAILBOX_TOO_FULL = 530, 552
PERMANENT = 500
QUOTA = re.compile(r"\b[45]\.4\.5\b|quota exceeded|too many|rate limit", re.IGNORECASE)
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# Where no enhanced code says so (RFC 3463), these words mean us and not the address.
ABOUT_US = re.compile(
    r"relay|spam|block|polic|denied|reputation|authenticat|listed|verify", re.IGNORECASE
)
NO_SUCH_MAILBOX = (550, 551, 553)
# The first that fits; some are kinds of others.
OF_CONNECTIONS: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "host_unknown"),
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLError, "other_security"),
    (ConnectionRefusedError, "port_closed"),
    (TimeoutError, "no_answer"),
    (smtplib.SMTPServerDisconnected, "hung_up"),
    (imaplib.IMAP4.abort, "hung_up"),
    (imaplib.IMAP4.error, "not_imap"),
    (OSError, "network"),
)


@dataclass(frozen=True)
class Trouble:
    """Why a message did not go out.

    Attributes:
        reason: A code of ``SENTENCES``.
        about: The account, which somebody may mend; the message; or the address that it was for.
        is_final: Whether trying again is no use.
        said: The server's own words, shown to who asked and never kept.
    """

    reason: str
    about: Literal["account", "message", "address"] = "account"
    is_final: bool = False
    said: str = ""


def sentence(reason: str, *, host: str = "", port: int = 0, sender: str = "") -> str:
    """A reason in words."""
    told = gettext(SENTENCES.get(reason, SENTENCES["refused"]))
    return told.format(host=host or "?", port=port, sender=sender)


def trouble_of(error: Exception, *, port: int, security: str) -> Trouble:
    """What an exception of ``smtplib`` (or below it) means.

    Args:
        error: It.
        port: Of the server.
        security: Of the connection.
    """
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            code, said = next(iter(recipients.values()))
            return of_recipient(code, _words(code, said))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return _of_answer(error, code, _words(code, said))
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            return Trouble("no_starttls")
        case smtplib.SMTPServerDisconnected():
            pass
        case smtplib.SMTPException() if "AUTH" in str(error):
            return Trouble("login_not_offered")
    return of_connection(error, port=port, security=security)


def of_connection(error: Exception, *, port: int, security: str) -> Trouble:
    """What an exception means that is of no protocol for mail."""
    ours = isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected)
    if ours and port == CONNECTION_TLS_PORT and security != "tls":
        return Trouble("other_security")
    return Trouble(
        next((reason for kind, reason in OF_CONNECTIONS if isinstance(error, kind)), "refused")
    )


def of_recipient(code: int, words: str) -> Trouble:
    """What the answer to an address means; only what is surely about the address counts against it.

    Args:
        code: Of the answer, of three digits.
        words: The whole answer.
    """
    found = ENHANCED.search(words)
    if QUOTA.search(words):
        return Trouble("too_many", said=words)
    if code < PERMANENT:
        return Trouble("too_many", "address", said=words)
    if code == LOGIN_NEEDED:
        return Trouble("login_needed", said=words)
    if (found and found[2] == "2" and found[3] == "2") or code == MAILBOX_TOO_FULL:
        return Trouble(MAILBOX_FULL, "message", is_final=True, said=words)
    if is_dead(found[0] if found else "") or (
        not found and code in NO_SUCH_MAILBOX and not ABOUT_US.search(words)
    ):
        return Trouble(ADDRESS_DEAD, "address", is_final=True, said=words)
    return Trouble("recipient_refused", "message", is_final=True, said=words)


def is_dead(status: str) -> bool:
    """Whether an enhanced status code (RFC 3463) says that there is no such mailbox."""
    found = ENHANCED.fullmatch(status)
    if found is None or found[1] != "5":
        return False
    subject, detail = found[2], found[3]
    # 5.1.x is about the address, but for 5.1.7 and 5.1.8, which are about the sender's.
    return (subject == "1" and detail not in ("7", "8", "9")) or (subject == "2" and detail == "1")


def _of_answer(error: Exception, code: int, words: str) -> Trouble:
    """What a refusal means that is not about the recipient."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # 454 4.7.0 and its kind: the server cannot say right now.
        return Trouble("login_wrong" if code >= PERMANENT else "too_many", said=words)
    if isinstance(error, smtplib.SMTPSenderRefused) and (code == LOGIN_NEEDED or "5.7.0" in words):
        return Trouble("login_needed", said=words)
    if code < PERMANENT or QUOTA.search(words):
        return Trouble("too_many", said=words)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Trouble("sender_refused", said=words)
    if isinstance(error, smtplib.SMTPDataError):
        return Trouble("message_refused", "message", is_final=True, said=words)
    return Trouble("refused", said=words)


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:400]
