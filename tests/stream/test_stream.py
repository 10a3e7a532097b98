"""The log: each event once, never changed, read in pages."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import BaseModel

from regulars.kernel.actor import SYSTEM
from regulars.kernel.cursors import InvalidCursor
from regulars.kernel.faults import (
    NumberOutOfRange,
    UnknownCurrencyCode,
    UnknownField,
)
from regulars.stream.errors import UnknownEventType
from regulars.stream.models import Event
from regulars.stream.queries import TIMELINE_PAGE, timeline
from regulars.stream.services import NewEvent, append
from regulars.stream.types import TYPES

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)


def event(key, *, kind="visit.recorded", days=0, customer=None, data=None):
    return NewEvent(
        type=kind,
        source="till",
        key=key,
        customer_id=customer,
        occurred_at=NOW - timedelta(days=days),
        data=data or {},
    )


def purchase(amount, currency="EUR", **more):
    return {"total": {"amount_minor": amount, "currency": currency}, **more}


@pytest.mark.django_db
class TestAppending:
    def test_the_same_event_is_there_once_whoever_sends_it_again(self):
        first = append(events=[event("1"), event("2")], actor=SYSTEM, now=NOW)
        again = append(events=[event("2"), event("3"), event("3")], actor=SYSTEM, now=NOW)
        assert [one.is_new for one in first] == [True, True]
        assert [one.is_new for one in again] == [False, True, False]
        assert again[0].id == first[1].id
        assert again[1].id == again[2].id
        assert Event.objects.count() == 3

    def test_one_event_that_cannot_be_keeps_all_out(self):
        with pytest.raises(UnknownEventType, match=r"“dance\.danced”"):
            append(events=[event("1"), event("2", kind="dance.danced")], actor=SYSTEM, now=NOW)
        with pytest.raises(NumberOutOfRange, match=r"total\.amount_minor"):
            append(
                events=[event("1"), event("2", kind="purchase.completed", data=purchase(-5))],
                actor=SYSTEM,
                now=NOW,
            )
        assert not Event.objects.exists()

    def test_a_purchase_of_nothing_is_a_purchase_and_what_is_unknown_is_refused(self):
        append(
            events=[event("1", kind="purchase.completed", data=purchase(0))], actor=SYSTEM, now=NOW
        )
        with pytest.raises(UnknownCurrencyCode, match=r"total\.currency"):
            append(
                events=[event("2", kind="purchase.completed", data=purchase(5, "XXQ"))],
                actor=SYSTEM,
                now=NOW,
            )
        with pytest.raises(UnknownField, match="“colour”"):
            append(
                events=[event("2", kind="purchase.completed", data=purchase(0, colour="red"))],
                actor=SYSTEM,
                now=NOW,
            )


@pytest.mark.django_db
def test_a_timeline_pages_through_everything_once_the_latest_first():
    ana = uuid4()
    days = [day % 7 for day in range(TIMELINE_PAGE * 2 + 3)]
    append(
        events=[event(str(i), days=day, customer=ana) for i, day in enumerate(days)],
        actor=SYSTEM,
        now=NOW,
    )
    seen, cursor = [], None
    while True:
        page = timeline((ana,), cursor=cursor)
        seen += page.events
        cursor = page.cursor
        if cursor is None:
            break
    assert len(seen) == len({one.id for one in seen}) == len(days)
    moments = [one.occurred_at for one in seen]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("cursor", ["", "x", "2026-06-30~1", "2026-06-30T09:00:00+00:00~one"])
def test_a_cursor_that_no_page_gave_is_refused(cursor):
    with pytest.raises(InvalidCursor):
        timeline((uuid4(),), cursor=cursor)


def test_no_type_has_a_field_that_could_hold_anything():
    def schemas(facts: type[BaseModel]):
        yield facts
        for field in facts.model_fields.values():
            kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
            for kind in kinds:
                if isinstance(kind, type) and issubclass(kind, BaseModel):
                    yield from schemas(kind)

    for kind in TYPES.values():
        for facts in schemas(kind.facts):
            assert facts.model_config["extra"] == "forbid"
            assert "Any" not in str(facts.model_fields)
