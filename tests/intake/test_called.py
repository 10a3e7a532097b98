"""What a file calls people: which texts are names, addresses, phones or numbers, and who shares one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.intake.files.called import Mention, identity_of, meant_by, sender_named
from regulars.people.errors import InvalidEmail

PHONE = "030 901820"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ana Sommer", ("Ana Sommer", None)),
        ("K-7", ("K-7", None)),  # perhaps a name
        ("Ana@Lang.de", ("", ("email", "ana@lang.de"))),
        ("+49 171 2345678", ("", ("phone", "+491712345678"))),
        ("0171/2345678", ("", ("phone", "+491712345678"))),
        ("1007", ("", ("external", "1007"))),
        ("", ("", None)),
        ("anonymous", ("", None)),
        ("?", ("", None)),
        ("-", ("", None)),
        ("unbekannt", ("", None)),
        ("ไม่รู้จัก", ("", None)),
        ("李", ("李", None)),
        ("🌻", ("🌻", None)),
        ("info@lang.de", ("", None)),
    ],
)
def test_who_brought_somebody_is_a_name_or_what_identifies_them(text, meant):
    assert sender_named(text, region="DE") == meant


@pytest.mark.parametrize("text", ["petra@lang", "@", "a@b@c.de"])
def test_an_address_that_cannot_be_one_is_refused(text):
    with pytest.raises(InvalidEmail):
        sender_named(text, region="DE")


def test_an_apostrophe_of_a_spreadsheet_is_no_part_of_an_id():
    told = "+49 30 901820"
    assert identity_of(f"'{told}", is_phone=False, region="DE") == ("phone", "+4930901820")


names = st.sampled_from(["Petra Lang", "P. Lang", "Petra", "Klaus Lang", "Gerda", "Gerd", ""])


@given(st.lists(names, max_size=8))
def test_everybody_of_one_phone_is_somebody_and_the_nameless_come_last(told):
    mentions = [
        Mention(number, PHONE, is_phone=True, name=name) for number, name in enumerate(told)
    ]
    persons = meant_by(mentions, region="DE").persons
    assert sorted(number for one in persons for number in one.about) == list(range(len(told)))
    assert [one.name for one in persons if one.name] == [one.name for one in persons][
        : sum(bool(one.name) for one in persons)
    ]
    for one in persons:
        assert all(bool(told[number]) == bool(one.name) for number in one.about)
        assert {"Gerd", "Gerda"} - {told[number] for number in one.about}
        assert not {"Petra Lang", "Klaus Lang"} <= {told[number] for number in one.about}


@given(st.lists(names, min_size=1, max_size=8))
def test_an_id_is_one_persons_whatever_they_are_called(told):
    mentions = [Mention(number, "7", is_phone=False, name=name) for number, name in enumerate(told)]
    (person,) = meant_by(mentions, region="DE").persons
    assert len(person.about) == len(told)
