"""Reads for today's list: whoever may be meant, and never all of a town."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from uuid import UUID

from django.db.models import QuerySet

from regulars.care.core import (
    SUGGESTED,
    Person,
    Silence,
    Suggestion,
    mixed,
    suggestion_again,
    suggestions,
)
from regulars.care.families import NOBODY, Web, people_of
from regulars.care.listing import LISTED_AHEAD_DAYS
from regulars.care.models import Task
from regulars.people.models import Customer
from regulars.people.queries import (
    customers_page,
    day_here,
    everyone,
    kept_ids,
    last_here,
    of_somebody_named,
    top_senders,
    zone_here,
)
from regulars.scoring.models import Score
from regulars.scoring.queries import silences_of, silent_days, slipping_most
from regulars.stream.queries import Came, Effect, came

REST_DAYS = 14
SENDERS_WEIGHED = 20
NEWEST_WEIGHED = 60
SLIPPING_WEIGHED = 20
TASKS_SHOWN = 6
TASKS_WEIGHED = 200
DONE_SHOWN = 12
SETTLED_DAYS = 3


@dataclass(frozen=True)
class ToDo:
    """A line of today's list with whom it is for.

    Attributes:
        task: As it is kept.
        suggestion: What to say, and why.
    """

    task: Task
    suggestion: Suggestion


def tomorrow(
    *,
    now: datetime,
    most: int = SUGGESTED,
    among: QuerySet[Customer] | None = None,
    web: Web = NOBODY,
) -> tuple[Suggestion, ...]:
    """Whom to speak to next, with what to say and why.

    Who has a line on the list already, or had one done within a fortnight, rests. Those who sent most,
    those who are missed most and those who were added last are weighed, so that a large town costs no
    more than a small one.

    Args:
        now: When.
        most: How many.
        among: Who may be named; None for everybody.
        web: Who brought whom, as far as it was asked before.
    """
    if most <= 0:
        return ()
    listed = Task.objects.filter(done_at=None, withdrawn_at=None)
    lately = Task.objects.filter(done_at__gt=now - timedelta(days=REST_DAYS))
    resting = set(
        kept_ids(
            [
                *listed.values_list("customer_id", flat=True)[:NEWEST_WEIGHED],
                *lately.values_list("customer_id", flat=True),
            ]
        ).values()
    )
    latest = customers_page(cursor=None, limit=NEWEST_WEIGHED + len(resting), by_name=True)
    slipping = _silences(slipping_most(SLIPPING_WEIGHED + len(resting)), today=day_here(now))
    weighed = {
        *slipping,
        *top_senders(SENDERS_WEIGHED + len(resting)),
        *(one.id for one in latest.customers),
    }
    if among is not None:
        newest = among.exclude(name="").order_by("-id")[: NEWEST_WEIGHED + len(resting)]
        weighed = {
            *among.filter(id__in=weighed).values_list("id", flat=True),
            *(one.id for one in newest),
        }
    around = _with_those_around(weighed, web=web)
    if among is not None:
        resting |= {person.id for person in around} - weighed
    return suggestions(around, slipping=slipping, resting=resting, most=most)


def suggestion_for(customer_id: UUID, *, days_here: int, web: Web = NOBODY) -> Suggestion | None:
    """What to say to one customer, and why; None for nobody.

    Args:
        customer_id: Of the customer who is shown.
        days_here: On how many days they were here; who knows the place is asked no more how they like it.
        web: Who brought whom, as far as it was asked before.
    """
    around = _with_those_around({customer_id}, web=web)
    others = {person.id for person in around} - {customer_id}
    found = next(iter(suggestions(around, resting=others, most=1)), None)
    if found is None or found.kind != "greet_friend" or days_here < SETTLED_DAYS:
        return found
    return suggestion_again("remember", found.person, around)


def due(*, today: date, among: QuerySet[Customer] | None = None) -> tuple[tuple[ToDo, ...], int]:
    """What is on today's list, of each kind the longest waiting first, and how many more lines there are.

    Args:
        today: By the business's own calendar.
        among: For whom; None for everybody.
    """
    last = today + timedelta(days=LISTED_AHEAD_DAYS)
    listed = Task.objects.filter(done_at=None, withdrawn_at=None, due_on__lte=last)
    open_tasks = of_somebody_named(listed)
    if among is not None:
        open_tasks = open_tasks.filter(shown_id__in=among.values("id"))
    waiting = list(open_tasks.order_by("due_on", "created_at", "id")[:TASKS_WEIGHED])
    shown = [waiting[place] for place in mixed([one.kind for one in waiting], TASKS_SHOWN)]
    return with_people(shown, today=today), max(open_tasks.count() - len(shown), 0)


def done_on(*, since: datetime) -> tuple[ToDo, ...]:
    """What was done since some moment of the business's own day, the latest first."""
    done = of_somebody_named(Task.objects.filter(done_at__gte=since))
    return with_people(done.order_by("-done_at")[:DONE_SHOWN], today=day_here(since))


