"""A business with a home folder of its own, and a worker that does what waits."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from tests.cafe import found_cafe

from regulars.jobs.uploads import receive
from regulars.jobs.worker import Worker
from regulars.kernel.actor import Actor

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
ANA = Actor("employee", "01900000-0000-7000-8000-000000000001")
PURCHASES = """customer_id,occurred_at,amount,order_id
ana@example.org,2026-06-01,4.20,A1
ben@example.org,2026-06-02,3.10,A2
ana@example.org,2026-06-09,no idea,A3
ana@example.org,2026-06-16,2.80,A4
"""


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    return tmp_path / "home"


@pytest.fixture
def business(home: Path, transactional_db: None) -> None:
    found_cafe(name="Café Sommer", language="en", now=NOW)


@pytest.fixture
def worker(business: None) -> Worker:
    return Worker(clock=lambda: NOW)


Hand = Callable[..., UUID]


@pytest.fixture
def hand_in(business: None) -> Hand:
    """Hands a file in."""

    def handed(text: str = PURCHASES, name: str = "orders.csv", now: datetime = NOW) -> UUID:
        return receive(parts=[text.encode()], name=name, actor=ANA, now=now)

    return handed
