"""The links in messages: whoever has one may use it, and nobody can make one up."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from regulars.outreach.models import Message
from regulars.people.models import Identity

LEAVE, ANSWER = "leave", "answer"
READ_AT_ONCE = 5_000


def link(public_address: str, what: str, message: Message) -> str:
    """The address of a page that is for the reader of one message.

    Args:
        public_address: Of this installation.
        what: ``leave`` to hear no more, ``answer`` for a question.
        message: With the address that it goes to.
    """
    to = "" if message.address is None else message.address.value
    return f"{public_address}/{what}/{token(what, message.id, to)}/"


def token(what: str, message_id: UUID, to: str = "") -> str:
    """What the link carries: the message's id, a digest of the address, and a signature for this one use."""
    return _signer(what).sign(f"{message_id.hex}{_digest(to) if to else ''}")


def message_of(what: str, told: str) -> UUID | None:
    """Whose link it is, or None where we did not make it."""
    try:
        return UUID(_signer(what).unsign(told)[:32])
    except (BadSignature, ValueError):
        return None


def digest_in(what: str, told: str) -> str:
    """The digest of the address that a link of ours went to, or "" where it carries none."""
    return "" if message_of(what, told) is None else _signer(what).unsign(told)[32:]


def speaker(message: Message, digest: str = "") -> UUID | None:
    """Whose word comes by a link in a message: whoever has the address now that it went to.

    It may have been written to somebody else, who was one person with them then, or who had the address before
    them. None where nobody has it any more.

    Args:
        message: That the link is in.
        digest: That the link carries; looked for among all addresses where the one that the message went to was
            taken from whom it was written to.
    """
    if message.address is not None:
        return message.address.customer_id
    if message.sent_at is None:
        return message.customer_id
    if not digest:
        return None
    known = Identity.objects.filter(kind="email").values_list("value", "customer_id")
    return next(
        (
            customer
            for address, customer in known.iterator(READ_AT_ONCE)
            if constant_time_compare(_digest(address), digest)
        ),
        None,
    )


def _digest(address: str) -> str:
    """What tells an address from others to whoever has this installation's secret, and to nobody else."""
    return salted_hmac("regulars.outreach.address", address, algorithm="sha256").hexdigest()[:32]


def _signer(what: str) -> Signer:
    return Signer(salt=f"regulars.outreach.{what}", sep=".")
