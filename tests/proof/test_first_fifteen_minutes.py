"""The first fifteen minutes as a newcomer has them: one command, an empty folder, and what the screen says.

Nothing here knows an address but the one that the command prints, or anything of a page but what is read on it.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page
from tests.console.test_in_a_browser import DESK, PHONE, fine
from tests.proof.running import PATIENCE_SECONDS, SOURCE, free_port, wait_for

pytestmark = pytest.mark.proof
# On a computer with nothing else to do it is under three; a newcomer waits for none of it.
SERVER_SECONDS = 15
PASSWORD = "a cup of something good"
# As people write them: name, what they like, phone, who brought them.
TWENTY = (
    ("Maria Smith", "oat cappuccino", "07700 900123", ""),
    ("Maria Smyth", "cheesecake", "07700900124", "Maria Smith"),
    ("Jo", "espresso, standing", "", ""),
    ("Joanna Baker", "", "+44 7700 900125", "Jo"),
    ("Mrs Öztürk", "tea, two sugars", "0044 7700 900126", ""),
    ("Catherine Bird", "the seat by the window", "(020) 7946 0958", "Maria"),
    ("Cathy", "apple strudel", "", "mrs ozturk"),
    ("Ben", "flat white", "", "Jo"),
    ("Dr. White", "the paper, and quiet", "", ""),
    ("สมชาย", "iced tea", "", ""),
    ("O’Brien the postman", "bacon roll", "", ""),
    ("Ann", "scones", "", ""),
    ("Anne", "scones without raisins", "", "Ann"),
    ("Big Dave", "builder’s tea", "07700-900-127", ""),
    ("Little Dave", "hot chocolate", "", "Big Dave"),
    ("José", "cortado", "", "Ben"),
    ("Zoë", "matcha", "07700 900128", "Ben"),
    ("the twins’ mum", "babyccinos", "", ""),
    ("Lee", "", "", ""),
    ("Priya Patel", "masala chai", "07700 900129", "Big Dave"),
)
SHOWN_AT_ONCE = 10
LABELS = ("Name", "What they like", "Phone, if known", "Came through")
ORDERS = (
    "Phone,Date,Amount,Order\n"
    "07700 900123,2026-05-02,4.20,A-1\n"
    "+447700900123,2026-05-09,8.40,A-2\n"
    "07700900124,2026-05-10,3.10,A-3\n"
)


@dataclass
class Shop:
    """A server that was started on an empty folder.

    Attributes:
        address: As it was printed.
        waited: Seconds that the browser waited for each of its answers.
    """

    address: str
    waited: list[float]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """``regulars start``, by somebody with an empty folder."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(SOURCE),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "regulars", "start", "--no-browser", "--port", str(port)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        printed = re.search(r"http://\S+/", line)
        assert printed is not None, line + server.communicate()[0]
        wait_for(port, server)
        yield Shop(printed[0], [])
    finally:
        server.send_signal(signal.SIGINT)
        said, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert "Traceback" not in said, said


def opened(browser: Browser, shop: Shop, **how: object) -> Page:
    """The address in a browser, which notes how long each answer takes."""
    page: Page = browser.new_context(locale="en-GB", **how).new_page()  # type: ignore[arg-type]

    def time_of(request: Any) -> None:
        timing = request.timing
        shop.waited.append(max(timing["responseEnd"] - timing["requestStart"], 0) / 1000)

    page.on("requestfinished", time_of)
    page.goto(shop.address)
    return page


def line(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Regular {number}", exact=True)


def three_names(page: Page) -> list[str]:
    """Reads the last page of the first run: the tree, and three people with what to say and why."""
    family = page.get_by_role("region", name="Who brought whom")
    told = " ".join(family.inner_text().split())
    for words in ("Ben brought 2", "Maria Smith brought 2", "Mrs Öztürk brought one", "Ann"):
        assert words in told, told
    # Twenty were written down, and no Maria besides.
    assert "From the 20 people whom you know by name" in told
    names = page.get_by_role("region", name="For tomorrow").get_by_role("listitem")
    cards = [" ".join(text.split()) for text in names.all_inner_texts()]
    assert len(cards) == 3, cards
    thanks = next(card for card in cards if card.startswith("Say thank you"))
    assert "came because of you. Thank you.”" in thanks
    assert re.search(r"Brought .+ and .+\.", thanks), thanks
    assert all("“" in card for card in cards), cards  # what to say, word for word
    return cards


@dataclass
class ByHand:
    """Somebody who clicks on what they read.

    Attributes:
        page: That they see.
        looks: Whether every page is looked at for what keeps others from using it.
    """

    page: Page
    looks: bool = True

    def at(self, words: str) -> None:
        """A page with this heading comes."""
        self.page.get_by_role("heading", name=words, level=1).wait_for()
        if self.looks:
            fine(self.page)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words).click()

    def write(self, words: str, text: str, inside: Locator | None = None) -> None:
        (inside or self.page).get_by_label(words, exact=True).fill(text)

    def choose(self, words: str) -> None:
        self.page.get_by_role("radio", name=words).check()

    def open(self, words: str) -> None:
        self.page.get_by_text(words, exact=True).click()


