"""Whatever happens comes in one way: resolved, once, and followed by what follows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sent import referrals

from regulars.care.families import people_of
from regulars.care.models import Task
from regulars.intake.introduction import Regular, introduce
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.measure.queries import known
from regulars.people.errors import IdentityTaken, InvalidPhone
from regulars.people.models import Customer, Preference
from regulars.people.queries import (
    customers_page,
    ids_of,
    merges_of,
    recognise,
    recognise_by_name,
)
from regulars.people.services import add_customer, add_identity, erase, merge, unmerge
from regulars.stream.models import Event
from regulars.stream.queries import timeline

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


def tell(*incoming):
    return record(incoming=incoming, region="DE", actor=SYSTEM, now=NOW)


def visit(key, *, days=0, **whom):
    return Incoming(
        type="visit.recorded",
        source="till",
        key=key,
        occurred_at=NOW - timedelta(days=days),
        **whom,
    )


def everybody_by_name():
    return people_of(
        [one.id for one in customers_page(cursor=None, limit=9, by_name=True).customers]
    )


def add(name, *identities):
    return add_customer(name=name, identities=identities, region="DE", actor=SYSTEM, now=NOW)


def test_an_event_finds_its_customer_by_whatever_it_names():
    ana = add("Ana", ("phone", "0171 2345678"))
    (known,) = tell(visit("1", identities=(("phone", "+491712345678"),)))
    (unknown,) = tell(visit("2", identities=(("external", "0"),)))
    assert (known.customer_id, unknown.customer_id) == (ana, None)
    assert Event.objects.get(key="2").customer_id is None


def test_what_a_stranger_did_is_theirs_once_they_say_who_they_are():
    by_mail = (("email", "new@example.org"),)
    tell(visit("1", days=3, identities=by_mail), visit("2", days=2, identities=by_mail))
    assert recognise_by_name("Ana") == everybody_by_name() == ()
    ana = add("Ana", ("email", "NEW@example.org"), ("phone", "0171 2345678"))
    tell(visit("3", days=1, identities=by_mail), visit("4", identities=(("handle", "@ana"),)))
    add_identity(customer_id=ana, kind="handle", value="@ana", region="DE", actor=SYSTEM, now=NOW)
    assert [event.key for event in timeline(ids_of(ana)).events] == ["4", "3", "2", "1"]
    assert [person.name for person in everybody_by_name()] == ["Ana"]
    assert known(now=NOW).customers == 1
    for log in merges_of(ana):
        unmerge(merge_id=log.id, actor=SYSTEM, now=NOW)
    assert timeline(ids_of(ana)).events == ()


def test_who_is_known_by_name_gives_their_identity_to_nobody_else():
    add("Ana", ("email", "ana@example.org"))
    with pytest.raises(IdentityTaken):
        add("Ben", ("email", "ana@example.org"))


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.permutations(["ana", "0", "1", "2", "3"]))
def test_whether_the_customer_or_what_they_did_is_told_first_makes_no_difference(order):
    identities = {"0": ("email", "ana@example.org"), "1": ("phone", "0171 2345678")}
    with transaction.atomic():
        for told in order:
            if told == "ana":
                ana = add("Ana", *identities.values())
            else:
                tell(visit(told, identities=(identities[str(int(told) % 2)],)))
        assert {event.key for event in timeline(ids_of(ana)).events} == {"0", "1", "2", "3"}
        found = recognise([identities["0"]], region="DE")
        assert found
        assert (found.customer_id, found.name) == (ana, "Ana")
        transaction.set_rollback(True)


def test_the_same_event_again_has_no_second_effect():
    ana = add("Ana")
    tell(visit("1", days=200, customer_id=ana))
    (first,) = tell(visit("2", customer_id=ana))
    (again,) = tell(visit("2", customer_id=ana))
    assert (first.status, again.status) == ("recorded", "duplicate")
    assert first.event_id == again.event_id
    assert Task.objects.filter(kind=Task.WELCOME_BACK).count() == 1


def test_who_comes_back_after_a_long_silence_is_to_be_welcomed_and_who_keeps_their_rhythm_is_not():
    ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
    tell(*(visit(f"ana{days}", days=days, customer_id=ana) for days in (100, 93, 86, 0)))
    tell(*(visit(f"ben{days}", days=days, customer_id=ben) for days in (14, 7, 0)))
    # Twice a year is Cem's own rhythm.
    tell(*(visit(f"cem{days}", days=days, customer_id=cem) for days in (546, 364, 182, 0)))
    assert [task.customer_id for task in Task.objects.all()] == [ana]


def test_who_brings_somebody_for_the_first_time_is_to_be_thanked_tomorrow_and_once():
    ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
    for key, friend in (("1", ben), ("2", cem)):
        tell(
            Incoming(
                type="referral.recorded",
                source="counter",
                key=key,
                occurred_at=NOW,
                customer_id=friend,
                data={"sender_id": str(ana)},
            )
        )
    (task,) = Task.objects.all()
    assert (task.kind, task.customer_id, task.about_id) == (Task.THANK, ana, ben)
    assert task.due_on == (NOW + timedelta(days=1)).date()


def test_nobody_is_thanked_who_was_erased_and_who_is_one_person_came_through_nobody_they_brought():
    ana, ben, cem, dora = add("Ana"), add("Ben"), add("Cem"), add("Dora")
    erase(customer_id=dora, actor=SYSTEM, now=NOW)
    for key, sender, friend in (("1", ana, ben), ("2", ben, cem), ("3", dora, ana)):
        tell(
            Incoming(
                type="referral.recorded",
                source="counter",
                key=key,
                occurred_at=NOW,
                customer_id=friend,
                data={"sender_id": str(sender)},
            )
        )
    assert [task.customer_id for task in Task.objects.order_by("created_at", "id")] == [ana, ben]
    merge(kept=ana, merged=cem, actor=SYSTEM, now=NOW)
    assert [(person.name, person.brought) for person in everybody_by_name()] == [
        ("Ana", (ben,)),
        ("Ben", ()),
    ]


def introduced(*lines):
    return introduce(regulars=lines, region="DE", actor=SYSTEM, now=NOW)


def test_twenty_regulars_from_memory_become_people_with_what_they_like_and_who_brought_them():
    ana, ben, _ = introduced(
        Regular(name="Ana Sommer", likes="flat white", phone="0171 2345678"),
        Regular(name="Ben", came_through="Ana Sommer"),
        Regular(name="Cem", came_through="Dora"),
    )
    assert Customer.objects.count() == 4  # Dora has no line and is known all the same
    assert referrals()[0] == (ana, ben)
    assert [p.text for p in Preference.objects.all()] == ["flat white"]


def test_a_name_that_is_known_already_is_not_added_again():
    introduced(Regular(name="Ana Sommer"), Regular(name="ana sommer"))
    introduced(Regular(name="Ana  Sommer"), Regular(name="Ben", came_through="Ana Sommer"))
    assert Customer.objects.count() == 2


LIKED = {
    "Daniela": "tea",
    "Daniel": "cake",
    "Paula": "soup",
    "Paul": "beer",
    "สมชาย": "ชา",
    "สมชัย": "กาแฟ",
    "Anna M.": "wine",
    "Anna": "juice",
}


def likes_by_name():
    return dict(Preference.objects.values_list("customer__name", "text"))


def test_names_that_are_alike_are_people_of_their_own():
    lines = [
        Regular(name=name, likes=text, came_through="Daniel" if name == "Paul" else "")
        for name, text in LIKED.items()
    ]
    for order in (lines, lines[::-1]):
        with transaction.atomic():
            told = dict(zip([line.name for line in order], introduced(*order), strict=True))
            assert (len(set(told.values())), Customer.objects.count()) == (8, 8)
            assert likes_by_name() == LIKED
            assert list(referrals()) == [(told["Daniel"], told["Paul"])]
            assert introduced(*order) == tuple(told.values())  # and nothing again
            assert (Customer.objects.count(), Preference.objects.count()) == (8, 8)
            transaction.set_rollback(True)


def test_who_is_known_already_gets_what_a_line_tells_of_them():
    introduced(Regular(name="Paul", came_through="Daniel"))
    (daniel,) = introduced(Regular(name="DANIEL", likes="cake", phone="0171 2345678"))
    assert Customer.objects.count() == 2
    assert likes_by_name() == {"Daniel": "cake"}
    assert recognise([("phone", "+491712345678")], region=None).customer_id == daniel
    with pytest.raises(IdentityTaken), transaction.atomic():
        introduced(Regular(name="Paul", phone="0171 2345678"))


def test_who_was_merged_is_found_by_either_name():
    ana, other = add("Ana Sommer"), add("Anita")
    merge(kept=ana, merged=other, actor=SYSTEM, now=NOW)
    assert introduced(Regular(name="anita", likes="tea"), Regular(name="Ana Sommer")) == (ana, ana)


def test_part_of_a_senders_name_will_do_where_it_can_mean_one_person_only():
    anna, _ = introduced(Regular(name="Anna M."), Regular(name="Annabel"))
    (ben,) = introduced(Regular(name="Ben", came_through="Anna"))
    assert list(referrals()) == [(anna, ben)]
    introduced(Regular(name="Anna K."))
    (cem,) = introduced(Regular(name="Cem", came_through="Anna"))  # who may be either
    (just_so,) = introduced(Regular(name="Anna"))
    assert (just_so, cem) in referrals()
    assert just_so != anna
    # Nobody sends themselves, nor is a Daniela a Daniel.
    eva, _ = introduced(
        Regular(name="Eva M.", came_through="Eva"), Regular(name="Daniela", came_through="Daniel")
    )
    assert Customer.objects.filter(name__in=("Eva", "Daniel")).count() == 2
    assert eva in {friend for _, friend in referrals()}


def test_a_phone_that_cannot_be_one_keeps_every_line_out():
    with pytest.raises(InvalidPhone), transaction.atomic():
        introduced(Regular(name="Ana"), Regular(name="Ben", phone="12"))
    assert not Customer.objects.exists()


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=6))
def test_any_order_and_any_repetition_of_events_gives_the_same_log(order, repeated):
    with transaction.atomic():
        ana = add("Ana")
        for number in (*order, *repeated):
            tell(visit(str(number), days=number * 100, customer_id=ana))
        log = set(Event.objects.values_list("key", "occurred_at", "customer_id"))
        assert log == {
            (str(number), NOW - timedelta(days=number * 100), ana) for number in range(6)
        }
        transaction.set_rollback(True)
