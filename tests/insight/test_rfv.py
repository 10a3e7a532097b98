"""Scores from 1 to 5 whose ties are settled in the open."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regulars.insight.rfv import fifths, rfv

amounts = st.lists(st.integers(-50, 50), min_size=1, max_size=60)


def test_ten_different_customers_make_five_pairs():
    assert fifths(np.arange(10)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_five_is_best_the_most_recent_the_most_often_and_the_most_spent():
    days_since = np.array([100, 80, 60, 40, 20])
    often = np.array([1, 2, 3, 4, 5])
    spent = np.array([-5.0, 10.0, 20.0, 30.0, 40.0])
    scores = rfv(days_since, often, spent)
    assert scores.recency.tolist() == [1, 2, 3, 4, 5]
    assert scores.frequency.tolist() == [1, 2, 3, 4, 5]
    assert scores.value.tolist() == [1, 2, 3, 4, 5]


def test_a_group_of_equals_gets_the_fifth_that_its_middle_stands_in():
    # Six one-time buyers of ten take places 0 to 60 %, middle 30 %: the second fifth.
    # Two who came twice: 60 to 80 %, middle 70 %: the fourth. One at 85 %, one at 95 %: the fifth.
    assert fifths(np.array([1] * 6 + [2, 2, 5, 9])).tolist() == [2] * 6 + [4, 4, 5, 5]


def test_where_all_are_equal_nobody_is_best_or_worst():
    assert fifths(np.array([7, 7, 7, 7])).tolist() == [3, 3, 3, 3]
    assert fifths(np.array([7])).tolist() == [3]


def test_nobody_is_no_error():
    assert fifths(np.array([], dtype=np.int64)).tolist() == []


@given(amounts)
def test_equal_amounts_score_the_same_and_more_never_scores_less(values):
    scores = fifths(np.array(values))
    assert set(scores.tolist()) <= {1, 2, 3, 4, 5}
    order = np.argsort(values)
    assert (np.diff(scores[order]) >= 0).all()
    for value in set(values):
        assert len(set(scores[np.array(values) == value].tolist())) == 1


@given(amounts)
def test_turned_round_the_scores_turn_round(values):
    # A middle exactly on a border belongs to the fifth below it, so borders may differ by one.
    up, down = fifths(np.array(values)), fifths(-np.array(values))
    assert (np.abs(up + down - 6) <= 1).all()


@given(amounts, st.randoms(use_true_random=False))
def test_the_order_of_customers_does_not_matter(values, random):
    shuffled = random.sample(values, len(values))
    assert dict(zip(values, fifths(np.array(values)).tolist(), strict=True)) == dict(
        zip(shuffled, fifths(np.array(shuffled)).tolist(), strict=True)
    )
