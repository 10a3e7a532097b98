"""Whatever goes wrong, it is said in our words, and the reader knows what to do next."""

import logging
import re
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from regulars.console import refusals
from regulars.console.refusals import FORM, SECRETS
from regulars.people.models import Employee


@pytest.fixture
def careful(ready: None) -> Client:
    """A browser whose server looks at every form's token."""
    return Client(enforce_csrf_checks=True)


def test_a_form_that_was_open_for_too_long_says_what_to_do(careful):
    answer = careful.post("/sign-in/", {"login": "Ana Sommer", "password": "secret"})
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "This page was out of date." in shown
    assert "CSRF" not in shown


def test_an_address_for_forms_alone_changes_nothing_and_says_so(signed_in):
    answer = signed_in(Employee.OWNER).get("/sign-out/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "There is nothing to see here." in answer.content.decode()


def test_where_nothing_is_broken_the_house_stands_above_it(signed_in):
    associate = signed_in(Employee.ASSOCIATE)
    for address, status in (("/nowhere/", 404), ("/settings/", 403), ("/sign-out/", 405)):
        answer = associate.get(address)
        assert answer.status_code == status
        assert "<span>Café Ana</span>" in answer.content.decode()


def test_a_name_that_is_not_ours_is_told_how_it_becomes_ours(ready):
    answer = Client(SERVER_NAME="shop.example").get("/")
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "REGULARS_HOSTS" in shown
    assert "Back to today" not in shown  # it would lead here again


def test_what_breaks_is_written_down_and_shown_to_nobody(signed_in, monkeypatch, caplog):
    client = signed_in(Employee.OWNER)
    client.raise_request_exception = False

    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("regulars.console.today.home.page", broken)
    with caplog.at_level(logging.ERROR, logger="regulars.console.refusals"):
        answer = client.get("/")
    assert answer.status_code == 500
    shown = answer.content.decode()
    assert "That is our fault, not yours." in shown
    assert "secret of the house" not in shown
    assert "a secret of the house" in caplog.text


def away(*_given: object, **_named: object) -> None:
    raise OperationalError("the server closed the connection") from psycopg.OperationalError()


TYPED = {"csrfmiddlewaretoken": "theirs", "text": "“Window” <seat>", "for": ["a", "b"]}


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("en", "Regulars cannot reach its database at the moment."),
        ("de-AT,de;q=0.9", "Regulars erreicht seine Datenbank gerade nicht."),
        ("es", "Regulars no alcanza su base de datos en este momento."),
        ("th", "ขณะนี้ Regulars ติดต่อฐานข้อมูลไม่ได้"),
    ],
)
def test_a_database_that_is_away_is_said_without_it_in_the_browsers_language(
    owner, monkeypatch, accepted, said
):
    owner.raise_request_exception = False
    monkeypatch.setattr("regulars.console.middleware.business", away)
    answer = owner.get("/customers/?q=ana", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Language"] == accepted[:2]
    assert answer.headers["Cache-Control"] == "no-store"
    assert said in answer.content.decode()
    assert 'href="/customers/?q=ana"' in answer.content.decode()


def test_what_was_typed_is_at_hand_to_be_sent_once_more(owner, monkeypatch):
    owner.raise_request_exception = False
    monkeypatch.setattr("regulars.console.middleware.business", away)
    shown = owner.post(
        "/customers/add/", urlencode(TYPED, doseq=True), content_type=FORM
    ).content.decode()
    assert "What you typed is not lost." in shown
    assert '<form method="post" action="/customers/add/">' in shown
    assert 'name="text" value="“Window” &lt;seat&gt;"' in shown
    assert shown.count('name="for"') == 2


def test_a_password_is_typed_again_and_never_in_the_page(owner, monkeypatch):
    owner.raise_request_exception = False
    monkeypatch.setattr("regulars.console.middleware.business", away)
    answer = owner.post(
        "/sign-in/",
        urlencode({"login": "Ana Sommer", "password": "secret"}),
        content_type=FORM,
        headers={"Referer": "http://testserver/sign-in/", "Host": "testserver"},
    )
    shown = answer.content.decode()
    assert "A file or a password has to be given once more." in shown
    assert 'href="/sign-in/"' in shown
    assert "secret" not in shown


def test_a_full_disk_says_what_to_do(owner, monkeypatch):
    def full(*_given: object, **_named: object) -> None:
        raise OperationalError("database or disk is full") from psycopg.errors.DiskFull()

    owner.raise_request_exception = False
    monkeypatch.setattr("regulars.console.today.home.page", full)
    answer = owner.get("/")
    assert answer.status_code == 507
    assert "Make room, then try again." in answer.content.decode()


def test_whatever_secret_a_page_asks_for_is_known_for_one_by_the_name_of_its_field():
    """Else it would be written into the page that offers to send a form once more."""
    pages = sorted((Path(refusals.__file__).parent / "templates").rglob("*.j2"))
    asked = re.compile(
        r'fields\.text\("(\w+)",.*type="password"|fields\.code\("(\w+)"|\bsecret\("(\w+)"'
    )
    named, written = [], 0
    for page in pages:
        shown = page.read_text(encoding="utf-8")
        named += [next(filter(None, names)) for names in asked.findall(shown)]
        written += len(re.findall('type="password"|autocomplete="one-time-code"', shown))
    codes = sum(len(re.findall(r"fields\.code\(", page.read_text())) for page in pages)
    secrets = sum(len(re.findall(r'\{\{ secret\("', page.read_text())) for page in pages)
    # A macro writes each code and each secret of the mail account; all else says itself what it is.
    assert len(named) == written - 2 + codes + secrets
    assert [name for name in named if not any(part in name for part in SECRETS)] == []
