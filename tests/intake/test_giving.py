"""A purchase of nobody is given to whose it is, and put back where it was not; always one person's, and once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regulars.care.models import Task
from regulars.intake.errors import ReceiptConflict
from regulars.intake.giving import give, put_back
from regulars.intake.noted import SOURCE, refund_key
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.export import everything
from regulars.people.queries import ids_of
from regulars.people.services import add_customer
from regulars.stream.models import Event
from regulars.stream.queries import paid
from regulars.stream.refunding import REFUND_EXCEEDS_PURCHASE as BEYOND
from regulars.stream.refunding import orders_given_back, refunded_beyond

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def told(key, kind, minor, *, days=1, who=None, **data):
    return Incoming(
        type=kind,
        source="till",
        key=key,
        occurred_at=NOW - timedelta(days=days),
        customer_id=who,
        data={"total": {"amount_minor": minor, "currency": "EUR"}, **data},
    )


def bought(who=None):
    return told("1", "purchase.completed", 1_000, order_id="R-1", who=who)


def back(who=None, key="2"):
    return told(key, "purchase.refunded", 300, refund_of="R-1", who=who)


def tell(*incoming):
    with transaction.atomic():
        return record(incoming=incoming, region="DE", refuse_other=True, **BY)


def add(name):
    return add_customer(name=name, region="DE", **BY)


def first():
    return Event.told.get(key="1").id


def standing(who):
    return Event.objects.get(type="purchase.completed", customer_id=who).id


def note(who):
    """Something of what they bought is given back, at the console."""
    key = refund_key(Event.objects.get(id=standing(who)), uuid4())
    tell(told(key, "purchase.refunded", 50, refund_of="R-1", who=who)._replace(source=SOURCE))


def sums(*customers):
    return [
        [(one.amount_minor, one.purchases) for one in paid(ids_of(customer))]
        for customer in customers
    ]


def test_what_is_put_back_is_nobodys_with_its_refund_and_can_be_given_to_another():
    ana, ben = add("Ana"), add("Ben")
    tell(bought(), back())
    assert give(event_id=first(), customer_id=ana, **BY).status == "recorded"
    assert sums(ana, ben) == [[(700, 1)], []]
    assert put_back(event_id=standing(ana), **BY)
    assert sums(ana, ben) == [[], []]
    assert give(event_id=first(), customer_id=ben, **BY).status == "recorded"
    assert sums(ana, ben) == [[], [(700, 1)]]
    assert Event.objects.count() == 2
    assert not Event.told.exclude(key__startswith="1").exclude(key__startswith="2").exists()


def test_a_refund_that_somebody_brought_back_stays_theirs():
    ana = add("Ana")
    tell(bought(), back(who=ana))
    give(event_id=first(), customer_id=ana, **BY)
    put_back(event_id=standing(ana), **BY)
    assert sums(ana) == [[(-300, 0)]]


def test_a_refund_that_waited_for_its_purchase_is_put_back_with_it():
    ana, ben = add("Ana"), add("Ben")
    tell(back())
    tell(bought())
    give(event_id=first(), customer_id=ana, **BY)
    assert sums(ana) == [[(700, 1)]]
    put_back(event_id=standing(ana), **BY)
    assert sums(ana) == [[]]
    give(event_id=first(), customer_id=ben, **BY)
    assert sums(ana, ben) == [[], [(700, 1)]]


@pytest.mark.parametrize("together", [False, True])
def test_a_refund_told_of_nobody_goes_with_its_purchase_whenever_it_is_told(together):
    ana, ben = add("Ana"), add("Ben")
    tell(bought())
    if together:  # the till claims the purchase, and tells the refund with it
        _, answer = tell(bought(who=ana), back())
    else:
        give(event_id=first(), customer_id=ana, **BY)
        (answer,) = tell(back())
    refund = Event.objects.get(type="purchase.refunded")
    assert answer == ("recorded", refund.id, ana, ())
    assert sums(ana) == [[(700, 1)]]
    assert tell(back()) == (("duplicate", refund.id, ana, ()),)
    put_back(event_id=standing(ana), **BY)
    assert sums(ana, ben) == [[], []]
    give(event_id=first(), customer_id=ben, **BY)
    assert sums(ana, ben) == [[], [(700, 1)]]
    assert [one.customer_id for one in tell(back(key="3"), back(key="3"))] == [ben, ben]
    assert sums(ana, ben) == [[], [(400, 1)]]


def test_a_refund_that_names_who_brought_it_back_stays_theirs_told_after_a_claim():
    ana = add("Ana")
    tell(bought())
    give(event_id=first(), customer_id=ana, **BY)
    tell(back(who=ana))
    put_back(event_id=standing(ana), **BY)
    assert sums(ana) == [[(-300, 0)]]


def test_more_given_back_than_bought_after_a_claim_is_flagged_at_once():
    ana = add("Ana")
    tell(bought())
    give(event_id=first(), customer_id=ana, **BY)
    answers = tell(*(back(key=key) for key in "2345"))
    assert [[one.what for one in answer.effects] for answer in answers] == [[BEYOND]] * 4
    assert sums(ana) == [[(-200, 1)]]


def test_what_was_put_back_stays_so_however_often_the_till_says_it_again():
    ana, ben = add("Ana"), add("Ben")
    tell(bought(), back())
    tell(bought(who=ana), back(who=ana))
    put_back(event_id=standing(ana), **BY)
    purchase, refund = Event.objects.order_by("type")
    answers = tell(bought(who=ana), back(who=ana), bought(), back())
    assert [(one.status, one.event_id, one.customer_id) for one in answers] == [
        ("duplicate", one, None) for one in (purchase.id, refund.id) * 2
    ]
    assert sums(ana, ben) == [[], []]
    assert tell(bought(who=ben))[0].status == "recorded"
    assert sums(ana, ben) == [[], [(700, 1)]]
    put_back(event_id=standing(ben), **BY)
    assert give(event_id=first(), customer_id=ana, **BY).status == "recorded"
    assert sums(ana, ben) == [[(700, 1)], []]


def test_what_somebody_is_handed_out_of_it_has_the_numbers_that_the_till_gave():
    ana = add("Ana")
    tell(bought(), back())
    give(event_id=first(), customer_id=ana, **BY)
    assert {one["key"] for one in everything(ana)["events"]} == {"1", "2"}


def test_only_what_was_claimed_is_put_back_and_once():
    ana = add("Ana")
    tell(bought(who=ana))
    assert not put_back(event_id=first(), **BY)
    tell(told("9", "purchase.completed", 5))
    nine = Event.told.get(key="9").id
    assert not put_back(event_id=nine, **BY)
    give(event_id=nine, customer_id=ana, **BY)
    claimed = Event.objects.get(replaces=nine).id
    assert [put_back(event_id=claimed, **BY) for _ in range(2)] == [True, False]
    assert give(event_id=first(), customer_id=ana, **BY) is None


def test_who_was_welcomed_back_by_mistake_is_not():
    ana = add("Ana")
    tell(told("0", "purchase.completed", 100, days=200, who=ana), bought())
    given_now = give(event_id=first(), customer_id=ana, **BY)
    assert [one.what for one in given_now.effects] == ["welcome_back"]
    put_back(event_id=given_now.event_id, **BY)
    assert not Task.objects.filter(withdrawn_at=None).exists()
    give(event_id=first(), customer_id=ana, **BY)
    assert Task.objects.filter(withdrawn_at=None).count() == 1


def test_more_was_given_back_than_was_bought_is_said_of_what_stands():
    ana = add("Ana")
    tell(bought(), back(), back(key="3"), back(key="4"))
    give(event_id=first(), customer_id=ana, **BY)
    refunds = orders_given_back(Event.objects.all())
    assert len(refunds) == 3
    assert not refunded_beyond(refunds)
    tell(back(key="5"))
    refunds = orders_given_back(Event.objects.all())
    assert refunded_beyond(refunds) == refunds.keys()


ACTS = st.lists(
    st.sampled_from(
        ("buy", "refund", "again", "ana", "ben", "put back", "till: ana", "till: ben", "note")
    ),
    max_size=9,
)


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(ACTS)
@example(["buy", "ana", "refund", "note", "put back", "till: ben", "note", "put back", "ana"])
@example(["buy", "till: ana", "refund", "put back", "till: ana", "ana", "put back", "till: ben"])
def test_whatever_is_done_in_any_order_it_is_one_persons_or_nobodys_and_counts_once(acts):
    with transaction.atomic():
        people = {"ana": add("Ana"), "ben": add("Ben")}
        owner, is_bought, is_back, notes, no_more = None, False, False, 0, set()
        for act in acts:
            who = act.removeprefix("till: ")
            if act in ("buy", "refund", "again"):
                tell(*{"buy": (bought(),), "refund": (back(),), "again": (bought(), back())}[act])
                is_bought |= act != "refund"
                is_back |= act != "buy"
            elif act == "note" and owner is not None:
                note(people[owner])
                notes += 1
            elif act == "put back" and owner is not None:
                assert put_back(event_id=standing(people[owner]), **BY)
                no_more.add(owner)
                owner = None
            elif who in people and is_bought:
                is_theirs = owner in (None, who)
                try:
                    with transaction.atomic():
                        if act == who:
                            give(event_id=first(), customer_id=people[who], **BY)
                        else:
                            tell(bought(who=people[who]))
                except ReceiptConflict:
                    assert not is_theirs
                else:
                    assert is_theirs
                    # A till that repeats itself does not take it from whoever put it back.
                    owner = None if owner is None and act != who and who in no_more else who
        expected = [(1_000 - (300 if is_back else 0) - 50 * notes, 1)]
        assert sums(*people.values()) == [expected if one == owner else [] for one in people]
        assert Event.objects.filter(type="purchase.completed").count() == is_bought
        assert Event.objects.filter(type="purchase.refunded").count() == is_back + notes
        transaction.set_rollback(True)
