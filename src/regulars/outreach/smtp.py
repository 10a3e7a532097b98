"""Sending by the account's server: one connection, one message, and what went wrong in one word."""

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from regulars.kernel.outbox.core import Delivered, Failed, Outcome, Refused
from regulars.outreach.providers import Security
from regulars.outreach.reasons import OTHER_ADDRESS, Trouble, trouble_of

PATIENCE_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server to send by.

    Attributes:
        password: Never in a log: it is left out of what this prints as.
        sender: The address that messages come from.
    """

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)
    sender: str


@dataclass(frozen=True)
class Ready:
    """A message that may leave, and the server that it leaves by."""

    mail: EmailMessage
    server: Server


def sent(prepared: Ready | Outcome) -> Outcome:
    """What becomes of a message: it is sent now, if it is ready; outside of any transaction."""
    if not isinstance(prepared, Ready):
        return prepared
    trouble = send(prepared.mail, prepared.server)
    if trouble is None:
        return Delivered()
    return Refused(trouble.reason) if trouble.is_final else Failed(trouble.reason)


def send(mail: EmailMessage, server: Server) -> Trouble | None:
    """Sends a message.

    To be called outside of any transaction; it may take as long as servers do.

    Returns:
        None where the server has taken the message, else what stood in the way.
    """
    if not all(map(arrives, mail.recipients())):
        return Trouble(OTHER_ADDRESS, "message", is_final=True)
    backend = EmailBackend(
        host=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=PATIENCE_SECONDS,
    )
    try:
        backend.open()
        backend.send_messages([mail])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return trouble_of(error, port=server.port, security=server.security)
    finally:
        # Once the server has the message, nothing that goes wrong in parting counts.
        with suppress(smtplib.SMTPException, OSError):
            backend.close()
    return None


def arrives(address: str) -> bool:
    """Whether the server is told the very address that is kept: on its way it is taken apart and put together."""
    try:
        return sanitize_address(address, "utf-8") == address
    except ValueError:
        return False
