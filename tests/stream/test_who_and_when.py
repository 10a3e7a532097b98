"""Who sent whom, and who was here when: asked by customer, not read from the whole log."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.kernel.actor import SYSTEM
from regulars.stream.errors import InvalidCursor
from regulars.stream.queries import (
    brought_by,
    came_on,
    came_through,
    has_sent_before,
    last_here,
    latest_here,
    paid,
    referrals_counted,
    top_senders,
)
from regulars.stream.services import NewEvent, append

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
ANA, BEN, CEM, DORA, EVA = (UUID(int=number + 1) for number in range(5))


def happened(kind, customer, *, days=0, **data):
    key = f"{kind}{customer}{days}{data}"
    event = NewEvent(
        type=kind,
        source="test",
        key=key,
        customer_id=customer,
        occurred_at=NOW - timedelta(days=days),
        data=data,
    )
    append(events=[event], actor=SYSTEM, now=NOW)


def sent(sender, friend, *, days=0):
    happened("referral.recorded", friend, days=days, sender_id=str(sender))


def euros(amount):
    return {"amount_minor": amount, "currency": "EUR"}


def test_who_is_said_to_have_been_sent_by_several_belongs_to_the_first():
    sent(BEN, DORA, days=1)
    sent(ANA, DORA, days=2)  # told later, happened earlier
    sent(ANA, CEM, days=3)
    assert came_through([CEM, DORA, EVA]) == {CEM: ANA, DORA: ANA}
    assert brought_by([ANA, BEN, CEM]) == {ANA: (CEM, DORA)}
    assert brought_by([]) == {}


def test_who_sent_most_comes_first():
    sent(BEN, CEM)
    for friend in (DORA, EVA):
        sent(ANA, friend)
    assert top_senders(5) == (ANA, BEN)
    assert top_senders(1) == (ANA,)
    assert referrals_counted() == (2, 3)
    assert not has_sent_before(ANA, position=0)
    assert has_sent_before(ANA, position=2**40)


def test_nothing_is_known_where_nothing_happened():
    assert (top_senders(3), referrals_counted()) == ((), (0, 0))
    assert (came_on(ANA), last_here([ANA]), paid(ANA)) == ((), {}, ())
    assert latest_here(most=3).customer_ids == ()


def test_visits_and_purchases_are_being_here_and_referrals_and_refunds_are_not():
    happened("visit.recorded", ANA, days=5)
    happened("purchase.completed", ANA, days=2, total=euros(500))
    happened("purchase.refunded", ANA, days=1, total=euros(200))
    sent(BEN, ANA)
    assert [NOW - moment for moment in came_on(ANA)] == [timedelta(days=5), timedelta(days=2)]
    assert last_here([ANA, BEN]) == {ANA: NOW - timedelta(days=2)}
    (total,) = paid(ANA)
    assert (total.amount_minor, total.purchases) == (500 - 200, 1)


def test_pages_of_who_was_here_last_leave_nobody_out_and_name_nobody_twice():
    people = (ANA, BEN, CEM, DORA, EVA)
    for place, person in enumerate(people):
        happened("visit.recorded", person, days=place)
        happened("purchase.completed", person, days=place + 10, total=euros(1))
        happened("visit.recorded", person, days=50)
    found, cursor = [], None
    for _ in range(3):
        page = latest_here(most=2, cursor=cursor)
        found += page.customer_ids
        cursor = page.cursor
    assert (tuple(found), cursor) == (people, None)
    with pytest.raises(InvalidCursor):
        latest_here(most=2, cursor="x")
