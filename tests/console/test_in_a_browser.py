"""A newcomer in a real browser: from the first page to tomorrow's three names."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.console.conftest import PASSWORD

from regulars.people.models import Customer, Employee
from regulars.stream.models import Event

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def write(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def fine(page: Page) -> None:
    """Nothing serious for readers who listen, and nothing beyond the edge."""
    found = Axe().run(page)
    serious = [
        one for one in found.response["violations"] if one["impact"] in ("serious", "critical")
    ]
    assert not serious, serious
    beyond = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert beyond <= 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_a_newcomer_gets_from_nothing_to_tomorrows_three_names(
    browser: Browser, live_server, size, scheme
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    page.goto(live_server.url)
    fine(page)
    # The first field is where one begins to type.
    for text in ("Café Ana", "Ana Sommer", "the best coffee in town"):
        write(page, text)
    page.get_by_role("button", name="Continue").click()
    fine(page)
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Continue").click()
    fine(page)
    page.get_by_role("link", name="Write down your regulars").click()
    fine(page)
    page.locator("#name-1").fill("Ben")
    page.locator("#likes-1").fill("flat white")
    page.locator("#name-2").fill("Cem")
    page.locator("#through-2").fill("Ben")
    page.locator("#name-3").fill("Dora")
    page.locator("#through-3").fill("Ben")
    page.get_by_role("button", name="See who brings whom").click()
    fine(page)
    assert page.get_by_text("Brought Cem and Dora.").is_visible()
    page.get_by_role("button", name="Begin the day").click()
    fine(page)
    assert page.url.rstrip("/") == live_server.url
    assert page.get_by_role("heading", name="Ana Sommer").is_visible()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_city_and_currency_are_guessed_and_what_is_typed_outlives_a_reload(
    browser: Browser, live_server
) -> None:
    context = browser.new_context(viewport=PHONE, locale="es-MX", timezone_id="America/Mexico_City")
    page = context.new_page()
    page.goto(live_server.url)
    city, currency = page.locator("#time_zone"), page.locator("#currency")
    assert (city.input_value(), currency.input_value()) == ("America/Mexico_City", "MXN")
    city.select_option("Asia/Bangkok")
    assert currency.input_value() == "THB"
    currency.select_option("USD")
    city.select_option("America/Mexico_City")
    assert currency.input_value() == "USD"
    for place, text in (("#name", "Café Ana"), ("#your_name", "Ana"), ("#password", PASSWORD)):
        page.locator(place).fill(text)
    page.locator("form.sheet button.primary").click()
    page.wait_for_url("**/begin/goal/")
    page.goto(f"{live_server.url}/begin/twenty/")
    page.locator("#name-1").fill("Ben")
    page.locator("#through-2").fill("Ben")
    page.reload()
    assert page.locator("#name-1").input_value() == "Ben"
    assert page.locator("#through-2").input_value() == "Ben"
    page.locator("#through-2").fill("")
    page.locator("form.sheet button.primary").click()
    page.wait_for_url("**/begin/tomorrow/")
    page.goto(f"{live_server.url}/begin/twenty/")
    assert page.locator("#name-1").input_value() == ""
    context.close()


@pytest.mark.django_db(transaction=True)
def test_the_first_run_needs_no_mouse(browser: Browser, live_server) -> None:
    context = browser.new_context(viewport=DESK, locale="en-GB")
    page = context.new_page()
    page.goto(live_server.url)
    keys = page.keyboard

    def on_to(role: str, name: str) -> None:
        """Presses Tab until the thing of that name has the focus, as somebody does who sees it."""
        for _ in range(80):
            focused = page.get_by_role(role, name=name, exact=True).and_(page.locator(":focus"))
            if focused.count():
                return
            keys.press("Tab")
        pytest.fail(f"Tab never comes to {name}")

    for text in ("Café Ana", "Ana Sommer", "the best coffee in town"):
        write(page, text)
    on_to("button", "Continue")
    keys.press("Enter")
    page.wait_for_url("**/begin/goal/")
    for _ in range(20):
        if page.locator("input[type=radio]:focus").count():
            break
        keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    page.wait_for_url("**/begin/questions/")
    on_to("link", "Write down your regulars")
    keys.press("Enter")
    page.wait_for_url("**/begin/twenty/")
    for text in ("Ben", "flat white", "", "", "Cem", "", "", "Ben"):
        write(page, text)
    keys.press("Enter")
    page.wait_for_url("**/begin/tomorrow/")
    assert page.get_by_text("Brought Cem.").is_visible()
    on_to("button", "Begin the day")
    keys.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    # And the first day: the list, somebody on it, a visit.
    keys.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    on_to("link", "Customers")
    keys.press("Enter")
    page.wait_for_url("**/customers/")
    on_to("searchbox", "Name, phone or e-mail address")
    keys.type("be")
    keys.press("Enter")
    page.wait_for_url("**/customers/?q=be")
    for _ in range(20):
        if "Ben" in page.locator(":focus").inner_text():
            break
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_url(re.compile("/customers/[-0-9a-f]{36}/"))
    on_to("button", "Note a visit")
    keys.press("Enter")
    page.get_by_text("The visit is noted.").wait_for()
    assert Event.objects.filter(type="visit.recorded").count() == 1
    context.close()


def signed_in(browser: Browser, address: str, **how) -> Page:
    page = browser.new_context(locale="en-GB", **how).new_page()
    page.goto(address)
    page.locator("#name").fill("Ana Sommer")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")
    return page


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_a_day_at_the_counter(browser: Browser, live_server, founded, size, scheme) -> None:
    page = signed_in(browser, live_server.url, viewport=size, color_scheme=scheme)
    problems: list[str] = []
    # Chromium's advice to its password manager is no complaint: mail has two accounts in one form.
    page.on(
        "console",
        lambda said: (
            problems.append(said.text) if "[DOM] Multiple forms" not in said.text else None
        ),
    )
    fine(page)
    page.goto(f"{live_server.url}/customers/")
    fine(page)
    for name, through in (("Ben Vogel", ""), ("Cem", "Ben Vogel")):
        page.goto(f"{live_server.url}/customers/")
        if not page.locator("#name-1").is_visible():
            page.get_by_text("Add somebody").click()
        page.locator("#name-1").fill(name)
        page.locator("#through-1").fill(through)
        fine(page)
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_text("Added. Now you know each other by name.").wait_for()
        fine(page)
    page.goto(f"{live_server.url}/customers/")
    # Found while typing, without a button, slips forgiven.
    page.locator("#q").press_sequentially("vogle")
    page.get_by_text("One person found.").wait_for()
    assert page.locator("#results a:not(.quick)").count() == 1
    fine(page)
    page.locator("#results a:not(.quick)").click()
    page.get_by_role("button", name="Note a visit").dblclick()
    page.get_by_role("status").wait_for()
    page.get_by_text("Note a purchase").click()
    page.locator("#amount").fill("4,50")
    page.get_by_role("button", name="Note the purchase").click()
    page.get_by_text("The purchase is noted.").wait_for()
    assert page.get_by_text("€4.50").first.is_visible()
    fine(page)
    assert Event.objects.filter(type="visit.recorded").count() == 1
    page.goto(live_server.url)
    page.get_by_role("button", name=re.compile("Say thank you, Ben Vogel")).click()
    page.get_by_text("Done. You can take it back below.").wait_for()
    fine(page)
    for address in ("/settings/", "/settings/mail/", "/settings/employees/"):
        page.goto(live_server.url + address)
        fine(page)
    if size is PHONE:
        page.get_by_text("Menu", exact=True).click()
        fine(page)
    assert not problems
    page.context.close()


def test_a_second_press_does_not_lose_what_is_shown_once(
    browser: Browser, live_server, founded
) -> None:
    page = signed_in(browser, live_server.url, viewport=DESK)
    page.goto(f"{live_server.url}/settings/employees/")
    page.locator("#name").fill("Ben")
    page.locator("main button.primary").dblclick()
    page.get_by_text("The one-time password of Ben.").wait_for()
    assert Employee.objects.filter(name="Ben").count() == 1
    page.context.close()


def test_everything_works_without_a_script(browser: Browser, live_server, founded) -> None:
    page = signed_in(browser, live_server.url, viewport=PHONE, java_script_enabled=False)
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Customers").click()
    page.locator("#name-1").fill("Ben Vogel")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Note a visit").click()
    page.get_by_text("The visit is noted.").wait_for()
    page.goto(f"{live_server.url}/customers/")
    page.locator("#q").fill("ben")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("One person found.").wait_for()
    page.locator("#results a:not(.quick)").click()
    assert page.url.endswith(f"/{Customer.objects.get().id}/")
    page.context.close()


@pytest.mark.django_db(transaction=True)
def test_a_segment_is_built_by_keyboard_while_its_count_follows(
    browser: Browser, live_server, town, signed_in
) -> None:
    client = signed_in(Employee.OWNER)
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/segments/new/")
    page.locator("#name").focus()
    write(page, "Coffee")
    page.locator("#field-0-0").select_option("likes")
    page.locator("#text-0-0").focus()
    page.keyboard.type("flat")
    page.locator("#count", has_text="One customer now.").wait_for()
    fine(page)
    page.get_by_role("button", name="and another condition").press("Enter")
    page.locator("#field-0-1").wait_for()
    assert page.locator("#text-0-0").input_value() == "flat"
    fine(page)
    page.get_by_role("button", name="Keep the segment").press("Enter")
    page.get_by_role("alert").wait_for()  # the second condition says nothing yet
    page.locator("button[value='drop 0-1']").press("Enter")
    page.locator("#field-0-1").wait_for(state="detached")
    page.get_by_role("button", name="Keep the segment").press("Enter")
    page.get_by_role("heading", name="Coffee").wait_for()
    fine(page)
    assert page.get_by_text("Likes: flat white.").is_visible()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_asks_in_vain_says_so_and_keeps_what_was_typed(
    browser: Browser, live_server, town, signed_in
) -> None:
    cookie = signed_in(Employee.OWNER).cookies["sessionid"].value
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/customers/")
    context.set_offline(True)
    page.locator("#q").press_sequentially("vogel")
    said = page.get_by_text("Regulars cannot be reached at the moment.")
    said.wait_for()
    fine(page)
    assert page.locator("#q").input_value() == "vogel"
    context.set_offline(False)
    page.locator("#q").press("Backspace")
    said.wait_for(state="detached")
    context.close()
