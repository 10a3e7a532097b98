"""Keeping the figures of the five questions where counting them takes long."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from regulars.measure.core import Known
from regulars.measure.queries import known
from regulars.people.models import Counted
from regulars.people.queries import SENDERS, counted, is_large, senders_now
from regulars.people.services import forget_unseen, keep_counted, note_look

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
    what = _what(places)
    kept = counted(what)
    moment = None if kept is None else kept.counted_at.astimezone(now.tzinfo)
    if kept is None or moment is None or not _is_fresh(moment, now):
        found = _count(places, now=now)
    else:
        found = Known(**kept.figures, counted_at=moment)
    if places:
        note_look(what, now=now)
    return found


def _is_fresh(moment: datetime, now: datetime) -> bool:
    return now - moment <= KEPT_AT_MOST and moment.date() == now.date()


def count_again(now: datetime) -> None:
    """Counts anew what is kept and is some minutes old, so that nobody who looks waits for it."""
    if not is_large():
        return
    forget_unseen(now=now)
    kept = Counted.objects.filter(what__startswith=QUESTIONS)
    asked = {one.what: (tuple(map(UUID, one.places)), one.counted_at) for one in kept}
    for what in {_what(()), *asked}:
        places, moment = asked.get(what, ((), None))
        if moment is None or now - moment >= AGAIN_AFTER:
            _count(places, now=now)


def _count(places: Collection[UUID], *, now: datetime) -> Known:
    found = known(now=now, places=places)
    told = asdict(found)
    del told["counted_at"]
    keep_counted(_what(places), told, places=tuple(places), now=now)
    if not places:
        keep_counted(SENDERS, [str(one) for one in senders_now()], now=now)
    return found


def _what(places: Collection[UUID]) -> str:
    """Under which name the figures of some places are kept."""
    if not places:
        return QUESTIONS
    named = " ".join(sorted(map(str, places)))
    return f"{QUESTIONS} {blake2b(named.encode(), digest_size=16).hexdigest()}"
