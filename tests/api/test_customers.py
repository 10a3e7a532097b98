"""Programs add, recognise and read customers, and a repeated write does nothing twice."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse

from regulars.api.models import AnsweredRequest
from regulars.people.audit import looks
from regulars.people.models import Customer, Look, Note
from regulars.stream.queries import TIMELINE_PAGE

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db

ANA = {"name": "Ana Weber", "phone": "030 901820", "likes": ["oat milk"]}


def told(response: HttpResponse) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code")


def add(call: Call, key: str = "1", **customer: Any) -> dict[str, Any]:
    response = call("POST", "/customers", customer or ANA, key=key)
    assert response.status_code == 201, response.content
    return response.json()


def test_a_customer_is_added_read_and_recognised(call: Call) -> None:
    ana = add(call)
    assert (ana["name"], ana["likes"]) == ("Ana Weber", ["oat milk"])
    assert ana["identities"] == [{"kind": "phone", "value": "+4930901820"}]
    assert call("GET", f"/customers/{ana['id']}").json() == ana
    for whom, reason in (
        ({"phone": "+49 30 901820"}, "identity:phone"),
        ({"name": "Anna Weber"}, "name:sound"),
        ({"name": "weber, ana"}, "name:same"),
        ({"name": "Ana"}, "name:given"),
        ({"name": "Ana Weper"}, "name:typo"),
    ):
        (found,) = call("POST", "/recognise", whom).json()["candidates"]
        assert (found["customer_id"], found["reason"]) == (ana["id"], reason)
    assert call("POST", "/recognise", {"phone": "+49 30 901821"}).json() == {"candidates": []}
    assert call("POST", "/recognise", {}).json() == {"candidates": []}


@pytest.mark.parametrize(
    ("name", "code"),
    [("?", "not_a_name"), ("12", "not_a_name"), ("unbekannt", "not_a_name"), ("ana@x.example", "address_for_name")],
)  # fmt: skip
def test_nobody_is_added_by_what_is_no_name(call: Call, name: str, code: str) -> None:
    assert told(call("POST", "/customers", {"name": name}, key="1"))[1] == code
    ana = add(call, key="2")["id"]
    assert told(call("PATCH", f"/customers/{ana}", {"name": name}, key="3"))[1] == code
    assert [one.name for one in Customer.objects.all()] == ["Ana Weber"]


def test_whoever_reads_a_list_is_in_the_audit_and_whoever_recognises_is_not(call: Call) -> None:
    assert call("GET", "/customers").json()["customers"] == []
    call("POST", "/recognise", {"name": "Ana"})
    assert not looks(limit=9)
    add(call)
    assert len(call("GET", "/customers").json()["customers"]) == 1
    (taken,) = looks(limit=9)
    assert (taken.what, taken.table, taken.rows) == (Look.TABLE, "list", 1)
    assert taken.looked_by.startswith("key:")


def test_the_same_write_with_the_same_key_is_done_once_and_answered_again(call: Call) -> None:
    first, again = add(call, "a"), add(call, "a")
    assert first == again
    assert Customer.objects.count() == 1
    other = call("POST", "/customers", {"name": "Ben"}, key="a")
    assert told(other) == (409, "idempotency_key_reused")


def test_a_write_that_failed_is_not_remembered(call: Call) -> None:
    add(call, "a")
    taken = {"name": "Ben", "phone": "030 901820"}
    assert told(call("POST", "/customers", taken, key="b")) == (409, "identity_taken")
    Customer.objects.all().delete()
    assert call("POST", "/customers", taken, key="b").status_code == 201


def test_an_answer_that_is_kept_holds_nothing_of_a_person(call: Call) -> None:
    ana = add(call)
    (kept,) = AnsweredRequest.objects.values("ids", "fingerprint", "idempotency_key")
    assert kept["ids"] == {"customer": ana["id"]}
    assert "Ana" not in str(kept)


def test_the_same_write_does_not_make_anew_whom_somebody_erased(call: Call) -> None:
    ana = add(call, "ana@example.org")
    note = (f"/customers/{ana['id']}/notes", {"text": "Sits by the window."})
    assert call("POST", *note, key="note").status_code == 201
    gone = ("DELETE", f"/customers/{ana['id']}")
    assert [call(*gone, key="gone").status_code for _ in range(2)] == [200, 200]
    for _ in range(2):
        again = call("POST", "/customers", ANA, key="ana@example.org")
        assert told(again) == (410, "customer_erased")
        assert call("POST", *note, key="note").status_code in (201, 410)
    assert not Customer.objects.exists()
    assert not Note.objects.exists()
    assert add(call, "another")["id"] != ana["id"]


def test_what_is_kept_of_a_request_can_be_tried_out_by_nobody(call: Call) -> None:
    add(call, "ana@example.org")
    (kept,) = AnsweredRequest.objects.values("fingerprint", "idempotency_key")
    body = json.dumps(ANA)
    for guess in ("ana@example.org", body, f"POST\n/api/v1/customers\n{body}"):
        assert guess not in kept.values()
        assert hashlib.sha256(guess.encode()).hexdigest() not in kept.values()


@pytest.mark.parametrize("key", [None, "", "x" * 201, "ü", "a b"])
def test_a_write_needs_an_idempotency_key(call: Call, key: str | None) -> None:
    assert told(call("POST", "/customers", ANA, key=key)) == (400, "idempotency_key_required")


def test_the_list_pages_through_everybody_once(call: Call) -> None:
    ids = [add(call, str(number), name=f"Customer {number}")["id"] for number in range(7)]
    seen: list[str] = []
    query: dict[str, str] = {"limit": "3"}
    while True:
        page = call("GET", "/customers", **query).json()
        seen += [one["id"] for one in page["customers"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == ids[::-1]


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/customers", {"cursor": "x"}, 400, "invalid_cursor"),
        ("/customers", {"limit": "0"}, 422, "number_out_of_range"),
        ("/customers", {"limit": "101"}, 422, "limit_max"),
        ("/customers", {"limit": "many"}, 422, "integer_required"),
        ("/customers/none", {}, 422, "invalid_value"),
        (f"/customers/{UUID(int=0)}", {}, 404, "unknown_customer"),
        (f"/customers/{UUID(int=0)}/timeline", {}, 404, "unknown_customer"),
        ("/nowhere", {}, 404, "not_found"),
    ],
)
def test_every_bad_read_gets_its_error(
    call: Call, path: str, query: dict[str, str], status: int, code: str
) -> None:
    response = call("GET", path, **query)
    assert told(response) == (status, code)
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_method_that_an_address_does_not_know_is_refused(call: Call) -> None:
    response = call("DELETE", "/customers")
    assert told(response) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_timeline_is_read_page_by_page(call: Call) -> None:
    ana = add(call)["id"]
    events = [
        {
            "type": "visit.recorded",
            "key": str(number),
            "occurred_at": f"2026-06-{number % 28 + 1:02}T10:00:00+02:00",
            "customer": {"id": ana},
        }
        for number in range(TIMELINE_PAGE + 5)
    ]
    assert call("POST", "/events", {"events": events}).status_code == 200
    first = call("GET", f"/customers/{ana}/timeline").json()
    rest = call("GET", f"/customers/{ana}/timeline", cursor=first["next_cursor"]).json()
    days = [one["occurred_at"] for one in (*first["events"], *rest["events"])]
    assert days == sorted(days, reverse=True)
    assert len({one["id"] for one in (*first["events"], *rest["events"])}) == TIMELINE_PAGE + 5
    assert rest["next_cursor"] is None
    assert told(call("GET", f"/customers/{ana}/timeline", cursor="x")) == (400, "invalid_cursor")


def test_a_disk_that_is_full_is_no_fault_of_anybodys_program(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how large it may grow")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")  # no smaller than it is
        try:
            events = [
                {
                    "type": "purchase.completed",
                    "key": f"full {number}",
                    "occurred_at": "2026-06-30T09:00:00Z",
                    "data": {
                        "total": {"amount_minor": 1, "currency": "EUR"},
                        "order_id": "o" * 200,
                    },
                }
                for number in range(1000)
            ]
            response = call("POST", "/events", {"events": events})
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert told(response) == (507, "disk_full")
    assert "database or disk is full" not in caplog.text


def test_a_database_that_is_away_says_when_to_ask_again(
    call: Call, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(**_: object) -> None:
        raise OperationalError from sqlite_is_away()

    monkeypatch.setattr("regulars.api.customers.customers_page", breaks)
    response = call("GET", "/customers")
    assert told(response) == (503, "database_unreachable")
    assert response.headers["Retry-After"] == "5"
    assert "DETAIL" not in caplog.text
    assert "customers_page" in caplog.text


def sqlite_is_away() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("DETAIL: Key (value)=(ana@example.org)")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    return error


def test_our_own_fault_is_told_without_a_word_of_the_inside(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("regulars.api.customers.customers_page", breaks)
    response = call("GET", "/customers")
    assert told(response) == (500, "our_fault")
    assert b"secret" not in response.content
