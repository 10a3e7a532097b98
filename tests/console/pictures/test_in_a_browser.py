"""The pictures in a real browser: what is wide scrolls by itself, and never the page."""

import pytest
from playwright.sync_api import Browser
from tests.console.pictures.test_pictures import drawn  # noqa: F401  (a fixture)
from tests.console.segments.test_segments import sorted_town  # noqa: F401  (a fixture)
from tests.console.test_in_a_browser import DESK, PHONE, fine

from regulars.people.models import Employee


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")])
@pytest.mark.usefixtures("drawn")
def test_a_table_of_many_months_widens_no_page(
    browser: Browser, live_server, signed_in, size, scheme
) -> None:
    cookie = signed_in(Employee.OWNER).cookies["sessionid"].value
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB")
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    for address in ("/spenders-and-senders/", "/rhythm/", "/coming-back/"):
        page.goto(live_server.url + address)
        fine(page)
    assert page.locator("table.cohorts tbody tr").count() == 5
    context.close()