def with_people(tasks: Iterable[Task], *, today: date) -> tuple[ToDo, ...]:
    """Tasks with whom they are for; a task for nobody whom we know is left out.

    Args:
        tasks: In their order.
        today: By the business's own calendar.
    """
    tasks = list(tasks)
    kept = kept_ids(one for task in tasks for one in (task.customer_id, task.about_id) if one)
    around = _with_those_around(set(kept.values()))
    people = {person.id: person for person in around}
    missed = {kept[task.customer_id] for task in tasks if task.kind == Task.WIN_BACK}
    silences = _silences(silences_of(missed), today=today)
    away = _away_days([task for task in tasks if task.kind == Task.WELCOME_BACK])
    return tuple(
        ToDo(
            task,
            suggestion_again(
                task.kind,
                people[kept[task.customer_id]],
                around,
                about=kept[task.about_id] if task.about_id else None,
                away_days=away.get(task.id, 0),
                silence=silences.get(kept[task.customer_id]),
            ),
        )
        for task in tasks
        if kept[task.customer_id] in people
    )


def effects_of(event_ids: Collection[UUID]) -> dict[UUID, list[Effect]]:
    """What of today's list followed from some events and was not withdrawn since, by event."""
    found = Task.objects.filter(event_id__in=event_ids, withdrawn_at=None)
    lines = [(one.event_id, one) for one in found if one.event_id is not None]
    kept = kept_ids(one.customer_id for _, one in lines)
    return {
        event: [Effect(kind="task", what=one.kind, customer_id=kept[one.customer_id])]
        for event, one in lines
    }


def _away_days(tasks: Collection[Task]) -> dict[UUID, int]:
    """How long those had been away who came back, by the task of welcoming them."""
    whole = everyone(task.customer_id for task in tasks)
    days: dict[UUID, list[Came]] = defaultdict(list)
    for one in came(whole):
        days[whole[one.customer_id]].append(one)
    events = {task.event_id: task for task in tasks}
    away = {}
    for theirs in days.values():
        theirs.sort()
        for before, back in pairwise(theirs):
            if back.event_id in events:
                away[events[back.event_id].id] = (back.occurred_at - before.occurred_at).days
    return away


def _silences(scores: Iterable[Score], *, today: date) -> dict[UUID, Silence]:
    """How long those stay away until today whom a run found slipping, and who were not here since they bought."""
    found = [one for one in scores if one.silent_days is not None]
    seen, zone = last_here([one.customer_id for one in found]), zone_here()
    return {
        one.customer_id: Silence(
            days=silent_days(one, today=today), usual_gap_days=one.usual_gap_days
        )
        for one in found
        if one.usual_gap_days is not None and not _came_since(one, seen.get(one.customer_id), zone)
    }


def _came_since(score: Score, last: datetime | None, zone: tzinfo) -> bool:
    """Whether somebody was here, bought or not, after the last day on which the run knows that they bought."""
    if last is None or score.last_day is None:
        return False
    return last.astimezone(zone).date() > score.last_day


def _with_those_around(customer_ids: Collection[UUID], *, web: Web = NOBODY) -> tuple[Person, ...]:
    """Some people, with those who brought them and the first whom they brought to speak of."""
    people = people_of(customer_ids, web=web)
    around = {one for person in people for one in person.brought[:2]}
    around |= {person.came_through for person in people if person.came_through}
    around -= {person.id for person in people}
    return tuple(sorted((*people, *people_of(around, web=web)), key=lambda person: person.id))
