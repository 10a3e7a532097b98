"""Keeping the figures of the five questions where counting them takes long."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from regulars.measure.core import Known
from regulars.measure.queries import known
from regulars.people.models import Counted
from regulars.people.queries import SENDERS, counted, is_large, senders_now
from regulars.people.services import keep_counted

QUESTIONS = "questions"
AGAIN_AFTER = timedelta(minutes=10)
KEPT_AT_MOST = timedelta(hours=1)


def figures(*, now: datetime, places: Collection[UUID] = ()) -> Known:
    """What is known today; in a large house as it was counted lately, with the moment.

    Args:
        now: When, by the business's own clock.
        places: Of whose people alone, and of what happened there; none for everywhere.
    """
    if not is_large():
        return known(now=now, places=places)
    kept = counted(_what(places))
    if kept is not None:
        moment = kept.counted_at.astimezone(now.tzinfo)
        if now - moment <= KEPT_AT_MOST and moment.date() == now.date():
            return Known(**kept.figures, counted_at=moment)
    return _count(places, now=now)


def count_again(now: datetime) -> None:
    """Counts anew what is kept and is some minutes old, so that nobody who looks waits for it."""
    if not is_large():
        return
    kept = Counted.objects.filter(what__startswith=QUESTIONS)
    asked = {one.what: one.counted_at for one in kept}
    for what in {_what(()), *asked}:
        if what not in asked or now - asked[what] >= AGAIN_AFTER:
            _count(_places(what), now=now)


def _count(places: Collection[UUID], *, now: datetime) -> Known:
    found = known(now=now, places=places)
    told = asdict(found)
    del told["counted_at"]
    keep_counted(_what(places), told, now=now)
    if not places:
        keep_counted(SENDERS, [str(one) for one in senders_now()], now=now)
    return found


def _what(places: Collection[UUID]) -> str:
    """Under which name the figures of some places are kept."""
    return " ".join((QUESTIONS, *sorted(map(str, places))))


def _places(what: str) -> tuple[UUID, ...]:
    return tuple(map(UUID, what.split(" ")[1:]))
