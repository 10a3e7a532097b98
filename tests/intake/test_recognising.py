"""Who is who in a file: the surest identity decides, two ids are two people, nobody by name is merged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.intake.files.recognising import Met, Recognising
from regulars.kernel.ids import new_id
from regulars.people.core import MOST_OF_A_KIND

ID, OTHER_ID = ("external", "K-7"), ("external", "K-8")
MAIL, PHONE = ("email", "ana@example.org"), ("phone", "+491712345678")
ANA, BEN, NOBODY = new_id(), new_id(), new_id()


def knowing(owners, *, named=(ANA, BEN), blocked=()):
    called = {ANA: "Ana", BEN: "Ben"}
    return Recognising(
        owners=dict(owners), named={one: called[one] for one in named}, blocked=set(blocked)
    )


def test_who_is_known_by_a_phone_gets_what_the_file_calls_them():
    known = knowing({PHONE: ANA})
    assert known.meet([ID, PHONE, MAIL], called=ID) == Met(ANA, "phone")
    assert known.given == {ANA: [ID, MAIL]}


def test_whom_nobody_knows_gets_all_of_it():
    known = knowing({})
    met = known.meet([PHONE, ID], called=ID)
    assert met.by is None
    assert known.given == {met.customer_id: [ID, PHONE]}


def test_the_id_decides_over_the_phone_and_that_two_were_named_is_noted():
    known = knowing({ID: ANA, PHONE: BEN})
    assert known.meet([ID, PHONE], called=ID) == Met(ANA, "external", is_doubtful=True)
    assert known.together == {(min(ANA, BEN), max(ANA, BEN)): "phone"}
    assert not known.merges


@pytest.mark.parametrize(("named", "kept"), [([ANA], ANA), ([BEN], BEN), ([], ANA)])
def test_a_stranger_who_has_one_of_them_was_them(named, kept):
    known = knowing({ID: ANA, PHONE: BEN}, named=named)
    assert known.meet([ID, PHONE], called=ID) == Met(ANA, "external")
    assert known.merges == [(kept, BEN if kept == ANA else ANA)]
    assert known.person(ANA) == known.person(BEN) == kept


def test_two_ids_of_a_file_are_two_whatever_phone_they_share():
    known = knowing({PHONE: ANA})
    first = known.meet([ID, PHONE], called=ID)
    second = known.meet([OTHER_ID, PHONE], called=OTHER_ID)
    assert (first.customer_id, first.by, second.by) == (ANA, "phone", None)
    assert second.is_doubtful
    # And who is known by an id is not taken for another id's first.
    known = knowing({PHONE: ANA, ID: ANA})
    known.expect([OTHER_ID, ID])
    assert known.meet([OTHER_ID, PHONE], called=OTHER_ID).by is None
    assert known.meet([ID, PHONE], called=ID) == Met(ANA, "external")


def test_an_id_with_the_phones_of_two_is_neither():
    other = ("phone", "+491719999999")
    known = knowing({PHONE: ANA, other: BEN})
    met = known.meet([ID, PHONE, other], called=ID)
    assert (met.by, met.is_doubtful) == (None, True)
    assert len(known.together) == 2


def test_what_stands_for_nobody_tells_nobody_apart():
    known = knowing({PHONE: ANA}, blocked=[PHONE])
    assert known.meet([ID, PHONE], called=ID).by is None
    assert known.meet([PHONE]) is None


def test_nobody_has_more_of_a_kind_than_a_person_has():
    known = knowing({ID: ANA})
    for number in range(9):
        known.meet([ID, ("phone", f"+4917123456{number:02}")], called=ID)
    assert len(known.given[ANA]) == MOST_OF_A_KIND["phone"]


def test_a_phone_that_everybody_is_given_makes_few_pairs():
    known = knowing({PHONE: ANA, ("external", "0"): ANA})
    known.expect([("external", "0")])
    for number in range(50):
        called = ("external", f"K-{number}")
        assert known.meet([called, PHONE], called=called).by is None
    assert len(known.together) <= 5


keys = st.sampled_from([ID, OTHER_ID, MAIL, PHONE, ("email", "b@x.org"), ("phone", "+4930901820")])
files = st.lists(st.lists(keys, min_size=1, max_size=4, unique=True), max_size=6)


@given(st.dictionaries(keys, st.sampled_from([ANA, BEN, NOBODY])), files)
def test_whatever_a_file_says_identities_have_one_owner_and_names_are_kept_apart(owners, rows):
    known = knowing(owners)
    for row in rows:
        called = next((key for key in row if key[0] == "external"), None)
        known.meet(row, called=called)
    assert known.person(ANA) != known.person(BEN)
    assert {key: known.owners[key] for key in owners} == owners
    given_keys = [key for some in known.given.values() for key in some]
    assert len(given_keys) == len(set(given_keys))
    assert not set(given_keys) & owners.keys()
    assert all({ANA, BEN} != set(pair) for pair in known.merges)


@given(files, st.randoms(use_true_random=False))
def test_a_file_told_again_is_the_same_people(rows, random):
    known = knowing({})
    told = [(row, next((key for key in row if key[0] == "external"), row[0])) for row in rows]
    first = [known.meet(row, called=called).customer_id for row, called in told]
    again = Recognising(owners=dict(known.owners), shown=dict(known.shown), named=dict(known.named))
    again.expect(called for _, called in told)
    order = list(range(len(told)))
    random.shuffle(order)
    for number in order:
        row, called = told[number]
        found = again.meet(row, called=called)
        if called in known.owners and known.owners[called] == first[number]:
            assert again.person(found.customer_id) == again.person(first[number])
