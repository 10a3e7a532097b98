"""What is written in the place of a name and is none: words for nobody, signs, numbers and addresses."""

import pytest

from regulars.people.nobody import instead_of_a_name, is_name

NOBODY = (
    *("?", "-", ".", "???", "…", "12", "1.", "(?)", "unknown", "Unknown?", "NOBODY", "n/a", "N.A.", "no one"),
    *("unbekannt", "Unbekannt.", "niemand", "weiß nicht", "WEISS NICHT", "k.A.", "desconocido", "¿desconocida?"),
    *("nadie", "no sé", "ไม่รู้จัก", "ไม่ทราบ", "ไม่มี", "null", "„unbekannt“", "", " ", "？"),
)  # fmt: skip
NAMES = (
    *("O", "Ng", "李", "ก", "Ø", "Na", "Nan", "Nil", "No", "Ka", "Guest", "🌻", "👩‍🍳", "J.", "Mr. T", "X Æ A-12"),
    *("Nobody Jones", "Unknown Mortal", "Ana 2", "O’Neil", "@ana", "Ana & Ben", "Niemands", "Nadia", "ไม่"),
    *("Anon", "อานนท์", "ANON", "Noone", "Keiner", "Non", "Arnon", "Mai", "Null Island"),
)  # fmt: skip


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_called_so(text):
    assert not is_name(text)
    assert instead_of_a_name(text) is None


@pytest.mark.parametrize("text", NAMES)
def test_somebody_may_be_called_so(text):
    assert is_name(text)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("0171 2345678", "phone"),
        ("+49 (0)171/234-5678", "phone"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "phone"),
        ("12345", "phone"),
        ("ana@x.example", "email"),
        ("Ana.Weber+1@cafe.de", "email"),
    ],
)
def test_an_address_or_a_number_is_told_apart_and_is_no_name(text, instead):
    assert instead_of_a_name(text) == instead
    assert not is_name(text)
