"""What two tell at the very same moment meets, whichever is written first."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from regulars.care.models import Task
from regulars.intake.plain import record_now
from regulars.intake.services import Incoming, meet_who_waits, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import AwaitedReceipt
from regulars.people.queries import kept_id
from regulars.people.services import add_customer
from regulars.stream.models import Event

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="SQLite has one writer; its tests live in memory"
    ),
]
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"region": "DE", "actor": SYSTEM, "now": NOW}
WAITS_SECONDS = 1.5  # for whom the first holds; who does not wait is done sooner
WHO = (("external", "ana"),)


def told(key, kind, days_ago, *, who=WHO, **data):
    return Incoming(
        type=kind,
        source="till",
        key=key,
        occurred_at=NOW - timedelta(days=days_ago),
        identities=who,
        data=data,
    )


def paid(minor):
    return {"total": {"amount_minor": minor, "currency": "EUR"}}


def visit(key, days_ago):
    return told(key, "visit.recorded", days_ago)


BOUGHT = told("1", "purchase.completed", 2, order_id="R-1", **paid(1_000))
BACK = told("2", "purchase.refunded", 1, who=(), refund_of="R-1", **paid(400))


def ana():
    return add_customer(name="Ana", identities=WHO, region="DE", actor=SYSTEM, now=NOW)


def tell_at_once(first, second):
    """Tells one thing, and another before the first is committed: neither sees the other, or it waits."""

    def beside():
        try:
            return record_now((second,), **BY)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            record(incoming=(first,), refuse_other=True, **BY)
            other = threads.submit(beside)
            wait((other,), timeout=WAITS_SECONDS)
        other.result()


@pytest.mark.parametrize("first", ["purchase", "refund"])
@pytest.mark.parametrize("is_plain", [False, True])
def test_a_refund_finds_a_purchase_of_the_same_moment(first, is_plain):
    with transaction.atomic():
        who = ana()
        if is_plain:
            record(incoming=(visit("0", 3),), **BY)
    tell_at_once(*((BOUGHT, BACK) if first == "purchase" else (BACK, BOUGHT)))
    assert {kept_id(one) for one in Event.objects.values_list("customer_id", flat=True)} == {who}
    assert not AwaitedReceipt.objects.exists()


def test_strangers_of_the_same_moment_are_one_person():
    tell_at_once(BACK, BOUGHT)
    assert len({kept_id(one.customer_id) for one in Event.objects.all()}) == 1


def test_a_refund_that_missed_its_purchase_finds_it_within_minutes():
    with transaction.atomic():
        who = ana()
        record(incoming=(BACK,), **BY)
    receipt = AwaitedReceipt.objects.get()
    AwaitedReceipt.objects.all().delete()  # as the plain statement sees it, which began before
    with transaction.atomic():
        record(incoming=(BOUGHT,), **BY)
    receipt.save(force_insert=True)
    meet_who_waits(NOW)
    assert kept_id(Event.objects.get(key="2").customer_id) == who
    assert not AwaitedReceipt.objects.exists()


@pytest.mark.parametrize("first", ["old", "new"])
def test_who_came_back_is_welcomed_though_the_old_visit_is_told_at_the_same_moment(first):
    with transaction.atomic():
        who = ana()
    old, new = visit("1", 200), visit("2", 0)
    tell_at_once(*((old, new) if first == "old" else (new, old)))
    (line,) = Task.objects.filter(withdrawn_at=None)
    assert (line.customer_id, line.event_id) == (who, Event.objects.get(key="2").id)


@pytest.mark.parametrize("first", ["between", "new"])
def test_who_was_here_in_between_is_not_welcomed(first):
    with transaction.atomic():
        ana()
        record(incoming=(visit("0", 80),), **BY)
    between, new = visit("1", 40), visit("2", 0)
    tell_at_once(*((between, new) if first == "between" else (new, between)))
    assert not Task.objects.filter(withdrawn_at=None).exists()


@pytest.mark.parametrize("first", ["earlier", "later"])
def test_the_first_friend_is_thanked_for_once(first):
    with transaction.atomic():
        sender, friends = (
            ana(),
            [
                add_customer(name=name, region="DE", actor=SYSTEM, now=NOW)
                for name in ("Ben", "Cem")
            ],
        )
    earlier, later = (
        Incoming(
            type="referral.recorded",
            source="till",
            key=str(place),
            occurred_at=NOW - timedelta(days=2 - place),
            customer_id=friend,
            data={"sender_id": str(sender)},
        )
        for place, friend in enumerate(friends)
    )
    tell_at_once(*((earlier, later) if first == "earlier" else (later, earlier)))
    (line,) = Task.objects.filter(withdrawn_at=None)
    assert line.event_id == Event.objects.get(key="0").id
