"""The pages behind links: without a password, a cookie or a script; looking changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from regulars.kernel.language import LANGUAGES
from regulars.kernel.limits import Limiter
from regulars.outreach.links import ANSWER, LEAVE, token
from regulars.outreach.models import Message
from regulars.outreach.services import ask_for_consent
from regulars.people.models import Consent, Identity, Suppression
from regulars.people.services import change_identity, erase
from regulars.portal import doors
from regulars.portal.core import spoken
from regulars.portal.urls import urlpatterns
from tests.outreach.conftest import BY, NOON, agreed, ben, cafe, letter, set_up

__all__ = ["agreed", "ben", "cafe"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    """Somebody's phone: no cookies, and a check of every form as in a browser."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def account(cafe):
    set_up(587)


@pytest.fixture
def question(account, ben):
    now = datetime.now(UTC)
    with transaction.atomic():
        message = ask_for_consent(
            customer_id=ben, purpose="news", language="de", actor=BY["actor"], now=now
        )
    Message.objects.update(state="sent", address=Identity.objects.get())
    return message


def page(answer):
    return answer.content.decode()


def test_looking_at_a_question_agrees_to_nothing_and_pressing_the_button_does(reader, question):
    address = f"/answer/{token(ANSWER, question)}/"
    for _ in range(3):
        shown = reader.get(address)
        assert (shown.status_code, shown.headers["Content-Language"]) == (200, "de")
        assert "Café Ana" in page(shown)
        assert "<button" in page(shown)
    reader.head(address)
    assert not Consent.objects.exists()
    done = reader.post(address)
    assert done.status_code == 200
    assert "<button" not in page(done)
    assert Consent.objects.get().given
    reader.post(address)
    assert Consent.objects.count() == 1
    assert not reader.cookies


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_four_languages_and_keeps_the_words_that_were_agreed_to(
    reader, question, language
):
    address = f"/answer/{token(ANSWER, question)}/?in={language}"
    assert f'<html lang="{language}">' in page(reader.get(address))
    reader.post(address)
    assert Consent.objects.get().text_version.startswith(f"news-{language}-")
    text = Message.objects.get().question.text
    other = "de" if language != "de" else "en"
    assert text in page(reader.get(f"/answer/{token(ANSWER, question)}/?in={other}"))


def test_a_mail_program_takes_somebody_off_by_itself(reader, account, agreed):
    address = f"/leave/{token(LEAVE, letter(agreed))}/"
    assert page(reader.get(address)).count("<button") == 1
    assert not Consent.objects.filter(given=False).exists()
    # As RFC 8058 has it: no cookie, no Referer, this body.
    done = reader.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert done.status_code == 200
    assert [one.purpose for one in Consent.objects.filter(given=False)] == ["care"]
    reader.post(address, {"everything": "1"})
    assert {one.purpose for one in Consent.objects.filter(given=False)} == {"care", "news"}


def test_what_a_mail_program_is_told_is_done_is_done_though_the_address_was_corrected(
    reader, account, agreed
):
    message = letter(agreed)
    Message.objects.update(state="sent", sent_at=NOON, address=Identity.objects.get())
    there = token(LEAVE, message, "ben@example.org")
    with transaction.atomic():
        change_identity(
            customer_id=agreed,
            kind="email",
            value="ben@example.org",
            to="new@example.org",
            region="DE",
            **BY,
        )
    done = reader.post(f"/leave/{there}/?in=en", {"everything": "1"})
    assert "Done. Nothing more comes by e-mail." in page(done)
    (standing_one,) = Suppression.objects.all()
    assert (standing_one.customer_id, standing_one.channel) == (agreed, "email")
    assert {one.purpose for one in Consent.objects.filter(given=False)} == {"care", "news"}


def test_nothing_tells_whether_somebody_is_known_here(reader, account, agreed):
    message = letter(agreed)
    address = f"/leave/{token(LEAVE, message)}/"
    shown, done = page(reader.get(address)), page(reader.post(address))
    assert "Ben" not in shown + done
    assert "example.org" not in shown + done
    with transaction.atomic():
        erase(customer_id=agreed, **BY)
    assert page(reader.get(f"{address}?in=en")) == page(reader.get(f"{address}?in=en"))
    assert page(reader.post(f"{address}?in=en")) == done


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_left_sees_it_and_a_page_left_open_says_no_second_yes(reader, question, language):
    yes = f"/answer/{token(ANSWER, question)}/?in={language}"
    thanks = page(reader.post(yes))
    reader.post(f"/leave/{token(LEAVE, question)}/")
    for shown in (reader.get(yes), reader.post(yes)):
        assert 'name="again"' in page(shown)
        assert page(shown) != thanks
    assert [one.given for one in Consent.objects.order_by("said_at")] == [True, False]
    assert page(reader.post(yes, {"again": "1"})) == thanks
    reader.post(f"/leave/{token(LEAVE, question)}/", {"everything": "1"})
    for shown in (reader.get(yes), reader.post(yes, {"again": "1"})):
        assert "<button" not in page(shown)
        assert page(shown) != thanks
    assert Consent.objects.filter(given=True).count() == 2


@pytest.mark.parametrize("what", [ANSWER, LEAVE])
def test_a_link_that_we_did_not_make_leads_nowhere(reader, cafe, what):
    for wrong in ("x", "0" * 32, f"{NOON:%Y}.abc", "%00", "a" * 3000):
        for answer in (reader.get(f"/{what}/{wrong}/"), reader.post(f"/{what}/{wrong}/")):
            assert answer.status_code == 404


def test_an_old_question_says_so(reader, question):
    Message.objects.get().question.__class__.objects.update(
        expires_at=datetime.now(UTC) - timedelta(minutes=1)
    )
    address = f"/answer/{token(ANSWER, question)}/?in=en"
    assert "This link is too old." in page(reader.post(address))
    assert not Consent.objects.exists()


def test_no_page_is_kept_or_followed(reader, question):
    answer = reader.get(f"/answer/{token(ANSWER, question)}/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in page(answer)


def test_who_asks_too_often_is_told_when_to_come_again(reader, cafe, monkeypatch):
    monkeypatch.setattr(doors, "LIMITER", Limiter(per_minute=2, clock=lambda: 0.0))
    answers = [reader.get("/leave/x/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert int(answers[-1].headers["Retry-After"]) == 30
    assert reader.get("/leave/x/", REMOTE_ADDR="192.0.2.7").status_code == 404


def test_a_page_speaks_what_is_asked_for_else_the_messages_language_else_the_browsers():
    told = {"asked": "", "of_message": "", "accepted": "", "of_business": "th"}
    assert spoken(**told) == "th"
    assert spoken(**(told | {"accepted": "es-MX,en;q=0.5"})) == "es"
    assert spoken(**(told | {"accepted": "es", "of_message": "de"})) == "de"
    assert spoken(**(told | {"of_message": "de", "asked": "en"})) == "en"
    assert spoken(**(told | {"asked": "fr"})) == "th"


def test_every_page_of_the_portal_is_open_to_strangers_and_there_are_no_others():
    assert {pattern.name for pattern in urlpatterns} == {"portal_answer", "portal_leave"}
    found = {
        pattern.name
        for included in get_resolver().url_patterns
        for pattern in getattr(included, "url_patterns", [])
        if getattr(pattern, "callback", None)
        and pattern.callback.__module__.startswith("regulars.portal")
    }
    assert found == {pattern.name for pattern in urlpatterns}
