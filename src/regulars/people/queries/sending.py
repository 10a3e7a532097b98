"""Who sent whom, and who sent most, over whole persons: by the claims that stand."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from regulars.people.came_through import those_that_stand
from regulars.people.models import Customer
from regulars.people.queries.counting import counted, is_large
from regulars.people.queries.one_person import kept_ids
from regulars.people.sql import CLAIMS_ABOUT, CLAIMS_ABOVE, ID_IN_TEXT, WHO_SENT_WHOM
from regulars.stream.hot import as_id, as_moment, rows, stored
from regulars.stream.sql import STANDS

SENDERS = "senders"
SENDERS_KEPT = 500
MANY_ASKED = 50


@dataclass(frozen=True)
class Sending:
    """How much sending there is.

    Attributes:
        senders: How many brought somebody.
        friends: How many came through somebody.
    """

    senders: int
    friends: int


@dataclass(frozen=True, slots=True)
class Claim:
    """That somebody sent somebody, as an event tells it.

    Attributes:
        event_id: Of the event.
        occurred_at: When.
        told_sender_id, told_friend_id: Of whom it was told.
        sender_id, friend_id: Who is shown for them.
    """

    event_id: UUID
    occurred_at: datetime
    told_sender_id: UUID
    told_friend_id: UUID
    sender_id: UUID
    friend_id: UUID

    @property
    def ends(self) -> tuple[UUID, UUID]:
        """Who sent whom."""
        return self.sender_id, self.friend_id


def claims_above(customer_ids: Collection[UUID]) -> tuple[Claim, ...]:
    """Every claim about some customers and about everybody through whom they may have come, in order."""
    if not customer_ids:
        return ()
    if len(customer_ids) < MANY_ASKED:
        return _claims(CLAIMS_ABOVE, customer_ids)
    # Most friends of somebody came through that one: each is looked up once, and only others again.
    about = {one.event_id: one for one in _claims(CLAIMS_ABOUT, customer_ids)}
    others = {one.sender_id for one in about.values()} - {one.friend_id for one in about.values()}
    about |= {one.event_id: one for one in _claims(CLAIMS_ABOVE, others)} if others else {}
    return tuple(
        sorted(
            about.values(),
            key=lambda one: (one.occurred_at, one.told_sender_id, one.told_friend_id),
        )
    )


def _claims(statement: Mapping[str, str], customer_ids: Collection[UUID]) -> tuple[Claim, ...]:
    asked = json.dumps([stored(one) for one in customer_ids])
    return tuple(
        Claim(as_id(event), as_moment(moment), *map(as_id, ends))
        for event, moment, *ends in rows(statement, (asked,))
    )


def standing(customer_ids: Collection[UUID]) -> Mapping[UUID, Claim]:
    """The claims that stand about some customers and about everybody through whom they came.

    Of a friend the earliest claim stands that closes no circle; see `regulars.people.came_through`. So does
    that of somebody without a name, or who was erased.

    Returns:
        By the friend who is shown, in the order of time.
    """
    claims = claims_above(customer_ids)
    stand = those_that_stand([one.ends for one in claims])
    return {claims[place].friend_id: claims[place] for place in stand}


def top_senders(most: int) -> tuple[UUID, ...]:
    """Who sent most, the one who sent most first; everybody merged into them counts as them.

    In a large house as they were counted last, with the figures that are shown beside them and say from when
    (`regulars.measure.services.figures`); and `SENDERS_KEPT` of them at most.

    Args:
        most: How many at most.
    """
    kept = counted(SENDERS) if is_large() else None
    if kept is None:
        return senders_now(most)
    return tuple(dict.fromkeys(kept_ids(map(UUID, kept.figures)).values()))[:most]


def senders_now(most: int = SENDERS_KEPT) -> tuple[UUID, ...]:
    """The same, counted now."""
    sent: dict[Any, int] = {}
    for (
        sender,
        _,
    ) in _pairs():  # in the order of time, so of equals the one who was first comes first
        sent[sender] = sent.get(sender, 0) + 1
    return tuple(as_id(one) for one in sorted(sent, key=lambda one: -sent[one])[:most])


def senders_and_friends(*, among: QuerySet[Customer] | None = None) -> Sending:
    """How many senders there are, and how many friends came through them.

    Args:
        among: Of whom the senders are; None for everybody.
    """
    pairs = _pairs()
    senders = {sender for sender, _ in pairs}
    if among is not None:
        here = set(among.values_list("id", flat=True))
        senders = {one for one in senders if as_id(one) in here}
    return Sending(len(senders), sum(sender in senders for sender, _ in pairs))


def _pairs() -> list[tuple[Any, Any]]:
    """Who sent whom by the claims that stand, of people known by name.

    The ids are as the database keeps them: there may be many, and only few are needed.
    """
    sender = ID_IN_TEXT[connection.vendor].format(text="data->>'sender_id'")
    with connection.cursor() as cursor:
        stands = STANDS.format(event="stream_event")
        cursor.execute(WHO_SENT_WHOM.format(sender=sender, stands=stands))
        told = cursor.fetchall()
    stand = those_that_stand([(one, other) for one, other, _ in told])
    return [told[place][:2] for place in stand if told[place][2]]
