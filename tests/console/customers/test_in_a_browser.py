"""Customers in a real browser: found, narrowed down, noted on, changed in place, by keyboard too."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page
from tests.console.test_in_a_browser import DESK, PHONE, fine, signed_in

from regulars.intake.introduction import Regular, introduce
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Preference
from regulars.people.services import add_customer, define_attribute
from regulars.stream.models import Event

PARTS = ("", "known/", "contact/", "data/", "merge/?q=ben", "erase/", "looks/", "now/")


@pytest.fixture
def town(founded: None) -> Iterator[UUID]:
    by = {"region": "DE", "actor": SYSTEM, "now": datetime.now(UTC)}
    regulars = [
        Regular(name="Ben Vogel", likes="flat white", phone="0171 2345678"),
        Regular(name="Cem", came_through="Ben Vogel"),
    ]
    with transaction.atomic():
        ben, *_ = introduce(regulars=regulars, **by)
    add_customer(name="Ben Vogel", identities=[("phone", "+43 171 2345678")], **by)
    define_attribute(key="town", name="Part of town", kind="text", now=datetime.now(UTC))
    return ben


@pytest.mark.parametrize(
    ("size", "scheme", "spoken"), [(PHONE, "dark", "de"), (DESK, "light", "th")]
)
def test_every_part_can_be_read_by_everybody(
    browser: Browser,
    live_server,
    town,
    size,
    scheme,
    spoken,
) -> None:
    page = signed_in(browser, live_server.url, viewport=size, color_scheme=scheme)
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text))
    for address in (*(f"{town}/{part}" for part in PARTS), "?order=name&unseen=30", "twice/"):
        page.goto(f"{live_server.url}/customers/{address}")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        fine(page)
    speak(page, spoken)
    for address in (f"{town}/", f"{town}/contact/", "?order=name&unseen=30"):
        page.goto(f"{live_server.url}/customers/{address}")
        fine(page)
        assert "Project-Id-Version" not in page.content()
    assert not problems
    page.context.close()


def speak(page: Page, code: str) -> None:
    page.evaluate(f"document.querySelector('button[name=language][value={code}]').click()")
    page.wait_for_selector(f"html[lang={code}]")


def test_a_list_is_narrowed_kept_and_noted_on_without_a_mouse(
    browser: Browser,
    live_server,
    town,
) -> None:
    page = signed_in(browser, live_server.url, viewport=DESK)
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text))
    page.goto(f"{live_server.url}/customers/?order=name")
    page.get_by_text("Narrow it down").focus()
    page.keyboard.press("Enter")
    page.locator("#life").select_option("prospect")
    page.get_by_text("3 people on this list.").wait_for()
    assert page.url.endswith("/customers/?order=name&life=prospect")
    page.get_by_role("link", name="Note something: Cem").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Note a visit ?: Cem")).focus()
    page.keyboard.press("Enter")
    page.get_by_text("The visit is noted.").wait_for()
    assert page.url.endswith("/customers/?order=name&life=prospect&said=visit")
    assert Event.objects.filter(type="visit.recorded").count() == 1
    page.get_by_text("Keep this list", exact=True).first.click()
    page.locator("#name").fill("Not bought yet")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Not bought yet").wait_for()
    fine(page)
    assert not problems
    page.context.close()


def test_what_is_remembered_is_changed_in_its_place(
    browser: Browser,
    live_server,
    town,
) -> None:
    page = signed_in(browser, live_server.url, viewport=PHONE)
    page.goto(f"{live_server.url}/customers/{town}/")
    page.get_by_role("link", name="Change: flat white").click()
    page.locator("#entry #text").wait_for()
    assert page.url.endswith(f"/customers/{town}/")  # nothing was opened anew
    fine(page)
    page.locator("#entry #text").fill("espresso")
    page.get_by_role("button", name="Keep it so").click()
    page.get_by_text("Changed.").wait_for()
    assert Preference.objects.get().text == "espresso"
    page.get_by_role("link", name=re.compile("Change: espresso")).click()
    page.locator("#entry summary").click()
    page.get_by_role("button", name="Yes, forget it").click()
    page.get_by_text("Forgotten.").wait_for()
    assert not Preference.objects.exists()
    page.context.close()
