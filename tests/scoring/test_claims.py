"""What was told of nobody and is claimed counts once, as the customer's."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.scoring.conftest import NOW, UNTIL

from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.services import add_customer
from regulars.scoring.feed import opened, prepare
from regulars.stream.lake import export

pytestmark = pytest.mark.django_db(transaction=True)
BY = {"actor": SYSTEM, "now": NOW}


def tell(key, minor, kind="purchase.completed", who=None, **more):
    one = Incoming(
        type=kind,
        source="till",
        key=key,
        occurred_at=NOW - timedelta(days=2),
        customer_id=who,
        data={"total": {"amount_minor": minor, "currency": "EUR"}, **more},
    )
    with transaction.atomic():
        record(incoming=[one], region="DE", **BY)


@pytest.mark.parametrize("exported_before", [False, True])
def test_a_claimed_purchase_counts_once_with_its_refund(home, tmp_path, exported_before):
    ana = add_customer(name="Ana", region="DE", **BY)
    tell("1", 1_000, order_id="A")
    tell("2", 700, "purchase.refunded", refund_of="A")
    tell("3", 500)
    if exported_before:
        export(home / "lake")
    tell("1", 1_000, who=ana, order_id="A")
    tell("4", 500, "purchase.refunded", refund_of="A")  # 3 are left
    with opened(export(home / "lake"), {}, tmp_path) as engine:
        feed = prepare(engine, tmp_path, until=UNTIL, timezone="UTC", currency="EUR")
        rows = engine.execute(
            "SELECT customer_id, amount FROM read_parquet(?) ORDER BY event",
            [str(feed.purchases)],
        ).fetchall()
    assert sorted(rows) == [(str(ana), -7), (str(ana), -3), (str(ana), 10)]
    assert feed.left_out["no_customer"] == 1
    assert feed.rhythms.to_pylist()[0]["purchase_days"] == 1
