"""Numbers as people type them: never a thousandth of what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.console.asking.numbers import number_typed, two_ways, typed_number
from regulars.kernel.language import LANGUAGES, speaking


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", 42),
        ("-3", -3),
        ("\u22123", -3),
        ("42.5", 42.5),
        ("42,5", 42.5),
        ("1.000,5", 1000.5),
        ("1,000.5", 1000.5),
        ("1.250.000", 1250000),
        ("1 000", 1000),
        ("1\u202f000,25", 1000.25),
        ("0.500", 0.5),
        ("1000.500", 1000.5),
        ("3.1250", 3.125),
        ("๔๒", 42),
        ("٤٢", 42),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_read_as_it_is_meant(language, text, number):
    with speaking(language):
        assert typed_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "1e3", "1_000", "0x10", "nan", "inf", "1.2.3", "12 .", "--1", "five"]
)
def test_what_is_no_number_is_none(text):
    assert typed_number(text) is None
    assert two_ways(text) is None


@pytest.mark.parametrize(
    ("language", "thousands", "either"),
    [
        ("en", "1,000", "1.000"),
        ("th", "1,000", "1.000"),
        ("de", "1.000", "1,000"),
        ("es", "1.000", "1,000"),
    ],
)
def test_three_digits_behind_a_mark_are_thousands_here_or_asked_about(language, thousands, either):
    with speaking(language):
        assert typed_number(thousands) == 1000
        assert typed_number(either) is None
        whole, decimals = two_ways(either)
        assert (typed_number(whole), typed_number(decimals)) == (1000, 1)


@given(
    st.integers(-(2**53), 2**53) | st.decimals(-1_000_000, 1_000_000, places=3).map(float),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_what_is_shown_to_be_typed_is_read_as_the_same(number, language):
    with speaking(language):
        assert typed_number(number_typed(number)) == number
