"""Who is said to have brought somebody, wrongly: taken back, it counts nowhere, and the truth may be told."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.care.families import web_of
from regulars.care.listing import settle
from regulars.care.models import Task
from regulars.intake.bringing import take_back, tell_sender
from regulars.intake.errors import ReceiptConflict
from regulars.intake.services import Incoming, record
from regulars.jobs import tables
from regulars.kernel.actor import SYSTEM, Actor
from regulars.people.queries import Sending, senders_and_friends, standing, top_senders
from regulars.people.services import add_customer, merge, unmerge
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
NAMES = ("ana", "ben", "cem", "dora")


def add(*names):
    return [add_customer(name=name, region="DE", **BY) for name in names]


def claim(sender, friend, *, hours=1, source="till"):
    return Incoming(
        type="referral.recorded",
        source=source,
        key=f"{sender} {friend} {hours}",
        occurred_at=NOW - timedelta(hours=hours),
        customer_id=friend,
        data={"sender_id": str(sender)},
    )


def tell(*claims):
    return record(incoming=claims, region="DE", refuse_other=True, **BY)


def thanked():
    return {
        (one.customer_id, one.about_id)
        for one in Task.objects.filter(withdrawn_at=None, done_at=None)
    }


def through(*people):
    return dict(web_of(people).through)


def claim_about(friend):
    return standing((friend,))[friend].event_id


def test_what_is_taken_back_counts_nowhere_and_the_truth_may_be_told():
    ana, ben, cem = add("Ana", "Ben", "Cem")
    tell_sender(friend_id=ben, sender_id=ana, **BY)
    assert thanked() == {(ana, ben)}
    assert take_back(event_id=claim_about(ben), actor=Actor("employee", "7"), now=NOW) == ben
    assert (through(ana, ben, cem), thanked()) == ({}, set())
    assert (top_senders(5), senders_and_friends()) == ((), Sending(0, 0))
    assert Event.objects.get(customer_id=None).recorded_by == "employee:7"
    assert tell_sender(friend_id=ben, sender_id=cem, **BY).status == "recorded"
    assert through(ana, ben, cem) == {ben: cem}
    assert thanked() == {(cem, ben)}
    rows = [row for batch in tables.customers() for row in batch]
    assert {row["name"]: row["came_through_id"] for row in rows}["Ben"] == str(cem)


def test_it_may_have_been_right_after_all_and_nobody_is_told_of_twice():
    ana, ben = add("Ana", "Ben")
    for _ in range(2):
        tell_sender(friend_id=ben, sender_id=ana, **BY)
        assert thanked() == {(ana, ben)}
        wrong = claim_about(ben)
        assert take_back(event_id=wrong, **BY) == ben
        assert take_back(event_id=wrong, **BY) is None
    assert Event.objects.exclude(customer_id=None).count() == 0


def test_a_source_that_tells_again_what_was_taken_back_does_not_bring_it_back():
    ana, ben = add("Ana", "Ben")
    (told,) = tell(claim(ana, ben))
    take_back(event_id=told.event_id, **BY)
    (again,) = tell(claim(ana, ben))
    assert (again.status, again.customer_id, again.effects) == ("duplicate", None, ())
    assert (through(ana, ben), thanked()) == ({}, set())
    with pytest.raises(ReceiptConflict):
        tell(claim(ana, ben)._replace(data={"sender_id": str(ben)}, customer_id=ana))


def test_every_claim_of_the_same_two_is_taken_back_and_another_s_stands_then():
    ana, ben, cem = add("Ana", "Ben", "Cem")
    tell(claim(ana, ben, hours=5), claim(cem, ben, hours=4), claim(ana, ben, hours=3))
    take_back(event_id=claim_about(ben), **BY)
    assert (through(ana, ben, cem), thanked()) == ({ben: cem}, {(cem, ben)})


def test_a_claim_that_would_have_closed_a_circle_stands_once_the_other_is_taken_back():
    ana, ben = add("Ana", "Ben")
    tell(claim(ana, ben, hours=5), claim(ben, ana, hours=4))
    take_back(event_id=claim_about(ben), **BY)
    assert (through(ana, ben), thanked()) == ({ana: ben}, {(ben, ana)})


def test_it_stays_taken_back_while_two_are_one_and_when_they_are_two_again():
    ana, ben, anna = add("Ana", "Ben", "Anna")
    tell(claim(anna, ben))
    log = merge(kept=ana, merged=anna, **BY)
    take_back(event_id=claim_about(ben), **BY)
    assert (through(ana, ben), thanked()) == ({}, set())
    unmerge(merge_id=log, **BY)
    assert (through(ana, ben, anna), thanked()) == ({}, set())


names = st.sampled_from(range(len(NAMES)))
steps = st.lists(
    st.tuples(st.sampled_from(("tell", "tell", "back")), names, names, st.integers(1, 4)).filter(
        lambda one: one[1] != one[2]
    ),
    min_size=1,
    max_size=9,
)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps)
def test_whatever_is_told_and_taken_back_list_and_trees_say_what_is_left(story):
    with transaction.atomic():
        ids = add(*NAMES)
        wrong = set()
        for what, sender, friend, hours in story:
            if what == "tell":
                tell(claim(ids[sender], ids[friend], hours=hours))
                continue
            stands = standing((ids[friend],)).get(ids[friend])
            if stands is not None:
                wrong |= set(told_of(*stands.ends))
                take_back(event_id=stands.event_id, **BY)
        sent, listed = through(*ids), thanked()
        settle(ids, now=NOW)
        assert thanked() == listed
        assert {sender for sender, _ in listed} == set(sent.values())
        assert senders_and_friends() == Sending(len(Counter(sent.values())), len(sent))
        left = Event.objects.filter(type="referral.recorded").exclude(customer_id=None)
        assert not wrong & {one.told_key for one in left}
        transaction.set_rollback(True)


def told_of(sender, friend):
    told = Event.told.filter(customer_id=friend, data__sender_id=str(sender), replaces=None)
    return told.values_list("key", flat=True)
