"""The links in messages: whoever has one may use it, and nobody can make one up."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from regulars.kernel.sealing import seal, unseal
from regulars.outreach.models import Message
from regulars.people.models import Identity

LEAVE, ANSWER = "leave", "answer"
USE = "regulars.outreach.address"


def link(public_address: str, what: str, message: Message) -> str:
    """The address of a page that is for the reader of one message.

    Args:
        public_address: Of this installation.
        what: ``leave`` to hear no more, ``answer`` for a question.
        message: With the address that it goes to, which the way out carries: a no is of whoever has it by then.
    """
    to = "" if what != LEAVE or message.address is None else message.address.value
    return f"{public_address}/{what}/{token(what, message.id, to)}/"


def token(what: str, message_id: UUID, to: str = "") -> str:
    """What the link carries: the message's id and a signature for this one use, and an address that we alone read."""
    sealed = seal(to, secret=settings.SECRET_KEY, use=USE) if to else ""
    return _signer(what).sign(f"{message_id.hex}{sealed}")


def message_of(what: str, told: str) -> UUID | None:
    """Whose link it is, or None where we did not make it."""
    try:
        return UUID(_signer(what).unsign(told)[:32])
    except (BadSignature, ValueError):
        return None


def address_in(what: str, told: str) -> str:
    """The address that a link of ours went to, or "" where it carries none."""
    if message_of(what, told) is None:
        return ""
    return unseal(_signer(what).unsign(told)[32:], secret=settings.SECRET_KEY, use=USE) or ""


def who_agrees(message: Message) -> UUID | None:
    """Whose yes comes by a link in a message: whoever has the address now that it went to.

    It may have been written to somebody else, who was one person with them then. None where that address was taken
    away, though it was given again since: nobody says yes for another one.
    """
    if message.address is not None:
        return message.address.customer_id
    return message.customer_id if message.sent_at is None else None


def who_refuses(message: Message, to: str = "") -> UUID:
    """Whose no comes by a link in a message, or as a complaint about it: there is always somebody.

    Whoever has the address now that it went to; where nobody has it, or it is not known any more which that was,
    who had it then, or whom it was written to.

    Args:
        message: That the link is in.
        to: The address that the link carries.
    """
    agrees = who_agrees(message)
    if agrees is not None:
        return agrees
    known = Identity.objects.filter(kind="email", value=to).values_list("customer_id", flat=True)
    return (known.first() if to else None) or message.reader_id or message.customer_id


def _signer(what: str) -> Signer:
    return Signer(salt=f"regulars.outreach.{what}", sep=".")
