"""Every bad input that the API can be sent has its documented error: by name, and leaving nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.utils import timezone

from regulars.api.requests import KeyWith
from regulars.api.v1 import api
from regulars.credentials.keys import add_key, revoke_key
from regulars.kernel.actor import SYSTEM
from regulars.kernel.limits import Limiter
from regulars.people.models import Business, Customer
from regulars.stream.models import Event
from tests.api.test_events import purchase

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db
ERRORS = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
ANA = {"name": "Ana"}
DOCUMENT: dict[str, Any] = json.loads(json.dumps(dict(api.get_openapi_schema())))


def raw(text: str | bytes) -> dict[str, Any]:
    return {"raw": text if isinstance(text, bytes) else text.encode()}


def event(**more: Any) -> dict[str, Any]:
    return raw(json.dumps(purchase(**more)))


def total(number: str) -> dict[str, Any]:
    return raw(json.dumps(purchase(minor=77)).replace("77", number))


def amount(currency: str) -> dict[str, Any]:
    return event(data={"total": {"amount_minor": 1, "currency": currency}})


TO_EVENTS: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("invalid_json", raw("{"), 400),
    ("invalid_json", raw(b"\xff"), 400),
    ("duplicate_field", raw('{"type": "visit.recorded", "type": "visit.recorded"}'), 400),
    ("too_deep", raw("[" * 33 + "]" * 33), 400),
    ("body_too_large", raw('"' + "x" * 8_000_001 + '"'), 413),
    ("unknown_field", event(colour="red"), 422),
    ("field_missing", raw('{"type": "visit.recorded"}'), 422),
    ("unknown_event_type", event(type="dance.danced"), 400),
    ("invalid_number", total("NaN"), 422),
    ("invalid_number", total("-Infinity"), 422),
    ("invalid_number", total("1e999"), 422),
    ("integer_required", total("12.5"), 422),  # what a currency has no digits for, either
    ("integer_required", total('"12"'), 422),
    ("number_out_of_range", total("-1"), 422),
    ("amount_too_large", total(str(2**53)), 422),
    ("unknown_currency_code", amount("XXQ"), 422),
    ("unknown_currency_code", amount("eur"), 422),
    ("invalid_datetime", event(occurred_at="2026-06-30T10:00:00"), 422),
    ("invalid_datetime", event(occurred_at="2026-02-30T10:00:00Z"), 422),
    *(
        ("invalid_datetime", event(occurred_at=number), 422)
        for number in ("1700000000", "1700000000.5", "-1000000000", "+1700000000", " 1700000000")
    ),
    ("date_out_of_range", event(occurred_at="1899-12-31T10:00:00Z"), 422),
    ("date_out_of_range", event(occurred_at="2150-01-01T10:00:00Z"), 422),
    ("invalid_text", event(key="a\0b"), 422),
    ("invalid_text", raw(json.dumps(purchase()).replace("R-1", "\\ud800")), 422),
    ("invisible_characters", event(key="a\u202eb"), 422),
    *(("invalid_text", event(key=key), 422) for key in ("a\tb", "a\nb", "a\u2028b", "\u2029")),
    *(("invisible_characters", event(key=key), 422) for key in (" ", "\u3000", "a\u3164b")),
    ("too_long", event(key="x" * 201), 422),
    ("too_short", event(key=""), 422),
    ("invalid_email", event(customer={"email": "ana"}), 400),
    ("invalid_phone", event(customer={"phone": "+49"}), 400),
    ("unknown_customer", event(customer={"id": "01890a5d-ac96-774b-bcce-b302099a8057"}), 404),
    ("invalid_value", event(customer={"id": "ana"}), 422),
)


@pytest.mark.parametrize(("code", "sent", "status"), TO_EVENTS)
def test_a_bad_event_has_its_error_and_nothing_is_kept(
    call: Call, code: str, sent: dict[str, Any], status: int
) -> None:
    assert refused(call("POST", "/events", **sent), status) == code
    assert not Event.objects.exists()
    assert not Customer.objects.exists()


def refused(response: HttpResponse, status: int) -> str:
    """The code of an error, which is documented and answered as one."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert (told["status"], bool(told["detail"])) == (status, True)
    assert f"| `{told['code']}` |" in ERRORS
    return str(told["code"])


