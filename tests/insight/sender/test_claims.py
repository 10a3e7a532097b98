"""Which claims of who sent whom stand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.insight.sender import claims
from regulars.insight.sender.claims import REASONS, Referrals, resolve_claims
from regulars.insight.sender.tree import NO_DAY

ANA, BEN, CLARA, DAENG = range(4)
NEVER = NO_DAY


def resolve(rows: list[tuple[int, int, int]], first_day: list[int]) -> Referrals:
    """Resolve claims given as (sender, friend, day)."""
    sender, friend, day = np.array(rows, np.int64).reshape(-1, 3).T
    return resolve_claims(sender, friend, day, first_day=np.array(first_day, np.int64))


def reasons(referrals: Referrals) -> list[str]:
    return [REASONS[code] for code in referrals.reason]


def one_by_one(
    rows: list[tuple[int, int, int]], first_day: list[int]
) -> dict[int, tuple[int, int]]:
    """The promise as a person would keep it: in time order, walking up before each acceptance."""
    accepted: dict[int, tuple[int, int]] = {}
    for day, friend, sender in sorted((day, friend, sender) for sender, friend, day in rows):
        came_first = first_day[friend] != NEVER and first_day[friend] < day
        if sender == friend or came_first or friend in accepted:
            continue
        above = sender
        while above in accepted:
            above = accepted[above][0]
        if above != friend:
            accepted[friend] = (sender, day)
    return accepted


def test_the_earliest_claim_of_a_friend_stands_and_later_ones_are_set_aside():
    found = resolve([(BEN, CLARA, 12), (ANA, CLARA, 10)], [1, 2, 12, NEVER])
    assert found.parent.tolist() == [-1, -1, ANA, -1]
    assert found.since_day.tolist() == [NEVER, NEVER, 10, NEVER]
    assert reasons(found) == ["already_referred", "accepted"]
    assert found.set_aside == {"already_referred": 1}


def test_a_friend_whose_purchases_go_back_beyond_1970_came_first():
    found = resolve([(ANA, BEN, -20)], [NEVER, -400])  # days since 1970-01-01
    assert found.set_aside == {"friend_came_first": 1}


def test_nobody_sends_themselves():
    found = resolve([(ANA, ANA, 1)], [1])
    assert found.parent.tolist() == [-1]
    assert found.set_aside == {"self_referral": 1}


def test_a_friend_who_bought_the_day_before_came_first_and_on_the_same_day_did_not():
    found = resolve([(ANA, BEN, 11), (ANA, CLARA, 10)], [1, 10, 10])
    assert found.parent.tolist() == [-1, -1, ANA]
    assert found.set_aside == {"friend_came_first": 1}


def test_a_sender_and_a_friend_who_never_bought_still_count_as_people():
    found = resolve([(ANA, BEN, 10)], [NEVER, NEVER])
    assert found.parent.tolist() == [-1, ANA]
    assert found.set_aside == {}


def test_the_claim_that_would_close_a_circle_is_set_aside_and_the_next_one_stands():
    # Ana sent Ben, Ben sent Clara; that Clara sent Ana cannot be, so Daeng's claim counts.
    found = resolve(
        [(ANA, BEN, 1), (BEN, CLARA, 2), (CLARA, ANA, 3), (CLARA, ANA, 4), (DAENG, ANA, 5)],
        [NEVER] * 4,
    )
    assert found.parent.tolist() == [DAENG, ANA, BEN, -1]
    assert reasons(found) == ["accepted", "accepted", "cycle", "cycle", "accepted"]


def test_two_who_claim_each_other_on_one_day_are_settled_by_the_order_of_their_names():
    found = resolve([(ANA, BEN, 5), (BEN, ANA, 5)], [NEVER, NEVER])
    assert found.parent.tolist() == [BEN, -1]  # the claim about Ana is read before the one on Ben


def test_of_two_senders_on_one_day_the_first_by_code_stands():
    found = resolve([(BEN, CLARA, 5), (ANA, CLARA, 5)], [NEVER] * 3)
    assert found.parent.tolist() == [-1, -1, ANA]


def test_a_claim_told_twice_stands_once():
    found = resolve([(ANA, BEN, 5), (ANA, BEN, 5)], [NEVER, NEVER])
    assert found.parent.tolist() == [-1, ANA]
    assert sorted(reasons(found)) == ["accepted", "already_referred"]


def test_no_claims_at_all():
    found = resolve([], [1, 2])
    assert found.parent.tolist() == [-1, -1]
    assert found.set_aside == {}
    assert resolve([], []).parent.tolist() == []


people = st.integers(0, 7)
rows_of_claims = st.lists(st.tuples(people, people, st.integers(0, 6)), max_size=40)
first_days = st.lists(st.sampled_from([NEVER, 0, 2, 4, 6]), min_size=8, max_size=8)


@given(rows_of_claims, first_days)
@settings(max_examples=60, deadline=None)
def test_what_stands_is_what_a_reading_in_time_order_accepts(rows, first_day):
    found = resolve(rows, first_day)
    expected = one_by_one(rows, first_day)
    assert {
        friend: (int(found.parent[friend]), int(found.since_day[friend]))
        for friend in np.flatnonzero(found.parent >= 0).tolist()
    } == expected
    assert (found.reason == claims.ACCEPTED).sum() == len(expected)
    assert sum(found.set_aside.values()) == len(rows) - len(expected)


@given(rows_of_claims, first_days)
@settings(max_examples=60, deadline=None)
def test_knotted_files_that_are_read_claim_by_claim_come_out_the_same(rows, first_day):
    by_rounds = resolve(rows, first_day)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "MOST_ROUNDS", 0)
        by_claim = resolve(rows, first_day)
    assert by_rounds.parent.tolist() == by_claim.parent.tolist()
    assert by_rounds.since_day.tolist() == by_claim.since_day.tolist()
    assert by_rounds.set_aside == by_claim.set_aside


@given(rows_of_claims, first_days, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_rows_never_matters(rows, first_day, random):
    shuffled = random.sample(rows, len(rows))
    one, other = resolve(rows, first_day), resolve(shuffled, first_day)
    assert one.parent.tolist() == other.parent.tolist()
    assert one.since_day.tolist() == other.since_day.tolist()
    assert one.set_aside == other.set_aside


@given(rows_of_claims, first_days)
@settings(max_examples=60, deadline=None)
def test_somebody_new_whom_nobody_claims_changes_nothing(rows, first_day):
    alone, with_one_more = resolve(rows, first_day), resolve(rows, [*first_day, 3])
    assert with_one_more.parent.tolist() == [*alone.parent.tolist(), -1]
    assert with_one_more.set_aside == alone.set_aside


def test_a_knot_of_many_circles_is_settled_without_a_round_for_each():
    # Everybody on a long chain also claims the first of it, each a day later than the last.
    length = 5_000
    chain = [(person, person + 1, 1) for person in range(length)]
    knots = [(person, 0, 2 + person) for person in range(1, length)]
    found = resolve(chain + knots, [NEVER] * (length + 1))
    assert found.set_aside == {"cycle": length - 1}
    assert found.parent.tolist() == [-1, *range(length)]
