"""Who sent most, counted over whole persons whom the business knows by name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.people.sql import ID_IN_TEXT, KNOWN, SENDERS_AND_FRIENDS, TOP_SENDERS

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


def senders_and_friends(*, weighed: int = REFERRALS_WEIGHED) -> Sending:
    """How many senders there are, and how many friends came through them.

    Args:
        weighed: How many of the latest referrals are looked at.
    """
    ((senders, friends, told),) = _rows(SENDERS_AND_FRIENDS, [weighed])
    return Sending(int(senders), int(friends), weighed if told >= weighed else None)


def _rows(statement: str, told: list[Any]) -> list[tuple[Any, ...]]:
    sender = ID_IN_TEXT[connection.vendor].format(text="data->>'sender_id'")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(known=KNOWN.format(sender=sender)), told)
        return list(cursor.fetchall())
