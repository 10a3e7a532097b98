"""PostgreSQL goes away under a shop that runs: it is said so, and nothing that was typed or told is lost."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.console.test_in_a_browser import PHONE, fine
from tests.proof.running import Caller, Shop, shop

pytestmark = pytest.mark.proof
AWAY = "Regulars erreicht seine Datenbank gerade nicht."
NOON = "2026-06-30T12:00:00+02:00"
NOTE = "Sitzt gern am Fenster.\nBringt ihre Schwester mit."


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Shop, Caller]]:
    with shop(tmp_path, "postgresql", LANGUAGE="en") as (one, token):
        one.start()
        yield one, Caller(one.port, token)
        one.stop()


def visit(number: int) -> dict[str, object]:
    who = {"external": f"till-{number}"}
    return {
        "type": "visit.recorded",
        "key": f"visit-{number}",
        "occurred_at": NOON,
        "customer": who,
    }


def come_in(page: Page, here: Shop) -> str:
    """Signs the owner in; where everything is."""
    address = f"http://127.0.0.1:{here.port}"
    page.goto(f"{address}/sign-in/")
    page.locator("#name").fill("Anna")
    page.locator("#password").fill("a long password")
    page.get_by_role("button", name="Anmelden").click()
    return address


def test_what_was_typed_and_told_is_there_once_the_database_is_back(
    browser: Browser, here: tuple[Shop, Caller]
) -> None:
    running, till = here
    context = browser.new_context(viewport=PHONE, locale="de-DE")
    page = context.new_page()
    address = come_in(page, running)
    ana = till.post("/customers", {"name": "Ana Sommer"}, **{"Idempotency-Key": "ana"})["id"]
    assert till.tell(visit(1))[0]["status"] == "recorded"
    page.goto(f"{address}/customers/{ana}/")
    written = page.locator("details", has=page.locator("textarea"))
    written.locator("summary").click()
    written.locator("textarea").fill(NOTE)

    running.postgresql.stop()
    written.get_by_role("button").click()
    page.get_by_role("heading", name=AWAY).wait_for()
    fine(page)
    elsewhere = context.new_page()
    found = elsewhere.goto(f"{address}/customers/")
    assert found is not None
    assert (found.status, found.headers["retry-after"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "5")
    assert found.headers["content-security-policy"]
    assert elsewhere.get_by_role("heading", name=AWAY).is_visible()
    fine(elsewhere)
    status, headers, told = till.answered("/events", visit(2))
    assert (status, told["code"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "database_unreachable")
    assert headers["Retry-After"] == "5"

    running.postgresql.ensure_postgres_running()
    page.get_by_role("button", name="Noch einmal versuchen").click()
    page.get_by_text("Bringt ihre Schwester mit.").wait_for()
    elsewhere.get_by_role("link", name="Noch einmal versuchen").click()
    elsewhere.get_by_role("link", name="Ana Sommer").first.wait_for()
    # What was answered before is known, and what was turned away is told once more and counts once.
    for result in ("recorded", "duplicate"):
        told_again = till.tell({"events": [visit(1), visit(2)]})
        assert [one["status"] for one in told_again] == ["duplicate", result]
    context.close()
