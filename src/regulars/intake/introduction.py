"""The first regulars, told from memory: who they are, what they like, who brought whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.people.core import folded_name
from regulars.people.queries import recognise_by_name
from regulars.people.services import add_customer

SOURCE = "console"
SURE_ENOUGH = 0.9


@dataclass(frozen=True, kw_only=True)
class Regular:
    """One line.

    Attributes:
        name: As people say it.
        likes: In a few words, or "".
        phone: As written, or "".
        came_through: The name of who brought them, or "".
        is_new: Whether it is surely nobody who is known already, whatever the name.
    """

    name: str
    likes: str = ""
    phone: str = ""
    came_through: str = ""
    is_new: bool = False


def introduce(
    *, regulars: Sequence[Regular], region: str | None, actor: Actor, now: datetime
) -> tuple[UUID, ...]:
    """Adds people by name, and records who brought whom; to be called inside a transaction.

    Whoever is named as having brought somebody, and has no line, is added as well. A name that is known
    already, slips of the pen aside, is not added again.

    Args:
        regulars: The lines, in their order.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who tells.
        now: When.

    Returns:
        The customers of the lines, in their order.

    Raises:
        RegularsError: A name or phone cannot be one; nothing is written then.
    """
    told: dict[str, UUID] = {}

    def known(line: Regular) -> UUID:
        name = folded_name(line.name) or line.name
        if name not in told:
            likest = None if line.is_new else next(iter(recognise_by_name(line.name)), None)
            told[name] = (
                likest.customer_id
                if likest is not None and likest.likeness >= SURE_ENOUGH
                else add_customer(
                    name=line.name,
                    identities=[("phone", line.phone)] if line.phone else [],
                    likes=[line.likes] if line.likes else [],
                    region=region,
                    actor=actor,
                    now=now,
                )
            )
        return told[name]

    customers = tuple(known(line) for line in regulars)
    through = [
        (friend, known(Regular(name=line.came_through)))
        for friend, line in zip(customers, regulars, strict=True)
        if line.came_through
    ]
    record(
        incoming=[
            Incoming(
                type="referral.recorded",
                source=SOURCE,
                key=f"told:{friend}",
                occurred_at=now,
                customer_id=friend,
                data={"sender_id": str(sender)},
            )
            for friend, sender in through
            if friend != sender
        ],
        region=region,
        actor=actor,
        now=now,
    )
    return customers
