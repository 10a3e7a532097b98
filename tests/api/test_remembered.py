"""Programs remember, ask for consent, merge, export and erase as a person would."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from regulars.people.services import define_attribute

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db
KEYS = (f"key-{number}" for number in count())


def told(response: HttpResponse) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code")


def write(call: Call, method: str, path: str, body: Any, status: int = 201) -> dict[str, Any]:
    response = call(method, path, body, key=next(KEYS))
    assert response.status_code == status, response.content
    return response.json()


def add(call: Call, **customer: Any) -> str:
    return str(write(call, "POST", "/customers", customer)["id"])


def test_what_is_told_is_remembered_with_who_said_so(call: Call) -> None:
    ana = add(call, name="Ana Weber")
    define_attribute(key="size", name="Size", kind="number", now=timezone.now())
    at = f"/customers/{ana}"
    write(call, "POST", f"{at}/preferences", {"kind": "avoids", "text": "nuts"})
    write(call, "POST", f"{at}/notes", {"text": "Two steps at the door."})
    write(call, "POST", f"{at}/dates", {"label": "birthday", "month": 2, "day": 29})
    write(call, "PUT", f"{at}/attributes/size", {"value": 42})
    write(call, "POST", f"{at}/identities", {"kind": "phone", "value": "030 901820"})
    found = call("GET", f"{at}/profile").json()
    assert [(one["kind"], one["text"]) for one in found["preferences"]] == [("avoids", "nuts")]
    assert found["preferences"][0]["said_by"].startswith("key:")
    assert [one["text"] for one in found["notes"]] == ["Two steps at the door."]
    assert [(one["month"], one["day"], one["year"]) for one in found["dates"]] == [(2, 29, None)]
    assert [(one["key"], one["value"]) for one in found["attributes"]] == [("size", 42)]
    assert found["identities"] == [{"kind": "phone", "value": "+4930901820"}]
    assert found["is_prospect"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/preferences", {"kind": "hates", "text": "nuts"}, 422, "invalid_value"),
        ("POST", "/preferences", {"text": ""}, 422, "too_short"),
        ("POST", "/notes", {"text": "a\u0000b"}, 422, "invalid_text"),
        ("POST", "/dates", {"label": "x", "month": 13, "day": 1}, 422, "number_out_of_range"),
        ("POST", "/dates", {"label": "x", "month": 2, "day": 30}, 400, "invalid_day"),
        ("POST", "/dates", {"label": "x", "month": "2", "day": 3}, 422, "integer_required"),
        ("PUT", "/attributes/unheard", {"value": 1}, 404, "unknown_attribute"),
        ("POST", "/identities", {"kind": "email", "value": "no"}, 400, "invalid_email"),
        ("POST", "/identities", {"kind": "email", "value": "anonymous"}, 400, "not_an_identity"),
        ("POST", "/consents", {"purpose": "news"}, 422, "field_missing"),
    ],
)
def test_what_cannot_be_remembered_is_refused(
    call: Call, method: str, path: str, body: Any, status: int, code: str
) -> None:
    ana = add(call, name="Ana")
    response = call(method, f"/customers/{ana}{path}", body, key=next(KEYS))
    assert told(response) == (status, code)


def test_consent_opens_the_gate_and_its_withdrawal_shuts_it(call: Call) -> None:
    ana = add(call, name="Ana", email="ana@weber.example")
    asked = {"purpose": "news", "channel": "counter"}
    path = f"/customers/{ana}/may-contact"
    assert call("GET", path, **asked).json()["reason"] == "no_consent"
    word = {
        **asked,
        "given": True,
        "text_version": "1",
        "proof": "on paper",
        "said_at": "2026-06-30T10:00:00+02:00",
    }
    write(call, "POST", f"/customers/{ana}/consents", word)
    assert call("GET", path, **asked).json()["allowed"]
    later = {**word, "given": False, "said_at": "2026-07-01T10:00:00+02:00"}
    write(call, "POST", f"/customers/{ana}/consents", later)
    assert call("GET", path, **asked).json()["reason"] == "no_consent"
    assert told(call("GET", path, purpose="news", channel="pigeon")) == (422, "invalid_value")


def test_two_who_are_one_are_merged_and_parted_again(call: Call) -> None:
    ana = add(call, name="Ana Weber", phone="030 901820")
    other = add(call, name="A. Weber", email="ana@weber.example")
    pair = {"kept_id": ana, "merged_id": other}
    assert call("GET", "/merges/preview", **pair).json()["merged_name"] == "A. Weber"
    merged = write(call, "POST", "/merges", pair)
    assert merged["customer_id"] == ana
    assert call("GET", f"/customers/{other}").json()["id"] == ana
    assert len(call("GET", f"/customers/{ana}").json()["identities"]) == 2
    assert [one["id"] for one in call("GET", "/customers").json()["customers"]] == [ana]
    assert told(call("POST", "/merges", pair, key=next(KEYS))) == (409, "already_merged")
    write(call, "POST", f"/merges/{merged['merge_id']}/undo", {})
    assert call("GET", f"/customers/{other}").json()["name"] == "A. Weber"
    undone = call("POST", f"/merges/{merged['merge_id']}/undo", {}, key=next(KEYS))
    assert told(undone) == (409, "merge_undone")


def test_everything_about_somebody_is_handed_out_and_erased(call: Call) -> None:
    ana = add(call, name="Ana Weber", phone="030 901820", likes=["oat milk"])
    kept = call("GET", f"/customers/{ana}/export").content.decode()
    assert all(value in kept for value in ("Ana Weber", "+4930901820", "oat milk"))
    write(call, "DELETE", f"/customers/{ana}", None, status=200)
    for path in ("", "/profile", "/timeline", "/export", "/scores"):
        assert told(call("GET", f"/customers/{ana}{path}")) == (410, "customer_erased"), path
    visit = {
        "type": "visit.recorded",
        "key": "1",
        "occurred_at": "2026-06-30T10:00:00Z",
        "customer": {"id": ana},
    }
    assert told(call("POST", "/events", visit)) == (410, "customer_erased")
