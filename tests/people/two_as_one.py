"""Two customers, made one."""

from datetime import UTC, datetime

from regulars.kernel.actor import SYSTEM
from regulars.people.services import (
    add_customer,
    merge,
    record_consent,
)

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def add(name, *identities, likes=()):
    return add_customer(name=name, identities=identities, likes=likes, region="DE", **BY)


def one(kept, merged):
    return merge(kept=kept, merged=merged, **BY)


def agree(customer, purpose, *, given=True):
    return record_consent(
        customer_id=customer,
        purpose=purpose,
        channel="post",
        given=given,
        text_version="1",
        proof="form",
        said_at=NOW,
        **BY,
    )
