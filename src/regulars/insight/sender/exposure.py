"""How much of the time ahead falls into the window after each referral."""

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.sender.tree import NO_DAY
from regulars.kernel.clock import DAYS_PER_WEEK


def window_left_weeks(
    since_day: IntArray, *, until_day: int, window_weeks: float, horizon_weeks: float
) -> FloatArray:
    """Weeks of the horizon that fall into the window after each person's own referral, (n,).

    Args:
        since_day: Day of the referral since 1970-01-01, ``NO_DAY`` where there is none, shape (n,).
        until_day: End of observation since 1970-01-01.
        window_weeks: How long a referral gives credit in the cascade.
        horizon_weeks: How far ahead value is expected.
    """
    left = window_weeks - (until_day - since_day) / DAYS_PER_WEEK
    return np.where(since_day == NO_DAY, 0.0, np.clip(left, 0.0, horizon_weeks))
