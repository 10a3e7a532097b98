"""Settings: what the business says of itself, and who works here."""

import pytest
from django.test import Client
from tests.console.conftest import NOW

from regulars.kernel.actor import SYSTEM
from regulars.people.models import Business, Employee
from regulars.stream.services import NewEvent, append

pytestmark = pytest.mark.django_db
SETTINGS = {
    "name": "Café Anna", "language": "de", "time_zone": "Europe/Vienna", "currency": "CHF",
    "stamp": "Poppy seed cake", "promise": "A kind word", "goal": "know",
}  # fmt: skip


def test_the_business_can_change_what_it_says_of_itself(owner):
    assert owner.post("/settings/", SETTINGS).headers["Location"] == "/settings/?said=kept"
    kept = Business.objects.get()
    assert {name: getattr(kept, name) for name in SETTINGS} == SETTINGS
    assert kept.country == "AT"
    assert 'lang="de"' in owner.get("/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Write the name of your business."),
        ("time_zone", "Mars/Base", "Choose the city whose clock is yours."),
        ("currency", "XXY", "Choose the currency that you are paid in."),
        ("currency", "XXX", "Choose the currency that you are paid in."),
        ("goal", "points", "Choose one of the five."),
        ("language", "fr", "Choose one of the languages."),
        ("stamp", "x" * 1001, "Say it in fewer words."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(owner, field, value, told):
    answer = owner.post("/settings/", SETTINGS | {field: value})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert told in page
    assert "Poppy seed cake" in page or field == "stamp"
    assert Business.objects.get().name == "Café Ana"


def test_another_currency_has_to_be_meant_once_somebody_has_paid(owner):
    bought = NewEvent(
        type="purchase.completed",
        source="till",
        key="1",
        customer_id=None,
        occurred_at=NOW,
        data={"total": {"amount_minor": 500, "currency": "EUR"}},
    )
    append(events=[bought], actor=SYSTEM, now=NOW)
    asked = owner.post("/settings/", SETTINGS)
    assert asked.status_code == 400
    assert "What people paid in EUR will no longer count" in asked.content.decode()
    assert 'name="other_currency"' in asked.content.decode()
    assert Business.objects.get().currency == "EUR"
    assert owner.post("/settings/", SETTINGS | {"currency": "EUR"}).status_code == 302
    assert 'name="other_currency"' not in owner.get("/settings/").content.decode()
    assert owner.post("/settings/", SETTINGS | {"other_currency": "1"}).status_code == 302
    assert Business.objects.get().currency == "CHF"


def added(owner, **told) -> str:
    answer = owner.post("/settings/employees/add/", {"name": "Ben", "role": "associate"} | told)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content.decode().split('id="made">')[1].split("</code>")[0]


def test_somebody_new_signs_in_once_with_the_password_that_was_shown(owner):
    password = added(owner)
    assert len(password) == 19
    assert password not in owner.get("/settings/employees/").content.decode()
    person = Client()
    person.post("/sign-in/", {"name": "ben", "password": password})
    assert person.get("/").headers["Location"] == "/password/"


def test_two_do_not_sign_in_by_one_name(owner):
    added(owner)
    for name, told in (("BEN", "signs in as"), ("", "Write the name")):
        answer = owner.post("/settings/employees/add/", {"name": name, "role": "manager"})
        assert answer.status_code in (400, 409)
        assert told in answer.content.decode()
    answer = owner.post("/settings/employees/add/", {"name": "Cem", "role": "king"})
    assert "Choose one of the three." in answer.content.decode()
    assert Employee.objects.count() == 2


def test_who_has_left_cannot_sign_in_and_may_return(owner):
    password = added(owner)
    ben = Employee.objects.get(name="Ben")
    owner.post(f"/settings/employees/{ben.id}/leave/")
    assert Client().post("/sign-in/", {"name": "Ben", "password": password}).status_code == 400
    assert "Can no longer sign in." in owner.get("/settings/employees/").content.decode()
    owner.post(f"/settings/employees/{ben.id}/return/")
    assert Client().post("/sign-in/", {"name": "Ben", "password": password}).status_code == 302


def test_who_has_forgotten_gets_another_password_and_the_old_one_is_gone(owner):
    old = added(owner)
    ben = Employee.objects.get(name="Ben")
    page = owner.post(f"/settings/employees/{ben.id}/password/").content.decode()
    new = page.split('id="made">')[1].split("</code>")[0]
    assert Client().post("/sign-in/", {"name": "Ben", "password": old}).status_code == 400
    assert Client().post("/sign-in/", {"name": "Ben", "password": new}).status_code == 302
    assert Employee.objects.get(name="Ben").one_time_since


def test_the_last_owner_stays(owner):
    me = Employee.objects.get(role=Employee.OWNER)
    answer = owner.post(f"/settings/employees/{me.id}/leave/")
    assert answer.status_code == 409
    assert "Somebody has to own this" in answer.content.decode()
    assert Employee.objects.get(id=me.id).is_active
