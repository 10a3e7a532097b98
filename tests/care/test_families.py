"""Who brought whom is the same however many are asked at once, and of nobody asked twice for a page."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from tests.plans import asked

from regulars.care.families import NOBODY, family_of, largest_families, web_of
from regulars.care.queries import suggestion_for, tomorrow
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.queries import sending, standing
from regulars.people.services import add_customer, merge

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


def people(*, many):
    return [
        add_customer(name=f"Ana {one}", region=None, actor=SYSTEM, now=NOW) for one in range(many)
    ]


def tell(claims):
    """That somebody sent somebody, the first of these first."""
    with transaction.atomic():
        record(
            incoming=[
                Incoming(
                    type="referral.recorded",
                    source="till",
                    key=str(place),
                    occurred_at=NOW - timedelta(days=len(claims) - place),
                    customer_id=friend,
                    data={"sender_id": str(sender)},
                )
                for place, (sender, friend) in enumerate(claims)
            ],
            region=None,
            actor=SYSTEM,
            now=NOW,
        )


@pytest.mark.parametrize("seed", range(3))
def test_of_many_the_same_claims_stand_as_of_each_with_circles_and_whole_persons(seed, monkeypatch):
    random = Random(seed)
    ids = people(many=10)
    tell([random.sample(ids, 2) for _ in range(30)])
    merge(kept=ids[0], merged=ids[1], actor=SYSTEM, now=NOW)
    merge(kept=ids[2], merged=ids[3], actor=SYSTEM, now=NOW)
    for some in (ids, ids[:2], ids[1:4], random.sample(ids, 4)):
        few = sending.claims_above(some)
        with monkeypatch.context() as as_many:
            as_many.setattr(sending, "MANY_ASKED", 0)
            assert sending.claims_above(some) == few
            many = standing(some)
        assert many == standing(some)
    assert len(sending.claims_above(ids)) > 10


def test_a_web_that_grows_is_the_one_that_is_asked_at_once():
    ids = people(many=6)
    tell([(ids[0], ids[1]), (ids[0], ids[2]), (ids[2], ids[3]), (ids[4], ids[0])])
    grown = NOBODY.and_around(ids[:2]).and_around(ids[1:5]).and_around(ids)
    assert grown == web_of(ids)
    assert grown.through == {ids[1]: ids[0], ids[2]: ids[0], ids[3]: ids[2], ids[0]: ids[4]}


def test_whom_somebody_sent_is_asked_once_for_the_home_page_and_says_the_same():
    ids = people(many=5)
    tell([(ids[0], ids[1]), (ids[0], ids[2]), (ids[2], ids[3])])
    with asked() as found:
        trees = largest_families()
        names = tomorrow(now=NOW, web=trees.web)
    lists = [told[0] for _, told in found.about("SELECT position", "data->>'sender_id'")]
    assert sum(str(ids[0]) in some for some in lists) == 1
    assert names == tomorrow(now=NOW)
    assert [(one.id, one.brought) for one in trees.people] == [
        (ids[0], (ids[1], ids[2])),
        (ids[1], ()),
        (ids[2], (ids[3],)),
        (ids[3], ()),
    ]
    assert trees.is_whole


def test_whom_somebody_sent_is_asked_once_for_their_own_page_and_says_the_same():
    ids = people(many=4)
    tell([(ids[3], ids[0]), (ids[0], ids[1]), (ids[0], ids[2])])
    with asked() as found:
        family = family_of(ids[0])
        suggestion = suggestion_for(ids[0], days_here=1, web=family.web)
    lists = [told[0] for _, told in found.about("SELECT position", "data->>'sender_id'")]
    assert sum(str(ids[0]) in some for some in lists) == 1
    assert suggestion == suggestion_for(ids[0], days_here=1)
    assert suggestion is not None
    assert {one.id: one.came_through for one in family.people} == {
        ids[3]: None,
        ids[0]: ids[3],
        ids[1]: ids[0],
        ids[2]: ids[0],
    }


def test_whom_somebody_sent_is_found_by_who_sent_and_not_among_everybody_who_was():
    ids = people(many=4)
    tell([(ids[0], ids[1]), (ids[2], ids[3])])
    with asked() as found:
        assert web_of(ids).brought == {ids[0]: (ids[1],), ids[2]: (ids[3],)}
    (plan,) = found.plans("SELECT position", "data->>'sender_id'")
    assert "stream_event_sender" in plan
    assert "stream_event_latest" not in plan
