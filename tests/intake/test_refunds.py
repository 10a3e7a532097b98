"""A refund that names its receipt and nobody is theirs who bought, whichever is told first."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.intake.refunds import numbers_told_of_nobody, told_of_nobody_since
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity
from regulars.people.queries import ids_of, kept_id
from regulars.people.services import add_customer, erase
from regulars.stream import queries
from regulars.stream.models import Event
from regulars.stream.queries import paid, refunded

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
ANA, PHONE = ("external", "ana"), ("phone", "+491712345678")


def told(key, order, minor, *, who=(), back=False, source="till", days=None, **more):
    number = "refund_of" if back else "order_id"
    return Incoming(
        type="purchase.refunded" if back else "purchase.completed",
        source=source,
        key=key,
        occurred_at=NOW - timedelta(days=days or (1 if back else 2)),
        identities=who,
        data={"total": {"amount_minor": minor, "currency": "EUR"}, number: order},
        **more,
    )


def tell(*incoming):
    return record(incoming=incoming, region="DE", **BY)


def add(name, *identities):
    return add_customer(name=name, identities=identities, region="DE", **BY)


def whose(key):
    (found,) = (one.customer_id for one in Event.objects.all() if one.told_key == key)
    return found and kept_id(found)


A_WEEK, A_SECOND = timedelta(days=7), timedelta(seconds=1)
BOUGHT = told("1", "R-1", 1_000, who=(ANA,))
BACK = told("2", "R-1", 400, back=True)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("first", ["purchase", "refund"])
def test_a_refund_is_theirs_who_bought(first, together):
    ana = add("Ana", ANA)
    order = (BOUGHT, BACK) if first == "purchase" else (BACK, BOUGHT)
    answers = tell(*order) if together else [tell(one)[0] for one in order]
    if first == "purchase":
        assert {one.customer_id for one in answers} == {ana}
    assert whose("2") == ana
    (sum_,) = paid(ids_of(ana))
    assert (sum_.amount_minor, sum_.purchases) == (600, 1)
    purchase = Event.objects.get(key="1")
    assert refunded(ids_of(ana), [purchase]) == {purchase.id: 400}
    assert Customer.objects.count() == 1


def test_numbers_of_digits_are_numbers_of_receipts():
    ana = add("Ana", ANA)
    numbers = ("17", "017", "0", "1e3", "1.0", "1")
    for order in numbers:
        tell(told(f"{order} buys", order, 1_000, who=(ANA,)), told(order, order, 400, back=True))
    purchases = list(Event.objects.filter(type="purchase.completed"))
    assert refunded(ids_of(ana), purchases) == {one.id: 400 for one in purchases}


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(("before", "is_theirs"), [(A_WEEK, True), (A_WEEK + A_SECOND, False)])
def test_a_refund_is_of_a_purchase_of_the_week_after_it_and_of_no_later_one(
    before, is_theirs, order, together
):
    ana = add("Ana", ANA)
    purchase = told("1", "R-1", 1_000, who=(ANA,), days=20)
    early = told("2", "R-1", 400, back=True)
    early = early._replace(occurred_at=purchase.occurred_at - before)
    events = [(purchase, early)[place] for place in order]
    answers = tell(*events) if together else [tell(one)[0] for one in events]
    assert whose("2") == (ana if is_theirs else None)
    if together or order == (0, 1):
        assert answers[order.index(1)].customer_id == whose("2")


def test_until_somebody_tells_of_the_purchase_a_refund_is_nobodys():
    first, second = tell(BACK), tell(told("3", "R-1", 100, back=True))
    assert (first[0].customer_id, second[0].customer_id) == (None, None)
    assert tell(BACK)[0].status == "duplicate"
    tell(told("1", "R-1", 1_000))
    assert not Customer.objects.exists()


def test_the_number_of_a_refund_is_that_of_its_own_source():
    ana, ben = add("Ana", ANA), add("Ben", PHONE)
    tell(BOUGHT, told("1", "R-1", 700, who=(PHONE,), source="shop"))
    tell(BACK, told("3", "R-1", 100, back=True, source="shop"))
    assert (whose("2"), whose("3")) == (ana, ben)


DAILY = (
    told("1", "17", 1_000, who=(ANA,), days=9),
    told("2", "17", 700, who=(PHONE,), days=5),
    told("3", "17", 100, back=True, days=10),
    told("4", "17", 100, back=True, days=9),
    told("5", "17", 100, back=True, days=6),
    told("6", "17", 100, back=True, days=5),
    told("7", "17", 100, back=True, days=1),
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_where_numbers_begin_anew_a_refund_is_of_the_latest_purchase_before_it(order):
    ana, ben = add("Ana", ANA), add("Ben", PHONE)
    parts = DAILY[:1], DAILY[1:2], DAILY[2:]
    for part in order:
        tell(*parts[part])
    assert [whose(key) for key in "34567"] == [ana, ana, ana, ben, ben]
    assert Customer.objects.count() == 2


def test_a_purchase_of_nobody_under_the_number_has_its_own_refunds():
    ana = add("Ana", ANA)
    tell(*DAILY[2:], DAILY[0], told("2", "17", 700, days=5))
    assert [whose(key) for key in "34567"] == [ana, ana, ana, None, None]


def test_who_is_named_by_the_refund_is_who_it_is_about():
    add("Ana", ANA)
    ben = add("Ben", PHONE)
    tell(BOUGHT, told("2", "R-1", 400, back=True, who=(PHONE,)))
    assert whose("2") == ben


def test_what_nobody_bought_nobody_brings_back():
    tell(told("1", "R-1", 1_000), BACK)
    assert (whose("1"), whose("2")) == (None, None)
    assert not Customer.objects.exists()


def test_what_a_stranger_brought_back_is_theirs_once_they_say_who_they_are():
    tell(told("1", "R-1", 1_000, who=(PHONE,)), BACK)
    ana = add("Ana", PHONE)
    assert (whose("1"), whose("2")) == (ana, ana)


def test_nothing_more_is_recorded_of_who_was_erased():
    ana = add("Ana", ANA)
    tell(BOUGHT)
    erase(customer_id=ana, **BY)
    tell(BACK)
    assert whose("2") is None


def test_more_than_was_bought_is_recorded_as_it_is_told_in_either_order():
    ana = add("Ana", ANA)
    tell(told("2", "R-1", 1_200, back=True))
    tell(BOUGHT)
    (sum_,) = paid(ids_of(ana))
    assert (sum_.amount_minor, sum_.purchases) == (1_000 - 1_200, 1)


FLAG = ("flag", "refund_exceeds_purchase")


def flags(*answers):
    return [[(one.kind, one.what) for one in answer.effects] for answer in answers]


def test_more_than_was_bought_is_flagged_alone_or_together():
    add("Ana", ANA)
    assert flags(*tell(BOUGHT, BACK, told("3", "R-1", 600, back=True))) == [[], [], []]
    assert flags(*tell(told("4", "R-1", 1, back=True), BACK)) == [[FLAG], [FLAG]]
    # In another currency, or of what nobody told to be bought, nobody can tell.
    yen = told("5", "R-1", 9_000, back=True)
    yen.data["total"]["currency"] = "JPY"
    assert flags(*tell(yen, told("6", "R-7", 0, back=True), told("7", "R-7", 5, back=True))) == [
        [],
        [],
        [],
    ]
    assert flags(*tell(told("8", "R-1", 9_000, back=True, source="shop"))) == [[]]


def test_a_refund_that_came_first_is_flagged_once_the_purchase_is_there():
    add("Ana", ANA)
    early = told("2", "R-1", 1_200, back=True)
    assert flags(*tell(early)) == [[]]
    tell(BOUGHT)
    assert flags(*tell(early)) == [[FLAG]]


def test_whom_somebody_sent_who_was_erased_has_arrived_and_nobody_is_thanked():
    ana, ben = add("Ana", ANA), add("Ben", PHONE)
    erase(customer_id=ana, **BY)
    sent = Incoming(
        type="referral.recorded",
        source="till",
        key="1",
        occurred_at=NOW,
        customer_id=ben,
        data={"sender_id": str(ana)},
    )
    (answer,) = tell(sent)
    assert (answer.status, answer.customer_id, tuple(answer.effects)) == ("recorded", ben, ())
    assert not Customer.objects.filter(id=ana).exists()


STORY = (
    BOUGHT,
    BACK,
    told("3", "R-1", 100, back=True),
    told("4", "R-2", 500, who=(PHONE,)),
    told("5", "R-2", 500, back=True),
    told("6", "R-3", 300),
    told("7", "R-3", 300, back=True),
    told("8", "R-9", 900, back=True),
    # The till gives a number anew; of one receipt nobody knows who bought, until somebody brings it.
    told("a", "17", 1_000, who=(ANA,), days=9),
    told("b", "17", 700, days=5),
    told("c", "17", 600, who=(PHONE,), days=3),
    told("d", "17", 100, back=True, days=6),
    told("e", "17", 100, back=True, days=4),
    told("f", "17", 100, back=True, days=1),
    told("g", "R-2", 200),
    told("g", "R-2", 200, who=(ANA,)),
    # Who is named brought it back, whoever bought.
    told("h", "17", 100, back=True, days=6),
    told("h", "17", 100, back=True, days=6, who=(PHONE,)),
    # What was given back days before was dated wrongly; long before, it was of another purchase.
    told("i", "18", 1_000, who=(ANA,), days=20),
    told("j", "18", 100, back=True, days=26),
    told("k", "18", 100, back=True, days=28),
)


def lived(order, sizes):
    with transaction.atomic():
        ana = add("Ana", ANA)
        rest = [STORY[number] for number in order]
        while rest:
            size = sizes[len(rest) % len(sizes)]
            tell(*rest[:size])
            rest = rest[size:]
        by_phone = Identity.objects.get(kind="phone").customer_id
        assert set(Customer.objects.values_list("id", flat=True)) == {ana, by_phone}
        names = {ana: "ana", kept_id(by_phone): "stranger"}
        found = {one.told_key: names.get(whose(one.told_key)) for one in Event.objects.all()}
        transaction.set_rollback(True)
    return found


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.permutations(range(len(STORY))),
    st.lists(st.integers(0, len(STORY) - 1), max_size=4),
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
)
def test_in_any_order_it_is_the_same_persons(order, repeated, sizes):
    assert lived([*order, *repeated], sizes) == {
        **dict.fromkeys(("1", "2", "3", "a", "d", "g", "i", "j"), "ana"),
        **dict.fromkeys(("4", "c", "f", "h"), "stranger"),
        **dict.fromkeys(("6", "7", "8", "b", "e", "k"), None),
        "5": "ana",
    }


@pytest.mark.parametrize("keys", list(permutations(("a", "a\t", "b"))))
@pytest.mark.parametrize("days", [0, 9])
def test_of_several_purchases_of_one_moment_it_is_the_last_by_key_though_claimed(keys, days):
    ana, by_key = add("Ana", ANA), {"a": (), "a\t": (ANA,), "b": ()}
    tell(*(told(key, "17", 500, who=by_key[key]) for key in keys))
    tell(told("a", "17", 500, who=(PHONE,)), told("r", "17", 100, back=True, days=days or 1))
    assert whose("r") is None
    tell(told("b", "17", 500, who=(ANA,)))
    assert whose("r") == ana


def bought_each_day(days, number="17"):
    """A till's first days, each with a purchase and a refund of it under the same number."""
    told_so_far = []
    for day in range(days + 9, 9, -1):
        told_so_far.append(told(f"p{day}", number, 500, who=(PHONE,), days=day))
        told_so_far.append(told(f"r{day}", number, 100, back=True, days=day))
    tell(*told_so_far)


