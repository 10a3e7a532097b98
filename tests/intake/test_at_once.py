"""What two tell at the very same moment meets, whichever is written first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.waiting import somebody_waits

from regulars.care.models import Task
from regulars.intake.errors import ReceiptConflict
from regulars.intake.giving import give, put_back
from regulars.intake.plain import record_now
from regulars.intake.services import Incoming, follow_what_was_missed, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity, ToldTogether
from regulars.people.queries import kept_id
from regulars.people.services import add_customer
from regulars.stream.models import Event
from regulars.stream.services import NewEvent, append

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite has one writer; its tests live in memory"
    ),
]
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"region": "DE", "actor": SYSTEM, "now": NOW}
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


def at_once(first, second):
    """Does one thing, and another before the first is committed: neither sees the other, or it waits."""

    def beside():
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            first()
            other = threads.submit(beside)
            while not other.done() and not somebody_waits():
                pass
        return other.result()


def tell_at_once(first, second):
    """The same of two things that are told."""
    at_once(
        lambda: record(incoming=(first,), refuse_other=True, **BY),
        lambda: record_now((second,), **BY),
    )


@pytest.mark.parametrize("first", ["purchase", "refund"])
@pytest.mark.parametrize("is_plain", [False, True])
def test_a_refund_finds_a_purchase_of_the_same_moment(first, is_plain):
    with transaction.atomic():
        who = ana()
        if is_plain:
            record(incoming=(visit("0", 3),), **BY)
    tell_at_once(*((BOUGHT, BACK) if first == "purchase" else (BACK, BOUGHT)))
    assert {kept_id(one) for one in Event.objects.values_list("customer_id", flat=True)} == {who}


def test_strangers_of_the_same_moment_are_one_person():
    tell_at_once(BACK, BOUGHT)
    assert len({kept_id(one.customer_id) for one in Event.objects.all()}) == 1


def test_a_refund_that_missed_its_purchase_finds_it_within_minutes():
    with transaction.atomic():
        who = ana()
        record(incoming=(BACK,), **BY)
    with transaction.atomic():
        # As the plain statement writes it, which began before.
        plain = NewEvent(
            type=BOUGHT.type,
            source=BOUGHT.source,
            key=BOUGHT.key,
            customer_id=who,
            occurred_at=BOUGHT.occurred_at,
            data=BOUGHT.data,
        )
        append(events=(plain,), actor=SYSTEM, now=NOW)
    assert whose_refund() is None
    follow_what_was_missed(NOW)
    assert whose_refund() == who


def whose_refund():
    return Event.objects.get(type="purchase.refunded").customer_id


@pytest.mark.parametrize("first", ["purchase", "refund"])
@pytest.mark.parametrize("days", [1, 3])
def test_a_refund_is_of_the_nearer_purchase_though_that_is_told_at_the_same_moment(first, days):
    with transaction.atomic():
        who = ana()
        ben = add_customer(name="Ben", identities=(CARD,), region="DE", actor=SYSTEM, now=NOW)
        record(incoming=(visit("0", 9), visit("00", 9)._replace(identities=(CARD,)), BOUGHT), **BY)
    other = BOUGHT._replace(key="3", identities=(CARD,), occurred_at=NOW - timedelta(days=days))
    tell_at_once(*((other, BACK) if first == "purchase" else (BACK, other)))
    assert whose_refund() == (ben if days == 1 else who)


@pytest.mark.parametrize("first", ["put back", "refund"])
def test_a_refund_told_at_the_moment_its_purchase_is_put_back_is_nobodys(first):
    with transaction.atomic():
        who = ana()
        (was,) = record(incoming=(RECEIPT,), **BY)
        theirs = give(event_id=was.event_id, customer_id=who, actor=SYSTEM, now=NOW).event_id

    def back():
        with transaction.atomic():
            return put_back(event_id=theirs, actor=SYSTEM, now=NOW)

    def tells():
        return record_now((BACK,), **BY)

    at_once(*((back, tells) if first == "put back" else (tells, back)))
    assert [one.customer_id for one in Event.objects.all()] == [None, None]


@pytest.mark.parametrize("first", ["names", "bought"])
def test_a_refund_is_theirs_whom_it_names_at_the_moment_somebody_bought(first):
    with transaction.atomic():
        ana()
        ben = add_customer(name="Ben", identities=(CARD,), region="DE", actor=SYSTEM, now=NOW)
        record(incoming=(BACK,), **BY)
    named = BACK._replace(identities=(CARD,))
    tell_at_once(*((named, BOUGHT) if first == "names" else (BOUGHT, named)))
    assert whose_refund() == ben


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


EMAIL, CARD, HANDLE = ("email", "e@example.org"), ("card", "c"), ("handle", "h")


def seen(key, *who):
    return told(key, "visit.recorded", 0, who=who)


def persons():
    return {kept_id(one) for one in Identity.objects.values_list("customer_id", flat=True)}


@pytest.mark.parametrize("named", [(), ("email",), ("card",), ("handle",)])
def test_three_who_are_joined_by_two_at_the_same_moment_are_one(named):
    for one in (EMAIL, CARD, HANDLE):
        with transaction.atomic():
            if one[0] in named:
                add_customer(name="Ana", identities=(one,), region="DE", actor=SYSTEM, now=NOW)
            else:
                record(incoming=(seen(one[0], one),), **BY)
    tell_at_once(seen("1", EMAIL, CARD), seen("2", HANDLE, CARD))
    assert len(persons()) == 1
    (shown,) = persons()
    assert Customer.objects.get(id=shown).name == ("Ana" if named else "")


def test_two_known_by_name_stay_two_and_somebody_is_asked():
    ana, ben = (
        add_customer(name=name, identities=(one,), region="DE", actor=SYSTEM, now=NOW)
        for name, one in (("Ana", EMAIL), ("Ben", HANDLE))
    )
    with transaction.atomic():
        record(incoming=(seen("0", CARD),), **BY)
    tell_at_once(seen("1", EMAIL, CARD), seen("2", HANDLE, CARD))
    assert persons() == {ana, ben}
    assert {(one.one_id, one.other_id) for one in ToldTogether.objects.all()} == {
        tuple(sorted((ana, ben)))
    }


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("first", ["customer", "event"])
def test_who_is_added_by_name_is_the_stranger_of_the_same_moment(first, is_known):
    if is_known:
        for one in (EMAIL, CARD):
            with transaction.atomic():
                record(incoming=(seen(one[0], one),), **BY)

    def adds():
        with transaction.atomic():
            return add_customer(name="Ana", identities=(EMAIL,), region="DE", actor=SYSTEM, now=NOW)

    def tells():
        return record_now((seen("1", EMAIL, CARD),), **BY)

    at_once(*((adds, tells) if first == "customer" else (tells, adds)))
    (shown,) = persons()
    assert Customer.objects.get(id=shown).name == "Ana"


EXAMPLES = count()
SOMEBODY = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)


@settings(
    max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(SOMEBODY, max_size=4),
    st.lists(SOMEBODY, min_size=2, max_size=4),
)
def test_whoever_is_told_at_once_comes_to_the_same_persons_as_one_after_another(before, together):
    turn = next(EXAMPLES)
    kinds = ("card", "external", "handle", "email")
    identities = [(kind, f"{kind}{turn}@example.org") for kind in kinds]
    events = [
        seen(f"{turn}-{place}", *(identities[one] for one in who))
        for place, who in enumerate((*before, *together))
    ]
    for one in events[: len(before)]:
        record_now((one,), **BY)
    ready = Barrier(len(together))

    def tell(one):
        try:
            ready.wait()
            record_now((one,), **BY)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(together)) as threads:
        list(threads.map(tell, events[len(before) :]))
    found = {}
    for one in Identity.objects.filter(value__in=[value for _, value in identities]):
        found.setdefault(kept_id(one.customer_id), set()).add(
            identities.index((one.kind, one.value))
        )
    assert sorted(map(sorted, found.values())) == joined([*before, *together])


def joined(events):
    """Identities in groups, those of one event always together."""
    groups = []
    for who in events:
        met = [one for one in groups if one & set(who)]
        groups = [one for one in groups if one not in met] + [set(who).union(*met)]
    return sorted(map(sorted, groups))


RECEIPT = told("1", "purchase.completed", 2, who=(), order_id="R-1", **paid(1_000))


@pytest.mark.parametrize("by_till", [False, True])
def test_of_two_who_claim_a_receipt_one_gets_it(by_till):
    with transaction.atomic():
        people = [ana(), add_customer(name="Ben", region="DE", actor=SYSTEM, now=NOW)]
        (was,) = record(incoming=(RECEIPT,), **BY)
    both = Barrier(2)

    def claim(who):
        try:
            both.wait()
            if by_till:
                return record_now((RECEIPT._replace(customer_id=who),), **BY)[0].status
            with transaction.atomic():
                given = give(event_id=was.event_id, customer_id=who, actor=SYSTEM, now=NOW)
                return given.status
        except ReceiptConflict:
            return "conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(claim, people)) == ["conflict", "recorded"]
    assert Event.objects.get().customer_id in people
    assert Event.told.count() == 2


def test_who_claims_twice_at_the_same_moment_gets_it_once():
    with transaction.atomic():
        who = ana()
        record(incoming=(RECEIPT,), **BY)
    claimed = RECEIPT._replace(identities=WHO)
    tell_at_once(claimed, claimed)
    assert [one.customer_id for one in Event.objects.all()] == [who]


@pytest.mark.parametrize("first", ["claim", "refund"])
def test_a_refund_of_nobody_finds_who_claims_at_the_same_moment(first):
    with transaction.atomic():
        who = ana()
        record(incoming=(RECEIPT,), **BY)
    claimed = RECEIPT._replace(identities=WHO)
    tell_at_once(*((claimed, BACK) if first == "claim" else (BACK, claimed)))
    assert {one.customer_id for one in Event.objects.all()} == {who}
    assert Event.objects.count() == 2
