"""A business that is through its first run, and somebody of every role who is signed in."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from time import time as seconds_now
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, sync_playwright
from tests.conftest import require

from regulars.intake.introduction import Regular, introduce
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Business, Employee
from regulars.people.services import add_employee

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
PASSWORD = "the best coffee"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def came_in(employee: Employee) -> Client:
    """Somebody who has just signed in with their password."""
    client = Client()
    client.force_login(employee)
    show_again(client, employee)
    return client


def show_again(client: Client, employee: Employee, *, ago_seconds: int = 0) -> None:
    """As if somebody had shown a while ago that it is them."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": seconds_now() - ago_seconds}
    ]
    session["account_authentication_methods_user"] = str(employee.pk)
    session.save()


def at_noon(days_ago: int) -> datetime:
    """Noon of a day in the café's own calendar, also across a change of its clocks; now, where it is to come."""
    here = ZoneInfo("Europe/Berlin")
    day = datetime.now(here).date() - timedelta(days=days_ago)
    return min(datetime.combine(day, time(12), tzinfo=here), datetime.now(here))


@pytest.fixture
def ready(db: None) -> Business:
    """A café in Berlin that has begun."""
    return Business.objects.create(
        name="Café Ana",
        language="en",
        time_zone="Europe/Berlin",
        country="DE",
        currency="EUR",
        goal="send",
        created_at=NOW,
        ready_at=NOW,
    )


@pytest.fixture
def signed_in(ready: Business) -> Callable[[str], Client]:
    """Signs somebody of a role in."""

    def sign_in(role: str) -> Client:
        if not Employee.objects.filter(role=role).exists():
            add_employee(name=f"The {role}", role=role, password=PASSWORD, now=NOW)
        return came_in(Employee.objects.filter(role=role)[0])

    return sign_in


@pytest.fixture
def owner(signed_in: Callable[[str], Client]) -> Client:
    """The owner, signed in."""
    return signed_in(Employee.OWNER)


@pytest.fixture
def town(ready: Business) -> dict[str, str]:
    """Ben brought Cem and Dora; by name, their ids."""
    names = ("Ben Vogel", "Cem", "Dora")
    regulars = [
        Regular(name="Ben Vogel", likes="flat white", phone="0171 2345678"),
        Regular(name="Cem", came_through="Ben Vogel"),
        Regular(name="Dora", came_through="Ben Vogel"),
    ]
    by = {"region": "DE", "actor": SYSTEM, "now": datetime.now(UTC)}
    with transaction.atomic():
        people = introduce(regulars=regulars, **by)
    return {name: str(one) for name, one in zip(names, people, strict=True)}


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


@pytest.fixture
def founded(transactional_db: None) -> None:
    """A café with an owner."""
    now = datetime.now(UTC)
    Business.objects.create(
        name="Café Ana",
        language="en",
        time_zone="Europe/Berlin",
        country="DE",
        currency="EUR",
        goal="send",
        created_at=now,
        ready_at=now,
    )
    add_employee(name="Ana Sommer", role=Employee.OWNER, password=PASSWORD, now=now)
