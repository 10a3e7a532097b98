"""The first regulars, told from memory: who they are, what they like, who brought whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulars.care.families import came_by_way_of
from regulars.intake.bringing import sender_told
from regulars.intake.errors import ReferralNotAllowed
from regulars.intake.services import record
from regulars.kernel.actor import Actor
from regulars.people.names import name_key
from regulars.people.queries import likes_of, meant_in_short, namesakes, standing
from regulars.people.services import add_customer, add_identity, add_preference


@dataclass(frozen=True, kw_only=True)
class Regular:
    """One line.

    Attributes:
        name: As people say it.
        likes: In a few words, or "".
        phone: As written, or "".
        came_through: The name of who brought them, or "".
        through_is_new: Whether who brought them is nobody who is known already by a longer name.
        is_new: Whether it is surely nobody who is known already, whatever the name.
    """

    name: str
    likes: str = ""
    phone: str = ""
    came_through: str = ""
    through_is_new: bool = False
    is_new: bool = False


def introduce(
    *, regulars: Sequence[Regular], region: str | None, actor: Actor, now: datetime
) -> tuple[UUID, ...]:
    """Adds people by name, and records who brought whom; to be called inside a transaction.

    Whoever is called exactly as somebody known is not added again; what a line tells of them is. Whoever is
    named as having brought somebody, and is not known, is added as well; a part of a name will do where
    it can mean one person only, and nobody is called just so.

    Args:
        regulars: The lines, in their order.
        region: ISO 3166 of the business, for phones without a country.
        actor: Who tells.
        now: When.

    Returns:
        The customers of the lines, in their order.

    Raises:
        ReferralNotAllowed: Somebody would have come through whom they brought; nothing is written then.
        IdentityTaken: A phone is another customer's; nothing is written then.
        RegularsError: A name or phone cannot be one; nothing is written then.
    """
    met = _Met(region, actor, now)
    customers = tuple(met.known(line) for line in regulars)
    through = [
        (friend, met.sender(line, friend))
        for friend, line in zip(customers, regulars, strict=True)
        if line.came_through
    ]
    _check_no_circle(through)
    came = standing(customers)
    record(
        incoming=[
            sender_told(friend, sender, now=now)
            for friend, sender in through
            if friend not in came and friend != sender
        ],
        region=region,
        actor=actor,
        now=now,
    )
    return customers


@dataclass(frozen=True)
class _Met:
    """Whom lines mean, so that who is named twice is one.

    Attributes:
        region: ISO 3166 of the business.
        actor: Who tells.
        now: When.
        told: So far, by their names as names are compared.
    """

    region: str | None
    actor: Actor
    now: datetime
    told: dict[str, UUID] = field(default_factory=dict)

    def known(self, line: Regular) -> UUID:
        """Whom a line is about: somebody who is known, and knows what it tells of them then, or who is added."""
        name = name_key(line.name)
        if name not in self.told:
            found = () if line.is_new else namesakes(line.name)
            if not found:
                self.told[name] = _added(line, region=self.region, actor=self.actor, now=self.now)
                return self.told[name]
            self.told[name] = found[0]
        _tell_more(self.told[name], line, region=self.region, actor=self.actor, now=self.now)
        return self.told[name]

    def sender(self, line: Regular, friend: UUID) -> UUID:
        """Through whom the friend of a line came; a part of their name will do where it means one alone."""
        name = line.came_through
        if not line.through_is_new and name_key(name) not in self.told and not namesakes(name):
            meant = [one for one in meant_in_short(name) if one != friend]
            if len(meant) == 1:
                return meant[0]
        return self.known(Regular(name=name))


def _check_no_circle(through: Sequence[tuple[UUID, UUID]]) -> None:
    """That nobody came through whom they brought, in these lines and by what was told before.

    Args:
        through: Friend and sender, as the lines have them.

    Raises:
        ReferralNotAllowed: Somebody did.
    """
    senders: dict[UUID, UUID] = {}
    for friend, sender in through:
        above: UUID | None = sender if friend != sender else None
        while above is not None:
            if friend in (above, *came_by_way_of(above)):
                raise ReferralNotAllowed
            above = senders.get(above)
        senders.setdefault(friend, sender)


def _added(line: Regular, *, region: str | None, actor: Actor, now: datetime) -> UUID:
    return add_customer(
        name=line.name,
        identities=[("phone", line.phone)] if line.phone else [],
        likes=[line.likes] if line.likes else [],
        region=region,
        actor=actor,
        now=now,
    )


def _tell_more(
    customer: UUID, line: Regular, *, region: str | None, actor: Actor, now: datetime
) -> None:
    """Adds to somebody known what a line tells of them, once."""
    if line.phone:
        add_identity(
            customer_id=customer,
            kind="phone",
            value=line.phone,
            region=region,
            actor=actor,
            now=now,
        )
    if line.likes and line.likes not in likes_of([customer]).get(customer, ()):
        add_preference(customer_id=customer, kind="likes", text=line.likes, actor=actor, now=now)
