"""Who sent most, counted over whole persons whom the business knows by name."""

from typing import Any
from uuid import UUID

from django.db import connection

from regulars.people.sql import ID_IN_TEXT, KNOWN, SENDERS_AND_FRIENDS, TOP_SENDERS


def top_senders(most: int) -> tuple[UUID, ...]:
    """Who sent most, the one who sent most first; everybody merged into them counts as them."""
    return tuple(UUID(str(sender)) for (sender,) in _rows(TOP_SENDERS, [most]))


def senders_and_friends() -> tuple[int, int]:
    """How many senders there are, and how many friends came through them."""
    ((senders, friends),) = _rows(SENDERS_AND_FRIENDS, [])
    return int(senders), int(friends)


def _rows(statement: str, told: list[Any]) -> list[tuple[Any, ...]]:
    sender = ID_IN_TEXT[connection.vendor].format(text="data->>'sender_id'")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(known=KNOWN.format(sender=sender)), told)
        return list(cursor.fetchall())
