"""Signing in: with the right password, after several wrong ones, and with one that works once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.console.conftest import NOW, PASSWORD, came_in

from regulars.credentials.lockout import MOST_BY_ADDRESS, MOST_BY_LOGIN, minutes_locked
from regulars.credentials.models import WrongPassword
from regulars.people.models import Employee
from regulars.people.services import (
    add_employee,
    change_password,
    deactivate_employee,
    reactivate_employee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(ready):
    added = add_employee(name="Ben", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    return Employee.objects.get(id=added)


def tries(name, password, address="192.0.2.7"):
    return Client(REMOTE_ADDR=address).post("/sign-in/", {"name": name, "password": password})


def test_after_five_wrong_passwords_the_right_one_waits_for_a_quarter_of_an_hour(ben):
    for _ in range(MOST_BY_LOGIN - 1):
        assert tries("Ben", "wrong").status_code == 400
    locked = tries("Ben", "wrong")
    assert locked.status_code == 429
    assert "Try again in 15 minutes." in locked.content.decode()
    assert tries("ben", PASSWORD).status_code == 429
    # A quarter of an hour later.
    WrongPassword.objects.update(tried_at=datetime.now(UTC) - timedelta(minutes=16))
    assert tries("Ben", PASSWORD).headers["Location"] == "/"


def test_a_locked_name_locks_nobody_else_and_more_tries_do_not_prolong_it(ben):
    add_employee(name="Cem", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    for _ in range(MOST_BY_LOGIN + 3):
        tries("Ben", "wrong")
    assert WrongPassword.objects.count() == MOST_BY_LOGIN
    assert tries("Cem", PASSWORD).headers["Location"] == "/"


def test_an_address_that_tries_many_names_waits_and_this_computer_never_does(ben):
    for number in range(MOST_BY_ADDRESS):
        tries(f"somebody {number}", "wrong")
        tries(f"somebody {number}", "wrong", address="127.0.0.1")
    assert tries("Ben", PASSWORD).status_code == 429
    assert tries("Ben", PASSWORD, address="127.0.0.1").headers["Location"] == "/"
    assert tries("Ben", PASSWORD, address="192.0.2.8").headers["Location"] == "/"


def test_signing_in_forgets_the_slips_before_it(ben):
    for _ in range(MOST_BY_LOGIN - 1):
        tries("Ben", "wrong")
    tries("Ben", PASSWORD)
    assert minutes_locked(login="ben", address="192.0.2.7", now=datetime.now(UTC)) == 0
    assert not WrongPassword.objects.exists()


def test_a_name_that_nobody_can_have_is_refused_like_any_other(ben):
    for name in ("", "\x00", "x" * 10_000, "☕"):
        assert tries(name, "wrong").status_code == 400


def test_nothing_that_was_typed_is_kept(ben):
    tries("my secret password in the wrong field", "wrong")
    (kept,) = WrongPassword.objects.all()
    assert "secret" not in kept.login


def given_by_somebody_else(employee, *, days_ago=0):
    made = datetime.now(UTC) - timedelta(days=days_ago)
    change_password(employee_id=employee.id, password=PASSWORD, one_time_since=made)


def test_a_one_time_password_lets_in_to_choose_ones_own_and_nothing_else(ben):
    given_by_somebody_else(ben)
    person = Client()
    assert person.post("/sign-in/", {"name": "Ben", "password": PASSWORD}).status_code == 302
    for page in ("/", "/customers/", "/me/", "/me/second-step/"):
        assert person.get(page).headers["Location"] == "/password/"
    short = person.post("/password/", {"password": "short"})
    assert "Use at least 10 characters" in short.content.decode()
    same = person.post("/password/", {"password": PASSWORD})
    assert "Choose another one than the one that you were given." in same.content.decode()
    assert person.post("/password/", {"password": "tea with Cem"}).headers["Location"] == "/"
    assert person.get("/customers/").status_code == 200
    assert tries("Ben", PASSWORD).status_code == 400
    assert tries("Ben", "tea with Cem").headers["Location"] == "/"


def test_a_one_time_password_is_good_for_a_week(ben):
    given_by_somebody_else(ben, days_ago=8)
    answer = tries("Ben", PASSWORD)
    assert answer.status_code == 400
    assert "too old" in answer.content.decode()


def test_everybody_reads_in_the_language_that_they_choose(ben):
    person = Client()
    person.force_login(ben)
    person.post("/language/", {"language": "de"})
    assert 'lang="de"' in person.get("/").content.decode()
    person.post("/language/", {"language": "xx"})
    assert 'lang="de"' in person.get("/").content.decode()


def test_a_password_is_not_the_name(ready):
    added = add_employee(name="Benjamin Vogel", role=Employee.ASSOCIATE, password=PASSWORD, now=NOW)
    person = came_in(Employee.objects.get(id=added))
    answer = person.post("/password/", {"password": "benjamin VOGEL"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "and not the name" in page
    assert 'id="password-problem"' in page


def test_a_new_password_signs_out_everywhere_else_and_stays_here(ben):
    here, elsewhere = came_in(ben), came_in(ben)
    answer = here.post("/password/", {"password": "tea with Cem"})
    assert answer.headers["Location"] == "/me/?said=password"
    assert here.get("/customers/").status_code == 200
    assert elsewhere.get("/customers/").headers["Location"] == "/sign-in/"


def test_who_leaves_is_out_and_stays_out_until_they_sign_in_again(ben):
    add_employee(name="Ana", role=Employee.OWNER, password=PASSWORD, now=NOW)
    person = came_in(ben)
    deactivate_employee(employee_id=ben.id, now=NOW)
    assert person.get("/customers/").headers["Location"] == "/sign-in/"
    reactivate_employee(employee_id=ben.id)
    assert person.get("/customers/").headers["Location"] == "/sign-in/"
    assert tries("Ben", PASSWORD).headers["Location"] == "/"


def test_one_can_sign_out_everywhere_but_here(ben):
    here, elsewhere = came_in(ben), came_in(ben)
    assert here.post("/me/elsewhere/").headers["Location"] == "/me/?said=elsewhere"
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").headers["Location"] == "/sign-in/"


def test_behind_a_proxy_of_ours_each_client_is_itself_and_nobody_else_can_say_who_asks(
    ben, settings
):
    def wrong(address, said, times):
        for number in range(times):
            Client(REMOTE_ADDR=address).post(
                "/sign-in/",
                {"name": f"somebody {number}", "password": "wrong"},
                headers={"x-forwarded-for": said},
            )

    wrong("127.0.0.1", "192.0.2.9", MOST_BY_ADDRESS)
    right = {"name": "Ben", "password": PASSWORD}
    for said, status in (("192.0.2.9", 429), ("10.0.0.1, 192.0.2.9", 429), ("192.0.2.10", 302)):
        answer = Client().post("/sign-in/", right, headers={"x-forwarded-for": said})
        assert answer.status_code == status
    # Whoever is no proxy of ours is counted as who they are, whatever they say.
    wrong("198.51.100.7", "192.0.2.77", MOST_BY_ADDRESS)
    assert tries("Ben", PASSWORD, address="198.51.100.7").status_code == 429


def test_by_https_cookies_go_back_by_https_alone(ben):
    answer = Client().post(
        "/sign-in/", {"name": "Ben", "password": PASSWORD}, headers={"x-forwarded-proto": "https"}
    )
    assert answer.cookies["sessionid"]["secure"]
    plain = tries("Ben", PASSWORD)
    assert not plain.cookies["sessionid"]["secure"]
    assert plain.cookies["sessionid"]["httponly"]
    assert plain.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "path",
    ["signup/", "password/reset/", "email/", "login/", "sign-in/signup/", "me/passkeys/signup/"],
)
def test_nothing_of_django_allauth_is_there_that_we_did_not_ask_for(ready, path):
    for prefix in ("/", "/accounts/", "/me/"):
        assert Client().get(prefix + path).status_code == 404
