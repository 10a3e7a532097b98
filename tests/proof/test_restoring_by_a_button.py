"""An owner goes back to a backup in the browser; and however that is cut off, all of the data are old, or all new."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page
from tests.console.test_in_a_browser import DESK, fine
from tests.proof.running import PATIENCE_SECONDS, Shop, shop

from regulars.jobs.backups.names import backups_in
from regulars.jobs.backups.wishes import Wish, ask_for, latest_wish

pytestmark = pytest.mark.proof
KILLS = 10
# What a backup knows, what was written down after it, and who was erased in between.
BEFORE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from regulars.project.home import home_folder
from regulars.project.server import set_up
set_up(home_folder())
from django.db import transaction
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer
from regulars.people.services import add_customer, erase
from regulars.jobs.backups.names import folder_of_backups
from regulars.project.backups import backup
by = {"actor": SYSTEM, "now": datetime.now(UTC)}
with transaction.atomic():
    for name in ("Ana Sommer", "Ben Vogel"):
        add_customer(name=name, region="DE", **by)
folder_of_backups(home_folder()).mkdir()
backup(home=home_folder(), path=folder_of_backups(home_folder()), address=None, now=by["now"])
with transaction.atomic():
    erase(customer_id=Customer.objects.get(name="Ben Vogel").id, **by)
    add_customer(name="Cem Arslan", region="DE", **by)
"""
OLD, NEW = {"Ana Sommer", "Cem Arslan"}, {"Ana Sommer"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path, "sqlite", LANGUAGE="en") as (one, _):
        one.told_by("-c", BEFORE)
        one.works = True
        yield one


def names(home: Path) -> set[str]:
    """Whom the data know, read beside the server."""
    with closing(sqlite3.connect(home / "regulars.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {name for (name,) in connection.execute("SELECT name FROM people_customer") if name}


def sign_in(page: Page) -> None:
    page.locator("#name").fill("Anna")
    page.locator("#password").fill("a long password")
    page.get_by_role("button", name="Anmelden").click()


def test_an_owner_goes_back_in_the_browser_and_signs_in_to_the_data_of_then(
    browser: Browser, here: Shop
) -> None:
    here.start()
    context = browser.new_context(viewport=DESK, locale="de-DE")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{here.port}/settings/backups/")
    sign_in(page)
    page.goto(f"http://127.0.0.1:{here.port}/settings/backups/")
    assert names(here.home) == OLD
    process = here.process
    # The latest is of tonight, and knows what is there now.
    page.get_by_role("link", name="Wiederherstellen").last.click()
    fine(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Wiederherstellen").click()
    page.wait_for_url("**/restored/**")
    fine(page)
    page.get_by_role("heading", name="Es ist getan.").wait_for(timeout=PATIENCE_SECONDS * 1_000)
    fine(page)
    # The process that was started once is the one that serves.
    assert process is not None
    assert process.poll() is None
    assert names(here.home) == NEW
    (kept,) = here.home.glob("replaced-*")
    assert names(kept) == OLD
    page.get_by_role("link", name="Anmelden").click()
    sign_in(page)
    assert page.get_by_role("heading", level=1).inner_text()
    assert not list(here.home.glob(".restore-*"))
    context.close()
    here.stop()


def test_wherever_it_is_killed_the_data_are_all_old_or_all_new_and_it_says_which(
    here: Shop, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(here.home, whole)
    draw, found = random.Random(20260630), set()
    for number in range(KILLS):
        shutil.rmtree(here.home)
        shutil.copytree(whole, here.home)
        (backup,) = backups_in(here.home)
        ask_for(here.home, backup.name, language="de", now=datetime.now(UTC))
        # Every other time about when the one file takes the place of the other.
        cut_off(here, draw.uniform(0, 0.03 if number % 2 else 1), is_ready=bool(number % 2))
        here.start()
        assert urlopen(f"http://127.0.0.1:{here.port}/").status == HTTPStatus.OK
        wish = latest_wish(here.home)
        assert wish is not None
        assert not wish.is_open
        known = names(here.home)
        assert known == (NEW if wish.state == "done" else OLD), wish
        assert not list(here.home.glob(".restore-*"))
        found.add(wish.state)
        here.stop()
    assert found == {"done", "failed"}


def cut_off(here: Shop, after: float, *, is_ready: bool) -> None:
    """Starts the server, and kills it so many seconds after it began to go back, or was ready to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "regulars", "start", "--port", str(here.port), "--no-browser"],
        env=here.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + PATIENCE_SECONDS
    while not has_come(latest_wish(here.home), is_ready=is_ready):
        assert time.monotonic() < end, "nothing begins"
        time.sleep(0.001)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def has_come(wish: Wish | None, *, is_ready: bool) -> bool:
    assert wish is not None
    return wish.state != "asked" and (wish.database is not None or not is_ready)
