"""Who claims to have sent whom, in circles and twice: all is recorded, and everybody counts the same of it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.care.families import came_by_way_of, family_of, web_of
from regulars.care.models import Task
from regulars.intake.services import Incoming, record
from regulars.jobs import tables
from regulars.kernel.actor import SYSTEM
from regulars.people.queries import Sending, kept_id, kept_ids, senders_and_friends, top_senders
from regulars.people.services import add_customer, merge, unmerge
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
NAMES = ("ana", "ben", "cem", "dora", "eva")


def add(*names):
    return {name: add_customer(name=name, region="DE", **BY) for name in names}


def claim(ids, sender, friend, hours):
    return Incoming(
        type="referral.recorded",
        source="till",
        key=f"{sender} {friend} {hours}",
        occurred_at=NOW - timedelta(hours=hours),
        customer_id=ids[friend],
        data={"sender_id": str(ids[sender])},
    )


def tell(ids, *claims):
    return record(incoming=[claim(ids, *one) for one in claims], region="DE", **BY)


def thanked():
    """Who is to be thanked, and for whom."""
    return {
        (kept_id(one.customer_id), kept_id(one.about_id))
        for one in Task.objects.filter(withdrawn_at=None, done_at=None)
    }


def through(ids):
    return dict(web_of(set(kept_ids(ids.values()).values())).through)


def test_of_two_who_claim_to_have_sent_each_other_the_first_is_thanked_and_drawn():
    ids = add("ana", "ben")
    (later,) = tell(ids, ("ben", "ana", 1))
    assert [one.customer_id for one in later.effects] == [ids["ben"]]
    (first,) = tell(ids, ("ana", "ben", 2))  # told later, and earlier
    assert [one.customer_id for one in first.effects] == [ids["ana"]]
    assert Event.objects.count() == 2
    assert thanked() == {(ids["ana"], ids["ben"])}
    assert through(ids) == {ids["ben"]: ids["ana"]}
    assert tell(ids, ("ben", "ana", 1))[0].effects == ()
    assert (top_senders(5), senders_and_friends()) == ((ids["ana"],), Sending(1, 1))


@pytest.mark.parametrize("last", range(3))
def test_a_circle_of_three_is_open_where_it_was_closed_last(last):
    ids = add("ana", "ben", "cem")
    circle = [("ana", "ben"), ("ben", "cem"), ("cem", "ana")]
    tell(ids, *((*pair, 3 if place == last else 9) for place, pair in enumerate(circle)))
    sender, friend = circle[last]
    assert ids[friend] not in through(ids)
    assert len(through(ids)) == 2
    assert (ids[sender], ids[friend]) not in thanked()
    (root,) = [one for one in ids.values() if not came_by_way_of(one)]
    assert {one.id for one in family_of(root).people} == set(ids.values())


def test_what_stands_no_longer_as_two_are_one_stands_again_once_they_are_two():
    ids = add("ana", "ben", "cem", "anna")
    tell(ids, ("ana", "ben", 9), ("ben", "cem", 8), ("cem", "anna", 7))
    before = thanked(), through(ids)
    log = merge(kept=ids["ana"], merged=ids["anna"], **BY)
    assert through(ids) == {ids["ben"]: ids["ana"], ids["cem"]: ids["ben"]}
    assert thanked() == {(ids["ana"], ids["ben"]), (ids["ben"], ids["cem"])}
    unmerge(merge_id=log, **BY)
    assert (thanked(), through(ids)) == before


def lived(story, sizes, merged):
    """What everybody counts after a story, told in some order, so many at a time."""
    with transaction.atomic():
        ids = add(*NAMES)
        names = {one: name for name, one in ids.items()}
        rest = list(story)
        while rest:
            size = sizes[len(rest) % len(sizes)]
            tell(ids, *rest[:size])
            rest = rest[size:]
            if (
                merged
                and len(rest) <= len(story) // 2
                and kept_id(ids[merged[1]]) == ids[merged[1]]
            ):
                merge(kept=ids[merged[0]], merged=ids[merged[1]], **BY)
        sent = through(ids)
        check(ids, sent)
        tasks = {(names[one], names[other]) for one, other in thanked()}
        transaction.set_rollback(True)
    return {names[friend]: names[sender] for friend, sender in sent.items()}, tasks


def check(ids, sent):
    """That it is a forest, and that the list, the trees, the counts and the table say the same."""
    for friend in sent:
        way = came_by_way_of(friend)
        assert way[0] == sent[friend]
        assert len({friend, *way}) == len(way) + 1
    rows = [row for batch in tables.customers() for row in batch]
    told = {row["customer_id"]: row["came_through_id"] for row in rows if row["came_through_id"]}
    assert told == {str(friend): str(sender) for friend, sender in sent.items()}
    assert {sender for sender, _ in thanked()} == set(sent.values())
    assert set(sent.items()) >= {(friend, sender) for sender, friend in thanked()}
    counted = Counter(sent.values())
    assert senders_and_friends() == Sending(len(counted), len(sent))
    most = [counted[one] for one in top_senders(9)]
    assert most == sorted(counted.values(), reverse=True)
    for sender in counted:
        brought = web_of((sender,)).brought[sender]
        assert set(brought) == {friend for friend, whose in sent.items() if whose == sender}


names = st.sampled_from(NAMES)
claims = st.lists(
    st.tuples(names, names, st.integers(1, 5)).filter(lambda one: one[0] != one[1]),
    min_size=1,
    max_size=8,
    unique=True,
)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.data(),
    claims,
    st.lists(st.integers(1, 4), min_size=1, max_size=2),
    st.none() | st.sampled_from(list(combinations(NAMES, 2))),
)
def test_any_order_and_any_repetition_of_claims_come_to_the_same_forest(data, story, sizes, merged):
    if merged:
        story = [one for one in story if set(one[:2]) != set(merged)]
    shuffled = data.draw(st.permutations(story))
    again = data.draw(st.lists(st.sampled_from(story), max_size=3)) if story else []
    assert lived([*shuffled, *again], sizes, merged) == lived(story, [1], merged)


def test_a_claim_that_was_put_back_counts_for_nobody():
    ids = add("ana", "ben", "cem")
    tell(ids, ("cem", "ben", 8))
    told = claim(ids, "ana", "ben", 9)
    nobodys = told._replace(customer_id=None)
    record(incoming=[nobodys], region="DE", **BY)
    assert through(ids) == {ids["ben"]: ids["cem"]}
    record(incoming=[told], region="DE", **BY)
    assert through(ids) == {ids["ben"]: ids["ana"]}
    assert {sender for sender, _ in thanked()} == {ids["ana"]}
    claimed = Event.objects.get(customer_id=ids["ben"], data__sender_id=str(ids["ana"]))
    Event.told.filter(id=claimed.id).update(replaces=None)
    again = Event.told.exclude(id=claimed.id).get(customer_id=None)
    Event.told.filter(id=again.id).update(
        replaces=claimed.id
    )  # of nobody, in the place of the claim
    assert through(ids) == {ids["ben"]: ids["cem"]}
    assert senders_and_friends() == Sending(1, 1)
