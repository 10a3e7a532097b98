"""In a large house the figures are counted now and then, with the moment."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.plans import asked

from regulars.intake.incoming import Incoming
from regulars.intake.services import record
from regulars.kernel.actor import SYSTEM
from regulars.measure.services import count_again, figures
from regulars.people.models import Business, Counted
from regulars.people.queries import counted, top_senders
from regulars.people.services import add_customer, add_location, set_location

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


@pytest.fixture
def ana():
    Business.objects.create(
        name="Café Ana", language="en", time_zone="UTC", currency="EUR", created_at=NOW
    )
    return add("Ana")


def add(name):
    return add_customer(name=name, region="DE", actor=SYSTEM, now=NOW)


def sent(sender, friend):
    told = Incoming(
        "referral.recorded", "till", str(friend), NOW, customer_id=friend,
        data={"sender_id": str(sender)},
    )  # fmt: skip
    record(incoming=[told], region="DE", actor=SYSTEM, now=NOW)


def test_in_a_small_house_everything_is_counted_while_one_waits(ana):
    assert figures(now=NOW).customers == 1
    add("Ben")
    found = figures(now=NOW)
    assert (found.customers, found.counted_at) == (2, None)
    assert not Counted.objects.exists()


def test_in_a_large_house_they_are_as_they_were_counted_last(ana, monkeypatch):
    monkeypatch.setattr("regulars.people.queries.counting.MANY_CUSTOMERS", 0)
    assert figures(now=NOW).customers == 1
    ben = add("Ben")
    sent(ana, ben)
    soon = NOW + timedelta(minutes=11)
    with asked() as found:
        kept = figures(now=soon)
    assert (kept.customers, kept.senders, kept.counted_at) == (1, 0, NOW)
    assert len(found.queries) == 3  # is it large, twice; what was counted
    assert top_senders(5) == ()
    count_again(soon)
    kept = figures(now=soon)
    assert (kept.customers, kept.senders, kept.friends, kept.counted_at) == (2, 1, 1, soon)
    assert top_senders(5) == (ana,)


def test_what_was_counted_long_ago_or_yesterday_is_counted_anew(ana, monkeypatch):
    monkeypatch.setattr("regulars.people.queries.counting.MANY_CUSTOMERS", 0)
    figures(now=NOW)
    add("Ben")
    late = NOW.replace(hour=23, minute=50)
    assert figures(now=NOW + timedelta(minutes=61)).customers == 2
    figures(now=late)
    add("Cem")
    assert figures(now=late + timedelta(minutes=20)).customers == 3


def test_what_was_counted_a_moment_ago_is_not_counted_again(ana, monkeypatch):
    monkeypatch.setattr("regulars.people.queries.counting.MANY_CUSTOMERS", 0)
    count_again(NOW)
    before = Counted.objects.get(what="questions").counted_at
    count_again(NOW + timedelta(minutes=9))
    assert Counted.objects.get(what="questions").counted_at == before
    assert counted("senders") is not None


def test_figures_of_many_places_are_kept_as_long_as_somebody_looks(ana, monkeypatch):
    monkeypatch.setattr("regulars.people.queries.counting.MANY_CUSTOMERS", 0)
    places = [add_location(name=f"Place {number}", now=NOW) for number in range(12)]
    assert figures(now=NOW, places=places).customers == 0
    longest = Counted._meta.get_field("what").max_length
    (kept,) = Counted.objects.exclude(places=[])
    assert len(kept.what) <= longest, "SQLite does not look at it"
    set_location(customer_id=add("Ben"), location_id=places[0])
    later = NOW + timedelta(minutes=11)
    count_again(later)
    assert figures(now=later, places=places[::-1]).customers == 1
    count_again(later + timedelta(days=2))
    assert not Counted.objects.exclude(places=[]).exists()
