"""How much of the time ahead falls into the window after each referral."""

import numpy as np

from regulars.insight.sender.exposure import window_left_weeks
from regulars.insight.sender.tree import NO_DAY


def test_what_is_left_of_a_window_ends_with_it_and_with_the_horizon():
    found = window_left_weeks(
        np.array([1000, 1000 - 7 * 100, 1000 - 7 * 200, NO_DAY]),
        until_day=1000,
        window_weeks=104,
        horizon_weeks=52,
    )
    assert found.tolist() == [52, 4, 0, 0]
