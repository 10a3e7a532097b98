"""Whatever goes wrong, it is said in our words, and the reader knows what to do next."""

import logging

import pytest
from django.test import Client

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
