"""The pages behind links in a real browser: on a phone, without a script, with nothing in a reader's way."""

import pytest

from regulars.outreach.links import ANSWER, LEAVE, token
from regulars.people.models import Consent
from tests.console.conftest import browser
from tests.console.test_in_a_browser import DESK, PHONE, fine
from tests.outreach.conftest import agreed, ben, cafe, letter
from tests.portal.test_links import account, question

__all__ = ["account", "agreed", "ben", "browser", "cafe", "question"]


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_are_one_press_each(
    transactional_db, browser, live_server, question, agreed
) -> None:
    no = f"{live_server.url}/{LEAVE}/{token(LEAVE, letter(agreed))}/?in=th"
    yes = f"{live_server.url}/{ANSWER}/{token(ANSWER, question)}/?in=en"
    for size, scheme in ((PHONE, "dark"), (DESK, "light")):
        page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
        for address in (yes, no, f"{live_server.url}/{LEAVE}/x/"):
            page.goto(address)
            fine(page)
        page.context.close()
    page = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(yes)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Thank you. We will write to you.").wait_for()
    page.goto(no)
    page.locator("button").click()
    page.locator("button.quiet").wait_for()
    assert Consent.objects.filter(given=False).count() == 1
    page.context.close()
