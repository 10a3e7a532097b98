"""In any order, told however often, singly or together: what happened comes to the same."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.care.models import Task
from regulars.care.services import finish, put_off
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity
from regulars.people.queries import aliases, kept_id
from regulars.people.services import add_customer, merge, unmerge
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
    # Dora seems to be back, but was here all the time; so was Eva, but under another name.
    told("dora back", "visit.recorded", 2, who=("dora",)),
    told("dora meanwhile", "purchase.completed", 50, who=("dora",), **of(800)),
    told("eva back", "visit.recorded", 4, who=("eva",)),
    told("evi meanwhile", "visit.recorded", 30, who=("evi",)),
    # Fred seems to come for the first time, but was here long ago; so did Gina, under another name.
    told("fred back", "purchase.completed", 6, who=("fred",), **of(100)),
    told("fred long ago", "visit.recorded", 500, who=("fred",)),
    told("gina back", "visit.recorded", 0, who=("gina",)),
    told("ginny long ago", "visit.recorded", 700, who=("ginny",)),
    # Hans comes twice a year, which only all of his days tell.
    *(told(f"hans {days}", "visit.recorded", days, who=("hans",)) for days in (547, 365, 183, 1)),
    # Dora seems to send somebody for the first time, but did long ago.
    told("dora sent", "referral.recorded", 1, who=("fred",), sender="dora"),
    told("dora had sent", "referral.recorded", 90, who=("gina",), sender="dora"),
    told("eva sent", "referral.recorded", 2, who=("hans",), sender="eva"),
    # Gina and Ginny each send somebody for the first time.
    told("gina sent", "referral.recorded", 4, who=("ana",), sender="gina"),
    told("ginny sent", "referral.recorded", 5, who=("cleo",), sender="ginny"),
    ("eva", "evi"),
    ("gina", "ginny"),
    # Receipts of nobody are brought the next day; of one something was given back, by its number alone.
    told("receipt", "purchase.completed", 150, **of(900, order_id="N1")),
    told("receipt", "purchase.completed", 150, who=("ana",), **of(900, order_id="N1")),
    told("of it", "purchase.refunded", 149, **of(200, refund_of="N1")),
    # The till gives a number anew; a refund of it that names nobody is of the purchase before it.
    told("17", "purchase.completed", 148, who=("ana",), **of(700, order_id="17")),
    told("17 again", "purchase.completed", 140, who=("evi",), **of(600, order_id="17")),
    told("of the first", "purchase.refunded", 141, **of(100, refund_of="17")),
    told("of the second", "purchase.refunded", 139, **of(100, refund_of="17")),
    # What is given back a few days before it is bought was dated wrongly; long before, it is another's or nobody's.
    told("19", "purchase.completed", 120, who=("ana",), **of(300, order_id="19")),
    told("of 19", "purchase.refunded", 125, **of(100, refund_of="19")),
    told("of none", "purchase.refunded", 135, **of(100, refund_of="19")),
    # Of a refund that is known by its number alone somebody says later who brought it back.
    told("unknown", "purchase.completed", 130, **of(400, order_id="N2")),
    told("of unknown", "purchase.refunded", 129, **of(100, refund_of="N2")),
    told("brought back", "purchase.refunded", 128, **of(50, refund_of="17")),
    told("brought back", "purchase.refunded", 128, who=("fred",), **of(50, refund_of="17")),
    told("cup", "purchase.completed", 3, **of(250)),
    told("cup", "purchase.completed", 3, who=("ben",), **of(250)),
    told("cup", "purchase.completed", 3, who=("ben", HANDLE), **of(250)),
)
# What was known before any of it: Cleo came long ago, and comes back in the story.
NAMES = ("ana", "ben", "cleo", "dora", "eva", "evi", "fred", "gina", "ginny", "hans")
BEFORE = tuple(
    told(f"{name} long ago", "visit.recorded", 400, who=(name,)) for name in ("cleo", "dora", "eva")
)
BY = {"actor": SYSTEM, "now": NOW}


def lived(order, sizes):
    """What is so after a story was told in some order, so many at a time."""
    with transaction.atomic():
        ids = {
            name: add_customer(
                name=name, identities=[("external", name)], region="DE", actor=SYSTEM, now=NOW
            )
            for name in NAMES
        }
        record(incoming=[incoming(one, ids) for one in BEFORE], region="DE", **BY)
        rest = [STORY[number] for number in order]
        while rest:
            size = sizes[len(rest) % len(sizes)]
            tell(rest[:size], ids)
            rest = rest[size:]
        found = state(ids)
        transaction.set_rollback(True)
    return found


def tell(some, ids):
    """Events together, and merges one by one where nobody did it before."""
    events = [incoming(one, ids) for one in some if len(one) > 2]
    record(incoming=events, region="DE", **BY)
    for kept, merged in (one for one in some if len(one) == 2):
        if kept_id(ids[merged]) == ids[merged]:
            merge(kept=ids[kept], merged=ids[merged], **BY)


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
        (
            event.type,
            event.told_key,
            event.occurred_at,
            str(whose(event, names)),
            named_of(event, named),
        )
        for event in Event.objects.all()
    }
    tasks = sorted(
        (
            task.kind,
            sorted(named[kept_id(task.customer_id)]),
            sorted(named[kept_id(task.about_id)]) if task.about_id else [],
            task.due_on,
        )
        for task in Task.objects.filter(withdrawn_at=None)
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
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.permutations(range(len(STORY))),
    st.lists(st.integers(0, len(STORY) - 1), max_size=8),
    st.lists(st.integers(1, 7), min_size=1, max_size=3),
)
def test_any_order_any_repetition_and_any_batches_come_to_the_same(order, repeated, sizes):
    assert lived([*order, *repeated], sizes) == in_order()


@cache
def in_order():
    return lived(range(len(STORY)), [1])


@pytest.mark.parametrize("sizes", [[1], [2]])
def test_who_came_back_twice_is_welcomed_once_whichever_visit_is_told_first(sizes):
    first, second = 10, 11
    welcome = [("welcome_back", [("external", "cleo")], [], NOW.date())]
    assert lived([first, second], sizes)[2] == welcome
    assert lived([second, first], sizes)[2] == welcome


def test_a_stranger_by_two_names_is_one_as_soon_as_somebody_says_so():
    log, persons, _, _ = lived([3, 4, 5], [1])
    assert len(log) == 3 + len(BEFORE)
    both = [("email", "stranger@example.org"), ("phone", "+4930901820")]
    assert both in [sorted(one) for one in persons]
    assert date(2026, 6, 10) in {moment.date() for _, _, moment, *_ in log}


def test_who_was_here_meanwhile_is_not_welcomed_and_who_brought_somebody_before_is_not_thanked():
    _, _, tasks, _ = in_order()
    ana, cleo, fred, hans = ([("external", name)] for name in ("ana", "cleo", "fred", "hans"))
    eva = [("external", "eva"), ("external", "evi")]
    gina = [("external", "gina"), ("external", "ginny")]
    (ben,) = (sorted(about) for kind, who, about, _ in tasks if (kind, who) == ("thank", ana))
    assert ("external", "ben") in ben
    today, tomorrow = date(2026, 6, 30), date(2026, 7, 1)
    assert tasks == [
        ("thank", ana, ben, tomorrow),
        ("thank", eva, hans, tomorrow),
        ("thank", gina, cleo, tomorrow),
        ("welcome_back", cleo, [], today),
        ("welcome_back", fred, [], today),
        ("welcome_back", gina, [], today),
    ]


def add(*names):
    return [
        add_customer(name=name, identities=[("external", name)], region="DE", **BY)
        for name in names
    ]


def visit(key, customer, days):
    told_of = Incoming(
        type="visit.recorded",
        source="till",
        key=key,
        occurred_at=NOW - timedelta(days=days),
        customer_id=customer,
    )
    (found,) = record(incoming=[told_of], region="DE", **BY)
    return found


def listed():
    found = Task.objects.filter(withdrawn_at=None).order_by("created_at", "id")
    return [(one.id, one.kind, one.customer_id, one.due_on, bool(one.done_at)) for one in found]


def test_who_was_welcomed_is_not_to_be_welcomed_again_for_the_same_return():
    (ana,) = add("Ana")
    visit("1", ana, 300)
    visit("2", ana, 1)
    (task,) = Task.objects.all()
    finish(task_id=task.id, **BY)
    visit("3", ana, 5)  # she had been back for days, as is told now
    (line,) = listed()
    assert (line[0], line[-1]) == (task.id, True)


def test_what_is_withdrawn_is_back_as_it_was_once_two_are_two_again():
    ana, anna = add("Ana", "Anna")
    visit("1", ana, 300)
    visit("2", ana, 1)
    visit("3", anna, 20)
    put_off(task_id=Task.objects.get().id, until=NOW.date() + timedelta(days=3))
    before = listed()
    log = merge(kept=anna, merged=ana, **BY)
    assert listed() == []  # together they were here three weeks ago
    unmerge(merge_id=log, **BY)
    assert listed() == before


def test_a_first_visit_is_a_return_once_it_is_known_who_it_was():
    ana, anna = add("Ana", "Anna")
    visit("1", ana, 300)
    visit("2", anna, 1)
    log = merge(kept=ana, merged=anna, **BY)
    assert [line[1:3] for line in listed()] == [("welcome_back", anna)]
    unmerge(merge_id=log, **BY)
    assert listed() == []


def test_who_turns_out_to_have_sent_themselves_is_thanked_for_the_next_whom_they_sent():
    eva, evi, hans = add("Eva", "Evi", "Hans")
    for key, friend, days in (("1", evi, 3), ("2", hans, 2)):
        told_of = Incoming(
            type="referral.recorded",
            source="till",
            key=key,
            occurred_at=NOW - timedelta(days=days),
            customer_id=friend,
            data={"sender_id": str(eva)},
        )
        record(incoming=[told_of], region="DE", **BY)
    before = listed()
    assert Task.objects.get(withdrawn_at=None).about_id == evi
    log = merge(kept=evi, merged=eva, **BY)
    assert Task.objects.get(withdrawn_at=None).about_id == hans
    unmerge(merge_id=log, **BY)
    assert listed() == before


def test_a_line_that_was_withdrawn_while_somebody_did_it_counts_as_done():
    (ana,) = add("Ana")
    visit("1", ana, 300)
    visit("2", ana, 1)
    task = Task.objects.get()
    visit("3", ana, 30)
    assert listed() == []
    finish(task_id=task.id, **BY)
    assert [line[-1] for line in listed()] == [True]


def test_what_follows_is_told_with_the_event_and_again_with_its_duplicate():
    (ana,) = add("Ana")
    assert visit("1", ana, 300).effects == ()
    first, again = visit("2", ana, 1), visit("2", ana, 1)
    assert [(one.kind, one.what, one.customer_id) for one in first.effects] == [
        ("task", "welcome_back", ana)
    ]
    assert (again.status, again.effects) == ("duplicate", first.effects)
    visit("3", ana, 30)
    assert visit("2", ana, 1).effects == ()  # it follows no longer
