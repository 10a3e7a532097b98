"""Who may be one person is suggested with the reasons; nobody is suggested for a common name alone."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.actor import SYSTEM
from regulars.people.likely_same import Known, block_keys, compared, only_two, pairs, ranked
from regulars.people.queries import suggested_duplicates
from regulars.people.services import (
    add_customer,
    add_date,
    merge,
    say_not_the_same,
    take_back_not_the_same,
    unmerge,
)

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def known(number, name, **more):
    return Known(id=UUID(int=number), name=name, **more)


def clues(one, other):
    found = compared(one, other)
    return found.clues if found else ()


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (
            known(1, "Ana Sommer", phones=("+491712345678",)),
            known(2, "Anna Sommer", phones=("+341712345678",)),
            ("alike_name", "same_digits"),
        ),
        (
            known(1, "Ana Sommer", emails=("ana.sommer@gmail.com",)),
            known(2, "Ana Sommer", emails=("anasommer+shop@gmx.de",)),
            ("same_name", "same_mailbox"),
        ),
        (
            known(1, "Ana", likes=("Flat White",)),
            known(2, "Ana Sommer", likes=("flat white",)),
            ("alike_name", "same_likes"),
        ),
        (
            known(1, "สมชาย", dates=(("birthday", 4, 13),)),
            known(2, "Somchay Jaidee", dates=(("Geburtstag", 4, 13),)),
            ("alike_name", "same_date"),
        ),
        (known(1, "José García"), known(2, "garcia jose"), ("same_name",)),
    ],
)
def test_what_points_to_one_person_is_said(one, other, why):
    assert clues(one, other) == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (known(1, "Ana"), known(2, "Ana")),
        (known(1, "Ana Sommer"), known(2, "Anna Sommer")),
        (known(1, "Ana", phones=("+491712345678",)), known(2, "Ben", phones=("+341712345678",))),
        (
            known(1, "Ana Sommer", dates=(("birthday", 4, 13),)),
            known(2, "Ana Sommer", dates=(("Birthday", 5, 14),)),
        ),
        (known(1, ""), known(2, "")),
    ],
)
def test_what_is_too_little_is_not_suggested(one, other):
    assert compared(one, other) is None


def test_whom_somebody_took_for_one_may_be_one_whatever_they_are_called():
    one, other = known(1, "Ana", told_with=frozenset({UUID(int=2)})), known(2, "Bernhard")
    assert clues(one, other) == clues(other, one) == ("told_together",)


def test_a_first_name_that_nobody_else_has_is_little_and_a_full_one_is_more():
    rare = compared(known(1, "Gundula"), known(2, "Gundula Moor"), is_rare=True)
    full = compared(known(3, "Ana Sommer"), known(4, "Ana Sommer"), is_rare=True)
    assert rare
    assert full
    assert (rare.clues, full.clues) == (("rare_name",), ("same_name",))
    assert rare.likelihood < full.likelihood
    birthdays = {"dates": (("birthday", 4, 13),)}, {"dates": (("birthday", 5, 14),)}
    apart = (known(number, "Gundula", **more) for number, more in enumerate(birthdays, 1))
    assert compared(*apart, is_rare=True) is None


def test_forty_annas_are_nobody_in_particular():
    assert only_two(enumerate(["Anna"] * 40)) == frozenset()
    assert only_two(enumerate(["Anna", "Anna", "Anna Moor"])) == frozenset()
    assert only_two(enumerate(["Anna", "Ben", "anna"])) == {(0, 2)}
    assert only_two(enumerate(["Anna Moor", "Ben", "Anna Winter"])) == frozenset()  # two full names
    assert only_two(enumerate(["A", "A."])) == frozenset()


called = st.lists(st.sampled_from(["anna", "Ben", "cem", "Dora M", "anna k", "Eva"]), max_size=30)


@given(called)
def test_whoever_goes_by_one_name_is_in_one_pair_at_most(names):
    found = only_two(enumerate(names))
    in_pairs = [number for pair in found for number in pair if len(names[number].split()) == 1]
    assert len(in_pairs) == len(set(in_pairs))
    assert len(found) <= sum(len(name.split()) == 1 for name in names)


def test_more_clues_come_first():
    name = compared(known(1, "Ana Sommer"), known(2, "Ana Sommer"))
    more = compared(known(3, "Ana Sommer", likes=("tea",)), known(4, "Ana Sommer", likes=("tea",)))
    assert name
    assert more
    assert ranked([name, more]) == (more, name)


def test_what_many_share_compares_nobody():
    assert pairs([(number, "shop") for number in range(41)]) == frozenset()
    assert pairs([(1, "a"), (2, "a"), (3, "b")]) == {(1, 2)}


names = st.lists(
    st.sampled_from(["ana", "anna", "annabel", "sommer", "somer", "ben"]), min_size=1, max_size=3
)
people = st.builds(
    known,
    st.integers(1, 10**6),
    names.map(" ".join),
    phones=st.lists(st.sampled_from(["+4917123456", "+3417123456"]), max_size=1).map(tuple),
    emails=st.lists(st.sampled_from(["ana.s@x.org", "anasx@y.org"]), max_size=1).map(tuple),
    likes=st.lists(st.sampled_from(["tea", "Tea", "cake"]), max_size=2).map(tuple),
    dates=st.lists(st.sampled_from([("birthday", 1, 2), ("name day", 3, 4)]), max_size=1).map(
        tuple
    ),
)


@given(people, people)
def test_either_way_round_says_the_same_and_whoever_is_suggested_is_compared(one, other):
    if one.id == other.id:
        return
    found = compared(one, other)
    assert found == compared(other, one)
    if found is not None:
        assert 0 < found.likelihood < 1
        assert block_keys(one) & block_keys(other)


@pytest.mark.django_db
class TestSuggesting:
    def add(self, name, *identities, likes=()):
        return add_customer(name=name, identities=identities, likes=likes, region="DE", **BY)

    def suggested(self):
        return [(found.one, found.other) for found in suggested_duplicates()]

    def test_they_are_found_among_all_until_somebody_decides(self):
        ana = self.add("Ana Sommer", ("phone", "0171 2345678"))
        self.add("Ben Winter", ("phone", "+34 600 123 456"))
        anna = self.add("Anna Sommer", ("phone", "+43 171 2345678"))
        assert self.suggested() == [(ana, anna)]
        log = merge(kept=anna, merged=ana, **BY)
        assert self.suggested() == []
        unmerge(merge_id=log, **BY)
        assert self.suggested() == []  # undone on purpose: they are two

    def test_a_name_from_memory_and_one_of_a_file_are_asked_about_where_it_is_rare(self):
        gundula, named_in_full = self.add("Gundula"), self.add("Gundula Moor")
        for _ in range(3):
            self.add("Anna")
        assert self.suggested() == [(gundula, named_in_full)]
        self.add("Gundula Berg")
        assert self.suggested() == []

    def test_whom_somebody_called_two_are_not_suggested_again(self):
        ana, twin = self.add("Ana Sommer"), self.add("Ana Sommer")
        assert self.suggested() == [(ana, twin)]
        say_not_the_same(one=twin, other=ana, **BY)
        assert self.suggested() == []
        take_back_not_the_same(one=ana, other=twin)
        assert self.suggested() == [(ana, twin)]

    def test_of_very_many_those_who_were_added_last_are_compared(self):
        ana, twin, last = (self.add("Ana Sommer") for _ in range(3))
        pairs = {(one.one, one.other) for one in suggested_duplicates(newest=2)}
        assert pairs == {(twin, last)}
        assert (ana, last) in self.suggested()

    def test_what_is_known_of_the_merged_counts_for_the_kept(self):
        ana, also_ana = self.add("Ana Sommer"), self.add("A. Sommer", likes=["tea"])
        other = self.add("Anna Sommer")
        for person in (also_ana, other):
            add_date(customer_id=person, label="birthday", month=2, day=29, **BY)
        merge(kept=ana, merged=also_ana, **BY)
        assert self.suggested() == [(ana, other)]
