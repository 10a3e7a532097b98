"""What tells one person from another, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.people import core
from regulars.people.core import folded_phone, normalised
from regulars.people.errors import (
    InvalidEmail,
    InvalidPhone,
    NotAnIdentity,
    PhoneNeedsCountry,
)


@pytest.mark.parametrize(
    ("kind", "written", "region", "value"),
    [
        ("email", " Ana@Example.ORG ", None, "ana@example.org"),
        ("phone", "0171 234 56 78", "DE", "+491712345678"),
        ("phone", "+34 600 12 34 56", None, "+34600123456"),
        ("phone", "0034 600 123 456", "DE", "+34600123456"),
        ("phone", "081-234-5678", "TH", "+66812345678"),
        ("external", " C 44 ", None, "C 44"),
        ("handle", "@Ana.Bakes", None, "ana.bakes"),
        ("handle", " ＠ANA", None, "ana"),
        ("handle", "ana@social.example", None, "ana@social.example"),
    ],
)
def test_an_identity_is_compared_in_one_form(kind, written, region, value):
    assert normalised(kind, written, region=region) == value


@pytest.mark.parametrize("written", ["0", "-1", "null", "Anonymous", "", "  ", "000000", "1111111"])
def test_what_stands_for_nobody_is_no_identity(written):
    with pytest.raises(NotAnIdentity):
        normalised("external", written, region=None)


def test_what_cannot_be_an_address_or_a_number_is_refused_in_words():
    with pytest.raises(InvalidEmail, match="“ana@” is not an e-mail address"):
        normalised("email", "ana@", region=None)
    with pytest.raises(InvalidPhone):
        normalised("phone", "12", region="DE")
    with pytest.raises(PhoneNeedsCountry, match="begin it with"):
        normalised("phone", "0171 2345678", region=None)


@pytest.mark.parametrize(
    "written", ["dieter@gmial.com;", "a@b.de;", "a@-b.de", "a@b-.de", "a@b_c.de", "a@b.d,e", "a@b"]
)
def test_a_domain_has_letters_digits_and_hyphens_inside(written):
    with pytest.raises(InvalidEmail):
        normalised("email", written, region=None)
    assert normalised("email", "a@b-c.Köln.de", region=None) == "a@b-c.xn--kln-sna.de"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ana@Straße.de", "ana@xn--strae-oqa.de"),  # another domain than strasse.de
        ("ana@strasse.de", "ana@strasse.de"),
        ("ana@İstanbul.com", "ana@xn--istanbul-o0e.com"),
        ("Ана@почта.рф", "ана@xn--80a1acny.xn--p1ai"),
        # A joiner makes another word where its script has one (RFC 5892), and is nothing elsewhere.
        ("ana@نامه\u200cای.com", "ana@xn--mgba3gch31f060k.com"),
        ("ana@نامهای.com", "ana@xn--mgba3gch31f.com"),
        ("a\u200cna@we\u200dber.example", "ana@weber.example"),
        ("ana@k\u200cöln.de", "ana@xn--kln-sna.de"),
        ("สมหญิง@ไทย.ไทย", "สมหญิง@xn--o3cw4h.xn--o3cw4h"),
        ("o'Neil+shop_{1}@Weber.example", "o'neil+shop_{1}@weber.example"),
    ],
)
def test_an_address_keeps_its_letters_and_its_domain(written, kept):
    assert normalised("email", written, region=None) == kept
    assert normalised("email", kept, region=None) == kept


@pytest.mark.parametrize(
    "mailbox",
    [
        "a(b)",
        'evil"x"',
        '"Bob"<carl',
        '"a b"',
        "ana,bob",
        "a..b",
        ".a",
        "a.",
        "a b",
        "😀",
        "a\\b",
        "[a]",
    ],
)
def test_a_mailbox_that_mail_would_read_as_another_is_none(mailbox):
    with pytest.raises(InvalidEmail):
        normalised("email", f"{mailbox}@weber.example", region=None)


@pytest.mark.parametrize("written", ["@", "@@", "@Anonymous", "@ "])
def test_a_handle_that_says_nothing_is_nobodys(written):
    with pytest.raises(NotAnIdentity):
        normalised("handle", written, region=None)


@given(
    st.sampled_from(("0171 2345678", "+49 30 901820", "0049 171/2345678", "081-234-5678")),
    st.sampled_from(("DE", "TH", "AR", "IT")),
)
def test_a_phone_is_read_the_same_again_and_nothing_of_it_is_kept(text, region):
    first = folded_phone(text, region=region)
    assert folded_phone(text, region=region) == first
    for mark, (before, _) in core._readings.items():
        assert first[-7:].encode() not in mark
        assert len(before) <= 5
