"""Who sent whom, and who was here when: asked by customer, not read from the whole log."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.kernel.actor import SYSTEM
from regulars.stream.queries import (
    came_on,
    last_here,
    paid,
    sent_by,
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


def test_who_sent_whom_is_told_in_the_order_in_which_it_happened():
    sent(BEN, DORA, days=1)
    sent(ANA, DORA, days=2)  # told later, happened earlier
    sent(ANA, CEM, days=3)
    pairs = [(one.sender_id, one.friend_id) for one in sent_by([ANA, BEN, CEM])]
    assert pairs == [(ANA, CEM), (ANA, DORA), (BEN, DORA)]
    assert sent_by([]) == sent_by([DORA]) == ()


def test_nothing_is_known_where_nothing_happened():
    assert (came_on([ANA]), last_here([ANA]), paid([ANA])) == ((), {}, ())


def test_visits_and_purchases_are_being_here_and_referrals_and_refunds_are_not():
    happened("visit.recorded", ANA, days=5)
    happened("purchase.completed", ANA, days=2, total=euros(500))
    happened("purchase.refunded", ANA, days=1, total=euros(200))
    sent(BEN, ANA)
    assert [NOW - moment for moment in came_on([ANA])] == [timedelta(days=5), timedelta(days=2)]
    assert last_here([ANA, BEN]) == {ANA: NOW - timedelta(days=2)}
    (total,) = paid([ANA])
    assert (total.amount_minor, total.purchases) == (500 - 200, 1)
