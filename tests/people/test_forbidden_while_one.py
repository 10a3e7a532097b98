"""What is forbidden while two customers are one is forbidden of both, once they are two again."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people.two_as_one import BY, NOW, add, agree, one

from regulars.kernel.actor import SYSTEM
from regulars.people.contact import may_contact
from regulars.people.models import Consent, Identity, Suppression
from regulars.people.permission import PURPOSES
from regulars.people.queries import (
    profile,
)
from regulars.people.services import (
    define_attribute,
    lift_suppression,
    record_consent,
    set_attribute,
    suppress,
    suppress_address,
    unmerge,
)

pytestmark = pytest.mark.django_db
NEVER = {"channel": "", "reason": "never"}


def told_by_a_clock(words, *, years):
    """Gives words the ids that a server gives whose clock is some years ahead, or behind."""
    milliseconds = years * 365 * 86_400 * 1_000
    for table in (Consent, Suppression):
        for word in table.objects.filter(id__in=words):
            then = UUID(int=word.id.int + (milliseconds << 80))
            table.objects.filter(id=word.id).update(id=then)


def gates(people, now=NOW):
    """For what each may be contacted, by post."""
    return [
        {
            purpose
            for purpose in PURPOSES
            if may_contact(customer_id=person, purpose=purpose, channel="post", now=now).allowed
        }
        for person in people
    ]


class TestWhatIsForbiddenWhileTheyAreOne:
    """Nobody can tell to which of the two it was said, so it holds for both."""

    @pytest.mark.parametrize("said_of", ["kept", "merged"])
    def test_never_contact_me_holds_for_both_and_twice_is_once(self, said_of):
        two = {"kept": add("Ana"), "merged": add("Anna")}
        for person in two.values():
            agree(person, "news")
        log = one(**two)
        suppress(customer_id=two[said_of], **NEVER, **BY)
        unmerge(merge_id=log, **BY)
        assert gates(two.values()) == [set(), set()]
        unmerge(merge_id=one(**two), **BY)
        assert [len(profile(person).suppressions) for person in two.values()] == [1, 1]

    def test_a_consent_that_was_withdrawn_is_withdrawn_of_both(self):
        ana, anna = add("Ana"), add("Anna")
        for person in (ana, anna):
            agree(person, "news")
            agree(person, "care")
        log = one(ana, anna)
        agree(ana, "news", given=False)
        unmerge(merge_id=log, **BY)
        assert gates((ana, anna)) == [{"care"}, {"care"}]

    def test_what_was_lifted_meanwhile_is_lifted_and_a_dead_address_is_only_its_owners(self):
        ana = add("Ana", ("email", "ana@example.org"))
        anna = add("Anna", ("email", "anna@example.org"))
        agree(ana, "news")
        log = one(ana, anna)
        lifted = suppress(customer_id=anna, **NEVER, **BY)
        lift_suppression(customer_id=ana, suppression_id=lifted, **BY)
        suppress_address(identity_id=Identity.objects.get(value="anna@example.org").id, **BY)
        unmerge(merge_id=log, **BY)
        assert gates((ana, anna)) == [{"news"}, set()]
        assert profile(ana).suppressions == ()

    def test_what_they_agreed_to_keep_of_them_goes_with_the_consent(self):
        ana, anna = add("Ana"), add("Anna")
        define_attribute(key="milk", name="Milk", kind="text", needs_consent=True, now=NOW)
        log = one(ana, anna)
        record_consent(
            customer_id=anna,
            purpose="profile",
            channel="",
            given=True,
            text_version="1",
            proof="form",
            said_at=NOW,
            **BY,
        )
        set_attribute(customer_id=ana, key="milk", value="oat", **BY)
        unmerge(merge_id=log, **BY)
        assert profile(ana).attributes == ()

    def test_it_is_what_was_said_since_whatever_the_clocks_of_the_servers_say(self):
        ana, anna = add("Ana"), add("Anna")
        before = [agree(person, "news") for person in (ana, anna)]
        before += [agree(person, "care") for person in (ana, anna)]
        before += [agree(ana, "care", given=False)]
        before += [suppress(customer_id=anna, channel="email", reason="never", **BY)]
        told_by_a_clock(before, years=3)
        log = one(ana, anna)
        since = [agree(anna, "news", given=False)]
        since += [suppress(customer_id=ana, channel="sms", reason="never", **BY)]
        told_by_a_clock(since, years=-3)
        unmerge(merge_id=log, **BY)
        assert gates((ana, anna)) == [set(), {"care"}]
        never = [{one.channel for one in profile(person).suppressions} for person in (ana, anna)]
        assert never == [{"sms"}, {"sms", "email"}]

    def test_a_never_that_is_said_again_is_said_by_either(self):
        ana, anna = add("Ana"), add("Anna")
        agree(anna, "news")
        suppress(customer_id=ana, **NEVER, **BY)
        unmerge(merge_id=one(ana, anna), **BY)
        assert gates((ana, anna)) == [set(), {"news"}]
        log = one(ana, anna)
        suppress(customer_id=ana, **NEVER, **BY)
        unmerge(merge_id=log, **BY)
        assert gates((ana, anna)) == [set(), set()]

    def test_what_an_undo_wrote_for_the_other_was_said_when_it_was_said(self):
        ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
        first = one(ana, ben)
        suppress(customer_id=ben, **NEVER, **BY)
        agree(cem, "news")
        second = one(ana, cem)
        unmerge(merge_id=first, **BY)
        unmerge(merge_id=second, **BY)
        assert gates((ana, ben, cem)) == [set(), set(), {"news"}]

    def test_who_was_not_yet_one_with_them_said_it_for_themselves_alone(self):
        ana, ben, cem = add("Ana"), add("Ben"), add("Cem")
        for person in (ana, ben, cem):
            agree(person, "news")
        first = one(ana, ben)
        suppress(customer_id=cem, **NEVER, **BY)
        one(ana, cem)
        unmerge(merge_id=first, **BY)
        assert gates((ana, ben)) == [set(), {"news"}]


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    before=st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=4),
    between=st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=4),
    is_never=st.booleans(),
)
def test_an_undone_merge_leaves_the_gate_as_it_was_but_for_each_no_said_meanwhile(
    before, between, is_never
):
    def says(person, number, *, given):
        record_consent(
            customer_id=person,
            purpose="news",
            channel="post",
            given=given,
            text_version="1",
            proof="form",
            said_at=NOW + timedelta(minutes=number),
            actor=SYSTEM,
            now=NOW + timedelta(hours=1),
        )

    def lived(*, merged_meanwhile):
        with transaction.atomic():
            people = [add("Ana"), add("Anna")]
            for minute, (number, given) in enumerate(before):
                says(people[number], minute, given=given)
            log = one(*people) if merged_meanwhile else None
            for minute, (number, given) in enumerate(between, start=len(before)):
                alone = given or merged_meanwhile
                for person in [people[number]] if alone else people:
                    says(person, minute, given=given)
            if is_never:
                for person in people[:1] if merged_meanwhile else people:
                    suppress(customer_id=person, **NEVER, **BY)
            if log:
                unmerge(merge_id=log, **BY)
            seen = gates(people, now=NOW + timedelta(hours=1))
            transaction.set_rollback(True)
        return seen

    assert lived(merged_meanwhile=True) == lived(merged_meanwhile=False)
