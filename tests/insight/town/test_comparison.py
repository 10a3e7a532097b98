"""A ranking held against the truth, counted by hand."""

import numpy as np
import pyarrow as pa
import pytest

from regulars.insight.town.comparison import compare_with_truth, share_found, top


def test_the_top_share_takes_equals_by_their_place_in_the_file() -> None:
    assert top(np.array([1.0, 9.0, 5.0, 5.0]), 0.5).tolist() == [False, True, True, False]


def test_equals_at_the_edge_of_a_ranking_count_by_their_chance_in_the_lot() -> None:
    best = np.zeros(20, np.bool_)
    best[[0, 1]] = True
    ranking = np.zeros(20)
    ranking[0] = 3.0
    # Two of twenty places: one is safe, for the other nineteen people draw lots.
    assert share_found(best, ranking) == pytest.approx((1 + 1 / 19) / 2)
    ranking[[1, 2]] = 2.0  # now one of two draws the second place
    assert share_found(best, ranking) == pytest.approx((1 + 1 / 2) / 2)
    ranking[1] = 2.5
    assert share_found(best, ranking) == 1.0


def test_who_has_no_score_is_taken_to_be_worth_nothing() -> None:
    people = [f"P{number:02d}" for number in range(20)]
    truth = pa.table(
        {
            "customer_id": people,
            "sender_value": [100] + [0] * 19,  # the first of twenty is the best 5 %
            "value_to_date": [10] * 10 + [0] * 10,
            "value_ahead": [7] * 20,
        }
    )
    scores = pa.table(
        {
            "customer_id": people[10:0:-1],  # in another order, and without the best
            "sender_value": [1.0] * 10,
            "friends": [0] * 10,
            "clv": [None, *[2.0] * 9],
        }
    )
    seen = compare_with_truth(scores, truth, brought_estimated=90.0)
    assert (seen.best, seen.brought, seen.brought_estimated) == (1, 100.0, 90.0)
    assert seen.found == 0.0  # ten others are worth something
    assert seen.found_by_counting == pytest.approx(2 / 20)  # nobody counts: a lot among all
    assert seen.ahead == 70.0  # of those who had bought by today
    assert seen.ahead_estimated == 18.0
