"""Reading what came into the mailbox since the last time; nothing there is changed or marked as read.

A mailbox may hold anything: only what says of itself that it is a report is read, and only its beginning, one
at a time.
"""

import imaplib
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from regulars.outreach.providers import Security
from regulars.outreach.reasons import OTHER_MAILBOX, Trouble, of_connection
from regulars.outreach.returned import Report, read_report

PATIENCE_SECONDS = 20
LARGEST_BYTES = 2_000_000
READ_BYTES = 262_144  # a report and the headers of what it is about stand at the beginning
MOST_AT_ONCE = 500
FOLDER = "INBOX"
NOT_LIKE_THIS = ("other_security", "port_closed")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """A mailbox to read; the password is left out of what this prints as."""

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Read:
    """What was read.

    Attributes:
        reports: Of messages of ours.
        validity, seen: How far, as the server counts; to be given the next time.
        is_all: Whether there is no more.
    """

    reports: tuple[Report, ...]
    validity: int
    seen: int
    is_all: bool


def read_new(mailbox: Mailbox, *, validity: int, seen: int, since: date) -> Read | Trouble:
    """Reads reports that came after those that were read before.

    Args:
        mailbox: Which.
        validity: Of the last reading; another one means that the server counts anew.
        seen: How far it came.
        since: Where counting begins anew, no further back than this day.
    """
    try:
        server = _opened(mailbox)
    except (imaplib.IMAP4.error, OSError) as error:
        return _trouble(error, mailbox)
    try:
        try:
            server.login(mailbox.username, mailbox.password)
        except imaplib.IMAP4.error:
            return Trouble("login_wrong")
        answer, _ = server.select(FOLDER, readonly=True)
        if answer != "OK":
            return Trouble("no_such_folder")
        told = server.response("UIDVALIDITY")[1]
        now_valid = int(told[0]) if told and told[0] else 0
        after = seen if now_valid == validity else 0
        day = f"{since.day:02d}-{MONTHS[since.month - 1]}-{since.year}"
        _, told = server.uid("SEARCH", f"UID {after + 1}:*", f"SINCE {day}")
        # "7:*" is 7 and more, but the last one in any case.
        uids = sorted(int(uid) for uid in (told[0] or b"").split() if int(uid) > after)
        reports = tuple(
            report
            for uid in uids[:MOST_AT_ONCE]
            if (mail := _report(server, uid)) and (report := read_report(mail)) is not None
        )
        return Read(
            reports,
            now_valid,
            max(uids[:MOST_AT_ONCE], default=after),
            len(uids) <= MOST_AT_ONCE,
        )
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        return _trouble(error, mailbox)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _opened(mailbox: Mailbox) -> imaplib.IMAP4:
    host, port, patience = mailbox.host, mailbox.port, PATIENCE_SECONDS
    if mailbox.security == "tls":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=patience)
    server = imaplib.IMAP4(host, port, timeout=patience)
    if mailbox.security == "starttls":
        if "STARTTLS" not in server.capabilities:
            raise ssl.SSLError
        server.starttls(ssl.create_default_context())
    return server


def _report(server: imaplib.IMAP4, uid: int) -> bytes | None:
    """The beginning of a report, or None for what is none, or is too large to be one."""
    _, told = server.uid("FETCH", str(uid), "(RFC822.SIZE BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE)])")
    size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(map(_first, told or ())))
    if (
        size is None
        or int(size[1]) > LARGEST_BYTES
        or b"multipart/report" not in _said(told).lower()
    ):
        return None
    _, parts = server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{READ_BYTES}>)")
    return _said(parts)


def _first(part: object) -> bytes:
    """What the server says of a part before its text, or after it."""
    told = part[0] if isinstance(part, tuple) else part
    return told if isinstance(told, bytes) else b""


def _said(parts: Sequence[object]) -> bytes:
    """The text of what was fetched."""
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")


def _trouble(error: Exception, mailbox: Mailbox) -> Trouble:
    found = of_connection(error, port=mailbox.port, security=mailbox.security)
    return Trouble(OTHER_MAILBOX) if found.reason in NOT_LIKE_THIS else found
