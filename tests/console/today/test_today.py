"""Today's list: what is to be done, why, and what becomes of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.console.conftest import at_noon
from tests.console.customer.test_customer import bought, came

from regulars.care.models import Task
from regulars.intake.introduction import Regular, introduce
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Counted
from regulars.people.queries import zone_here
from regulars.scoring.services import run_scoring

pytestmark = pytest.mark.django_db


def home(client, said="") -> str:
    answer = client.get("/", {"said": said} if said else {})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def cards(page: str) -> str:
    return (
        page.split('id="names"')[1]
        .split('class="done"', maxsplit=1)[0]
        .split('id="questions"', maxsplit=1)[0]
    )


def test_who_brought_somebody_is_to_be_thanked_with_why_and_what_to_say(owner, town):
    page = cards(home(owner))
    assert "“Cem and Dora came because of you. Thank you.”" in page
    assert "Brought Cem and Dora." in page


def test_what_is_done_leaves_the_list_rests_and_can_be_taken_back(owner, town):
    task = Task.objects.get()
    assert owner.post(f"/today/{task.id}/done/").headers["Location"] == "/?said=done"
    page = home(owner, "done")
    assert "Done. You can take it back below." in page
    assert "Brought Cem and Dora." not in cards(page)  # not as a suggestion either
    assert "One person was thanked or welcomed back." in page
    task.refresh_from_db()
    assert task.done_by.startswith("employee:")
    owner.post(f"/today/{task.id}/again/")
    assert "Brought Cem and Dora." in cards(home(owner))


def test_what_is_put_off_comes_back_tomorrow(owner, town):
    task = Task.objects.get()
    owner.post(f"/today/{task.id}/later/")
    assert "Brought Cem and Dora." not in cards(home(owner))
    Task.objects.update(due_on=Task.objects.get().due_on - timedelta(days=1))  # a night
    assert "Brought Cem and Dora." in cards(home(owner))


def test_a_suggestion_that_was_done_rests_for_a_fortnight(owner, town):
    assert "Came through Ben Vogel." in cards(home(owner))
    owner.post(f"/today/for/{town['Cem']}/", {"kind": "greet_friend", "done": "1"})
    page = home(owner)
    assert "“Ben Vogel told us about you. How do you like it here?”" in page
    assert f'"/customers/{town["Cem"]}/"' not in cards(page)
    Task.objects.filter(kind="greet_friend").update(done_at=datetime.now(UTC) - timedelta(days=15))
    assert f'"/customers/{town["Cem"]}/"' in cards(home(owner))


def test_a_suggestion_put_off_twice_is_one_line(owner, town):
    for _ in range(2):
        owner.post(f"/today/for/{town['Cem']}/", {"kind": "greet_friend", "later": "1"})
    assert Task.objects.filter(kind="greet_friend").count() == 1
    assert f'"/customers/{town["Cem"]}/"' not in cards(home(owner))
    owner.post(f"/today/for/{town['Cem']}/", {"kind": "bribe", "done": "1"})
    assert not Task.objects.filter(kind="bribe").exists()


def test_who_comes_back_is_welcomed_with_how_long_they_were_away(owner, town):
    now = datetime.now(UTC)
    record(
        incoming=[
            Incoming(
                type="visit.recorded",
                source="till",
                key=str(days),
                occurred_at=now - timedelta(days=days),
                customer_id=UUID(town["Dora"]),
            )
            for days in (90, 0)
        ],
        region="DE",
        actor=SYSTEM,
        now=now,
    )
    page = cards(home(owner))
    assert "Welcome back" in page
    assert "Came back after 90 days." in page


@pytest.mark.django_db(transaction=True)
def test_who_slips_away_is_to_be_won_back_with_how_long_they_have_not_been_here(
    owner, town, settings, tmp_path
):
    settings.HOME = tmp_path
    now = datetime.now(UTC)
    today = at_noon(0).date()
    with transaction.atomic():
        record(
            incoming=[
                Incoming(
                    type="purchase.completed",
                    source="till",
                    key=str(days),
                    occurred_at=at_noon(days),
                    customer_id=UUID(town["Dora"]),
                    data={"total": {"amount_minor": 900, "currency": "EUR"}},
                )
                for days in range(50, 200, 5)
            ],
            region="DE",
            actor=SYSTEM,
            now=now,
        )
    run_scoring(until=today, actor=SYSTEM, now=now)
    page = cards(home(owner))
    assert "Win back" in page
    assert "Came every 5 days, not for 50." in page
    owner.post(f"/today/for/{town['Dora']}/", {"kind": "win_back", "later": "1"})
    Task.objects.update(due_on=today)  # a night
    assert "Came every 5 days, not for 50." in cards(home(owner))
    came(town["Dora"], 5)
    assert "not for" not in cards(home(owner))


def test_the_five_questions_say_how_fresh_and_from_how_many(owner, town):
    assert "From 3 customers, as of " in home(owner)  # of nothing else is there any
    bought(town["Cem"], 1, 2)
    assert "From 3 customers and 2 purchases, as of " in home(owner)


def test_the_trees_say_when_who_brought_most_was_counted(owner, town, monkeypatch):
    monkeypatch.setattr("regulars.people.queries.counting.MANY_CUSTOMERS", 0)
    home(owner)  # in a large house it is counted now and then, and kept
    zone = zone_here()
    now = datetime.now(zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    then = max(now - timedelta(minutes=30), midnight)
    Counted.objects.update(counted_at=then)
    said = f"From the 3 people whom you know by name, as of {then:%H:%M} today."
    assert said in home(owner)


def test_home_reads_no_more_of_many_people_than_of_few(owner, ready):
    def told():
        with CaptureQueriesContext(connection) as queries:
            home(owner)
        statements = [one["sql"] for one in queries.captured_queries]
        return len(statements), max(map(len, statements))

    def introduced(numbers):
        introduce(
            regulars=[
                Regular(name=f"P{number}", came_through=f"P{number // 3}", is_new=True)
                for number in numbers
            ],
            region="DE",
            actor=SYSTEM,
            now=datetime.now(UTC),
        )
        Task.objects.update(done_at=datetime.now(UTC) - timedelta(days=20))

    introduced(range(1, 650))  # from so many on whom a star sender brought is asked in groups
    queries, longest = told()
    introduced(range(650, 1050))
    assert told() <= (queries + 4, longest * 1.5)
    # What names people in a statement names a few hundred, whatever the town.
    assert told()[1] < 500 * 36
