"""The servers of well-known providers, so that nobody has to look them up: pure."""

from dataclasses import dataclass
from typing import Literal

from regulars.kernel.language import mark

Security = Literal["tls", "starttls", "none"]
SECURITIES: tuple[Security, ...] = ("starttls", "tls", "none")
OWN = "own"
APP_PASSWORD = mark(
    "It wants a password made for programs (“app password”), which you make in your account there."
)
ALLOW_PROGRAMS = mark(
    "It lets programs in only once you allow it (IMAP/SMTP) in your account there."
)


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Where a provider takes and keeps mail.

    Attributes:
        name: As it calls itself.
        host, port, security: For sending.
        mailbox_host: For reading, with TLS on port 993.
        hint: What its customers mostly stumble over, in a sentence; "" for nothing.
    """

    name: str
    host: str
    port: int
    security: Security
    mailbox_host: str
    hint: str = ""


PROVIDERS: dict[str, Provider] = {
    "fastmail": Provider(
        name="Fastmail",
        host="smtp.fastmail.com",
        port=465,
        security="tls",
        mailbox_host="imap.fastmail.com",
        hint=APP_PASSWORD,
    ),
    "gmail": Provider(
        name="Gmail, Google Workspace",
        host="smtp.gmail.com",
        port=587,
        security="starttls",
        mailbox_host="imap.gmail.com",
        hint=APP_PASSWORD,
    ),
    "gmx": Provider(
        name="GMX",
        host="mail.gmx.net",
        port=587,
        security="starttls",
        mailbox_host="imap.gmx.net",
        hint=ALLOW_PROGRAMS,
    ),
    "icloud": Provider(
        name="iCloud",
        host="smtp.mail.me.com",
        port=587,
        security="starttls",
        mailbox_host="imap.mail.me.com",
        hint=APP_PASSWORD,
    ),
    "ionos": Provider(
        name="IONOS",
        host="smtp.ionos.de",
        port=465,
        security="tls",
        mailbox_host="imap.ionos.de",
    ),
    "strato": Provider(
        name="STRATO",
        host="smtp.strato.de",
        port=465,
        security="tls",
        mailbox_host="imap.strato.de",
    ),
    "webde": Provider(
        name="WEB.DE",
        host="smtp.web.de",
        port=587,
        security="starttls",
        mailbox_host="imap.web.de",
        hint=ALLOW_PROGRAMS,
    ),
}
