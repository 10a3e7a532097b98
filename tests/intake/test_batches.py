"""A batch becomes what its events would become one after another, whoever they are about."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.care.models import Task
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.kernel.errors import RegularsError
from regulars.people.models import Identity
from regulars.people.services import add_customer, block_identity, erase, merge
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
PEOPLE = ("Ana", "Ana again", "Ben", "Dora")
ANA, NEW, BLOCKED, NOBODY = (
    ("email", "ana@example.org"),
    ("phone", "+491712345678"),
    ("card", "shop"),
    ("external", "0"),
)
IDENTITIES = (ANA, ("email", "again@example.org"), NEW, ("handle", "@new"), BLOCKED, NOBODY)


def town():
    """Ana, who was taken for two; Ben; Dora, who was erased: all came half a year ago."""
    ids = {}
    for name in PEOPLE:
        email = f"{name.split()[-1].lower()}@example.org"
        ids[name] = add_customer(name=name, identities=[("email", email)], region="DE", **BY)
        long_ago = {"occurred_at": NOW - timedelta(days=180), "customer_id": ids[name]}
        told = Incoming(type="visit.recorded", source="till", key=f"old {name}", **long_ago)
        record(incoming=[told], region="DE", **BY)
    merge(kept=ids["Ana"], merged=ids["Ana again"], **BY)
    erase(customer_id=ids["Dora"], **BY)
    block_identity(kind=BLOCKED[0], value=BLOCKED[1], region="DE", **BY)
    return ids


told = st.fixed_dictionaries(
    {
        "key": st.sampled_from(("old Dora", "1", "2", "3", "4", "5")),
        "days": st.sampled_from((0, 1, 100, 170)),
        "who": st.one_of(
            st.none(),
            st.sampled_from(PEOPLE[:3]),
            st.lists(st.sampled_from(IDENTITIES), min_size=1, max_size=3, unique=True),
        ),
        "sender": st.one_of(st.none(), st.sampled_from(PEOPLE)),
    }
)


def incoming(one, ids):
    who, sender = one["who"], one["sender"]
    return Incoming(
        type="referral.recorded" if sender else "visit.recorded",
        source="till",
        key=one["key"],
        occurred_at=NOW - timedelta(days=one["days"]),
        customer_id=ids[who] if isinstance(who, str) else None,
        identities=tuple(who) if isinstance(who, list) else (),
        data={"sender_id": str(ids[sender])} if sender else {},
    )


def known_as(customer, ids):
    """Somebody by name; a stranger by all that they are recognised by."""
    names = {one: name for name, one in ids.items()}
    theirs = Identity.objects.filter(customer_id=customer).values_list("kind", "value")
    return names.get(customer) or (tuple(sorted(theirs)) if customer else None)


def what_becomes(events, ids, *, at_once):
    """What was answered and what is kept, or what was refused; and it is as if it had not been."""
    with transaction.atomic():
        try:
            if at_once:
                answers = record(incoming=events, region="DE", **BY)
            else:
                answers = [record(incoming=[event], region="DE", **BY)[0] for event in events]
            kept = (
                [(one.status, known_as(one.customer_id, ids)) for one in answers],
                [
                    (one.key, one.occurred_at, known_as(one.customer_id, ids), one.data)
                    for one in Event.objects.order_by("position")
                ],
                sorted(
                    (one.kind, known_as(one.customer_id, ids))
                    for one in Task.objects.filter(withdrawn_at=None)
                ),
                sorted(Identity.objects.values_list("kind", "value")),
            )
        except RegularsError as error:
            kept = error.code
        transaction.set_rollback(True)
    return kept


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(told, min_size=1, max_size=7))
def test_a_batch_becomes_what_its_events_would_one_after_another(batch):
    with transaction.atomic():
        ids = town()
        events = [incoming(one, ids) for one in batch]
        one_by_one = what_becomes(events, ids, at_once=False)
        assert what_becomes(events, ids, at_once=True) == one_by_one
        transaction.set_rollback(True)
