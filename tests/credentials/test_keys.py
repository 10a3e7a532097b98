"""A key is good for as long as it was made for, and for nothing that there is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.credentials.errors import UnknownKey, UnknownScope
from regulars.credentials.keys import add_key, every_key, rotate_key
from regulars.kernel.actor import SYSTEM

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


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(UnknownScope, match="events:write"):
        add_key(name="a", scopes=["everything"], actor=SYSTEM, now=timezone.now())
