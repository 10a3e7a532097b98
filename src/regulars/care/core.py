"""Whom to speak to next, what to say, and why: rules over the little that is known on the first day.

Thanks come first: who brings people hears it before anybody gets a reward. Then those about whom
something is known, because being remembered is what a card never gave anybody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Literal
from uuid import UUID

SUGGESTED = 3
SILENCE_DAYS = 60
GAPS_SILENT = 3
FEWEST_GAPS = 2
# When a silence is longer than somebody's own rhythm explains, as insight tells it of everybody.
LEAST_GAPS_SILENT, SURPRISE = 2, 0.05
LONG_GAPS_SILENT, SURPRISE_WHEN_LONG = 3, 0.1


Kind = Literal["thank", "win_back", "greet_friend", "remember", "ask", "welcome_back"]
SUGGESTED_KINDS: tuple[Kind, ...] = ("thank", "win_back", "greet_friend", "remember", "ask")


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is known of somebody.

    Attributes:
        id: Of the customer.
        name: As people say it.
        likes: In a few words each.
        brought: Whom they brought, in the order in which they came.
        came_through: Who brought them, or None.
    """

    id: UUID
    name: str
    likes: tuple[str, ...] = ()
    brought: tuple[UUID, ...] = ()
    came_through: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Silence:
    """How long somebody has stayed away, beside how often they came.

    Attributes:
        days: Since they were here last.
        usual_gap_days: Between two of their days here.
    """

    days: int
    usual_gap_days: float


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One person for tomorrow.

    Attributes:
        kind: Why them: they brought others, they are slipping away, they came through somebody,
            something that they like is known, nothing is and it is time to ask, or they came back after a
            long silence.
        person: Who.
        about: Whom it is about besides, at most two.
        others: How many more.
        away_days: How long the silence was, or is.
        usual_gap_days: Of who is slipping away.
    """

    kind: Kind
    person: Person
    about: tuple[Person, ...] = ()
    others: int = 0
    away_days: int = 0
    usual_gap_days: float = 0


NOBODY_SLIPS: Mapping[UUID, Silence] = {}


def mixed(kinds: Sequence[str], most: int) -> list[int]:
    """Which lines of a list to show: the first of each kind in turn, so that none crowds out the rest.

    Args:
        kinds: Of the lines, the most urgent first.
        most: How many at most.

    Returns:
        Their places, in the order to show them in.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for place, kind in enumerate(kinds):
        waiting[kind].append(place)
    in_turn = zip_longest(*waiting.values())
    return [place for turn in in_turn for place in turn if place is not None][:most]


def last_return(came: Sequence[datetime]) -> int | None:
    """Which time somebody came back after a long silence last; None if they never did.

    Long is two months, or three times their own usual gap until then where they have one that is longer.

    Args:
        came: When they came, in the order of time.

    Returns:
        The place in ``came``, the first of several at one moment.
    """
    for place in range(len(came) - 1, 0, -1):
        silent = came[place] - came[place - 1]
        usual = (came[place - 1] - came[0]) / max(place - 1, 1)
        if silent > max(timedelta(days=SILENCE_DAYS), GAPS_SILENT * usual):
            return place
    return None


