"""Whoever reads in German, Spanish or Thai reads all of it in German, Spanish or Thai."""

import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from regulars.kernel.language import LANGUAGES, gettext, language, ngettext, speaking

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "regulars"
KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}
TRANSLATED = [code for code in LANGUAGES if code != "en"]


@cache
def messages_in_code() -> frozenset[str | tuple[str, ...]]:
    found = extract_from_dir(
        SOURCE,
        method_map=[("**.py", "python"), ("**.j2", "jinja2")],
        options_map={"**.j2": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}},
        keywords=KEYWORDS,
    )
    return frozenset(message for _, _, message, _, _ in found)


@cache
def catalogue_of(code: str) -> Catalog:
    with (SOURCE / "locale" / code / "messages.po").open("rb") as stream:
        return read_po(stream, locale=code)


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def translations(code: str) -> dict[str | tuple[str, ...], Message]:
    return {forms(message.id): message for message in catalogue_of(code) if message.id}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated(code: str) -> None:
    known = translations(code)
    missing = [
        message
        for message in messages_in_code()
        if forms(message) not in known or not all(forms(known[forms(message)].string))
    ]
    assert missing == [], "run `make translations` and translate these"


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_left_over_or_unsure(code: str) -> None:
    used = {forms(message) for message in messages_in_code()}
    assert [message for message in translations(code) if message not in used] == []
    assert [message.id for message in catalogue_of(code) if message.fuzzy and message.id] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_fills_the_same_places(code: str) -> None:
    for message in translations(code).values():
        allowed = set().union(*(placeholders(form) for form in forms(message.id)))
        needed = placeholders(forms(message.id)[-1])
        for form in forms(message.string):
            assert placeholders(form) <= allowed, form
        assert needed <= placeholders(forms(message.string)[-1]), message.string


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_shouts(code: str) -> None:
    for message in translations(code).values():
        for form in forms(message.string):
            assert not re.search(r"[!¡]", form), form


@pytest.mark.parametrize("code", TRANSLATED)
def test_numbers_choose_their_form(code: str) -> None:
    with speaking(code):
        one, many = (ngettext("{count} customer", "{count} customers", n) for n in (1, 2))
    assert (one == many) == (code == "th")  # Thai nouns have one form


def test_a_language_holds_as_long_as_its_block() -> None:
    assert gettext("Customers") == "Customers"
    with speaking("de"):
        assert (language(), gettext("Customers")) == ("de", "Kunden")
        with speaking("th"):
            assert gettext("Customers") == "ลูกค้า"
        assert gettext("Customers") == "Kunden"
    assert language() == "en"


def test_what_has_no_translation_stays_as_it_is() -> None:
    with speaking("es"):
        assert gettext("a sentence that nobody wrote") == "a sentence that nobody wrote"


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_is_nothing_in_every_language(code: str) -> None:
    with speaking(code):
        assert gettext("") == ""


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"), speaking("fr"):
        pass
