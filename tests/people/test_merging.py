"""Two customers can be made one, and two again, as if nothing had been."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people.two_as_one import BY, NOW, add, agree, one

from regulars.care.families import people_of
from regulars.care.models import Task
from regulars.care.services import finish, put_off
from regulars.intake.services import Incoming, record
from regulars.people.aliases import roots
from regulars.people.contact import may_contact
from regulars.people.errors import (
    AlreadyMerged,
    MergeUndone,
    MergeWithItself,
    UnknownCustomer,
    UnknownMerge,
)
from regulars.people.export import everything
from regulars.people.models import Alias
from regulars.people.permission import PURPOSES
from regulars.people.queries import (
    ids_of,
    kept_id,
    merges_of,
    preview_merge,
    profile,
    recognise,
    recognise_by_name,
)
from regulars.people.services import (
    add_date,
    add_identity,
    add_note,
    add_preference,
    unmerge,
)
from regulars.stream.queries import timeline

pytestmark = pytest.mark.django_db


def visit(key, *, days=0, **whom):
    (told,) = record(
        incoming=[
            Incoming(
                type="visit.recorded",
                source="till",
                key=key,
                occurred_at=NOW - timedelta(days=days),
                **whom,
            )
        ],
        region="DE",
        **BY,
    )
    return told


def send(key, sender, friend, *, days=0):
    record(
        incoming=[
            Incoming(
                type="referral.recorded",
                source="till",
                key=key,
                occurred_at=NOW - timedelta(days=days),
                customer_id=friend,
                data={"sender_id": str(sender)},
            )
        ],
        region="DE",
        **BY,
    )


def keys_of(customer):
    return [event.key for event in timeline(ids_of(customer)).events]


def whom(kind, value):
    found = recognise([(kind, value)], region="DE")
    return found and found.customer_id


class TestMerging:
    def test_what_both_did_is_read_as_one_and_either_identity_finds_the_kept_customer(self):
        ana = add("Ana Sommer", ("phone", "0171 2345678"), likes=["flat white"])
        anna = add("Anna Sommer", ("email", "anna@example.org"), likes=["carrot cake"])
        visit("1", days=2, customer_id=ana)
        visit("2", days=1, customer_id=anna)
        one(ana, anna)
        assert keys_of(anna) == keys_of(ana) == ["2", "1"]
        assert whom("email", "anna@example.org") == whom("phone", "0171 2345678") == ana
        found = recognise_by_name("Anna Sommer")
        assert [(one.customer_id, one.name) for one in found] == [(ana, "Ana Sommer")]
        assert [line.text for line in profile(anna).preferences] == ["flat white", "carrot cake"]
        assert [person.likes for person in people_of([ana])] == [("flat white", "carrot cake")]

    def test_the_preview_says_what_will_come_and_writes_nothing(self):
        ana = add("Ana")
        anna = add("Anna", ("email", "anna@example.org"), likes=["tea"])
        visit("1", customer_id=anna)
        seen = preview_merge(kept=ana, merged=anna)
        assert (seen.kept_name, seen.merged_name) == ("Ana", "Anna")
        assert seen.identities == (("email", "anna@example.org"),)
        assert (seen.preferences, seen.events) == (("tea",), {"visit.recorded": 1})
        assert not Alias.objects.exists()

    def test_merges_are_of_whole_people_and_each_is_in_the_log(self):
        ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
        first = one(ben, cem)
        second = one(ana, ben)
        assert kept_id(cem) == ana
        assert set(ids_of(ben)) == {ana, ben, cem}
        assert [log.id for log in merges_of(cem)] == [second, first]

    def test_what_cannot_be_merged_is_refused_in_words(self):
        ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
        one(ana, ben)
        with pytest.raises(MergeWithItself, match="one and the same"):
            one(ana, ana)
        for kept, merged in ((ben, cem), (cem, ben), (ana, ben), (ben, ana)):
            with pytest.raises(AlreadyMerged, match=str(ana)):
                one(kept, merged)
        with pytest.raises(UnknownCustomer):
            one(ana, uuid4())

    def test_reactions_take_two_who_are_one_for_one(self):
        ana, anna = add("Ana"), add("Anna")
        visit("1", days=300, customer_id=anna)
        one(ana, anna)
        visit("2", customer_id=ana)
        assert [task.kind for task in Task.objects.all()] == [Task.WELCOME_BACK]


class TestUndoing:
    def test_what_came_in_between_stays_with_the_identity_it_came_by(self):
        ana = add("Ana", ("phone", "0171 2345678"))
        anna = add("Anna", ("email", "anna@example.org"))
        log = one(ana, anna)
        told = visit("by mail", identities=(("email", "anna@example.org"),))
        visit("by phone", identities=(("phone", "0171 2345678"),))
        assert told.customer_id == ana
        unmerge(merge_id=log, **BY)
        assert (keys_of(ana), keys_of(anna)) == (["by phone"], ["by mail"])

    def test_a_merge_is_undone_whatever_was_merged_on_top_of_it(self):
        ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
        first = one(ben, cem)
        second = one(ana, ben)
        unmerge(merge_id=first, **BY)
        assert (kept_id(ben), kept_id(cem)) == (ana, cem)
        one(cem, ana)
        unmerge(merge_id=second, **BY)
        assert (kept_id(ana), kept_id(ben)) == (cem, ben)

    def test_once_undone_it_can_go_the_other_way_round(self):
        ana, ben = add("Ana"), add("Ben")
        log = one(ana, ben)
        unmerge(merge_id=log, **BY)
        with pytest.raises(MergeUndone):
            unmerge(merge_id=log, **BY)
        one(ben, ana)
        assert kept_id(ana) == ben
        with pytest.raises(UnknownMerge):
            unmerge(merge_id=uuid4(), **BY)


def everything_read(people):
    """All that reads say of these people."""
    return {
        person: (
            ids_of(person),
            keys_of(person),
            replace(profile(person), ids=()),
            everything(person),
            *(
                may_contact(customer_id=person, purpose=purpose, channel="post", now=NOW).reason
                for purpose in PURPOSES
            ),
            whom("external", f"C{number}"),
            [found.customer_id for found in recognise_by_name(f"Person{number}")],
        )
        for number, person in enumerate(people)
    }


def undone_in_any_order(data, people):
    """Merges and undoes; at every step each is shown as the merges that stand have it."""
    logs, into = {}, {}
    for _ in range(data.draw(st.integers(1, 4))):
        free = [person for person in people if kept_id(person) == person]
        if len(free) < 2:
            break
        kept, merged = data.draw(st.permutations(free))[:2]
        logs[one(kept, merged)] = merged
        into[merged] = kept
    for log in data.draw(st.permutations(sorted(logs))):
        unmerge(merge_id=log, **BY)
        del into[logs[log]]
        shown = roots(people, into)
        assert [kept_id(person) for person in people] == [shown.get(one, one) for one in people]


@settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.data())
def test_any_merges_undone_in_any_order_leave_everybody_as_they_were(data):
    with transaction.atomic():
        people = [
            add(f"Person{number}", ("external", f"C{number}"), likes=[f"cake {number}"])
            for number in range(4)
        ]
        for number, person in enumerate(people):
            visit(str(number), customer_id=person, days=400)
            agree(person, PURPOSES[number], given=number % 2 == 0)
            add_note(customer_id=person, text=f"note {number}", **BY)
            add_date(customer_id=person, label="birthday", month=1, day=1 + number, **BY)
        # Three came back lately, and two sent somebody for the first time: the last closes a circle.
        for number, days in ((0, 390), (0, 2), (1, 30), (2, 390), (2, 1), (3, 3)):
            visit(f"{number} {days}", customer_id=people[number], days=days)
        for sender, friend, days in ((0, 1, 5), (1, 2, 4), (2, 3, 90), (3, 0, 3)):
            send(f"{sender} sent", people[sender], people[friend], days=days)
        put_off(task_id=Task.objects.first().id, until=NOW.date() + timedelta(days=4))
        finish(task_id=Task.objects.last().id, **BY)
        before = everything_read(people)
        undone_in_any_order(data, people)
        after = everything_read(people)
        for reads in (*before.values(), *after.values()):
            reads[3]["tasks"] = [one for one in reads[3]["tasks"] if not one["withdrawn_at"]]
        for reads in after.values():
            reads[3].pop("merges")  # the log remembers
        for reads in before.values():
            assert reads[3].pop("merges") == []
        assert sum(len(reads[3]["tasks"]) for reads in before.values()) == 5
        assert after == before
        transaction.set_rollback(True)


@settings(
    max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.integers(0, 2), max_size=5))
def test_what_is_added_by_an_identity_between_is_afterwards_where_it_would_be_without_the_merge(
    told,
):
    def lived(merged_meanwhile):
        with transaction.atomic():
            people = [add(f"Person{number}", ("external", f"C{number}")) for number in range(3)]
            logs = [one(people[0], other) for other in people[1:]] if merged_meanwhile else []
            for key, number in enumerate(told):
                visit(str(key), identities=(("external", f"C{number}"),))
            for log in logs:
                unmerge(merge_id=log, **BY)
            seen = [keys_of(person) for person in people]
            transaction.set_rollback(True)
        return seen

    assert lived(True) == lived(False)


def test_what_is_told_in_between_stays_with_the_one_it_was_told_of():
    ana, anna = add("Ana"), add("Anna")
    log = one(ana, anna)
    add_preference(customer_id=ana, kind="needs", text="a ramp", **BY)
    add_preference(customer_id=anna, kind="needs", text="quiet", **BY)
    add_identity(customer_id=ana, kind="external", value="C7", region="DE", **BY)
    agree(anna, "news")
    assert {line.text for line in profile(ana).preferences} == {"a ramp", "quiet"}
    assert [word.purpose for word in profile(ana).consents] == ["news"]
    unmerge(merge_id=log, **BY)
    assert [line.text for line in profile(ana).preferences] == ["a ramp"]
    assert [line.text for line in profile(anna).preferences] == ["quiet"]
    assert (profile(ana).consents, len(profile(anna).consents)) == ((), 1)
    assert whom("external", "C7") == ana


trees = st.dictionaries(st.integers(1, 30), st.integers(0, 29)).map(
    lambda into: {merged: kept for merged, kept in into.items() if kept < merged}
)


@given(trees)
def test_who_is_shown_is_merged_into_nobody_and_reached_by_the_merges(into):
    shown = roots(range(31), into)
    assert shown.keys() == into.keys()
    for merged, kept in into.items():
        assert shown[merged] == shown.get(kept, kept)
        assert shown[merged] not in into
