"""How often somebody comes, told of one person as insight tells it of everybody."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regulars.care.core import rhythm_of
from regulars.insight.rhythm import OwnRhythm

TODAY = date(2026, 6, 30)


def days_ago(*days):
    return [TODAY - timedelta(days=day) for day in days]


def test_three_days_tell_a_rhythm_and_two_do_not():
    assert rhythm_of([], today=TODAY) is None
    two = rhythm_of(days_ago(10, 3), today=TODAY)
    assert (two.days, two.usual_gap_days, two.silent_days) == (2, None, 3)
    # 20 days with two gaps: one every 10 days.
    three = rhythm_of(days_ago(20, 7, 0, 0), today=TODAY)
    assert (three.days, three.usual_gap_days, three.stays_away) == (3, 10.0, False)


def test_the_same_silence_is_long_for_one_and_usual_for_another():
    weekly = rhythm_of(days_ago(*range(30, 100, 7)), today=TODAY)
    monthly = rhythm_of(days_ago(30, 60, 90, 120), today=TODAY)
    assert weekly.silent_days == monthly.silent_days == 30
    assert (weekly.stays_away, monthly.stays_away) == (True, False)


@given(st.sets(st.integers(0, 700), min_size=1, max_size=40))
def test_who_stays_away_is_told_as_insight_tells_it_while_the_silence_is_not_for_ages(ago):
    rhythm = rhythm_of(days_ago(*ago), today=TODAY)
    x, t_x, age = len(ago) - 1, max(ago) - min(ago), max(ago)
    nothing = np.zeros(1)
    own = OwnRhythm(
        x=np.array([x]),
        t_x_days=np.array([t_x]),
        age_days=np.array([age]),
        sum_k=nothing,
        sum_kk=nothing,
        sum_v=nothing,
        sum_kv=nothing,
        sum_vv=nothing,
        k=None,
    )
    if min(ago) <= 91:  # insight calls a longer silence lost
        assert rhythm.stays_away == bool(own.silent()[0])
    assert rhythm.silent_days == min(ago)