class ByKeyboard(ByHand):
    """Somebody without a mouse: Tab until what they look for has the focus, then keys."""

    def on_to(self, wanted: Locator, *, key: str = "Tab", most: int = 110) -> None:
        for _ in range(most):
            if wanted.and_(self.page.locator(":focus")).count():
                return
            self.page.keyboard.press(key)
        pytest.fail(f"{key} never comes to {wanted}")

    def press(self, words: str) -> None:
        self.on_to(self.page.get_by_role("button", name=words, exact=True))
        self.page.keyboard.press("Enter")

    def follow(self, words: str) -> None:
        self.on_to(self.page.get_by_role("link", name=words))
        self.page.keyboard.press("Enter")

    def write(self, words: str, text: str, inside: Locator | None = None) -> None:
        self.on_to((inside or self.page).get_by_label(words, exact=True))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, words: str) -> None:
        group = self.page.get_by_role("radio")
        self.on_to(group)
        wanted = self.page.get_by_role("radio", name=words)
        self.page.keyboard.press("Space")
        if not wanted.is_checked():
            self.on_to(wanted, key="ArrowDown", most=8)
        assert wanted.is_checked()

    def open(self, words: str) -> None:
        self.on_to(self.page.locator("summary", has_text=words))
        self.page.keyboard.press("Enter")


def first_run(page: Page, by: ByHand) -> None:
    """From the first page to the first day, with the slips that people make."""
    by.at("Tell us about your place.")
    by.write("Name of your business", "The Corner Café")
    by.write("Your name", "Ana Summers")
    by.write("Password", "coffee")
    by.press("Continue")
    # It says what is wrong, where it is wrong, and one goes on from there.
    page.get_by_text("Use at least 10 characters").wait_for()
    by.write("Password", PASSWORD)
    by.press("Continue")
    by.at("What matters most to you now?")
    by.choose("More people bring others")
    by.press("Continue")
    by.at("Five questions, answered every day.")
    by.follow("Write down your regulars")
    by.at("Your first twenty.")
    for number, written in enumerate(TWENTY, 1):
        if number == SHOWN_AT_ONCE + 1:
            by.open("More lines")
        for label, text in zip(LABELS, written, strict=True):
            if text:
                by.write(label, "12" if text == "07700 900128" else text, line(page, number))
    by.press("See who brings whom")
    page.get_by_text("“12” is not a phone number.").wait_for()
    page.get_by_text("Which Maria do you mean?").wait_for()
    by.choose("Maria Smith oat cappuccino")
    by.write("Phone, if known", "07700 900128", line(page, 17))
    by.press("See who brings whom")
    by.at("These are the people who bring you people.")
    three_names(page)
    by.press("Begin the day")
    by.at("Ana Summers")
    page.get_by_role("heading", name="People to care for").wait_for()


@pytest.mark.parametrize("who", ["by phone", "by keyboard", "without scripts"])
def test_from_one_command_to_tomorrows_three_names(browser: Browser, shop: Shop, who: str) -> None:
    page = opened(
        browser,
        shop,
        viewport=DESK if who == "by keyboard" else PHONE,
        has_touch=who == "by phone",
        java_script_enabled=who != "without scripts",
        color_scheme="dark" if who == "by keyboard" else "light",
    )
    kind = ByKeyboard if who == "by keyboard" else ByHand
    first_run(page, kind(page, looks=who != "without scripts"))
    if who == "by phone":
        the_same_people_are_recognised(page, shop)
    assert sum(shop.waited) < SERVER_SECONDS
    page.context.close()


def the_same_people_are_recognised(page: Page, shop: Shop) -> None:
    """Later, when purchases come in by a file and by a till."""
    by = ByHand(page)
    by.open("Menu")
    page.get_by_role("link", name="Take files in", exact=True).click()
    file = {"name": "till.csv", "mimeType": "text/csv", "buffer": ORDERS.encode()}
    page.get_by_label("Drop a file here, or choose one").set_input_files([file])  # type: ignore[list-item]
    page.get_by_text("3 purchases recorded").wait_for()
    by.press("Take it in")
    page.get_by_role("heading", name="It is in").wait_for()
    by.open("Menu")
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("link", name="Safety").click()
    page.get_by_role("link", name="Keys for programs").click()
    key = made_key(page)
    bought = {
        "type": "purchase.completed",
        "key": "R-1",
        "occurred_at": "2026-06-01T10:15:00+01:00",
        "customer": {"phone": "0044 7700 900123"},
        "data": {"total": {"amount_minor": 1250, "currency": "GBP"}},
    }
    call = Call(  # noqa: S310
        f"{shop.address}api/v1/events",
        json.dumps(bought).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urlopen(call) as answer:  # noqa: S310
        assert json.load(answer)["results"][0]["status"] == "recorded"
    by.open("Menu")
    page.get_by_role("link", name="Customers", exact=True).click()
    # Still twenty: nobody was made of a phone that is known.
    page.get_by_text("20 people whom you know.").wait_for()
    page.get_by_label("Name, phone or e-mail address").press_sequentially("maria smith")
    page.get_by_role("link", name="Maria Smith").first.click()
    for amount in ("£4.20", "£8.40", "£12.50"):
        assert page.get_by_text(amount).first.is_visible(), amount


def made_key(page: Page) -> str:
    """A key for the till, as the page shows it once."""
    page.get_by_label("What it is for").fill("Till")
    page.get_by_role("checkbox", name="events:write").check()
    page.get_by_role("button", name="Make the key").click()
    return page.get_by_role("status").locator("code").inner_text()
