"""Signing in: with the right password, after several wrong ones, and with one that works once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.console.conftest import NOW, PASSWORD

from regulars.console.lockout import MOST_BY_ADDRESS, MOST_BY_LOGIN, minutes_locked
from regulars.console.models import OneTimePassword, WrongPassword
from regulars.people.models import Employee
from regulars.people.services import add_employee

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


def test_a_one_time_password_lets_in_to_choose_ones_own_and_nothing_else(ben):
    OneTimePassword.objects.create(employee=ben, made_at=datetime.now(UTC))
    person = Client()
    assert person.post("/sign-in/", {"name": "Ben", "password": PASSWORD}).status_code == 302
    assert person.get("/customers/").headers["Location"] == "/password/"
    short = person.post("/password/", {"password": "short"})
    assert "Use at least 10 characters" in short.content.decode()
    assert person.post("/password/", {"password": "tea with Cem"}).headers["Location"] == "/"
    assert person.get("/customers/").status_code == 200
    assert tries("Ben", PASSWORD).status_code == 400
    assert tries("Ben", "tea with Cem").headers["Location"] == "/"
    assert not OneTimePassword.objects.exists()


def test_a_one_time_password_is_good_for_a_week(ben):
    OneTimePassword.objects.create(employee=ben, made_at=datetime.now(UTC) - timedelta(days=8))
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
    person = Client()
    person.force_login(Employee.objects.get(id=added))
    answer = person.post("/password/", {"password": "benjamin VOGEL"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "and not the name" in page
    assert 'id="password-problem"' in page
