"""The first fifteen minutes, page by page: what is asked, what is kept, who may come."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.console.first_run.conftest import BUSINESS, PEOPLE, known_of, senders
from tests.sent import referrals

from regulars.care.models import Task
from regulars.kernel.language import LANGUAGES
from regulars.people.models import Business, Customer, Employee, Preference
from regulars.people.services import (
    add_employee,
)

pytestmark = pytest.mark.django_db


def test_from_nothing_to_three_names_for_tomorrow(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/begin/"
    page = client.get("/begin/")
    assert page.status_code == 200
    assert client.post("/begin/", BUSINESS).headers["Location"] == "/begin/goal/"
    assert client.post("/begin/goal/", {"goal": "send"}).headers["Location"] == "/begin/questions/"
    assert "Begin with" in client.get("/begin/questions/").content.decode()
    assert client.post("/begin/twenty/", PEOPLE).headers["Location"] == "/begin/tomorrow/"
    shown = client.get("/begin/tomorrow/").content.decode()
    for words in ("Ben", "Cem", "Dora", "Brought Cem and Dora.", "came because of you"):
        assert words in shown
    assert client.post("/begin/tomorrow/").headers["Location"] == "/"
    home = client.get("/")
    assert home.status_code == 200
    assert "Ana Sommer" in home.content.decode()

    business = Business.objects.get()
    assert (business.name, business.country, business.goal) == ("Café Ana", "DE", "send")
    assert business.ready_at is not None
    assert Customer.objects.count() == 3
    assert len(referrals()) == 2
    assert [task.kind for task in Task.objects.all()] == [Task.THANK]


def test_whoever_comes_back_before_the_day_has_begun_finds_the_step_they_left(founded) -> None:
    founded.post("/begin/goal/", {"goal": "send"})
    at = founded.get("/").headers["Location"]
    assert founded.get(at).headers["Location"] == "/begin/twenty/"
    founded.post("/begin/twenty/", PEOPLE)
    assert founded.get("/").headers["Location"] == "/begin/tomorrow/"
    assert "came because of you" in founded.get("/begin/tomorrow/").content.decode()


def test_an_owner_who_was_added_before_signs_in_and_is_the_only_one(client: Client) -> None:
    for name, role in (("Ana", "owner"), ("Ben", "associate")):
        add_employee(
            name=name, role=role, password=f"good coffee for {name}", is_one_time=True,
            now=timezone.now(),
        )  # fmt: skip
    at_the_door = "/sign-in/?next=/begin/"
    for answer in (client.get("/begin/"), client.post("/begin/", BUSINESS)):
        assert answer.headers["Location"] == at_the_door
    assert not Business.objects.exists()
    assert client.get(at_the_door).status_code == 200
    client.post(at_the_door, {"name": "Ben", "password": "good coffee for Ben"})
    assert client.get("/begin/").headers["Location"] == at_the_door
    entered = client.post(at_the_door, {"name": "Ana", "password": "good coffee for Ana"})
    assert entered.headers["Location"] == "/begin/"
    # What they were given has done its work before they tell of the business.
    assert client.get("/begin/").headers["Location"] == "/password/"
    assert client.get("/password/").status_code == 200
    assert client.post("/password/", {"password": "coffee of my own"}).headers["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/begin/"
    page = client.get("/begin/").content.decode()
    assert 'name="stamp"' in page
    assert 'name="password"' not in page
    told = {name: text for name, text in BUSINESS.items() if name not in ("your_name", "password")}
    assert client.post("/begin/", told).headers["Location"] == "/begin/goal/"
    assert Business.objects.get().name == "Café Ana"
    assert Employee.objects.filter(role=Employee.OWNER).count() == 1
    assert client.get("/begin/goal/").status_code == 200


def test_what_was_typed_stays_where_something_is_wrong_and_nothing_is_written(
    client: Client,
) -> None:
    page = client.post("/begin/", BUSINESS | {"password": "short"})
    assert page.status_code == 400
    shown = page.content.decode()
    assert "Cinnamon rolls before eight" in shown
    assert "Use at least 10 characters" in shown
    assert "short" not in shown.replace("a short sentence", "")
    assert not Business.objects.exists()


def test_a_phone_that_cannot_be_one_is_said_beside_it_and_no_line_is_written(
    founded: Client,
) -> None:
    page = founded.post("/begin/twenty/", PEOPLE | {"phone-2": "12"})
    assert page.status_code == 400
    shown = page.content.decode()
    assert "“12” is not a phone number." in shown
    assert "flat white" in shown
    assert not Customer.objects.exists()


def test_a_phone_of_two_lines_is_said_beside_the_second_with_whose_it_is_too(
    founded: Client,
) -> None:
    shared = PEOPLE | {"phone-3": "+49 171 2345678"}
    page = founded.post("/begin/twenty/", shared)
    assert page.status_code == 400
    shown = page.content.decode()
    told = "Ben on line 1 has this phone as well. Leave it with one of them; the other can be noted without."
    assert shown.count(told) == 1
    assert re.search(r'name="phone-3"[^>]*aria-invalid="true"', shown)
    assert not re.search(r'name="phone-1"[^>]*aria-invalid="true"', shown)
    assert not Customer.objects.exists()
    founded.post("/begin/twenty/", shared | {"phone-1": ""})
    assert known_of("Dora")[1] == ["+491712345678"]


def test_a_phone_of_somebody_known_is_said_beside_it_with_whose_it_is(founded: Client) -> None:
    founded.post("/begin/twenty/", PEOPLE)
    page = founded.post("/begin/twenty/", {"name-1": "Eva", "phone-1": "0171 2345678"})
    assert page.status_code == 400
    shown = page.content.decode()
    assert "Ben is noted with this phone already." in shown
    assert "another customer" not in shown
    assert not Customer.objects.filter(name="Eva").exists()


def test_a_family_name_written_first_is_the_same_person(founded: Client) -> None:
    founded.post(
        "/begin/twenty/",
        {"name-1": "Müller, Clara", "name-2": "Ben", "through-2": "Clara Müller"},
    )
    assert senders() == {"Ben": "Müller, Clara"}
    founded.post("/begin/twenty/", {"name-1": "Clara Müller", "likes-1": "tea"})
    assert known_of("Clara Müller")[0] == ["tea"]
    assert Customer.objects.count() == 2


def test_the_same_sheet_sent_twice_adds_nobody_twice(founded: Client) -> None:
    for _ in range(2):
        founded.post("/begin/twenty/", PEOPLE)
    assert Customer.objects.count() == 3
    assert len(referrals()) == 2


def test_a_name_that_begins_another_is_a_line_of_its_own(founded: Client) -> None:
    names = ("Daniela", "Daniel", "Paula", "Paul", "สมชาย", "สมชัย", "Anna M.", "Anna")
    sheet = {f"name-{n}": name for n, name in enumerate(names, 1)}
    likes = {f"likes-{n}": f"cake {n}" for n in range(1, 9)}
    for _ in range(2):
        founded.post("/begin/twenty/", sheet | likes | {"through-4": "Daniel"})
    told = Preference.objects.values_list("customer__name", "text")
    assert sorted(told) == sorted((name, f"cake {n}") for n, name in enumerate(names, 1))
    by_name = dict(Customer.objects.values_list("name", "id"))
    assert len(by_name) == Customer.objects.count() == 8
    assert list(referrals()) == [(by_name["Daniel"], by_name["Paul"])]


@pytest.mark.parametrize(
    "nobody", ["?", "-", "unknown", "n/a", "Unbekannt", "nadie", "ไม่รู้จัก", "12"]
)
def test_who_came_through_nobody_known_came_through_nobody(founded: Client, nobody: str) -> None:
    answer = founded.post("/begin/twenty/", {"name-1": "Ben", "through-1": nobody})
    assert answer.status_code == 302
    assert [one.name for one in Customer.objects.all()] == ["Ben"]
    assert not list(referrals())


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"name-1": "?"}, "Who is this? Write the name."),
        ({"name-1": "12"}, "Who is this? Write the name."),
        ({"name-1": "0171 2345678"}, "This looks like a phone number. Who is it?"),
        ({"name-1": "ana@x.example"}, "This looks like an e-mail address. Who is it?"),
        ({"name-1": "Ben", "through-1": "ana@x.example"}, "This looks like an e-mail address."),
    ],
)
def test_what_nobody_is_called_is_asked_about(founded: Client, told: dict, said: str) -> None:
    page = founded.post("/begin/twenty/", told)
    assert page.status_code == 400
    assert said in page.content.decode()
    assert not Customer.objects.exists()


MARIAS = {
    "name-1": "Maria Schmidt", "likes-1": "oat milk",
    "name-2": "Maria Schmitt", "likes-2": "cheesecake",
    "name-3": "Kati", "through-3": "maria",
}  # fmt: skip


def test_a_first_name_that_two_have_is_asked_about_and_never_guessed(founded: Client) -> None:
    page = founded.post("/begin/twenty/", MARIAS)
    assert page.status_code == 400
    shown = page.content.decode()
    for words in ("Which maria do you mean?", "Somebody else called maria", "cheesecake"):
        assert words in shown
    assert not Customer.objects.exists()
    founded.post("/begin/twenty/", MARIAS | {"whom-3": "Maria Schmitt"})
    assert senders() == {"Kati": "Maria Schmitt"}
    # Those whom we know by now are asked about as well, wherever somebody is added.
    line = {"name-1": "Ben", "through-1": "Maria", "key": "0198c0de-0000-7000-8000-000000000001"}
    founded.post("/begin/tomorrow/")
    asked = founded.post("/customers/add/", line)
    assert "Which Maria do you mean?" in asked.content.decode()
    founded.post("/customers/add/", line | {"whom-1": "Maria Schmidt"})
    assert senders() == {"Kati": "Maria Schmitt", "Ben": "Maria Schmidt"}


def test_or_it_is_somebody_else_of_that_name(founded: Client) -> None:
    answered = MARIAS | {"whom-3": ""}
    # The answer stays while something else is wrong.
    again = founded.post("/begin/twenty/", answered | {"phone-1": "12"}).content.decode()
    assert 'name="whom-3" value="" checked' in again
    for _ in range(2):
        founded.post("/begin/twenty/", answered)
    assert senders() == {"Kati": "maria"}
    assert Customer.objects.count() == 4


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name-4": "KATI"}, "KATI stands on line 3 already."),
        ({"name-3": "Maria Schmidt"}, "Maria Schmidt stands on line 1 already."),
        ({"through-1": "maria schmidt"}, "Nobody sends themselves"),
    ],
)
def test_two_of_one_name_are_told_apart_first(founded: Client, more, said) -> None:
    page = founded.post("/begin/twenty/", MARIAS | {"whom-3": "Maria Schmitt"} | more)
    assert page.status_code == 400
    assert said in page.content.decode()
    assert not Customer.objects.exists()


def test_nobody_comes_through_whom_they_brought(founded: Client) -> None:
    names = {"name-1": "Ana", "name-2": "Ben", "name-3": "Cem"}
    circle = {"through-1": "Cem", "through-2": "Ana", "through-3": "Ben"}
    page = founded.post("/begin/twenty/", names | circle)
    assert page.status_code == 400
    assert page.content.decode().count("Nobody sends themselves") == 1
    assert not Customer.objects.exists()
    founded.post("/begin/twenty/", names | circle | {"through-1": ""})
    assert senders() == {"Ben": "Ana", "Cem": "Ben"}
    # Nor by what was told before.
    page = founded.post("/begin/twenty/", {"name-1": "Ana", "through-1": "Cem"})
    assert page.status_code == 400
    assert "Nobody sends themselves" in page.content.decode()
    assert senders() == {"Ben": "Ana", "Cem": "Ben"}


def test_a_first_name_that_one_has_means_that_one(founded: Client) -> None:
    founded.post("/begin/twenty/", MARIAS | {"name-2": "Marie Schmitt"})
    assert senders() == {"Kati": "Maria Schmidt"}


def test_the_three_names_have_as_many_reasons_as_there_are(founded: Client) -> None:
    likes = {f"likes-{n}": "tea" for n in range(1, 5)}
    names = {"name-1": "Ben", "name-2": "Cem", "name-3": "Dora", "name-4": "Eva"}
    through = {"through-2": "Ben", "through-3": "Cem", "through-4": "Cem"}
    founded.post("/begin/twenty/", names | likes | through)
    shown = founded.get("/begin/tomorrow/").content.decode()
    cards = re.findall(r'<p class="tag">(.*?)</p>.*?<h3>(.*?)</h3>', shown, re.DOTALL)
    assert len({name for _, name in cards}) == 3
    assert [heading for heading, _ in cards] == ["Say thank you", "Welcome", "Remember"]
    assert cards[0] == ("Say thank you", "Cem")


def test_a_business_is_founded_once(founded: Client) -> None:
    founded.post("/begin/", BUSINESS | {"name": "Another"})
    assert [business.name for business in Business.objects.all()] == ["Café Ana"]


STEPS = ("/begin/goal/", "/begin/questions/", "/begin/twenty/", "/begin/tomorrow/")


@pytest.mark.parametrize("path", [*STEPS, "/"])
def test_nobody_comes_in_who_has_not_signed_in(founded: Client, path: str) -> None:
    stranger = Client()
    for answer in (stranger.get(path), stranger.post(path, PEOPLE)):
        assert answer.status_code in (302, 405)
        assert answer.headers.get("Location", "/sign-in/") == "/sign-in/"
    assert not Customer.objects.exists()


@pytest.mark.parametrize("path", STEPS)
def test_the_first_run_is_its_owners(founded: Client, path: str) -> None:
    associate = Client()
    employee = Employee(
        login="ben",
        name="Ben",
        role=Employee.ASSOCIATE,
        created_at=Business.objects.get().created_at,
    )
    employee.set_password("a long enough one")
    employee.save()
    assert associate.login(username="ben", password="a long enough one")
    assert associate.get(path).status_code == 403


def test_signing_in_takes_the_name_as_people_write_it_and_the_right_password(
    founded: Client,
) -> None:
    person = Client()
    wrong = person.post("/sign-in/", {"name": "Ana Sommer", "password": "the worst coffee"})
    assert wrong.status_code == 400
    assert "do not belong together" in wrong.content.decode()
    right = person.post("/sign-in/", {"name": " ANA  sommer", "password": "the best coffee"})
    assert right.headers["Location"] == "/"
    assert person.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert person.get("/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_speaks_the_language_that_was_chosen(client: Client, code: str) -> None:
    client.post("/begin/language/", {"language": code})
    assert f'lang="{code}"' in client.get("/begin/").content.decode()
    client.post("/begin/", BUSINESS)
    assert Business.objects.get().language == code
    client.post("/begin/goal/", {"goal": "return"})
    client.post("/begin/twenty/", PEOPLE)
    english = "Brought Cem and Dora."
    shown = client.get("/begin/tomorrow/").content.decode()
    assert (english in shown) == (code == "en")
    client.post("/begin/tomorrow/")
    assert f'lang="{code}"' in client.get("/").content.decode()


def test_a_name_that_is_markup_is_shown_as_it_was_typed(founded: Client) -> None:
    founded.post("/begin/twenty/", {"name-1": "<b>Ben</b>"})
    shown = founded.get("/begin/tomorrow/").content.decode()
    assert "&lt;b&gt;Ben&lt;/b&gt;" in shown
    assert "<b>Ben" not in shown


def test_pages_run_nothing_that_is_not_ours_and_fit_no_other_sites_frame(founded: Client) -> None:
    policy = founded.get("/begin/questions/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_form_from_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/begin/", BUSINESS).status_code == 403
    assert not Business.objects.exists()
