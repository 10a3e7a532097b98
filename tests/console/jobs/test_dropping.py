"""A file is dropped in a real browser, and the page says by itself how it stands."""

import pytest
from playwright.sync_api import Browser
from tests.console.test_in_a_browser import DESK, PHONE, fine, signed_in

from regulars.jobs.worker import Worker
from regulars.stream.models import Event

DROP = """([text, name]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/csv" }));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector("form[data-drop]").dispatchEvent(event);
    }
}"""


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_a_file_is_dropped_tried_and_taken_in(
    browser: Browser, live_server, founded, settings, tmp_path, size, scheme
) -> None:
    settings.HOME = tmp_path
    page = signed_in(browser, live_server.url, viewport=size, color_scheme=scheme)
    page.goto(f"{live_server.url}/imports/")
    fine(page)
    orders = "Kunde,Datum,Betrag\nana@example.org,2026-06-01,4.20\nx,2026-06-02,viel\n"
    page.evaluate(DROP, [orders, "orders.csv"])
    page.get_by_text("Trying it out; nothing is written").wait_for()
    fine(page)
    Worker().work_off()
    # Nobody presses anything: the page asks by itself how it stands.
    page.get_by_text("1 purchase recorded").wait_for()
    assert page.get_by_text("the amount cannot be read").is_visible()
    fine(page)
    page.get_by_role("button", name="Take it in").click()
    page.get_by_role("heading", name="Taking it in").wait_for()
    Worker().work_off()
    page.get_by_role("heading", name="It is in").wait_for()
    fine(page)
    assert Event.objects.filter(type="purchase.completed").count() == 1
    for address in ("/imports/", "/exports/", "/scores/"):
        page.goto(live_server.url + address)
        fine(page)
    page.context.close()