def test_a_phone_needs_its_country_where_the_business_has_none(call: Call) -> None:
    Business.objects.update(country="")
    answer = call("POST", "/events", purchase())
    assert refused(answer, 400) == "phone_needs_country"
    whom = {"name": "Ana", "phone": "030 901820"}
    assert refused(call("POST", "/customers", whom, key="1"), 400) == "phone_needs_country"


def test_a_write_is_named_once(call: Call) -> None:
    assert refused(call("POST", "/customers", ANA), 400) == "idempotency_key_required"
    assert call("POST", "/customers", ANA, key="1").status_code == 201
    again = call("POST", "/customers", {"name": "Ben"}, key="1")
    assert refused(again, 409) == "idempotency_key_reused"
    elsewhere = call("POST", "/merges", {"kept_id": "x"}, key="1")
    assert refused(elsewhere, 422) == "invalid_value"


def test_a_body_that_is_no_batch_has_one_megabyte(call: Call) -> None:
    assert refused(call("POST", "/customers", raw=b" " * 1_000_001, key="1"), 413) == (
        "body_too_large"
    )


def test_one_event_has_one_megabyte_and_several_have_eight(call: Call) -> None:
    # The second time a key is known to be good, and the quick way is asked.
    for _ in range(2):
        answer = call("POST", "/events", raw=json.dumps(purchase()).encode() + b" " * 1_000_000)
        assert refused(answer, 413) == "body_too_large"
        assert "1000000 bytes" in answer.json()["detail"]
    assert not Event.objects.exists()
    # A batch of one is a batch.
    several = json.dumps({"events": [purchase()]}).encode() + b" " * 1_000_000
    assert call("POST", "/events", raw=several).status_code == 200
    assert call("POST", "/events", raw=several).json()["results"][0]["status"] == "duplicate"


@pytest.mark.parametrize(
    "path",
    [
        "/customers",
        "/scores",
        "/scores/runs",
        "/customers/{ana}/timeline",
        "/customers/{ana}/looks",
        "/segments/{segment}/members",
    ],
)
@pytest.mark.parametrize(
    "cursor",
    ["x", "~", "9~", "2026-06-30~1", f"2026-06-30T10:00:00+00:00~{10**30}", "１~２", "a" * 200],
)
def test_a_cursor_that_no_page_gave_is_refused_and_never_our_fault(
    call: Call, path: str, cursor: str
) -> None:
    ana = call("POST", "/customers", ANA, key="1").json()["id"]
    condition = {"field": "has_email", "is": "is", "value": False}
    sent = {"name": "All", "condition": condition}
    segment = call("POST", "/segments", sent, key="2").json()["id"]
    at = path.format(ana=ana, segment=segment)
    answer = call("GET", at, cursor=cursor)
    # One that could be ours, beyond all that there is, reads on from there.
    assert answer.status_code == 200 or refused(answer, 400) == "invalid_cursor"
    assert refused(call("GET", at, cursor="x"), 400) == "invalid_cursor"
    assert refused(call("GET", at, cursor="x" * 201), 422) == "too_long"
    assert refused(call("GET", at, limit="101"), 422) == "limit_max"
    assert refused(call("GET", at, limit="0"), 422) == "number_out_of_range"
    assert refused(call("GET", at, limit="ten"), 422) == "integer_required"


