"""The links in messages: whoever has one may use it, and nobody can make one up."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

LEAVE, ANSWER = "leave", "answer"


def link(public_address: str, what: str, message_id: UUID) -> str:
    """The address of a page that is for the reader of one message.

    Args:
        public_address: Of this installation.
        what: ``leave`` to hear no more, ``answer`` for a question.
        message_id: Of the message.
    """
    return f"{public_address}/{what}/{token(what, message_id)}/"


def token(what: str, message_id: UUID) -> str:
    """What the link carries: the message's id, and a signature for this one use."""
    return _signer(what).sign(message_id.hex)


def message_of(what: str, told: str) -> UUID | None:
    """Whose link it is, or None where we did not make it."""
    try:
        return UUID(_signer(what).unsign(told))
    except (BadSignature, ValueError):
        return None


def _signer(what: str) -> Signer:
    return Signer(salt=f"regulars.outreach.{what}", sep=".")
