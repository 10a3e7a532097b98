"""The second step at sign-in: a code of one's phone, or one of those that were printed."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from tests.console.conftest import NOW, PASSWORD, came_in, show_again

from regulars.credentials.lockout import MOST_BY_LOGIN
from regulars.credentials.models import SecondStepLater, UsedCode
from regulars.credentials.second_step import LATER_DAYS
from regulars.people.models import Employee
from regulars.people.services import add_employee

pytestmark = pytest.mark.django_db
ELSEWHERE = "192.0.2.7"


def code_of(secret, *, steps=0):
    """What the app shows now, or some steps of half a minute later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def ana(ready):
    """The owner."""
    return Employee.objects.get(
        id=add_employee(name="Ana", role=Employee.OWNER, password=PASSWORD, now=NOW)
    )


def set_up(client):
    """Sets an app up; its secret, and the recovery codes."""
    page = client.get("/me/second-step/").content.decode()
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    done = client.post("/me/second-step/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/me/codes/"
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", client.get("/me/codes/").content.decode())
    assert len(codes) == 10
    return secret, codes


def password_given(address="127.0.0.1"):
    client = Client(REMOTE_ADDR=address)
    answer = client.post("/sign-in/", {"name": "Ana", "password": PASSWORD})
    return client, answer.headers["Location"]


def test_with_a_second_step_the_password_alone_opens_nothing(ana):
    secret, codes = set_up(came_in(ana))
    client, onward = password_given()
    assert onward == "/sign-in/second-step/"
    assert client.get("/customers/").headers["Location"] == "/sign-in/"
    wrong = client.post(onward, {"code": "000000"})
    assert wrong.status_code == 400
    assert "This code does not fit" in wrong.content.decode()
    # People type the gap that their phone shows.
    now = code_of(secret, steps=1)
    assert client.post(onward, {"code": f"{now[:3]} {now[3:]}"}).headers["Location"] == "/"
    assert client.get("/customers/").status_code == 200
    # Each code opens once, for whoever looked over a shoulder.
    client, onward = password_given()
    assert client.post(onward, {"code": now}).status_code == 400
    assert client.post(onward, {"code": codes[0]}).headers["Location"] == "/"
    client, onward = password_given()
    assert client.post(onward, {"code": codes[0]}).status_code == 400


def test_five_wrong_codes_lock_the_second_step_as_five_wrong_passwords_lock_the_first(ana):
    secret, _ = set_up(came_in(ana))
    client, onward = password_given()
    for _ in range(MOST_BY_LOGIN - 1):
        assert client.post(onward, {"code": "000000"}).status_code == 400
    locked = client.post(onward, {"code": "000000"})
    assert locked.status_code == 429
    assert "Try again in 15 minutes." in locked.content.decode()
    assert client.post(onward, {"code": code_of(secret, steps=1)}).status_code == 429
    # Nor does beginning anew help.
    client, onward = password_given(ELSEWHERE)
    assert client.post(onward, {"code": code_of(secret, steps=1)}).status_code == 429


def test_no_secret_lies_open_in_the_database(ana):
    secret, codes = set_up(came_in(ana))
    kept = {one.type: one.data for one in Authenticator.objects.all()}
    assert secret not in str(kept)
    assert codes[0] not in str(kept)
    password_given()[0].post("/sign-in/second-step/", {"code": code_of(secret, steps=1)})
    assert not any(code_of(secret, steps=1) in one.digest for one in UsedCode.objects.all())


def test_a_secret_of_another_installation_opens_nothing(ana, settings):
    secret, codes = set_up(came_in(ana))
    settings.SECRET_KEY = "another"
    client, onward = password_given()
    assert client.post(onward, {"code": code_of(secret, steps=1)}).status_code == 400
    assert client.post(onward, {"code": codes[1]}).status_code == 400


def test_an_owner_may_put_it_off_while_only_this_computer_can_reach_the_server(ana):
    client = came_in(ana)
    assert "Lock the door twice" in client.get("/").content.decode()
    assert client.post("/me/second-step/later/").headers["Location"] == "/"
    assert "Lock the door twice" not in client.get("/").content.decode()
    SecondStepLater.objects.update(until=datetime.now(UTC) - timedelta(seconds=1))
    assert "Lock the door twice" in client.get("/").content.decode()
    assert LATER_DAYS == 30


@pytest.mark.parametrize("way", ["another name", "another computer"])
def test_where_others_can_reach_the_server_an_owner_sets_it_up_first(ana, settings, way):
    settings.REGULARS_ONLY_THIS_COMPUTER = way != "another name"
    client = came_in(ana)
    if way == "another computer":
        client.defaults["REMOTE_ADDR"] = ELSEWHERE
    for page in ("/", "/customers/", "/settings/", "/settings/employees/"):
        assert client.get(page).headers["Location"] == "/me/"
    assert "Before anything else" in client.get("/me/").content.decode()
    set_up(client)
    assert client.get("/customers/").status_code == 200
    # And it stays.
    assert client.post("/me/second-step/off/").headers["Location"] == "/me/?said=kept"
    assert Authenticator.objects.filter(type="totp").exists()


def test_others_who_work_here_may_have_one_and_need_not(ana, settings):
    settings.REGULARS_ONLY_THIS_COMPUTER = False
    ben = Employee.objects.get(
        id=add_employee(name="Ben", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    )
    client = came_in(ben)
    assert client.get("/customers/").status_code == 200
    set_up(client)
    assert client.post("/me/second-step/off/").headers["Location"] == "/me/?said=off"
    assert not Authenticator.objects.exists()


def test_the_recovery_codes_can_be_seen_again_saved_and_made_anew(ana):
    client = came_in(ana)
    _, codes = set_up(client)
    file = client.get("/me/codes/file/")
    assert file.headers["Content-Type"].startswith("text/plain")
    assert all(code in file.content.decode() for code in codes)
    client.post("/me/codes/new/")
    again = re.findall(r"<code>(\d{4} \d{4})</code>", client.get("/me/codes/").content.decode())
    assert len(again) == 10
    assert not set(again) & set(codes)


def test_what_lets_in_is_shown_only_to_who_has_just_shown_who_they_are(ana):
    client = came_in(ana)
    set_up(client)
    show_again(client, ana, ago_seconds=16 * 60)
    for page in ("/me/codes/", "/me/codes/file/"):
        assert client.get(page).headers["Location"].startswith("/sign-in/again/")
    for page in ("/me/codes/new/", "/me/second-step/off/"):
        assert client.post(page).headers["Location"].startswith("/sign-in/again/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_code_shows_it_as_well_as_the_password(ana):
    client = came_in(ana)
    secret, _ = set_up(client)
    show_again(client, ana, ago_seconds=16 * 60)
    assert "Use a code" in client.get("/sign-in/again/").content.decode()
    answer = client.post("/sign-in/again/code/?next=/me/codes/", {"code": code_of(secret, steps=1)})
    assert answer.headers["Location"] == "/me/codes/"
    assert client.get("/me/codes/").status_code == 200


def test_an_owner_takes_the_second_step_of_who_lost_their_phone_away(ana):
    ben = Employee.objects.get(
        id=add_employee(name="Ben", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    )
    person = came_in(ben)
    set_up(person)
    owner = came_in(ana)
    assert "Take the second step away" in owner.get("/settings/employees/").content.decode()
    gone = owner.post(f"/settings/employees/{ben.id}/second-step/")
    assert gone.headers["Location"] == "/settings/employees/?said=step"
    assert person.get("/customers/").headers["Location"] == "/sign-in/"
    answer = Client().post("/sign-in/", {"name": "Ben", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
