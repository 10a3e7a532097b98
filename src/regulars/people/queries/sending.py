"""Who sent most, counted over whole persons whom the business knows by name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from regulars.people.models import Customer
from regulars.people.sql import ID_IN_TEXT, KNOWN, SENDERS_AND_FRIENDS, TOP_SENDERS, WHO_SENT_WHOM

REFERRALS_WEIGHED = 20_000


@dataclass(frozen=True)
class Sending:
    """How much sending there is.

    Attributes:
        senders: How many brought somebody.
        friends: How many came through somebody.
        latest: Of how many of the latest referrals that is told; None where it is of all.
    """

    senders: int
    friends: int
    latest: int | None = None


def top_senders(most: int, *, weighed: int = REFERRALS_WEIGHED) -> tuple[UUID, ...]:
    """Who sent most, the one who sent most first; everybody merged into them counts as them.

    Args:
        most: How many at most.
        weighed: How many of the latest referrals are looked at.
    """
    return tuple(UUID(str(sender)) for (sender,) in _rows(TOP_SENDERS, [weighed, most]))


def senders_and_friends(
    *, among: QuerySet[Customer] | None = None, weighed: int = REFERRALS_WEIGHED
) -> Sending:
    """How many senders there are, and how many friends came through them.

    Args:
        among: Of whom the senders are; None for everybody.
        weighed: How many of the latest referrals are looked at.
    """
    if among is None:
        ((senders, friends, told),) = _rows(SENDERS_AND_FRIENDS, [weighed])
        return Sending(int(senders), int(friends), weighed if told >= weighed else None)
    pairs = [(_id(one), _id(other)) for one, other in _rows(WHO_SENT_WHOM, [weighed])]
    meant = among.filter(id__in={sender for sender, _ in pairs})
    here = set(meant.values_list("id", flat=True))
    some = [(sender, friend) for sender, friend in pairs if sender in here]
    return Sending(
        len({sender for sender, _ in some}),
        len({friend for _, friend in some}),
        weighed if len(pairs) >= weighed else None,
    )


def _id(told: UUID | str) -> UUID:
    return told if isinstance(told, UUID) else UUID(told)


def _rows(statement: str, told: list[Any]) -> list[tuple[Any, ...]]:
    sender = ID_IN_TEXT[connection.vendor].format(text="data->>'sender_id'")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(known=KNOWN.format(sender=sender)), told)
        return list(cursor.fetchall())
