"""A newcomer in a real browser: from the first page to tomorrow's three names."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.conftest import require

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require(os.path.exists(CHROMIUM), "Chromium")  # noqa: PTH110
    # Playwright runs a loop of its own, which Django takes for a reason not to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


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
    assert page.get_by_text("Ana Sommer").first.is_visible()
    context.close()
