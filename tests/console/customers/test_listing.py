"""The list narrowed down, ordered, kept by a name, taken along, and noted on."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.console.customer.test_customer import bought, post

from regulars.console.models import SavedView
from regulars.intake.introduction import Regular, introduce
from regulars.kernel.actor import SYSTEM
from regulars.kernel.language import speaking
from regulars.people.audit import looks, looks_at
from regulars.people.models import Employee, Look
from regulars.people.services import add_customer, merge, record_consent
from regulars.scoring.models import Run, Score
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
NAMES = ("Ben Vogel", "Cem", "Dora")


def by():
    return {"actor": SYSTEM, "now": datetime.now(UTC)}


def listed(client, **asked) -> list[str]:
    """Who of the town is on the list, in its order."""
    answer = client.get("/customers/", asked)
    assert answer.status_code == 200
    page = answer.content.decode().split('id="results"')[1]
    found = [part.split("<")[0] for part in page.split('class="name">')[1:]]
    return [name for name in found if name in NAMES]


def agree(customer, *, given=True, days=0):
    now = datetime.now(UTC)
    record_consent(
        customer_id=UUID(customer),
        purpose="news",
        channel="email",
        given=given,
        text_version="1",
        proof="said so",
        said_at=now - timedelta(days=days),
        actor=SYSTEM,
        now=now,
    )


@pytest.fixture
def scored(town):
    run = Run.objects.create(
        until=date(2026, 6, 30),
        inputs="x",
        events=1,
        version=1,
        currency="EUR",
        started_at=datetime.now(UTC),
        finished_at=datetime.now(UTC),
    )
    for name, cycle, value, spent, friends in (
        ("Ben Vogel", "slipping", "champion", 500, 2),
        ("Cem", "regular", "affluent", 900, 0),
    ):
        Score.objects.create(
            run=run,
            customer_id=town[name],
            life_cycle=cycle,
            quadrant=value,
            value_to_date=spent,
            friends=friends,
        )
    return town


def test_it_is_narrowed_down_by_where_they_stand_and_what_they_are_worth(owner, scored):
    assert listed(owner, life="slipping") == ["Ben Vogel"]
    assert listed(owner, value="affluent") == ["Cem"]
    assert listed(owner, life="slipping", value="affluent") == []
    assert "Nobody is like that now." in owner.get("/customers/?life=lost").content.decode()
    assert set(listed(owner, life="nonsense", order="x", unseen="7")) == set(NAMES)
    page = owner.get("/customers/?life=slipping").content.decode()
    assert "1 person on this list." in page
    assert "Slipping</span>" in page


def test_it_is_ordered_by_what_they_spent_brought_and_are_called(owner, scored):
    assert listed(owner, order="spent") == ["Cem", "Ben Vogel"]
    assert listed(owner, order="brings") == ["Ben Vogel"]
    assert listed(owner, order="name") == ["Ben Vogel", "Cem", "Dora"]
    assert listed(owner) == ["Dora", "Cem", "Ben Vogel"]


def test_who_was_not_seen_for_long_and_who_has_not_bought_yet(owner, town):
    bought(town["Cem"], 40)
    bought(town["Dora"], 2)
    assert listed(owner, unseen="30") == ["Cem", "Ben Vogel"]
    assert listed(owner, unseen="60", order="name") == ["Ben Vogel"]
    assert listed(owner, unseen="30", order="here") == ["Cem"]
    assert listed(owner, life="prospect") == ["Ben Vogel"]
    # Two who are one person were seen by either.
    merge(kept=UUID(town["Cem"]), merged=UUID(town["Dora"]), **by())
    assert listed(owner, unseen="30") == ["Ben Vogel"]


def test_who_agreed_by_their_latest_word_whoever_it_was_told_of(owner, town):
    for name in ("Ben Vogel", "Cem"):
        agree(town[name], days=3)
    agree(town["Cem"], given=False, days=2)
    asked = {"consent": "news:email"}
    assert listed(owner, **asked) == ["Ben Vogel"]
    assert listed(owner, consent="news:sms") == []
    merge(kept=UUID(town["Ben Vogel"]), merged=UUID(town["Cem"]), **by())
    assert listed(owner, **asked) == []  # the later no of the same person
    agree(town["Cem"], days=1)
    assert listed(owner, **asked) == ["Ben Vogel"]


def test_what_is_looked_for_is_narrowed_down_too(owner, scored):
    assert listed(owner, q="cem") == ["Cem"]
    assert listed(owner, q="cem", life="slipping") == []


@pytest.mark.parametrize("order", ["name", "spent", "newest", "brings"])
def test_every_order_is_paged_and_leaves_nobody_out(owner, scored, order):
    people = introduce(
        regulars=[
            Regular(name=f"Guest {number % 7} {number}", is_new=True) for number in range(65)
        ],
        region="DE",
        **by(),
    )
    run = Run.objects.get()
    Score.objects.bulk_create(
        Score(run=run, customer_id=one, value_to_date=number % 5 + 1, friends=number % 3 + 1)
        for number, one in enumerate(people)
    )
    seen, address = [], f"/customers/?order={order}"
    while address:
        page = owner.get(address).content.decode().split('class="rows"')[1]
        seen += [part.split("/")[0] for part in page.split('<a href="/customers/')[1:]]
        after = page.split("after=")
        address = (
            f"/customers/?order={order}&after={after[1].split('&')[0]}" if len(after) > 1 else ""
        )
    seen = [one for one in seen if len(one) == 36]
    assert len(seen) == len(set(seen))
    assert set(map(str, people)) <= set(seen)
    assert owner.get(f"/customers/?order={order}&after=x").status_code == 400


def test_a_cursor_of_nobody_is_refused_plainly(owner, scored):
    for order in ("name", "spent"):
        assert owner.get(f"/customers/?order={order}&after={uuid4()}").status_code == 400


class TestKeptLists:
    def keep(self, client, name="Slipping friends", **asked):
        return client.post("/customers/views/add/", {"name": name, **asked})

    def test_a_list_is_kept_for_all_who_work_here_without_whom_somebody_looked_for(
        self, owner, signed_in, scored
    ):
        answer = self.keep(owner, life="slipping", order="name", q="Ben", made_up="x")
        kept = SavedView.objects.get()
        assert kept.asked == {"life": "slipping", "order": "name"}
        assert answer.headers["Location"].endswith(f"view={kept.id}")
        page = signed_in(Employee.ASSOCIATE).get(answer.headers["Location"]).content.decode()
        assert "<title>Slipping friends" in page
        assert "Ben Vogel" in page
        owner.post(f"/customers/views/{kept.id}/forget/")
        assert not SavedView.objects.exists()

    def test_a_name_that_is_missing_taken_or_long_is_said_beside_it(self, owner, scored):
        self.keep(owner, life="lost")
        for name, said in (
            ("", "Write a name."),
            ("x" * 61, "in fewer words"),
            ("Slipping friends", "There is a list of that name already."),
        ):
            answer = self.keep(owner, name, life="slipping")
            assert answer.status_code == 400
            assert said in answer.content.decode()
        assert SavedView.objects.count() == 1


class TestTakingAlong:
    def rows(self, client, **asked):
        answer = client.get("/customers/list.csv", asked)
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(content)))

    def test_the_list_goes_out_as_it_is_asked_for_and_leaves_lines(self, owner, scored):
        heading, *rows = self.rows(owner, life="slipping")
        assert heading[0] == "Name"
        assert [row[:5] for row in rows] == [
            ["Ben Vogel", "+491712345678", "", "flat white", "Slipping"]
        ]
        assert [look.what for look in looks_at(UUID(scored["Ben Vogel"]))] == ["export"]
        assert not list(looks_at(UUID(scored["Cem"])))
        (taken,) = looks(what=Look.TABLE, limit=9)
        assert (taken.table, taken.rows, taken.customer_id) == ("list", 1, None)
        assert "took a table along" in " ".join(
            owner.get("/settings/looks/").content.decode().split()
        )

    @pytest.mark.parametrize(
        "asked", [{"q": "vogel"}, {"order": "name"}, {"order": "here"}, {"order": "spent"}, {}]
    )
    def test_what_goes_out_is_what_the_screen_shows_in_its_order(self, owner, scored, asked):
        bought(scored["Cem"], 9)
        bought(scored["Ben Vogel"], 3)
        names = [row[0] for row in self.rows(owner, **asked)[1:]]
        assert names
        assert names == listed(owner, **asked)

    def test_a_name_that_is_a_formula_is_none_in_a_spreadsheet(self, owner, ready):
        add_customer(name="=HYPERLINK(1)", likes=["@x"], region="DE", **by())
        _, row = self.rows(owner)
        assert (row[0], row[3]) == ("'=HYPERLINK(1)", "'@x")

    def test_it_is_for_managers_in_their_own_language(self, owner, signed_in, town):
        assert signed_in(Employee.ASSOCIATE).get("/customers/list.csv").status_code == 403
        owner.post("/language/", {"language": "de"})
        heading, *_ = self.rows(owner)
        with speaking("de"):
            assert "Telefonnummer" in heading


class TestNotingOnTheList:
    def test_the_forms_lead_back_to_the_list_they_were_opened_from(self, owner, town):
        back = "/customers/?order=name"
        page = owner.get(f"/customers/{town['Cem']}/now/", {"back": back}).content.decode()
        assert page.count(f'value="{back}"') == 3  # who sent Cem is known
        answer = post(owner, town["Cem"], "visit", back=back)
        assert answer.headers["Location"] == f"{back}&said=visit"
        assert "The visit is noted." in owner.get(answer.headers["Location"]).content.decode()
        answer = post(owner, town["Cem"], "note", note="tea", back="/customers/")
        assert answer.headers["Location"] == "/customers/?said=note"
        assert Event.objects.filter(type="visit.recorded").count() == 1

    def test_nobody_is_led_out_of_the_house(self, owner, town):
        for back in ("https://elsewhere.example/", "//elsewhere.example/customers/?", "/sign-out/"):
            answer = post(owner, town["Cem"], "visit", back=back)
            assert answer.headers["Location"] == f"/customers/{town['Cem']}/?said=visit"
            page = owner.get(f"/customers/{town['Cem']}/now/", {"back": back}).content.decode()
            assert 'name="back"' not in page


def test_the_list_reads_as_often_for_many_as_for_few(owner, scored, django_assert_max_num_queries):
    introduce(
        regulars=[Regular(name=f"Guest {number}", is_new=True) for number in range(40)],
        region="DE",
        **by(),
    )
    with django_assert_max_num_queries(30):
        owner.get("/customers/?order=name&life=")
