"""Days are counted from 1 January 1970."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.clock import day_of, epoch_day


def test_days_are_counted_from_the_first_of_january_1970() -> None:
    assert epoch_day(date(1970, 1, 1)) == 0
    assert epoch_day(date(1969, 12, 31)) == -1
    assert epoch_day(date(1971, 1, 1)) == 365
    assert day_of(59) == date(1970, 3, 1)  # 31 days of January and 28 of February


@given(st.dates())
def test_a_day_comes_back_from_its_number(day: date) -> None:
    assert day_of(epoch_day(day)) == day