def suggestions(
    people: Sequence[Person],
    *,
    slipping: Mapping[UUID, Silence] = NOBODY_SLIPS,
    resting: Collection[UUID] = (),
    most: int = SUGGESTED,
) -> tuple[Suggestion, ...]:
    """Whom to speak to tomorrow: nobody twice, and not three times for the same reason.

    Args:
        people: Who may be meant or spoken of, in the order in which they were told.
        slipping: Of them, who stays away for longer than their own rhythm explains, whoever is missed
            most first.
        resting: Of them, who is not to be spoken to now.
        most: How many at most.
    """
    by_id = {person.id: person for person in people}
    people = [person for person in people if person.id not in resting]
    awake = {person.id for person in people}
    senders = sorted((p for p in people if p.brought), key=lambda p: -len(p.brought))
    friends = [p for p in people if p.came_through in by_id and not p.brought]
    remembered = [p for p in people if p.likes]
    waiting = {
        "thank": [_thank(person, by_id) for person in senders],
        "win_back": [
            _win_back(by_id[one], silence) for one, silence in slipping.items() if one in awake
        ],
        "greet_friend": [_greet(person, by_id) for person in friends],
        "remember": [Suggestion(kind="remember", person=person) for person in remembered],
        "ask": [Suggestion(kind="ask", person=person) for person in people],
    }
    return tuple(_in_turn(waiting.values(), most))


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often somebody comes.

    Attributes:
        days: On which they were here.
        first: Of them.
        last: Of them.
        silent_days: Since the last.
        usual_gap_days: Between two of them, or None while there are too few to tell.
        stays_away: Whether the silence is longer than their own rhythm explains.
    """

    days: int
    first: date
    last: date
    silent_days: int
    usual_gap_days: float | None
    stays_away: bool


def rhythm_of(days: Iterable[date], *, today: date) -> Rhythm | None:
    """How often somebody comes; None for who never came.

    Whoever keeps a rhythm of x gaps over t days is silent for s days with probability
    (t / (t + s))^x, as docs/algorithms/rhythm-and-slipping.md works out; two gaps are the fewest.

    Args:
        days: On which they were here, in any order; two on one day are one.
        today: In the business's time zone.
    """
    came = sorted(set(days))
    if not came:
        return None
    gaps, past, silent = len(came) - 1, (came[-1] - came[0]).days, (today - came[-1]).days
    gap = past / gaps if gaps >= FEWEST_GAPS else None
    chance = (past / (past + silent)) ** gaps if gap and silent > 0 else 1.0
    stays_away = gap is not None and (
        (chance < SURPRISE and silent >= LEAST_GAPS_SILENT * gap)
        or (chance < SURPRISE_WHEN_LONG and silent >= LONG_GAPS_SILENT * gap)
    )
    return Rhythm(
        days=len(came),
        first=came[0],
        last=came[-1],
        silent_days=max(silent, 0),
        usual_gap_days=gap,
        stays_away=stays_away,
    )


def _in_turn(reasons: Iterable[Sequence[Suggestion]], most: int) -> list[Suggestion]:
    """The first of each reason, then the second of each, without anybody twice."""
    chosen: list[Suggestion] = []
    told: set[UUID] = set()
    queues = [list(queue) for queue in reasons]
    while len(chosen) < most and any(queues):
        for queue in queues:
            fresh = next((one for one in queue if one.person.id not in told), None)
            queue[:] = [one for one in queue if one is not fresh and one.person.id not in told]
            if fresh is not None and len(chosen) < most:
                chosen.append(fresh)
                told.add(fresh.person.id)
    return chosen


def suggestion_again(
    kind: str,
    person: Person,
    people: Iterable[Person],
    *,
    about: UUID | None = None,
    away_days: int = 0,
    silence: Silence | None = None,
) -> Suggestion:
    """What to say to somebody for a reason that was found earlier, with what is known of them now.

    Args:
        kind: Of the reason.
        person: Who.
        people: Whom it may be about.
        about: Whom it is about, where that was kept.
        away_days: How long they were away, where they came back.
        silence: Of who is slipping away still.
    """
    by_id = {one.id: one for one in people}
    if kind == "welcome_back":
        return Suggestion(kind="welcome_back", person=person, away_days=away_days)
    if kind == "win_back" and silence is not None:
        return _win_back(person, silence)
    if kind == "thank" and any(one in by_id for one in person.brought):
        return _thank(person, by_id)
    if kind == "thank" and about in by_id:
        return Suggestion(kind="thank", person=person, about=(by_id[about],))
    if kind == "greet_friend" and person.came_through in by_id:
        return _greet(person, by_id)
    return Suggestion(kind="remember" if person.likes else "ask", person=person)


def _thank(person: Person, by_id: Mapping[UUID, Person]) -> Suggestion:
    brought = [by_id[one] for one in person.brought if one in by_id]
    return Suggestion(
        kind="thank",
        person=person,
        about=tuple(brought[:2]),
        others=len(person.brought) - len(brought[:2]),
    )


def _win_back(person: Person, silence: Silence) -> Suggestion:
    return Suggestion(
        kind="win_back",
        person=person,
        away_days=silence.days,
        usual_gap_days=silence.usual_gap_days,
    )


def _greet(person: Person, by_id: Mapping[UUID, Person]) -> Suggestion:
    through = by_id[person.came_through] if person.came_through else person
    return Suggestion(kind="greet_friend", person=person, about=(through,))