def test_no_parameter_takes_half_a_character_or_none(call: Call) -> None:
    ana = call("POST", "/customers", ANA, key="1").json()["id"]
    operations = [
        (method, path, operation)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    ]
    for method, path, operation in operations:
        body = operation.get("requestBody", {}).get("content", {})
        parameters = [one for one in operation.get("parameters", ()) if one["in"] != "header"]
        for parameter in parameters:
            for odd in ("a\0b", "\0"):
                told = {one["name"]: str(one["example"]) for one in parameters}
                told |= {"customer_id": ana, parameter["name"]: odd}
                named = {name: quote(text, safe="") for name, text in told.items()}
                at = path.removeprefix("/api/v1").format(**named)
                asked = {parameter["name"]: odd} if parameter["in"] == "query" else {}
                sent = body.get("application/json", {}).get("example")
                answer = call(method.upper(), at, sent, key=str(uuid4()), **asked)
                assert answer.status_code // 100 == 4, (at, parameter["name"], answer.content)


def test_what_an_attribute_is_says_what_is_wrong_with_it(call: Call) -> None:
    ana = call("POST", "/customers", ANA, key="1").json()["id"]
    milk = {"key": "milk", "name": "Milk", "kind": "text"}
    assert call("POST", "/attributes", milk, key="2").status_code == 201
    at = f"/customers/{ana}/attributes"
    for value, code in (("x" * 201, "too_long"), ("", "too_short"), ("a\0", "invalid_text")):
        answer = call("PUT", f"{at}/milk", {"value": value}, key="3")
        assert refused(answer, 422) == code
        assert answer.json()["field"] == "value"
    for value in (None, ["oat"], {"milk": "oat"}):
        answer = call("PUT", f"{at}/milk", {"value": value}, key="3")
        assert (refused(answer, 422), answer.json()["field"]) == ("invalid_value", "value")
    for key in ("%00", "Milk", "m" * 41, "milk%0A"):
        for method, to in (("PUT", at), ("DELETE", at), ("DELETE", "/attributes")):
            sent = {"value": "oat"} if method == "PUT" else None
            assert refused(call(method, f"{to}/{key}", sent, key="4"), 422)
    twice = {"key": "tea", "name": "Tea", "kind": "choice", "choices": ["oat", "oat "]}
    assert refused(call("POST", "/attributes", twice, key="5"), 400) == "invalid_definition"


def test_nobody_sends_themselves(call: Call) -> None:
    ana = call("POST", "/customers", ANA, key="1").json()["id"]
    sent = event(type="referral.recorded", customer={"id": ana}, data={"sender_id": ana})
    assert refused(call("POST", "/events", **sent), 422) == "referral_not_allowed"


def test_who_was_erased_is_gone(call: Call) -> None:
    ana = call("POST", "/customers", ANA, key="1").json()["id"]
    assert call("DELETE", f"/customers/{ana}", key="2").status_code == 200
    assert refused(call("POST", "/events", **event(customer={"id": ana})), 410) == "customer_erased"
    for path in ("", "/profile", "/timeline", "/export", "/looks", "/scores"):
        assert refused(call("GET", f"/customers/{ana}{path}"), 410) == "customer_erased"


def test_a_key_is_good_needed_and_may_not_ask_without_end(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(call("GET", "/customers", bearer=None), 401) == "key_required"
    gone = add_key(name="old", scopes=(), actor=SYSTEM, now=timezone.now())
    assert refused(call("GET", "/customers", bearer=gone.token), 403) == "scope_missing"
    revoke_key(mark=gone.token.split("_")[1], now=timezone.now())
    assert refused(call("GET", "/customers", bearer=gone.token), 401) == "key_revoked"
    over = add_key(name="b", scopes=(), expires_at=timezone.now(), actor=SYSTEM, now=timezone.now())
    assert refused(call("GET", "/customers", bearer=over.token), 401) == "key_expired"
    monkeypatch.setattr(KeyWith, "limiter", Limiter(per_minute=1, clock=lambda: 0.0))
    assert call("GET", "/customers").status_code == 200
    assert refused(call("GET", "/customers"), 429) == "rate_limited"
