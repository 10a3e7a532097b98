"""A home folder of their own, and the town's purchases told as events."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from regulars.insight import simulate_town, write_town
from regulars.kernel.actor import SYSTEM
from regulars.stream.services import NewEvent, append

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
UNTIL = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    return tmp_path / "home"


@dataclass(frozen=True)
class TownFiles:
    purchases: Path
    referrals: Path


def customer(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> TownFiles:
    """A small town's files, their customers under ids such as the log has."""
    folder = tmp_path_factory.mktemp("town")
    write_town(simulate_town(5, 500), folder)
    for name, ids in (
        ("purchases.csv", ("customer_id",)),
        ("referrals.csv", ("sender_id", "friend_id")),
    ):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            writer.writerows(row | {key: str(customer(row[key])) for key in ids} for row in rows)
    return TownFiles(folder / "purchases.csv", folder / "referrals.csv")


def events_of(town: TownFiles) -> Iterator[NewEvent]:
    with town.purchases.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            minor = round(float(row["amount"]) * 100)
            total = {"amount_minor": abs(minor), "currency": row["currency"]}
            if minor < 0 or row["refund_of"]:
                more = {"refund_of": row["refund_of"]} if row["refund_of"] else {}
            else:
                more = {"order_id": row["order_id"]}
            yield NewEvent(
                type="purchase.refunded" if minor < 0 or row["refund_of"] else "purchase.completed",
                source="file",
                key=f"purchase {number}",
                customer_id=UUID(row["customer_id"]),
                occurred_at=datetime.fromisoformat(row["occurred_at"]).replace(tzinfo=UTC),
                data={"total": total, **more},
            )
    with town.referrals.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            yield NewEvent(
                type="referral.recorded",
                source="file",
                key=f"referral {number}",
                customer_id=UUID(row["friend_id"]),
                occurred_at=datetime.fromisoformat(row["occurred_at"]).replace(tzinfo=UTC),
                data={"sender_id": row["sender_id"]},
            )


Write = Callable[..., None]


@pytest.fixture
def write() -> Write:
    """Appends events, committed, so that the lake sees them."""

    def written(*events: NewEvent) -> None:
        for start in range(0, len(events), 2_000):
            append(events=events[start : start + 2_000], actor=SYSTEM, now=NOW)

    return written