def rows_read(statements, monkeypatch):
    """How many rows the database answers to what is asked."""
    found = []
    for name in ("rows", "_rows"):
        ask = getattr(queries, name)

        def asked(*told, ask=ask):
            answer = ask(*told)
            found.append(len(answer))
            return answer

        monkeypatch.setattr(queries, name, asked)
    statements()
    monkeypatch.undo()
    return sum(found)


@pytest.mark.parametrize(
    ("key", "back", "days", "most"),
    [("new", False, 1, 0), ("late", False, 10, 4), ("back", True, 1, 2)],
)
def test_a_number_that_was_given_300_times_is_told_as_quickly_as_a_new_one(
    key, back, days, most, monkeypatch, django_assert_max_num_queries
):
    bought_each_day(300)
    again = told(key, "17", 100, back=back, days=days, who=() if back else (PHONE,))
    with django_assert_max_num_queries(40):
        assert rows_read(lambda: tell(again), monkeypatch) <= most
    assert whose(key) == kept_id(Identity.objects.get().customer_id)


def test_digits_are_a_number_of_an_order_as_any_text_is():
    numbers = ["0", "017", "17", "1e3", "X-1"]
    tell(*(told(f"b{number}", number, 100, back=True) for number in numbers))
    assert numbers_told_of_nobody("till") == numbers
    assert set(told_of_nobody_since(NOW)) == {("till", number) for number in numbers}
