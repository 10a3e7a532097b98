"""Pictures of everybody: every mark leads to whom it stands for, and too little is no error."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.console.segments.test_segments import shown, sorted_town  # noqa: F401  (a fixture)

from regulars.console.pictures.retention import headline, plots_of, rows_of
from regulars.console.shown.spark import spark_of
from regulars.people.models import Customer, Employee
from regulars.scoring.cohorts import as_json, cohorts_of
from regulars.scoring.models import Score

pytestmark = pytest.mark.django_db
CUTS = {"basis": "value_to_date", "clv": 50.0, "sender_value": 10.0, "version": 1}
UNTIL = date(2026, 6, 30)
COHORTS = cohorts_of(
    [
        *((date(2026, month, 1), 0, 10) for month in range(1, 7)),
        *(
            (date(2026, month, 1), later, 4)
            for month in range(1, 6)
            for later in range(1, 7 - month)
        ),
    ],
    until=UNTIL,
)


@pytest.fixture
def drawn(sorted_town):  # noqa: F811
    sorted_town.summary = {"value": {"cuts": CUTS}, "cohorts": as_json(COHORTS)}
    sorted_town.currency = "EUR"
    sorted_town.before = date(2026, 6, 29)
    sorted_town.customers = 2
    sorted_town.save()
    return sorted_town


@pytest.mark.parametrize("address", ["/spenders-and-senders/", "/rhythm/", "/coming-back/"])
@pytest.mark.usefixtures("ready")
def test_too_little_is_no_error_and_says_how_to_begin(owner, address):
    page = shown(owner, address)
    assert "<svg class=" not in page
    assert re.search(r"Begin by noting purchases|It begins with the second month", page)


@pytest.mark.usefixtures("drawn")
def test_every_dot_leads_to_its_customer_and_says_why_it_stands_there(owner, town):
    page = shown(owner, "/spenders-and-senders/")
    assert (
        page.count(f'href="/customers/{town["Ben Vogel"]}/" tabindex="-1"') == 2
    )  # wide and narrow
    assert "Ben Vogel: €120, brought 2 people worth €0.00" in page
    assert "spent so far" in page
    assert "one in" not in page
    assert 'href="/segments/people/?value=champion"' in page


@pytest.mark.usefixtures("drawn")
def test_a_name_is_never_markup(owner, town):
    Customer.objects.filter(id=town["Ben Vogel"]).update(name="<script>alert(1)</script>")
    for address in ("/spenders-and-senders/", "/segments/people/", "/"):
        assert "<script>alert" not in shown(owner, address)


def test_many_dots_are_a_part_that_is_said_to_be_one_in_as_many_queries(owner, drawn, monkeypatch):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            page = shown(owner, "/spenders-and-senders/")
        return len(asked), page

    few, _ = queries()
    people = Customer.objects.bulk_create(
        Customer(
            name=f"Customer {number}", created_at=drawn.started_at, known_since=drawn.started_at
        )
        for number in range(40)
    )
    Score.objects.bulk_create(
        Score(run=drawn, customer_id=one.id, quadrant="other", value_to_date=number)
        for number, one in enumerate(people)
    )
    monkeypatch.setattr("regulars.console.pictures.quadrants.DOTS_DRAWN", 10)
    many, page = queries()
    assert many == few
    assert "one in 5 and those who stand out" in page


@pytest.mark.usefixtures("drawn")
def test_each_cell_of_the_map_opens_its_people(owner):
    page = shown(owner, "/rhythm/")
    cells = dict(re.findall(r'href="([^"]+)"><span class="unseen">([^<]+): <', page))
    assert set(cells.values()) == {"longest ago, most often", "just now, least often"}
    behind = shown(owner, "/segments/people/?r=1&f=5")
    assert "Ben Vogel" in behind
    assert "Came every 9 days, not for 31." in behind
    assert "From 2 customers, counted now." in page


@pytest.mark.usefixtures("drawn")
def test_those_who_began_together_are_followed_month_by_month(owner):
    page = shown(owner, "/coming-back/")
    assert "about 40 come again in the month after" in page
    assert "From 60 customers who began since Jan 2026." in page
    assert page.count(">40%<") >= 15
    assert "Q1 2026" in page


def test_a_month_that_is_not_over_is_said_to_be_so_far():
    cohorts = cohorts_of(
        [(date(2026, 5, 1), 0, 4), (date(2026, 5, 1), 1, 1)], until=date(2026, 6, 9)
    )
    (row,) = rows_of(cohorts, until=date(2026, 6, 9))
    assert [(cell.text, cell.is_over) for cell in row.cells] == [("25%", False)]
    assert headline(cohorts, until=date(2026, 6, 9)) == ""
    assert plots_of(cohorts, until=date(2026, 6, 9)) == ()


def test_names_of_lines_that_end_together_stand_apart():
    wide, narrow = plots_of(COHORTS, until=UNTIL)
    for plot in (wide, narrow):
        assert all(0 <= line.end[0] <= plot.width for line in plot.lines)
    places = [(line.end[0], line.label_y) for line in wide.lines]
    assert len(set(places)) == len(places)


def test_a_size_over_time_is_drawn_from_two_days_on():
    assert spark_of([(UNTIL, 3)]) is None
    spark = spark_of([(date(2026, 6, 28), 0), (date(2026, 6, 29), 2), (UNTIL, 4)])
    assert spark is not None
    assert spark.points == "4.0,52.0 120.0,28.0 236.0,4.0"
    assert spark.told == "0 on 28 June 2026, 4 on 30 June 2026."
    assert spark_of([(date(2026, 6, 28), 0), (UNTIL, 0)]) is not None


@pytest.mark.usefixtures("drawn")
def test_home_says_who_moved_since_last_night_to_those_who_may_open_the_list(signed_in):
    page = shown(signed_in(Employee.OWNER), "/")
    assert "What changed since last night" in page
    assert "Newly slipping" in page
    assert 'href="/segments/people/?moved=slipping"' in page
    assert "Between 29 June 2026 and 30 June 2026, from 2 customers." in page
    behind = shown(signed_in(Employee.OWNER), "/segments/people/?moved=slipping")
    assert "Ben Vogel" in behind
    assert "Dora" not in behind
    assert "What changed since last night" not in shown(signed_in(Employee.ASSOCIATE), "/")


@pytest.mark.usefixtures("sorted_town")
def test_nothing_has_changed_before_there_are_two_days(owner):
    assert "What changed since last night" not in shown(owner, "/")
