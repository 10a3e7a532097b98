"""Champions, affluents, advocates and others."""

import numpy as np

from regulars.insight.sender.quadrants import QUADRANTS, Cuts, cut_points, quadrant_of


def names(clv, sender_value, friends, cuts) -> list[str]:
    codes = quadrant_of(np.array(clv), np.array(sender_value), np.array(friends), cuts=cuts)
    return [QUADRANTS[code] for code in codes]


def test_the_cuts_are_the_upper_fifth_of_spenders_and_the_upper_half_of_senders():
    clv = np.arange(11.0)  # 0 to 10; of the ten above zero the 80th percentile is 9
    sender_value = np.array([0.0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0])
    cuts = cut_points(clv, sender_value, (sender_value > 0).astype(int))
    assert (cuts.version, cuts.clv, cuts.sender_value) == (1, 9.0, 3.0)


def test_each_quadrant_by_its_two_questions():
    cuts = Cuts(1, "", "clv", clv=100.0, sender_value=50.0)
    found = names([100, 100, 99, 99], [50, 49, 50, 49], [1, 1, 1, 1], cuts)
    assert found == ["champion", "affluent", "advocate", "other"]


def test_nobody_is_an_advocate_for_what_is_only_expected():
    cuts = Cuts(1, "", "clv", clv=100.0, sender_value=50.0)
    assert names([0.0], [70.0], [0], cuts) == ["other"]


def test_stored_cuts_give_the_same_answer_in_another_population():
    cuts = cut_points(np.array([10.0, 20.0]), np.array([5.0, 0.0]), np.array([1, 0]))
    assert names([20.0, 19.0, 0.0], [5.0, 4.0, 9.0], [1, 1, 1], cuts) == [
        "champion",
        "other",
        "advocate",
    ]


def test_where_nobody_spends_or_sends_everybody_is_other():
    cuts = cut_points(np.zeros(3), np.zeros(3), np.zeros(3, int))
    assert (cuts.clv, cuts.sender_value) == (None, None)
    assert names([0.0] * 3, [0.0] * 3, [0] * 3, cuts) == ["other"] * 3
