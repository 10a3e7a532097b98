"""What happened is told by programs: once, whole, and answered in a way they can rely on."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse

from regulars.api.events import answered
from regulars.api.schemas import EventAnswers
from regulars.care.models import Task
from regulars.intake.services import Recorded
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Customer, Identity
from regulars.people.services import add_customer, add_location, close_location
from regulars.stream.models import Event
from regulars.stream.queries import Effect
from regulars.stream.types import OUR_SOURCES
from tests.api.conftest import NOW

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db


def purchase(key: str = "R-1", minor: int = 1250, **more: Any) -> dict[str, Any]:
    return {
        "type": "purchase.completed",
        "key": key,
        "occurred_at": "2026-06-30T10:15:00+02:00",
        "customer": {"phone": "030 901820"},
        "data": {"total": {"amount_minor": minor, "currency": "EUR"}, "order_id": key},
        **more,
    }


def results(response: HttpResponse) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_an_event_told_again_counts_once_and_is_answered_alike(call: Call) -> None:
    (first,) = results(call("POST", "/events", purchase()))
    (again,) = results(call("POST", "/events", purchase()))
    assert (first["status"], again["status"]) == ("recorded", "duplicate")
    assert first["event_id"] == again["event_id"]
    assert first["customer_id"] == again["customer_id"]
    assert Event.objects.get().source == "till"


def test_two_receipts_of_one_number_are_refused_and_nothing_of_the_request_is_kept(
    call: Call,
) -> None:
    results(call("POST", "/events", purchase()))
    for body in (purchase(minor=1251), {"events": [purchase("R-2"), purchase(minor=1251)]}):
        response = call("POST", "/events", body)
        assert (response.status_code, response.json()["code"]) == (409, "receipt_conflict")
    assert Event.objects.get().data["total"]["amount_minor"] == 1250


def test_an_answer_says_how_long_it_is(call: Call) -> None:
    answer = call("POST", "/events", purchase())
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_whoever_is_new_becomes_a_customer_and_is_known_from_then_on(call: Call) -> None:
    (first,) = results(call("POST", "/events", purchase("R-1")))
    whom = {"phone": "+4930901820", "email": "Ana@Weber.example"}
    (second,) = results(call("POST", "/events", purchase("R-2", customer=whom)))
    (third,) = results(
        call("POST", "/events", purchase("R-3", customer={"email": "ana@weber.example"}))
    )
    assert first["customer_id"] == second["customer_id"] == third["customer_id"]
    assert set(Identity.objects.values_list("kind", "value")) == {
        ("phone", "+4930901820"),
        ("email", "ana@weber.example"),
    }


def test_what_tills_write_for_guests_is_nobody(call: Call) -> None:
    (guest,) = results(call("POST", "/events", purchase(customer={"email": "anonymous"})))
    assert (guest["status"], guest["customer_id"]) == ("recorded", None)
    assert not Customer.objects.exists()


def test_what_was_told_of_nobody_is_claimed_by_whoever_is_told_later(call: Call) -> None:
    (first,) = results(call("POST", "/events", purchase(customer=None)))
    (claimed,) = results(call("POST", "/events", purchase()))
    (again,) = results(call("POST", "/events", purchase()))
    customer = Customer.objects.get()
    assert (first["status"], first["customer_id"]) == ("recorded", None)
    assert (claimed["status"], claimed["customer_id"]) == ("recorded", str(customer.id))
    assert again == claimed | {"status": "duplicate"}
    (told,) = call("GET", f"/customers/{customer.id}/timeline").json()["events"]
    assert (told["id"], told["key"]) == (claimed["event_id"], "R-1")
    ben = add_customer(name="Ben", region="DE", actor=SYSTEM, now=NOW)
    refused = call("POST", "/events", purchase(customer={"id": str(ben)}))
    assert (refused.status_code, refused.json()["code"]) == (409, "receipt_conflict")


def test_a_batch_is_recorded_whole_or_not_at_all(call: Call) -> None:
    events = [purchase(f"R-{number}") for number in range(1000)]
    assert len(results(call("POST", "/events", {"events": events}))) == 1000
    assert Event.objects.count() == 1000
    bad = {"events": [purchase("N-1"), purchase("N-2", minor=-1)]}
    response = call("POST", "/events", bad)
    assert (response.status_code, response.json()["code"]) == (422, "number_out_of_range")
    assert response.json()["field"] == "events.1.data.total.amount_minor"
    unknown = {"id": "01890a5d-ac96-774b-bcce-b302099a8057"}
    response = call(
        "POST", "/events", {"events": [purchase("N-1"), purchase("N-2", customer=unknown)]}
    )
    assert (response.status_code, response.json()["code"]) == (404, "unknown_customer")
    assert Event.objects.count() == 1000
    response = call(
        "POST", "/events", {"events": [purchase(f"M-{number}") for number in range(1001)]}
    )
    assert (response.status_code, response.json()["code"]) == (422, "too_long")


def test_what_follows_from_an_event_is_told(call: Call) -> None:
    ana = results(call("POST", "/events", purchase()))[0]["customer_id"]
    sent = {
        "type": "referral.recorded",
        "key": "first-friend",
        "occurred_at": "2026-06-30T10:15:00+02:00",
        "customer": {"email": "ben@kraus.example"},
        "data": {"sender_id": ana},
    }
    results(call("POST", "/events", sent))
    response = call("POST", "/events", {**sent, "key": "self", "customer": {"id": ana}})
    assert (response.status_code, response.json()["code"]) == (422, "referral_not_allowed")


def with_margin(margin: int, *, lines: Sequence[tuple[int, int]] = (), **more: Any) -> Any:
    told = [{"amount_minor": amount, "margin_minor": of_line} for amount, of_line in lines]
    total = {"amount_minor": 1_000, "currency": "EUR"}
    return purchase(data={"total": total, "margin_minor": margin, "lines": told}, **more)


MARGINS = [
    (lambda: with_margin(1_001), "data.margin_minor"),
    (lambda: with_margin(1_001, type="purchase.refunded"), "data.margin_minor"),
    (lambda: with_margin(400, lines=[(600, 100), (400, 401)]), "data.lines.1.margin_minor"),
    (
        lambda: {"events": [with_margin(1_000), with_margin(1_001, key="R-2")]},
        "events.1.data.margin_minor",
    ),
]


@pytest.mark.parametrize(("body", "field"), MARGINS)
def test_a_margin_is_no_more_than_the_amount_that_it_is_of(
    call: Call, body: Callable[[], Any], field: str
) -> None:
    told = call("POST", "/events", body()).json()
    assert (told["code"], told["field"]) == ("margin_exceeds_amount", field)
    assert not Event.objects.exists()


def test_all_of_an_amount_may_be_margin_and_more_than_all_of_it_a_loss(call: Call) -> None:
    for key, margin in (("all", 1_000), ("loss", -1_001)):
        assert call("POST", "/events", with_margin(margin, key=key)).status_code == 200


BAD = [
    (lambda: {**purchase(), "type": "dance.danced"}, 400, "unknown_event_type", "type"),
    (lambda: {k: v for k, v in purchase().items() if k != "type"}, 422, "field_missing", "type"),
    (lambda: {k: v for k, v in purchase().items() if k != "key"}, 422, "field_missing", "key"),
    (lambda: purchase(colour="red"), 422, "unknown_field", "colour"),
    (lambda: purchase(minor=12.5), 422, "integer_required", "data.total.amount_minor"),
    (lambda: purchase(minor="1250"), 422, "integer_required", "data.total.amount_minor"),
    (lambda: purchase(minor=2**53), 422, "amount_too_large", "data.total.amount_minor"),
    (lambda: purchase(minor=10**400), 422, "amount_too_large", "data.total.amount_minor"),
    (
        lambda: purchase(data={"total": {"amount_minor": 1, "currency": "XXQ"}}),
        422,
        "unknown_currency_code",
        "data.total.currency",
    ),
    (lambda: purchase(occurred_at="2026-06-30T10:15:00"), 422, "invalid_datetime", "occurred_at"),
    (lambda: purchase(occurred_at="2026-02-30T10:15:00Z"), 422, "invalid_datetime", "occurred_at"),
    (lambda: purchase(occurred_at="2026-06-30"), 422, "invalid_datetime", "occurred_at"),
    (lambda: purchase(occurred_at=1782000000), 422, "invalid_datetime", "occurred_at"),
    (lambda: purchase(occurred_at="1782000000"), 422, "invalid_datetime", "occurred_at"),
    (lambda: purchase(occurred_at="9999-06-30T10:15:00Z"), 422, "date_out_of_range", "occurred_at"),
    *(
        (lambda source=source: purchase(source=source), 422, "reserved_source", "source")
        for source in OUR_SOURCES
    ),
    (lambda: {"events": [purchase(source="file")]}, 422, "reserved_source", "events.0.source"),
    (lambda: purchase(key="a\0b"), 422, "invalid_text", "key"),
    (lambda: purchase(key="a\u200bb"), 422, "invisible_characters", "key"),
    (lambda: purchase(key="x" * 201), 422, "too_long", "key"),
    (lambda: purchase(key=""), 422, "too_short", "key"),
    (lambda: purchase(customer={"email": "no address"}), 400, "invalid_email", "customer.email"),
    (lambda: purchase(customer={"phone": "12"}), 400, "invalid_phone", "customer.phone"),
    (lambda: [purchase()], 422, "invalid_value", "body"),
    (lambda: "text", 422, "invalid_value", "body"),
    (lambda: {"events": []}, 422, "too_short", "events"),
]


@pytest.mark.parametrize(("body", "status", "code", "field"), BAD)
def test_every_bad_event_gets_its_error_and_leaves_nothing(
    call: Call, body: Callable[[], Any], status: int, code: str, field: str | None
) -> None:
    response = call("POST", "/events", body())
    told = response.json()
    assert (response.status_code, told["code"], told.get("field")) == (status, code, field)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not Event.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"\xff\xfe", 400, "invalid_json"),
        (b'{"a": NaN}', 422, "invalid_number"),
        (b'{"a": [1, -Infinity]}', 422, "invalid_number"),
        (b'{"a": 1e999}', 422, "invalid_number"),
        (b'{"a": 1, "a": 2}', 400, "duplicate_field"),
        (b'{"data": {"a": 1, "a": 1}}', 400, "duplicate_field"),
        (b"[" * 33 + b"]" * 33, 400, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, 400, "too_deep"),
        (b'{"a": "\\ud800"}', 422, "field_missing"),
        (b'"' + b"x" * 8_000_001 + b'"', 413, "body_too_large"),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else None,
)
def test_a_body_that_can_be_misunderstood_is_refused(
    call: Call, raw: bytes, status: int, code: str
) -> None:
    response = call("POST", "/events", raw=raw)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_half_a_character_is_no_text(call: Call) -> None:
    raw = b'{"type": "visit.recorded", "key": "\\ud800", "occurred_at": "2026-06-30T10:00:00Z"}'
    response = call("POST", "/events", raw=raw)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_text")


def test_a_friend_who_came_lately_makes_the_sender_someone_to_thank(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    del monkeypatch
    from django.utils import timezone  # noqa: PLC0415

    ana = results(call("POST", "/events", purchase()))[0]["customer_id"]
    results(
        call(
            "POST",
            "/events",
            {
                "type": "referral.recorded",
                "key": "f",
                "occurred_at": timezone.now().isoformat(),
                "customer": {"email": "ben@kraus.example"},
                "data": {"sender_id": ana},
            },
        )
    )
    assert str(Task.objects.get().customer_id) == ana


def test_what_happened_at_a_place_says_so_by_its_id_or_its_name(call: Call) -> None:
    market = add_location(name="Am Marktplatz", now=NOW)
    results(call("POST", "/events", purchase("R-1", location="am marktplatz")))
    by_id = {**purchase()["data"], "location_id": str(market)}
    results(call("POST", "/events", purchase("R-2", data=by_id)))
    results(call("POST", "/events", purchase("R-3")))
    told = Event.objects.order_by("position").values_list("data__location_id", flat=True)
    assert list(told) == [str(market), str(market), None]


def test_a_place_that_nobody_knows_is_refused_and_nothing_of_the_batch_is_written(
    call: Call,
) -> None:
    batch = {"events": [purchase("R-1"), purchase("R-2", location="Hauptbahnhof")]}
    response = call("POST", "/events", batch)
    assert (response.status_code, response.json()["code"]) == (422, "unknown_location_name")
    assert "Hauptbahnhof" in response.json()["detail"]
    data = {**purchase()["data"], "location_id": "01890a5d-ac96-774b-bcce-b302099a8057"}
    response = call("POST", "/events", purchase("R-3", data=data))
    assert (response.status_code, response.json()["code"]) == (404, "unknown_location")
    assert not Event.objects.exists()


def test_what_happened_at_a_place_that_has_closed_since_may_be_told_late(call: Call) -> None:
    market = add_location(name="Marktplatz", now=NOW)
    close_location(location_id=market, now=NOW)
    results(call("POST", "/events", purchase(location="Marktplatz")))
    assert Event.objects.get().data["location_id"] == str(market)


def test_a_referral_has_no_place(call: Call) -> None:
    told = {
        "type": "referral.recorded",
        "key": "1",
        "occurred_at": "2026-06-30T10:15:00+02:00",
        "location": "Marktplatz",
        "data": {"sender_id": "01890a5d-ac96-774b-bcce-b302099a8057"},
    }
    assert call("POST", "/events", told).json()["code"] == "unknown_field"


def test_a_refund_of_more_than_was_bought_is_flagged_where_it_is_told_and_where_it_is_read(
    call: Call,
) -> None:
    (bought,) = results(call("POST", "/events", purchase("R-1")))
    total = purchase("R-1")["data"]["total"]
    told = {
        "type": "purchase.refunded",
        "key": "R-2",
        "occurred_at": purchase("R-1")["occurred_at"],
        "data": {
            "total": {**total, "amount_minor": total["amount_minor"] + 1},
            "refund_of": "R-1",
        },
    }
    for _ in range(2):
        (answer,) = results(call("POST", "/events", told))
        assert answer["effects"] == [{"kind": "flag", "flag": "refund_exceeds_purchase"}]
        assert answer["customer_id"] == bought["customer_id"]
    timeline = call("GET", f"/customers/{bought['customer_id']}/timeline").json()["events"]
    assert {one["key"]: one["flags"] for one in timeline} == {
        "R-1": [],
        "R-2": ["refund_exceeds_purchase"],
    }


def test_what_follows_is_told_of_each_event_alone_or_in_a_batch_and_again(call: Call) -> None:
    now = datetime.now(UTC)
    long_ago = {"occurred_at": (now - timedelta(days=300)).isoformat()}
    lately = {"occurred_at": (now - timedelta(days=1)).isoformat()}
    first, back, again = results(
        call(
            "POST",
            "/events",
            {
                "events": [
                    purchase("R-1", **long_ago),
                    purchase("R-2", **lately),
                    purchase("R-2", **lately),
                ]
            },
        )
    )
    ana = first["customer_id"]
    welcome = [{"kind": "task", "task": "welcome_back", "customer_id": ana}]
    assert (first["effects"], back["effects"], again["effects"]) == ([], welcome, welcome)
    assert (back["status"], again["status"]) == ("recorded", "duplicate")
    sent = {
        "type": "referral.recorded",
        "key": "R-3",
        **lately,
        "customer": {"email": "ben@example.org"},
        "data": {"sender_id": ana},
    }
    for _ in range(2):
        (answer,) = results(call("POST", "/events", sent))
        assert answer["effects"] == [{"kind": "task", "task": "thank", "customer_id": ana}]
    assert Task.objects.count() == 2


def test_what_became_of_events_is_written_as_it_is_documented() -> None:
    one, who = UUID(int=1), UUID(int=2)
    thanked = Effect(kind="task", what="thank", customer_id=who)
    became = [
        Recorded("recorded", one, who),
        Recorded("duplicate", one, None),
        Recorded("recorded", one, who, (thanked,)),
    ]
    written = EventAnswers.model_validate_json(answered(became))
    assert answered(became).decode() == written.model_dump_json()
    assert [(told.status, told.customer_id, len(told.effects)) for told in written.results] == [
        ("recorded", who, 0),
        ("duplicate", None, 0),
        ("recorded", who, 1),
    ]


def test_who_is_said_to_have_brought_somebody_is_taken_back_and_the_truth_is_told(
    call: Call,
) -> None:
    ana, ben, cem = (
        str(add_customer(name=name, region="DE", actor=SYSTEM, now=NOW))
        for name in ("Ana", "Ben", "Cem")
    )

    moment = datetime.now(UTC)

    def told(sender: str) -> dict[str, Any]:
        return {
            "type": "referral.recorded",
            "key": f"Ben came through {sender}",
            "occurred_at": moment.isoformat(),
            "customer": {"id": ben},
            "data": {"sender_id": sender},
        }

    (wrong,) = results(call("POST", "/events", told(ana)))
    path = f"/referrals/{wrong['event_id']}"
    for _ in range(2):  # the same request again does nothing more
        answer = call("DELETE", path, key="1")
        assert (answer.status_code, answer.json()) == (200, {"customer_id": ben})
    assert call("DELETE", path, key="2").json()["code"] == "unknown_referral"
    assert call("GET", f"/customers/{ben}/timeline").json()["events"] == []
    (again,) = results(call("POST", "/events", told(ana)))
    assert (again["status"], again["customer_id"]) == ("duplicate", None)
    (right,) = results(call("POST", "/events", told(cem)))
    assert [one["task"] for one in right["effects"]] == ["thank"]
