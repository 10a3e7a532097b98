"""A café that may write, a customer who agreed, and a server that takes mail."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from regulars.kernel.actor import SYSTEM
from regulars.kernel.outbox.services import deliver_due
from regulars.outreach.models import Message
from regulars.outreach.services import write_letter
from regulars.outreach.setting_up import Access, keep_account
from regulars.people.models import Business
from regulars.people.services import add_customer, record_consent
from regulars.project.mailing import DELIVERERS
from tests.outreach.servers import PASSWORD, Inbox, certificate, smtp_server

NOON = datetime(2026, 6, 30, 10, tzinfo=UTC)  # on the clock in Berlin
BY = {"actor": SYSTEM, "now": NOON}


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for localhost, and the file that makes it trusted."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trust(trusted: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context, trusted by this process."""
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted[1]))
    return trusted[0]


@pytest.fixture
def serving() -> Iterator[Callable[..., Inbox]]:
    """Starts SMTP servers, and stops them."""
    running = []

    def start(**how: Any) -> Inbox:
        inbox, controller = smtp_server(**how)
        running.append(controller)
        return inbox

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def cafe(db: None) -> Business:
    return Business.objects.create(
        name="Café Ana",
        language="de",
        time_zone="Europe/Berlin",
        country="DE",
        currency="EUR",
        created_at=NOON,
        ready_at=NOON,
        public_address="https://cafe.example",
    )


def set_up(port: int, *, security: str = "none", username: str = "", **more: Any) -> None:
    told: dict[str, Any] = {
        "provider": "own",
        "sending": Access(
            host=more.pop("host", "127.0.0.1"),
            port=port,
            security=security,
            username=username,
            password=more.pop("password", PASSWORD) if username else "",
        ),
        "mailbox": None,
        "sender_name": "Café Ana, Köln",
        "sender_address": "hallo@cafe.example",
        "imprint": "Café Ana\nHauptstraße 1, 50667 Köln",
    } | more
    with transaction.atomic():
        keep_account(**told)


@pytest.fixture
def inbox(cafe: Business, serving: Callable[..., Inbox]) -> Inbox:
    """Mail is set up, and this is what goes out."""
    found = serving()
    set_up(found.port)
    return found


@pytest.fixture
def ben(cafe: Business) -> UUID:
    """A customer with an address."""
    with transaction.atomic():
        return add_customer(
            name="Ben Vogel", identities=[("email", "ben@example.org")], region="DE", **BY
        )


@pytest.fixture
def agreed(ben: UUID) -> UUID:
    """The same, who agreed to personal messages and to news."""
    for purpose in ("care", "news"):
        says(ben, purpose=purpose)
    return ben


def says(customer: UUID, *, given: bool = True, purpose: str = "care", **more: Any) -> None:
    with transaction.atomic():
        record_consent(
            customer_id=customer,
            purpose=purpose,
            channel="email",
            given=given,
            text_version="1",
            proof="form",
            said_at=more.pop("said_at", NOON - timedelta(days=1)),
            **BY,
        )


def letter(customer: UUID, **more: Any) -> UUID:
    told = {
        "purpose": "care",
        "language": "en",
        "subject": "Thank you, Ben",
        "text": "Cem came because of you.\n\nThe next coffee is <on> us.\nAna",
    }
    with transaction.atomic():
        return write_letter(customer_id=customer, **(told | BY | more))


def deliver(hours: float = 0) -> int:
    now = NOON + timedelta(hours=hours)
    return deliver_due(deliverers=DELIVERERS, clock=lambda: now)


def standing(message: UUID) -> tuple[str, str]:
    found = Message.objects.get(id=message)
    return found.state, found.reason
