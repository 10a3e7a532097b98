"""Whatever is held of a person goes out when they ask, and goes when they are erased, in every room."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps

from regulars.api.models import AnsweredRequest
from regulars.care.models import Task
from regulars.console.models import SentForm
from regulars.credentials.keys import add_key
from regulars.credentials.models import ApiKey
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.people.export import everything
from regulars.people.held import all_held, rooms
from regulars.people.models import Customer
from regulars.people.services import add_customer, erase
from regulars.scoring.models import Run, Score
from regulars.stream.models import Event

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def our_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("regulars.")
    ]


def impersonal():
    return {name for room in rooms() for name in room.IMPERSONAL}


def test_every_field_of_every_table_is_exported_or_said_to_tell_nothing_of_a_customer():
    exported = {
        (held.model.__name__, field.split("__")[0].removesuffix("_id"))
        for held in all_held().values()
        for field in held.fields
    }
    forgotten = {
        f"{model.__name__}.{field.name}"
        for model in our_models()
        if model.__name__ not in impersonal()
        for field in model._meta.concrete_fields
        if (model.__name__, field.name.removesuffix("_id")) not in exported
    }
    assert forgotten == {name for name in impersonal() if "." in name}


def test_every_table_that_hangs_on_a_customer_is_held_and_none_that_names_one_is_forgotten():
    held = {one.model for one in all_held().values()}
    hanging = {relation.related_model for relation in Customer._meta.related_objects}
    assert {model.__name__ for model in hanging - held} == {"NameKey"}
    naming = {
        model
        for model in our_models()
        if any("customer" in field.name for field in model._meta.concrete_fields)
    }
    counting = {"NameKey", "Erasure", "Run", "SegmentSize"}  # keys, the journal, and counts
    assert {model.__name__ for model in naming - held} == counting


def task(customer, **more):
    return Task.objects.create(
        kind=Task.THANK, customer_id=customer, due_on=NOW.date(), created_at=NOW, **more
    )


def told_of_everywhere(customer):
    """A row of every room that names a customer by id."""
    task(customer)
    SentForm.objects.create(key=uuid4(), customer_id=customer, sent_at=NOW)
    AnsweredRequest.objects.create(
        key=ApiKey.objects.get(),
        idempotency_key=str(customer),
        fingerprint="0" * 64,
        ids={"customer": str(customer)},
        created_at=NOW,
    )
    Score.objects.create(run=Run.objects.get(), customer_id=customer, repeats=3)


@pytest.fixture
def ana_and_ben(db):
    """Two customers; Ana sent Ben, and is to be thanked for it."""
    add_key(name="till", scopes=(), **BY)
    Run.objects.create(
        until=NOW.date(), inputs="x", events=0, version=1, started_at=NOW, finished_at=NOW
    )
    ana, ben = (add_customer(name=name, region="DE", **BY) for name in ("Ana", "Ben"))
    sent = Incoming(
        type="referral.recorded",
        source="till",
        key="1",
        occurred_at=NOW - timedelta(days=30),
        customer_id=ben,
        data={"sender_id": str(ana)},
    )
    record(incoming=[sent], region="DE", **BY)
    for customer in (ana, ben):
        told_of_everywhere(customer)
    task(ana, about_id=ben)
    return ana, ben


def test_what_every_room_holds_of_somebody_is_exported_and_nothing_of_others(ana_and_ben):
    ana, ben = ana_and_ben
    told = everything(ana)
    assert {name: len(told[name]) for name in ("tasks", "forms", "requests", "scores")} == {
        "tasks": 2,
        "forms": 1,
        "requests": 1,
        "scores": 1,
    }
    assert told["scores"][0]["repeats"] == 3
    # Whom she sent is hers to know.
    assert [row["data"] for row in told["events"]] == [{"sender_id": str(ana)}]
    assert everything(ben)["forms"] != told["forms"]


def test_what_every_room_holds_of_somebody_goes_with_them_and_what_is_of_others_stays(ana_and_ben):
    ana, ben = ana_and_ben
    erase(customer_id=ben, **BY)
    for held in all_held().values():
        assert not held.naming(held.emptied, [ben]).exists(), held.model
        if not held.stays:
            assert not held.rows([ben]).exists(), held.model
    assert Event.objects.filter(customer_id=ben).exists()
    told = everything(ana)
    assert [row["about_id"] for row in told["tasks"]] == [None, None]
    assert all(len(told[name]) == 1 for name in ("forms", "requests", "scores"))
