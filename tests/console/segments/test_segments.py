"""Segments in the console: every number leads to its people, and each is told why they are there."""

import re
from zoneinfo import ZoneInfo

import pytest
from tests.console.customer.test_customer import bought
from tests.scoring.test_segments import scored

from regulars.people.models import Customer
from regulars.scoring.models import Score
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def sorted_town(town):
    """Ben is a champion who slips, Cem somebody new; Dora never bought."""
    return scored(
        {
            "customer_id": town["Ben Vogel"],
            "quadrant": "champion",
            "life_cycle": "slipping",
            "life_cycle_before": "regular",
            "purchase_days": 8,
            "usual_gap_days": 9.0,
            "silent_days": 31,
            "friends": 2,
            "r": 1,
            "f": 5,
            "value_to_date": 12_000,
        },
        {
            "customer_id": town["Cem"],
            "quadrant": "other",
            "life_cycle": "new",
            "purchase_days": 1,
            "silent_days": 2,
            "r": 5,
            "f": 1,
            "value_to_date": 500,
        },
    )


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_business_is_told_how_to_begin(owner):
    assert "Begin by writing down a few regulars" in shown(owner, "/segments/")


def test_every_number_leads_to_as_many_people_as_it_says(owner, sorted_town):
    page = shown(owner, "/segments/")
    assert "From 3 customers, counted now." in page
    cells = re.findall(r'<td class="heat-\d"><a href="([^"]+)">.*?count">(\d+)<', page)
    assert sorted(int(customers) for _, customers in cells) == [1, 1, 1]
    for address, customers in cells:
        behind = shown(owner, address.replace("&amp;", "&"))
        assert behind.count('class="monogram" aria-hidden="true"') == int(customers) + 2


def test_who_is_in_a_list_is_told_why(owner, sorted_town):
    page = shown(owner, "/segments/people/?value=champion&life_cycle=slipping")
    assert "Champions · Slipping" in page
    assert "Came every 9 days, not for 31." in page
    assert "Brought 2 people" in page
    assert "Cem" not in page


def test_what_people_want_narrows_the_cross_to_those_who_want_it(owner, sorted_town):
    assert "Flat white" in shown(owner, "/segments/").replace("flat white", "Flat white")
    page = shown(owner, "/segments/?kind=likes&subject=flat+white")
    assert "From one customer, counted now." in page
    assert 'aria-current="true"' in page


def test_people_without_scores_are_there_from_the_first_day(owner, town):
    page = shown(owner, "/segments/")
    assert "Nobody has been scored yet" in page
    assert "flat white" in page


def test_a_long_list_goes_on(owner, ready):
    for number in range(31):
        Customer.objects.create(
            name=f"Customer {number}", created_at=ready.created_at, known_since=ready.created_at
        )
    first = shown(owner, "/segments/people/")
    assert "31 customers now." in first
    further = re.search(r'href="([^"]*start=30)"', first)
    assert further is not None
    assert "Customer 30" in shown(owner, further[1].replace("&amp;", "&"))
    assert "Nobody is here now." in shown(owner, "/segments/people/?start=x&moved=back")


def test_a_list_counts_until_today_as_the_word_beside_it_does(owner, sorted_town, town):
    ben = town["Ben Vogel"]
    bought(ben, 31)
    last = Event.objects.get(type="purchase.completed").occurred_at
    day = last.astimezone(ZoneInfo("Europe/Berlin")).date()
    Score.objects.filter(customer_id=ben).update(last_day=day, silent_days=30)
    page = shown(owner, "/segments/people/?life_cycle=slipping")
    assert "here 31 days ago" in page
    assert "Came every 9 days, not for 31." in page
    assert "not for 30" not in page
