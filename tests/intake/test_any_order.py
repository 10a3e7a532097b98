"""In any order, told however often, singly or together: what happened comes to the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.care.models import Task
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity
from regulars.people.queries import aliases, kept_id
from regulars.people.services import add_customer
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
EMAIL, PHONE, HANDLE = ("email", "stranger@example.org"), ("phone", "030 901820"), ("handle", "@s")


def told(key, kind, days, *, who=(), sender=None, **data):
    return (key, kind, days, who, sender, data)


def of(minor, **more):
    return {"total": {"amount_minor": minor, "currency": "EUR"}, **more}


# Everything that can happen, late and lately, to known people, to a stranger by several names, to nobody.
STORY = (
    told("bought", "purchase.completed", 300, who=("ana",), **of(1_000, order_id="A1")),
    told("back", "purchase.refunded", 290, who=("ana",), **of(400, refund_of="A1")),
    told("again", "purchase.completed", 200, who=("ana",), **of(500, margin_minor=200)),
    told("phone", "visit.recorded", 40, who=(PHONE,)),
    told("mail", "purchase.completed", 30, who=(EMAIL,), **of(700)),
    told("both", "visit.recorded", 20, who=(EMAIL, PHONE)),
    told("handle", "visit.recorded", 15, who=(HANDLE,)),
    told("ben too", "visit.recorded", 12, who=("ben", HANDLE)),
    told("sent", "referral.recorded", 2, who=("ben",), sender="ana"),
    told("guest", "purchase.completed", 3, **of(300)),
    told("here again", "visit.recorded", 5, who=("cleo",)),
    told("and again", "purchase.completed", 1, who=("cleo",), **of(600)),
)
# What was known before any of it: Cleo came long ago, and comes back in the story.
BEFORE = told("long ago", "visit.recorded", 400, who=("cleo",))


def lived(order, sizes):
    """What is so after a story was told in some order, so many at a time."""
    with transaction.atomic():
        ids = {
            name: add_customer(
                name=name, identities=[("external", name)], region="DE", actor=SYSTEM, now=NOW
            )
            for name in ("ana", "ben", "cleo")
        }
        record(incoming=[incoming(BEFORE, ids)], region="DE", actor=SYSTEM, now=NOW)
        rest = [incoming(STORY[number], ids) for number in order]
        while rest:
            size = sizes[len(rest) % len(sizes)]
            record(incoming=rest[:size], region="DE", actor=SYSTEM, now=NOW)
            rest = rest[size:]
        found = state(ids)
        transaction.set_rollback(True)
    return found


def incoming(one, ids):
    key, kind, days, who, sender, data = one
    return Incoming(
        type=kind,
        source="till",
        key=key,
        occurred_at=NOW - timedelta(days=days),
        identities=tuple(("external", name) if isinstance(name, str) else name for name in who),
        data={"sender_id": str(ids[sender])} if sender else dict(data),
    )


def state(ids):
    """The log, the people and the list, whatever their ids."""
    kept = aliases()
    names = {customer: name for name, customer in ids.items()}
    persons = {}
    for one in Identity.objects.all():
        shown = kept.get(one.customer_id, one.customer_id)
        persons.setdefault(shown, set()).add((one.kind, one.value))
    named = {customer: frozenset(values) for customer, values in persons.items()}
    log = {
        (event.type, event.key, event.occurred_at, str(whose(event, names)), named_of(event, named))
        for event in Event.objects.all()
    }
    tasks = sorted(
        (task.kind, sorted(named[kept_id(task.customer_id)])) for task in Task.objects.all()
    )
    shown = Customer.objects.exclude(id__in=kept)
    return log, sorted(map(sorted, named.values())), tasks, sorted(one.name for one in shown)


def whose(event, names):
    """What an event says, its sender by name."""
    sender = event.data.get("sender_id")
    told_of = {names[one] for one in names if str(one) == sender}
    return sorted(told_of) if sender else sorted(event.data.items())


def named_of(event, named):
    return named[kept_id(event.customer_id)] if event.customer_id else None


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.permutations(range(len(STORY))),
    st.lists(st.integers(0, len(STORY) - 1), max_size=8),
    st.lists(st.integers(1, 7), min_size=1, max_size=3),
)
def test_any_order_any_repetition_and_any_batches_come_to_the_same(order, repeated, sizes):
    assert lived([*order, *repeated], sizes) == lived(range(len(STORY)), [1])


@pytest.mark.parametrize("sizes", [[1], [2]])
def test_who_came_back_twice_is_welcomed_once_whichever_visit_is_told_first(sizes):
    first, second = len(STORY) - 2, len(STORY) - 1
    welcome = [("welcome_back", [("external", "cleo")])]
    assert lived([first, second], sizes)[2] == welcome
    assert lived([second, first], sizes)[2] == welcome


def test_a_stranger_by_two_names_is_one_as_soon_as_somebody_says_so():
    log, persons, _, _ = lived([3, 4, 5], [1])
    assert len(log) == 4  # with what was known before
    both = [("email", "stranger@example.org"), ("phone", "+4930901820")]
    assert both in [sorted(one) for one in persons]
    assert date(2026, 6, 10) in {moment.date() for _, _, moment, *_ in log}
