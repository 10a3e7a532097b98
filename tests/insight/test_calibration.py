"""How the model compares with what happened, over time and by past frequency."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from regulars.insight.calibration import conditional, tracking
from regulars.insight.histories import Histories
from regulars.insight.purchase import BgNbd, fit_purchases

MODEL = BgNbd(params={"r": 0.5, "alpha": 4.0, "a": 0.8, "b": 2.5})


@pytest.fixture(scope="module")
def fitted(cdnow) -> BgNbd:
    return fit_purchases(cdnow.histories, model="bg-nbd", standard_errors=False)


def test_the_weeks_of_cdnow_are_tracked_to_the_end_of_the_holdout(cdnow, fitted):
    points = tracking(
        fitted,
        first_days=cdnow.first_day,
        repeat_days=cdnow.repeat_days,
        until=date(1997, 9, 30),
        end=date(1998, 6, 30),
    )
    seen = [point for point in points if not point.in_holdout]
    assert seen[-1].week_ending == date(1997, 9, 30)
    assert seen[-1].actual == 2_457  # sum of x
    # Maximum likelihood gets the total of what it saw nearly right.
    assert seen[-1].expected == pytest.approx(2_457, rel=0.03)
    assert points[-1].week_ending == date(1998, 6, 30)
    assert points[-1].actual == 2_457 + 1_882
    for before, after in pairwise(points):
        assert (after.week_ending - before.week_ending).days == 7
        assert after.actual >= before.actual
        assert after.expected > before.expected


def test_what_is_expected_is_the_sum_over_customers_from_their_first_purchase_on():
    # Two on day 100, one on day 107; at the end of day 121 they are 3, 3 and 2 weeks old.
    points = tracking(
        MODEL,
        first_days=np.array([100, 100, 107]),
        repeat_days={110: 1, 121: 2},
        until=date(1970, 5, 2),  # day 121
        end=date(1970, 5, 2),
    )
    three, two = MODEL.expected_new(np.array([3.0, 2.0]))
    assert points[-1].expected == pytest.approx(2 * three + two)
    assert [point.actual for point in points] == [0, 1, 3]
    assert not any(point.in_holdout for point in points)


def test_a_week_that_the_end_cuts_short_ends_on_it():
    points = tracking(
        MODEL,
        first_days=np.array([0]),
        repeat_days={},
        until=date(1970, 1, 15),
        end=date(1970, 1, 25),
    )
    assert [str(p.week_ending) for p in points] == [
        "1970-01-08",
        "1970-01-15",
        "1970-01-22",
        "1970-01-25",
    ]
    assert [p.in_holdout for p in points] == [False, False, True, True]


def test_a_base_of_one_day_has_one_point():
    points = tracking(
        MODEL,
        first_days=np.array([3, 3]),
        repeat_days={},
        until=date(1970, 1, 4),
        end=date(1970, 1, 4),
    )
    assert [(point.actual, point.expected) for point in points] == [(0, 0.0)]


def test_customers_are_grouped_by_what_they_did_before(cdnow, fitted):
    points = conditional(fitted, cdnow.histories, cdnow.holdout_x, weeks=39)
    assert [point.x for point in points] == list(range(8))
    assert [point.or_more for point in points] == [False] * 7 + [True]
    assert points[0].customers == 1_411
    assert sum(point.customers for point in points) == 2_357
    assert sum(p.customers * p.actual for p in points) == pytest.approx(1_882)
    total = fitted.expected(cdnow.histories, 39).sum()
    assert sum(p.customers * p.expected for p in points) == pytest.approx(total)


def test_groups_that_nobody_is_in_are_left_out():
    histories = Histories(np.array([0, 3]), np.array([0.0, 5.0]), np.array([9.0, 9.0]))
    points = conditional(MODEL, histories, np.array([1, 2]), weeks=4)
    assert [(point.x, point.actual) for point in points] == [(0, 1.0), (3, 2.0)]
