"""A key is good for as long as it was made for, and for nothing that there is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.credentials.errors import InvalidSource, KeyRotated, UnknownKey, UnknownScope
from regulars.credentials.keys import add_key, every_key, rotate_key
from regulars.kernel.actor import SYSTEM
from regulars.kernel.errors import RegularsError
from regulars.kernel.faults import InvalidText, ReservedSource, TooLong
from regulars.people.errors import TextMissing
from regulars.stream.refunding import CONSOLE, FILES
from regulars.stream.types import OUR_SOURCES

pytestmark = pytest.mark.django_db


def test_a_rotated_key_is_good_for_as_long_as_the_one_before_and_none_whose_time_is_over() -> None:
    now, year = timezone.now(), timedelta(days=365)
    old = add_key(name="a", scopes=["events:write"], expires_at=now + year, actor=SYSTEM, now=now)
    mark = old.token.split("_")[1]
    later = now + timedelta(days=300)
    rotate_key(mark=mark, overlap=timedelta(days=1), actor=SYSTEM, now=later)
    assert every_key()[0].expires_at == later + year
    with pytest.raises(UnknownKey):
        rotate_key(mark=mark, overlap=timedelta(), actor=SYSTEM, now=later + year)


def test_a_key_is_rotated_once() -> None:
    now = timezone.now()
    old = add_key(name="a", scopes=["events:write"], actor=SYSTEM, now=now)
    mark = old.token.split("_")[1]
    new = rotate_key(mark=mark, overlap=timedelta(days=7), actor=SYSTEM, now=now)
    with pytest.raises(KeyRotated, match=mark):
        rotate_key(mark=mark, overlap=timedelta(days=7), actor=SYSTEM, now=now)
    rotate_key(mark=new.token.split("_")[1], overlap=timedelta(), actor=SYSTEM, now=now)


@pytest.mark.parametrize("source", ["", "Till", "a b", "-till", "till\n", "x" * 61])
def test_a_source_is_called_as_the_api_takes_it(source: str) -> None:
    with pytest.raises(InvalidSource, match="small letters"):
        add_key(name="a", scopes=[], source=source, actor=SYSTEM, now=timezone.now())
    assert not every_key()


@pytest.mark.parametrize("source", sorted(OUR_SOURCES))
def test_no_key_is_of_a_source_that_the_product_is_itself(source: str) -> None:
    with pytest.raises(ReservedSource, match="names Regulars itself"):
        add_key(name="a", scopes=[], source=source, actor=SYSTEM, now=timezone.now())
    assert {FILES, CONSOLE} <= OUR_SOURCES


@pytest.mark.parametrize(
    ("name", "error"), [(" ", TextMissing), ("x" * 121, TooLong), ("a\0b", InvalidText)]
)
def test_a_key_says_what_it_is_for(name: str, error: type[RegularsError]) -> None:
    with pytest.raises(error):
        add_key(name=name, scopes=[], actor=SYSTEM, now=timezone.now())


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(UnknownScope, match="events:write"):
        add_key(name="a", scopes=["everything"], actor=SYSTEM, now=timezone.now())
