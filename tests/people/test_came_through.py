"""Which claims of “she sent me” stand, whatever was claimed: a forest, the same in any order."""

import itertools
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regulars.insight.sender.claims import ACCEPTED, resolve_claims
from regulars.insight.sender.tree import NO_DAY
from regulars.people.came_through import knotted_with, those_that_stand

ANA, BEN, CEM, DORA = (UUID(int=number) for number in range(1, 5))
people = st.integers(0, 6)
claims = st.lists(st.tuples(people, people), max_size=14)


def through(pairs):
    return {pairs[place][1]: pairs[place][0] for place in those_that_stand(pairs)}


def above(one, pairs):
    """Whoever may have sent somebody, by any claims."""
    found = {one}
    while True:
        more = {sender for sender, friend in pairs if friend in found} - found
        if not more:
            return found
        found |= more


def test_what_was_told_first_counts():
    assert through([(ANA, BEN), (CEM, BEN), (BEN, ANA), (ANA, ANA)]) == {BEN: ANA}


def test_the_last_claim_of_a_circle_of_any_length_does_not_stand():
    for length in (2, 3, 4):
        circle = [ANA, BEN, CEM, DORA][:length]
        pairs = [*itertools.pairwise(circle), (circle[-1], ANA)]
        assert through(pairs) == {friend: sender for sender, friend in pairs[:-1]}


@given(claims)
def test_everybody_came_through_one_at_most_and_nobody_through_themselves(pairs):
    found = through(pairs)
    assert found.items() <= {(friend, sender) for sender, friend in pairs}
    for friend in found:
        sender, steps = found.get(friend), 0
        while sender is not None:
            assert sender != friend
            sender, steps = found.get(sender), steps + 1
            assert steps <= len(found)


@given(claims)
def test_of_everybody_at_once_the_same_claims_stand(pairs):
    sender, friend = np.array(pairs, np.int64).reshape(-1, 2).T
    found = resolve_claims(sender, friend, np.arange(len(pairs)), first_day=np.full(7, NO_DAY))
    assert np.flatnonzero(found.reason == ACCEPTED).tolist() == those_that_stand(pairs)


@given(claims, people)
def test_who_sent_somebody_is_known_from_the_claims_above_them_alone(pairs, one):
    theirs = above(one, pairs)
    some = [pair for pair in pairs if pair[1] in theirs]
    assert through(some).get(one) == through(pairs).get(one)


@given(claims, st.tuples(people, people), st.integers(0, 14))
def test_another_claim_changes_nothing_but_about_who_is_in_a_circle_with_its_friend(
    pairs, claim, place
):
    after = [*pairs[:place], claim, *pairs[place:]]
    was, now = through(pairs), through(after)
    ids = above(claim[1], after)
    knot = knotted_with([claim[1]], [pair for pair in after if pair[1] in ids])
    changed = {one for one in {*was, *now} if was.get(one) != now.get(one)}
    assert changed <= knot
