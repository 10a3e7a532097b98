"""The report as a browser shows it: quiet, in bounds, readable by everybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from regulars.insight.report import write_report
from regulars.insight.result import ScoreResult
from regulars.kernel.language import LANGUAGES

LAUNCH = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(LAUNCH))
        yield started
        started.close()


def opened(browser: Browser, file: Path, *, scheme: str, size: dict[str, int]) -> Page:
    """The report in a page that collects every request and every complaint."""
    page = browser.new_page(color_scheme=scheme, viewport=size)
    page.requests_made = []
    page.complaints = []
    page.on("request", lambda request: page.requests_made.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_quiet_fits_a_phone_and_reads_for_everybody(
    browser: Browser, everything: ScoreResult, tmp_path: Path, language: str, scheme: str
) -> None:
    file = tmp_path / "report.html"
    write_report(everything, file, language=language)
    page = opened(browser, file, scheme=scheme, size=PHONE)
    assert page.requests_made == [file.as_uri()]
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size(DESK)
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK["width"]
    page.close()


def test_every_rung_is_clean_on_a_desk(
    browser: Browser, any_result: ScoreResult, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    write_report(any_result, file, language="en")
    page = opened(browser, file, scheme="light", size=DESK)
    page.locator("details").evaluate_all("folds => folds.forEach(fold => fold.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.complaints == []
    page.close()


def test_pictures_change_their_colours_in_the_dark(
    browser: Browser, everything: ScoreResult, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    write_report(everything, file, language="en")
    colour = (
        "getComputedStyle(document.querySelector('#new .wide path[fill=\"var(--pine)\"]')).fill"
    )
    seen = []
    for scheme in ("light", "dark"):
        page = opened(browser, file, scheme=scheme, size=DESK)
        seen.append(page.evaluate(colour))
        page.close()
    assert seen == ["rgb(15, 107, 82)", "rgb(95, 196, 162)"]


def test_no_picture_and_no_card_is_split_between_pages(
    browser: Browser, everything: ScoreResult, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    write_report(everything, file, language="en")
    page = opened(browser, file, scheme="dark", size=DESK)
    page.emulate_media(media="print")
    for kind in (".picture", ".card", ".heat", ".actions li"):
        assert page.locator(kind).first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    ink = "getComputedStyle(document.querySelector('#new .wide path[fill=\"var(--pine)\"]')).fill"
    assert page.evaluate(ink) == "rgb(15, 107, 82)", "paper shows the light colours"
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
