"""What comes back: reports that a message could not be delivered, and complaints. Pure.

Delivery status notifications are RFC 3464, feedback reports RFC 5965; both are multipart/report (RFC 6522) and
bring the headers of the message they are about, whose Message-ID is ours. A report that names no message of
ours is somebody else's mail and is left alone.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from typing import Literal
from uuid import UUID

from regulars.outreach.reasons import ADDRESS_DEAD, MAILBOX_FULL, is_dead

MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@[^<>\s]{1,253}>")
STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
FULL = "5.2.2", "4.2.2"


@dataclass(frozen=True)
class Report:
    """What a report says of a message of ours.

    Attributes:
        message_id: Which.
        reason: ``address_dead``, ``mailbox_full``, ``returned`` or ``complaint``.
    """

    message_id: UUID
    reason: Literal["address_dead", "mailbox_full", "returned", "complaint"]


def message_id(message: UUID, domain: str) -> str:
    """The Message-ID of a message of ours: the same, however often it is tried."""
    return f"<{message.hex}@{domain}>"


def read_report(raw: bytes) -> Report | None:
    """What a mail reports, or None for what reports nothing of ours, as every other mail.

    Args:
        raw: The mail, as it came.
    """
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        if mail.get_content_type() != "multipart/report":
            return None
        kind = str(mail.get_param("report-type") or "").lower()
        if kind == "feedback-report":
            ours = _ours(mail)
            return Report(ours, "complaint") if ours and _is_abuse(mail) else None
        if kind == "delivery-status":
            status = _status(mail)
            ours = _ours(mail)
            return Report(ours, _reason(status)) if ours and status else None
    except (ValueError, LookupError, AttributeError, TypeError):
        return None  # no mail that can be read; the next may be
    return None


def _reason(status: str) -> Literal["address_dead", "mailbox_full", "returned"]:
    if status in FULL:
        return MAILBOX_FULL  # type: ignore[return-value]
    return ADDRESS_DEAD if is_dead(status) else "returned"  # type: ignore[return-value]


def _status(mail: EmailMessage) -> str:
    """The status of the first recipient for whom it is over; "" for a mere delay."""
    for part in _parts(mail, "message/delivery-status"):
        for block in _inner(part):
            action = str(block.get("Action", "")).strip().lower()
            found = STATUS.search(str(block.get("Status", "")))
            if action == "failed":
                return found[0] if found else "5.0.0"
    return ""


def _is_abuse(mail: EmailMessage) -> bool:
    for part in _parts(mail, "message/feedback-report"):
        text = "\n".join(map(str, _inner(part))) or str(part.get_payload())
        if re.search(
            r"^Feedback-Type:\s*(abuse|fraud|opt-out)", text, re.IGNORECASE | re.MULTILINE
        ):
            return True
    return False


def _ours(mail: EmailMessage) -> UUID | None:
    """The message of ours that the returned headers name."""
    for part in _parts(mail, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        if part.is_multipart():
            told = "\n".join(str(inner.get("Message-ID", "")) for inner in _inner(part))
        else:
            payload = part.get_payload(decode=True)
            headers = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
            told = "\n".join(
                line for line in headers.splitlines() if line.lower().startswith("message-id:")
            )
        found = MESSAGE_ID.search(told)
        if found:
            return UUID(found[1])
    return None


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _parts(mail: EmailMessage, *kinds: str) -> Iterator[Message]:
    for part in mail.iter_parts():
        if part.get_content_type() in kinds:
            yield part
