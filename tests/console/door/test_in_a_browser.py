"""The door in a real browser: a code and a passkey, with the keyboard alone, on a phone and on a desk."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page
from tests.console.conftest import PASSWORD
from tests.console.door.test_by_mail import code_in
from tests.console.door.test_second_step import code_of
from tests.console.test_in_a_browser import DESK, PHONE, fine
from tests.outreach.conftest import serving, set_up
from tests.outreach.servers import Inbox

from regulars.credentials.models import ApiKey
from regulars.kernel.outbox.services import deliver_due
from regulars.outreach.models import MailAccount
from regulars.project.mailing import DELIVERERS

__all__ = ["serving"]
pytestmark = pytest.mark.django_db(transaction=True)


def typed(page: Page, *words: str) -> None:
    """Types into the field that has the focus, and those after it; Enter at the end."""
    # The browser gives the focus with its first picture of a page, which may come after its loading.
    page.wait_for_function("document.activeElement.matches('input')")
    for number, word in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")


def heard(page: Page) -> list[str]:
    """What the browser complains of from now on, but for answers that refuse."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if "status of 4" not in one.text else None)
    return said


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_an_owner_sets_a_second_step_up_and_comes_in_by_it_without_a_mouse(
    browser: Browser,
    live_server,
    founded,
    size,
    scheme,
) -> None:
    page = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB").new_page()
    said = heard(page)
    page.goto(live_server.url)
    fine(page)
    typed(page, "Ana Sommer", PASSWORD)
    page.wait_for_url(f"{live_server.url}/")
    fine(page)
    page.get_by_role("link", name="Set it up").press("Enter")
    page.wait_for_url("**/me/second-step/")
    fine(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    typed(page, "000000")
    page.get_by_text("This code does not fit").wait_for()
    fine(page)
    typed(page, code_of(secret))
    page.wait_for_url("**/me/codes/")
    fine(page)
    assert page.locator(".codes li").count() == 10
    spare = page.locator(".codes li").first.inner_text()
    page.goto(f"{live_server.url}/me/")
    page.get_by_text("10 recovery codes are left.").wait_for()
    fine(page)
    page.context.clear_cookies()
    page.goto(live_server.url)
    typed(page, "Ana Sommer", PASSWORD)
    page.wait_for_url("**/sign-in/second-step/")
    fine(page)
    typed(page, code_of(secret, steps=1))
    page.wait_for_url(f"{live_server.url}/")
    page.context.clear_cookies()
    page.goto(live_server.url)
    typed(page, "Ana Sommer", PASSWORD)
    page.wait_for_url("**/sign-in/second-step/")
    typed(page, spare)
    page.wait_for_url(f"{live_server.url}/")
    assert not said
    page.context.close()


def test_a_passkey_comes_in_by_itself(browser: Browser, live_server, founded) -> None:
    page = browser.new_context(viewport=DESK, locale="en-GB").new_page()
    said = heard(page)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(live_server.url)
    typed(page, "Ana Sommer", PASSWORD)
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/me/passkeys/add/")
    fine(page)
    page.locator("#name").fill("My laptop")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/codes/")
    page.goto(f"{live_server.url}/me/")
    assert page.get_by_text("My laptop").first.is_visible()
    page.get_by_role("button", name="Sign out", exact=True).locator("visible=true").click()
    page.wait_for_url("**/sign-in/")
    fine(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{live_server.url}/")
    assert not said
    page.context.close()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_every_page_of_the_settings_can_be_read_and_used_by_everybody(
    browser: Browser,
    live_server,
    founded,
    size,
    scheme,
) -> None:
    page = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB").new_page()
    said = heard(page)
    page.goto(live_server.url)
    typed(page, "Ana Sommer", PASSWORD)
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/settings/places/")
    page.locator("#name").fill("Harbour")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("Kept.").wait_for()
    for path in ("places", "writing", "nobody", "employees", "keys", "looks"):
        page.goto(f"{live_server.url}/settings/{path}/")
        fine(page)
    page.goto(f"{live_server.url}/settings/keys/")
    page.get_by_label("What it is for").fill("The till")
    page.get_by_label(re.compile("tell what happened", re.IGNORECASE)).check()
    page.get_by_role("button", name="Make the key").click()
    page.get_by_text("It is shown only now").wait_for()
    fine(page)
    assert page.locator("#made").inner_text().startswith(f"rgl_{ApiKey.objects.get().mark}_")
    page.goto(f"{live_server.url}/password/")
    fine(page)
    page.goto(f"{live_server.url}/sign-in/again/")
    fine(page)
    assert not said
    page.context.close()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_who_forgot_the_password_comes_in_by_a_mailed_code_and_chooses_another(
    browser: Browser,
    live_server,
    founded,
    serving,
    size,
    scheme,
) -> None:
    inbox = serving()
    set_up(inbox.port)
    MailAccount.objects.update(worked_at=datetime.now(UTC))
    page = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB").new_page()
    said = heard(page)
    page.goto(live_server.url)
    assert not page.get_by_text("Mail me a code").count(), "nobody could get one yet"
    typed(page, "Ana Sommer", PASSWORD)
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/me/")
    fine(page)
    page.get_by_role("link", name="Note an address").press("Enter")
    page.wait_for_url("**/me/address/")
    fine(page)
    typed(page, "ana@example.org")
    page.wait_for_url("**/me/address/code/")
    fine(page)
    typed(page, mailed(inbox))
    page.get_by_text("The address is yours.").wait_for()
    fine(page)
    page.context.clear_cookies()
    page.goto(live_server.url)
    fine(page)
    page.get_by_role("link", name="Forgotten the password?").press("Enter")
    page.wait_for_url("**/sign-in/by-mail/**")
    fine(page)
    typed(page, "Ana Sommer")
    page.wait_for_url("**/sign-in/code/**")
    fine(page)
    typed(page, "0000 0000")
    page.get_by_text("This is not the code of our latest message.").wait_for()
    fine(page)
    typed(page, mailed(inbox))
    page.wait_for_url("**/password/")
    typed(page, "tea with everybody")
    page.wait_for_url("**/me/**")
    page.context.clear_cookies()
    page.goto(live_server.url)
    page.locator("#name").fill("Ana Sommer")
    page.get_by_role("button", name="Mail me a code instead").press("Enter")
    page.wait_for_url("**/sign-in/code/**")
    typed(page, mailed(inbox))
    page.wait_for_url(f"{live_server.url}/")
    assert not said
    page.context.close()


def mailed(inbox: Inbox) -> str:
    """The code of the latest message, once what waits is sent."""
    deliver_due(deliverers=DELIVERERS, clock=lambda: datetime.now(UTC))
    return code_in(inbox)
