"""Money: the digits of a currency, and amounts as people write them."""

import pytest

from regulars.kernel.language import speaking
from regulars.kernel.money import is_currency, major, minor_digits, minor_per_major, money_text


def shown(amount: float, currency: str | None, *, digits: int | None = None) -> str:
    """With ordinary spaces for the unbreakable ones, so that a person can compare."""
    return money_text(amount, currency, digits=digits).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("currency", "digits", "minor"),
    [("EUR", 2, 100.0), ("JPY", 0, 1.0), ("KWD", 3, 1000.0), (None, 2, 100.0)],
)
def test_each_currency_has_its_own_minor_unit(
    currency: str | None, digits: int, minor: float
) -> None:
    assert minor_digits(currency) == digits
    assert minor_per_major(currency) == minor
    assert major(1_250, currency) == 1_250 / minor
    assert major(-5, currency) == -5 / minor


def test_a_currency_is_known_by_its_code_in_upper_case() -> None:
    assert is_currency("THB")
    assert not any(is_currency(code) for code in ("thb", "XX1", "", "XXX", "XAU"))


@pytest.mark.parametrize(
    ("code", "euros", "number", "dinars"),
    [
        ("en", "€12.50", "12.50", "1.250"),
        ("de", "12,50 €", "12,50", "1,250"),
        ("es", "12,50 €", "12,50", "1,250"),
        ("th", "€12.50", "12.50", "1.250"),
    ],
)
def test_below_a_hundred_the_currency_says_how_many_digits_are_written(
    code: str, euros: str, number: str, dinars: str
) -> None:
    with speaking(code):
        assert shown(12.5, "EUR") == euros
        assert shown(12.5, None) == number
        assert dinars in shown(1.25, "KWD")
        assert "." not in shown(12.4, "JPY")
        assert "," not in shown(12.4, "JPY")


@pytest.mark.parametrize(
    ("code", "euros", "number", "debt"),
    [
        ("en", "€1,250", "1,250", "-€1,250"),
        ("de", "1.250 €", "1.250", "-1.250 €"),
        ("es", "1.250 €", "1.250", "-1.250 €"),
        ("th", "€1,250", "1,250", "-€1,250"),
    ],
)
def test_from_a_hundred_on_whole_units_are_enough(
    code: str, euros: str, number: str, debt: str
) -> None:
    with speaking(code):
        assert shown(1_250.4, "EUR") == euros
        assert shown(1_250.4, None) == number
        assert shown(-1_250.4, "EUR") == debt


def test_a_hundred_is_the_first_amount_in_whole_units() -> None:
    assert shown(99.99, "EUR") == "€99.99"
    assert shown(100, "EUR") == shown(99.999, "EUR") == "€100"
    assert shown(-99.99, "EUR") == "-€99.99"
    assert shown(-100, "EUR") == "-€100"


def test_digits_that_are_asked_for_are_written_whatever_the_amount() -> None:
    assert shown(1_250.4, "EUR", digits=2) == "€1,250.40"
    assert shown(12.4, "EUR", digits=0) == "€12"
    assert shown(1_250.4, None, digits=1) == "1,250.4"
