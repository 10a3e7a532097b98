"""How a purchase model compares with what happened: over time, and by past frequency.

Source: both pictures are from Fader, Hardie, Lee (2005), "Counting Your Customers the Easy Way",
Marketing Science 24(2), figures 3 to 5.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.histories import Histories
from regulars.insight.purchase import PurchaseModel
from regulars.insight.result import ConditionalPoint, TrackingPoint
from regulars.kernel.clock import DAYS_PER_WEEK, epoch_day

MOST_REPEATS_SHOWN = 7


def tracking(
    model: PurchaseModel,
    *,
    first_days: IntArray,
    repeat_days: Mapping[int, int],
    until: date,
    end: date,
) -> list[TrackingPoint]:
    """Cumulative repeat purchases of everybody by week, actual beside expected.

    Expected is the sum of the model's E[X(t)] over the customers, each from their first purchase
    on: nothing that they did later enters it.

    Args:
        model: Fitted on what came on or before ``until``.
        first_days: First purchase day of each customer, days since 1970-01-01, shape (n,).
        repeat_days: How many repeat purchase days the same customers have on each day since
            1970-01-01; days without any may be left out.
        until: Last day that the model saw; one of the weeks ends on it.
        end: Last day of the holdout, or ``until``.

    Returns:
        One point a week, in order. A week that ``end`` cuts short ends on it.
    """
    start, split, last = int(first_days.min()), epoch_day(until), epoch_day(end)
    days = last - start + 1
    newcomers = np.bincount(first_days - start, minlength=days)
    growth = np.diff(model.expected_new(np.arange(days) / DAYS_PER_WEEK), prepend=0.0)
    # What each day adds: customers who began on day f expect growth[day - f] of it.
    expected = np.cumsum(_convolve(newcomers, growth))
    actual = np.cumsum([repeat_days.get(day, 0) for day in range(start, last + 1)])
    ends = [*range(split, start, -DAYS_PER_WEEK)][::-1]
    ends += [*range(split + DAYS_PER_WEEK, last + 1, DAYS_PER_WEEK)]
    if not ends or ends[-1] < last:
        ends.append(last)
    return [
        TrackingPoint(
            week_ending=until + timedelta(days=ending - split),
            actual=int(actual[ending - start]),
            expected=float(expected[ending - start]),
            in_holdout=ending > split,
        )
        for ending in ends
    ]


def _convolve(newcomers: IntArray, growth: FloatArray) -> FloatArray:
    """The first ``len(growth)`` terms of the convolution, by days on which somebody began."""
    total = np.zeros_like(growth)
    for day in np.flatnonzero(newcomers):
        total[day:] += newcomers[day] * growth[: len(growth) - day]
    return total


def conditional(
    model: PurchaseModel, histories: Histories, holdout_x: IntArray, *, weeks: float
) -> list[ConditionalPoint]:
    """Mean purchases in the holdout by the number of repeat purchases before it.

    Args:
        model: Fitted on ``histories``.
        histories: Of n customers, up to the beginning of the holdout.
        holdout_x: Their purchase days in the holdout, shape (n,).
        weeks: Length of the holdout.

    Returns:
        One point for each x that occurs from 0 to 6, and one for 7 or more.
    """
    group = np.minimum(histories.x, MOST_REPEATS_SHOWN)
    customers = np.bincount(group, minlength=MOST_REPEATS_SHOWN + 1)
    actual = np.bincount(group, weights=holdout_x, minlength=MOST_REPEATS_SHOWN + 1)
    expected = np.bincount(
        group, weights=model.expected(histories, weeks), minlength=MOST_REPEATS_SHOWN + 1
    )
    return [
        ConditionalPoint(
            x=int(x),
            or_more=int(x) == MOST_REPEATS_SHOWN,
            customers=int(customers[x]),
            actual=float(actual[x] / customers[x]),
            expected=float(expected[x] / customers[x]),
        )
        for x in np.flatnonzero(customers)
    ]
