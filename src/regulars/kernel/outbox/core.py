"""How deliveries end, and how long to wait between tries: pure rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# Two days in all: long enough for a provider's bad weekend night, short enough that a thank-you is still one.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720, 1_260))
CLAIM_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Delivered:
    """It has left the building."""


@dataclass(frozen=True)
class Refused:
    """It must not be sent, or never can be; nothing more is tried."""

    reason: str


@dataclass(frozen=True)
class Failed:
    """It could not be sent this time."""

    reason: str


@dataclass(frozen=True)
class Later:
    """It is not its time yet, which is no failed try."""

    reason: str
    at: datetime


@dataclass(frozen=True)
class GivenUp:
    """It could not be sent for as long as we try."""

    reason: str


Outcome = Delivered | Refused | Failed | Later | GivenUp


@dataclass(frozen=True, kw_only=True)
class Deliverer:
    """Who delivers one kind of row.

    Attributes:
        attempt: Told the id of the thing and the time, tries to deliver it; outside of any transaction,
            and perhaps not for the first time.
        settle: Told the id, the outcome and the time, writes it to the thing, in the transaction that
            writes it to the row. It is never told ``Failed`` for the last time, but ``GivenUp``.
        hold: Told the id, keeps others from changing the thing, before the row is held: whoever holds both
            takes them in this order.
    """

    attempt: Callable[[UUID, datetime], Outcome]
    settle: Callable[[UUID, Outcome, datetime], None]
    hold: Callable[[UUID], object] = lambda _: None


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries, or None to give up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None
