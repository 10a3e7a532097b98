"""Numbers, dates, lists and names as people write them."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.kernel.language import LANGUAGES, speaking
from regulars.kernel.money import money_text
from regulars.kernel.words import (
    compact_text,
    date_text,
    isolated,
    list_text,
    month_text,
    number_text,
    one_stop,
    percent_text,
    quarter_text,
    shortened,
)

DAY = date(2026, 6, 30)
# Of each language: the month, the quarter and a million, as short as people write them.
SHORT = {
    "en": ("Jun 2026", "Q2 2026", "1M"),
    "de": ("Juni 2026", "Q2 2026", "1 Mio."),
    "es": ("jun 2026", "T2 2026", "1 M"),
    "th": ("มิ.ย. 2026", "ไตรมาส 2 2026", "1M"),
}


def spoken(text: str) -> str:
    """Ordinary spaces for the unbreakable ones, so that a person can compare."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("code", "number", "share", "money", "day"),
    [
        ("en", "12,345.5", "10%", "€1,250", "30 June 2026"),
        ("de", "12.345,5", "10 %", "1.250 €", "30. Juni 2026"),
        ("es", "12.345,5", "10 %", "1.250 €", "30 de junio de 2026"),
        ("th", "12,345.5", "10%", "€1,250", "30 มิถุนายน 2026"),
    ],
)
def test_each_language_writes_figures_its_own_way(
    code: str, number: str, share: str, money: str, day: str
) -> None:
    with speaking(code):
        assert spoken(number_text(12345.5, digits=1)) == number
        assert spoken(percent_text(0.1)) == share
        assert spoken(money_text(1250.4, "EUR")) == money
        assert spoken(date_text(DAY)) == day


@pytest.mark.parametrize("code", LANGUAGES)
def test_months_quarters_and_millions_are_short_in_every_language(code: str) -> None:
    with speaking(code):
        shown = (month_text(DAY), quarter_text(DAY), compact_text(1_000_000))
    assert tuple(map(spoken, shown)) == SHORT[code]


def test_large_counts_fit_narrow_places() -> None:
    assert compact_text(9_999) == "9,999"
    assert compact_text(118_204) == "118K"
    with speaking("de"):  # which has no short form
        assert compact_text(118_204) == "118.204"


def test_a_currency_in_letters_stands_apart_from_its_amount() -> None:
    assert spoken(money_text(1250, "THB")) == "THB 1,250"
    assert spoken(money_text(1250, "USD")) == "$1,250"


def test_nothing_is_below_nothing() -> None:
    assert number_text(-0.001) == "0"


@pytest.mark.parametrize(
    ("code", "joined"),
    [("en", "Ana, Ben and Chai"), ("de", "Ana, Ben und Chai"), ("es", "Ana, Ben y Chai"),
     ("th", "Ana, Ben และ Chai")],
)  # fmt: skip
def test_lists_are_joined_as_in_speech(code: str, joined: str) -> None:
    with speaking(code):
        assert list_text(["Ana", "Ben", "Chai"]) == joined
        assert list_text(["Ana"]) == "Ana"
        assert list_text([]) == ""


def test_a_sentence_that_ends_in_an_abbreviation_has_one_full_stop() -> None:
    assert one_stop("Came through Sofia J..") == "Came through Sofia J."
    assert one_stop("Wait ... for Ana.") == "Wait ... for Ana."


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_name_can_turn_the_sentence_around_it(name: str) -> None:
    shown = isolated(name)
    assert shown[0] == "\u2068"
    assert shown[-1] == "\u2069"
    inside = shown[1:-1]
    assert not set(inside) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )
    assert not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in inside)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(2, 40))
def test_a_shortened_text_is_short(text: str, characters: int) -> None:
    assert len(shortened(text, characters)) <= characters
    if len(text) <= characters:
        assert shortened(text, characters) == text


def test_a_thai_vowel_is_never_torn_off() -> None:
    assert shortened("กุ้งแม่น้ำ", 3) == "ก…"  # the vowel and tone of the first letter do not fit
    assert shortened("กานดา สุขใจ", 7) == "กานดา…"
