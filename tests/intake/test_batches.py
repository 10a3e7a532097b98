"""A batch becomes what its events would become one after another, whoever they are about.

So does what is recorded by one statement, where it is plain (PostgreSQL alone has that).
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regulars.care.models import Task
from regulars.intake import plain
from regulars.intake.plain import record_now
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.kernel.errors import RegularsError
from regulars.people.models import Identity
from regulars.people.services import add_customer, block_identity, erase, merge
from regulars.stream.models import Event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
PEOPLE = ("Ana", "Ana again", "Ben", "Dora", "Eva")
DAYS_AGO = {"Eva": 20}
ANA, NEW, BLOCKED, NOBODY = (
    ("email", "ana@example.org"),
    ("phone", "+491712345678"),
    ("card", "shop"),
    ("external", "0"),
)
EVA = (("email", "eva@example.org"), ("phone", "+491711111111"))
IDENTITIES = (ANA, ("email", "again@example.org"), NEW, ("handle", "@new"), BLOCKED, NOBODY, *EVA)


def town():
    """Ana, who was taken for two, Ben, and Dora, who was erased, came half a year ago; Eva lately."""
    ids = {}
    for name in PEOPLE:
        known_by = EVA if name == "Eva" else [("email", f"{name.split()[-1].lower()}@example.org")]
        ids[name] = add_customer(name=name, identities=known_by, region="DE", **BY)
        moment = NOW - timedelta(days=DAYS_AGO.get(name, 180))
        long_ago = {"occurred_at": moment, "customer_id": ids[name]}
        told = Incoming(type="visit.recorded", source="till", key=f"old {name}", **long_ago)
        record(incoming=[told], region="DE", **BY)
    merge(kept=ids["Ana"], merged=ids["Ana again"], **BY)
    erase(customer_id=ids["Dora"], **BY)
    block_identity(kind=BLOCKED[0], value=BLOCKED[1], region="DE", **BY)
    return ids


told = st.fixed_dictionaries(
    {
        "key": st.sampled_from(("old Dora", "1", "2", "3", "4", "5")),
        "order": st.sampled_from((None, None, "buys R-1", "gives R-1 back")),
        "days": st.sampled_from((0, 1, 1, 19, 30, 100, 170)),
        "who": st.one_of(
            st.none(),
            st.sampled_from(PEOPLE[:3]),
            st.lists(st.sampled_from(IDENTITIES), min_size=1, max_size=3, unique=True),
        ),
        "sender": st.one_of(st.none(), st.sampled_from(PEOPLE)),
    }
)


def with_more_said(batch, places, whose):
    """The same, and of some events again whose they are."""
    more = list(batch)
    for place, who in zip(places, whose, strict=False):
        again = batch[place % len(batch)]
        more.insert(place, {**again, "who": who})
    return more


batches = st.builds(
    with_more_said,
    st.lists(told, min_size=1, max_size=6),
    st.lists(st.integers(0, 7), max_size=3),
    st.lists(told.map(lambda one: one["who"]), min_size=3, max_size=3),
)


def incoming(one, ids):
    who, sender, order = one["who"], one["sender"], one["order"]
    kind, data = "visit.recorded", {}
    if sender:
        kind, data = "referral.recorded", {"sender_id": str(ids[sender])}
    elif order:
        field = "order_id" if order == "buys R-1" else "refund_of"
        kind = "purchase.completed" if order == "buys R-1" else "purchase.refunded"
        data = {"total": {"amount_minor": 450, "currency": "EUR"}, field: "R-1"}
    return Incoming(
        type=kind,
        source="till",
        key=one["key"],
        occurred_at=NOW - timedelta(days=one["days"]),
        customer_id=ids[who] if isinstance(who, str) else None,
        identities=tuple(who) if isinstance(who, list) else (),
        data=data,
    )


def known_as(customer, ids):
    """Somebody by name; a stranger by all that they are recognised by."""
    names = {str(one): name for name, one in ids.items()}
    theirs = Identity.objects.filter(customer_id=customer).values_list("kind", "value")
    return names.get(str(customer)) or (tuple(sorted(theirs)) if customer else None)


WAYS = {
    "at once": lambda events: record(incoming=events, region="DE", refuse_other=True, **BY),
    "one by one": lambda events: [
        answer
        for event in events
        for answer in record(incoming=[event], region="DE", refuse_other=True, **BY)
    ],
    "plainly": lambda events: [
        answer
        for start in range(0, len(events), 2)
        for answer in record_now(events[start : start + 2], region="DE", **BY)
    ],
}


def what_becomes(events, ids, way):
    """What was answered and what is kept, or what was refused; and it is as if it had not been."""
    with transaction.atomic():
        try:
            answers = WAYS[way](events)
            kept = (
                [(one.status, known_as(one.customer_id, ids)) for one in answers],
                [
                    (one.key, one.occurred_at, known_as(one.customer_id, ids), one.data)
                    for one in Event.objects.order_by("source", "key")
                ],
                sorted(
                    (one.kind, known_as(one.customer_id, ids))
                    for one in Task.objects.filter(withdrawn_at=None)
                ),
                sorted(Identity.objects.values_list("kind", "value")),
            )
        except RegularsError:
            kept = "refused"  # of several things that are amiss any may be named
        transaction.set_rollback(True)
    return kept


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(batches)
@example(
    [
        {"key": key, "order": None, "days": days, "who": [NEW], "sender": None}
        for key, days in (("1", 170), ("2", 0))
    ]
)
@example(
    [
        {"key": "1", "order": None, "days": 1, "who": who, "sender": None}
        for who in (None, None, "Ana")
    ]
)
def test_a_batch_becomes_what_its_events_would_one_after_another(batch):
    with transaction.atomic():
        ids = town()
        events = [incoming(one, ids) for one in batch]
        one_by_one = what_becomes(events, ids, "one by one")
        assert what_becomes(events, ids, "at once") == one_by_one
        assert what_becomes(events, ids, "plainly") == one_by_one
        transaction.set_rollback(True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the statement is PostgreSQL's")
def test_what_is_plain_is_one_statement(monkeypatch):
    ids = town()
    monkeypatch.setattr(plain, "record", None)
    again = {"key": "1", "order": "buys R-1", "days": 0, "who": [EVA[1]], "sender": None}
    new = {"key": "2", "order": None, "days": 0, "who": [NEW], "sender": None}
    answers = record_now([incoming(again, ids), incoming(new, ids)], region="DE", **BY)
    assert [one.status for one in answers] == ["recorded", "recorded"]
    assert known_as(answers[0].customer_id, ids) == "Eva"
    assert known_as(answers[1].customer_id, ids) == (NEW,)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_those_who_tell_the_same_in_opposite_orders_are_both_answered():
    def tell(events):
        try:
            return [one.status for one in record_now(events, region="DE", **BY)]
        finally:
            connection.close()

    for turn in range(6):
        events = [
            Incoming(type="visit.recorded", source="till", key=f"{turn}-{number}", occurred_at=NOW)
            for number in range(300)
        ]
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(tell, (events, events[::-1])))
        statuses = [status for answers in found for status in answers]
        assert (statuses.count("recorded"), statuses.count("duplicate")) == (300, 300)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no use for it")
def test_a_visit_at_the_moment_of_another_is_plain_where_neither_can_be_a_return(monkeypatch):
    ids = town()
    again = {"order": None, "days": 0, "who": [EVA[1]], "sender": None}
    for key, days in (("0", 10), ("1", 0)):
        record_now([incoming(again | {"key": key, "days": days}, ids)], region="DE", **BY)
    monkeypatch.setattr(plain, "record", None)
    (answer,) = record_now([incoming(again | {"key": "2"}, ids)], region="DE", **BY)
    assert answer.status == "recorded"


@pytest.mark.parametrize("way", ["at once", "one by one", "plainly"])
@pytest.mark.parametrize("keys", ["ab", "ba"])
def test_of_two_visits_at_one_moment_the_same_is_the_return_whichever_is_told_first(way, keys):
    ids = town()
    visits = [
        Incoming(
            type="visit.recorded",
            source="till",
            key=key,
            occurred_at=NOW - timedelta(days=1),
            identities=(("email", "ben@example.org"),),
        )
        for key in keys
    ]
    for visit in [visits] if way == "at once" else [[one] for one in visits]:
        WAYS[way](visit)
    (line,) = Task.objects.filter(withdrawn_at=None)
    assert (line.kind, line.customer_id) == ("welcome_back", ids["Ben"])
    assert Event.objects.get(id=line.event_id).key == "a"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the statement is PostgreSQL's")
@pytest.mark.parametrize(
    ("bought", "given_back", "is_plain"),
    [
        ([], [], True),
        ([9], [8], True),
        ([9], [9, 8, 7], True),
        ([9], [10], True),  # it is of the first after it, which is another
        ([], [8], False),  # of this
        ([0], [8], False),  # whichever of the two is last by key
        ([9], [0], False),
        ([9], [8, -1], False),
    ],
)
def test_a_number_that_is_given_anew_is_plain_where_no_refund_can_be_of_it(
    bought, given_back, is_plain, monkeypatch
):
    ids = town()
    told = [("buys R-1", days, [EVA[1]]) for days in bought]
    told += [("gives R-1 back", days, None) for days in given_back]
    for key, (order, days, who) in enumerate(told):
        one = {"key": f"before {key}", "order": order, "days": days, "who": who, "sender": None}
        record(incoming=[incoming(one, ids)], region="DE", **BY)
    looked_at = []
    monkeypatch.setattr(plain, "record", lambda **told: looked_at.append(told) or ())
    again = {"key": "1", "order": "buys R-1", "days": 0, "who": [NEW], "sender": None}
    record_now([incoming(again, ids)], region="DE", **BY)
    assert (not looked_at) is is_plain
