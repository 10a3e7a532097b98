"""What can be chosen from."""

import pytest

from regulars.console.asking.choices import currency_choices, currency_of


@pytest.mark.parametrize(
    ("zone", "currency"),
    [
        ("Europe/Sofia", "EUR"),  # since 1 January 2026
        ("Europe/Zagreb", "EUR"),
        ("Europe/Berlin", "EUR"),
        ("Europe/Prague", "CZK"),
        ("Asia/Bangkok", "THB"),
        ("America/Curacao", "XCG"),
        ("UTC", "EUR"),
    ],
)
def test_the_currency_is_the_one_that_is_paid_by_that_clock_today(zone, currency):
    assert currency_of(zone) == currency


def test_a_currency_that_nobody_pays_with_any_more_is_not_offered():
    offered = dict(currency_choices("en"))
    assert {"EUR", "CZK", "THB"} <= offered.keys()
    assert not {"BGN", "HRK", "ANG"} & offered.keys()
