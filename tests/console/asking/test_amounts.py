"""Amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.console.asking.amounts import (
    is_of_another_currency,
    is_too_fine,
    no_amount,
    typed_amount,
)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12", "EUR", 1200),
        ("12.5", "EUR", 1250),
        ("12,50", "EUR", 1250),
        ("€ 12,50", "EUR", 1250),
        ("12.50 eur", "EUR", 1250),
        ("1.250", "EUR", 125000),
        ("1,250.00", "EUR", 125000),
        ("1’250.50", "CHF", 125050),
        ("1 250 000", "EUR", 125000000),
        ("0", "EUR", 0),
        ("1250", "JPY", 1250),
        ("1,250", "JPY", 1250),
        ("1.250", "KWD", 1250),
        ("฿120", "THB", 12000),
        ("๑๒.๕๐", "THB", 1250),
        ("฿ ๑,๒๕๐", "THB", 125000),
        ("0.500", "KWD", 500),
        ("$5", "USD", 500),
        ("US$ 5", "USD", 500),
        ("$5", "MXN", 500),
        ("¥500", "JPY", 500),
        ("¥5", "CNY", 500),
        ("12 kr", "SEK", 1200),
        ("12 kr.", "DKK", 1200),
        ("12,50 ZŁ", "PLN", 1250),
        ("£ 12", "GBP", 1200),
    ],
)
def test_an_amount_is_read_as_it_is_meant(text, currency, amount):
    assert typed_amount(text, currency) == amount


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1.2.3", "1,2,3", "12.345,6.7", "1,25,000", "1.250.00", "12.5 USD", "12 .", ".5", "١٢",
     "0.500", "0,001", "012.500", "12€50", "€", "5 eurosomething"],
)  # fmt: skip
def test_what_is_no_amount_is_none(text):
    assert typed_amount(text, "EUR") is None


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$5", "EUR"),
        ("5 $", "EUR"),
        ("£5", "EUR"),
        ("¥5", "EUR"),
        ("฿5", "EUR"),
        ("5 THB", "EUR"),
        ("5 usd", "EUR"),
        ("€5", "USD"),
        ("12 kr", "EUR"),
        ("€ 5 $", "EUR"),
        ("A$5", "USD"),
        ("$5", "JPY"),
    ],
)
def test_another_currencys_sign_makes_it_no_amount_and_is_told_apart(text, currency):
    assert typed_amount(text, currency) is None
    assert is_of_another_currency(text, currency)


@pytest.mark.parametrize(
    "text", ["", "twelve", "-1", "12 coffees", "€ 1.2.3", "12.5055 €", "12€50"]
)
def test_what_is_no_amount_at_all_is_not_said_to_be_of_another_currency(text):
    assert not is_of_another_currency(text, "EUR")


@given(st.integers(0, 2**53 - 1), st.sampled_from(".,"))
def test_whatever_is_written_with_two_decimals_is_read_back(amount, mark):
    assert typed_amount(f"{amount // 100}{mark}{amount % 100:02}", "EUR") == amount
    grouped = f"{amount // 100:,}".replace(",", "," if mark == "." else ".")
    assert typed_amount(f"{grouped}{mark}{amount % 100:02}", "EUR") == amount


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_it(text):
    amount = typed_amount(text, "EUR")
    assert amount is None or 0 <= amount <= 2**53 - 1


@pytest.mark.parametrize(
    ("text", "currency", "fine"),
    [
        ("12.5055", "EUR", True),
        ("12,5055 €", "EUR", True),
        ("100.5", "JPY", True),
        ("1.2345", "KWD", True),
        ("0.500", "EUR", True),
        ("0,001 €", "EUR", True),
        ("twelve", "EUR", False),
        ("12.", "EUR", False),
    ],
)
def test_what_only_has_too_many_decimals_is_told_from_what_is_no_amount(text, currency, fine):
    assert typed_amount(text, currency) is None
    assert is_too_fine(text, currency) == fine


@pytest.mark.parametrize(
    ("currency", "example"), [("EUR", "12.50"), ("JPY", "1250"), ("TND", "12.500")]
)
def test_what_is_said_to_be_typed_can_be(currency: str, example: str) -> None:
    assert no_amount(currency) == f"This is not an amount. Write it as {example}."
    assert typed_amount(example, currency) is not None
