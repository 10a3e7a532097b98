"""What is told plainly is answered by a quicker way, and nobody can tell."""

import copy
import io
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from regulars.api import events, quick
from regulars.api.core import strict_json
from regulars.api.plainly import read_plainly
from regulars.api.requests import KeyWith
from regulars.api.schemas import EventBatch, Told
from regulars.credentials import keys
from regulars.intake.incoming import Incoming
from regulars.kernel.actor import SYSTEM
from regulars.kernel.errors import RegularsError
from regulars.stream.models import Event
from regulars.stream.services import checked
from tests.api.conftest import ThroughTheDoor

Call = Callable[..., HttpResponse]


def visit(key: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "visit.recorded",
        "key": key,
        "occurred_at": "2026-06-30T10:15:00+02:00",
        "customer": {"phone": "+49 30 901820"},
        **more,
    }


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each request to tell something, whether the quick way answered it."""
    seen: list[bool] = []

    def watched(environ: dict[str, Any]) -> Any:
        found = answer(environ)
        seen.append(found is not None)
        return found

    answer = quick.quick_answer
    monkeypatch.setattr(quick, "quick_answer", watched)
    return seen


def slowly(call: Call, body: Any) -> HttpResponse:
    """The same by the long way."""
    keys.forget()
    return call("POST", "/events", body)


def likened(response: HttpResponse) -> tuple[int, Any, dict[str, str]]:
    """An answer without what differs from request to request."""
    told = json.loads(response.content)
    for one in told.get("results", ()):
        del one["event_id"]
    headers = {name.lower(): value for name, value in response.headers.items()}
    headers.pop("ratelimit-remaining", None)
    headers.pop("ratelimit-reset", None)
    return response.status_code, told, headers


@pytest.mark.django_db
def test_both_ways_answer_alike(call: Call, went: list[bool]) -> None:
    call("POST", "/events", visit("to be known"))
    bodies: list[Callable[[str], Any]] = [
        visit,
        lambda key: {"events": [visit(f"{key}-1"), visit(f"{key}-2")]},
        lambda key: {"events": [visit(key), visit(key)]},
        lambda _key: visit("to be known"),
        lambda key: visit(key, customer=None),
        lambda key: visit(key, customer={"phone": "12"}),
        lambda key: visit(key, occurred_at="yesterday"),
        lambda key: visit(key, colour="red"),
        lambda key: visit(key, type="visit.imagined"),
        lambda _key: visit("to be known", occurred_at="2026-06-29T10:15:00+02:00"),
        lambda key: {"events": [visit(key), visit(key, type="purchase.completed")]},
        lambda _key: {"events": []},
        lambda _key: [],
    ]
    for number, body in enumerate(bodies):
        quickly = likened(call("POST", "/events", body(f"q{number}")))
        long_way = likened(slowly(call, body(f"s{number}")))
        assert json.dumps(quickly).replace(f"q{number}", "") == json.dumps(long_way).replace(
            f"s{number}", ""
        )
    assert went[1:5] == [True, False, True, False]
    assert went.count(True) > 4


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a file has one writer at a time")
def test_two_batches_of_a_key_are_recorded_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = Barrier(2, timeout=10)

    def record(told: Sequence[Any], **_: Any) -> Sequence[Any]:
        both.wait()
        return told

    monkeypatch.setattr(events, "record_now", record)
    monkeypatch.setattr(events, "leave_old_connection", lambda: None)
    moment = datetime(2026, 6, 30, tzinfo=UTC)
    batch = [
        Incoming("visit.recorded", "till", str(number), moment)
        for number in range(events.FILLS_A_TRANSACTION)
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(partial(events.recorded_now, SYSTEM), (batch, batch)))
    assert [len(one) for one in answers] == [len(batch)] * 2


@pytest.mark.django_db
def test_a_key_taken_back_is_of_no_use_at_once(call: Call, token: str, went: list[bool]) -> None:
    call("POST", "/events", visit("1"))
    assert call("POST", "/events", visit("2")).status_code == 200
    keys.revoke_key(mark=token.split("_")[1], now=datetime.now(UTC))
    refused = call("POST", "/events", visit("3"))
    assert (refused.status_code, refused.json()["code"]) == (401, "key_revoked")
    assert went == [False, True, False]


@pytest.mark.django_db
def test_a_key_taken_back_elsewhere_is_of_no_use_after_a_second(
    call: Call, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("POST", "/events", visit("1"))
    remembered = copy.copy(keys._LATELY)
    keys.revoke_key(mark=token.split("_")[1], now=datetime.now(UTC))
    keys._LATELY.update(remembered)  # as in another process, which nobody told
    assert call("POST", "/events", visit("2")).status_code == 200
    later = keys.time.monotonic() + 1
    monkeypatch.setattr(keys.time, "monotonic", lambda: later)
    assert call("POST", "/events", visit("3")).json()["code"] == "key_revoked"


@pytest.mark.django_db
def test_a_key_that_ends_meanwhile_is_of_no_use_from_then_on(
    call: Call, shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.5)
    mine = {"scopes": ["events:write"], "actor": SYSTEM, "now": datetime.now(UTC)}
    made = keys.add_key(name="ends", expires_at=soon, **mine)
    assert call("POST", "/events", visit("1"), bearer=made.token).status_code == 200
    later = keys.time.monotonic() + 0.6
    monkeypatch.setattr(keys.time, "monotonic", lambda: later)
    assert keys.key_lately_good(made.token) is None


@pytest.mark.django_db
def test_what_is_handed_on_is_asked_for_once(call: Call, went: list[bool]) -> None:
    call("POST", "/events", visit("1"))
    left = call("POST", "/events", visit("2", colour="red")).headers["RateLimit-Remaining"]
    assert int(left) == KeyWith.limiter.per_minute - 2
    for bucket in KeyWith.limiter.buckets.values():
        bucket.tokens = -1.0
    assert call("POST", "/events", visit("3")).json()["code"] == "rate_limited"
    assert Event.objects.count() == 1
    assert went == [False, False, False]


@pytest.mark.django_db
def test_a_key_that_may_not_tell_and_a_name_that_is_not_ours_are_handed_on(
    call: Call, shop: None, went: list[bool]
) -> None:
    mine = {"scopes": ["customers:read"], "actor": SYSTEM, "now": datetime.now(UTC)}
    token = keys.add_key(name="reads", **mine).token
    for _ in range(2):
        assert call("POST", "/events", visit("1"), bearer=token).json()["code"] == "scope_missing"
        call("GET", "/customers", bearer=token)
    assert not any(went)


@pytest.mark.django_db
def test_our_own_fault_is_said_as_everywhere(
    call: Call, went: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    call("POST", "/events", visit("1"))
    monkeypatch.setattr(events, "record_now", None)
    refused = call("POST", "/events", visit("2"))
    assert (refused.status_code, refused.json()["code"]) == (500, "our_fault")
    assert went == [False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/recognise"])
def test_a_body_that_comes_in_pieces_is_read_as_well(token: str, path: str) -> None:
    client = Client()
    client.handler = ThroughTheDoor(enforce_csrf_checks=False)
    whom = {"phone": "+49 30 901820"}
    in_pieces = {
        "Host": "testserver",
        "Authorization": f"Bearer {token}",
        "Transfer-Encoding": "chunked",
    }
    body = json.dumps(visit("1") if path.endswith("events") else whom).encode()
    comes = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": ""}
    answer = client.generic(
        "POST", path, body, content_type="application/json", headers=in_pieces, **comes
    )
    assert answer.status_code == 200, answer.content


@pytest.mark.django_db
def test_a_file_says_how_long_it_is(token: str) -> None:
    answer = Client().post(
        "/api/v1/uploads?name=orders.csv",
        b"",
        content_type="text/csv",
        headers={
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": "1",
            "Transfer-Encoding": "chunked",
            "Content-Length": "",
        },
    )
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def bought(key: str, **more: Any) -> dict[str, Any]:
    return visit(
        key,
        type="purchase.completed",
        data={"total": {"amount_minor": 450, "currency": "EUR"}, "order_id": "17"} | more,
    )


WHOLE = TypeAdapter(Told)
BODIES = [
    visit("1"),
    {"events": [visit("1"), visit("2", type="purchase.completed", data={"total": {}})]},
    visit(
        "é",
        type="purchase.completed",
        data={
            "total": {"amount_minor": 450, "currency": "EUR"},
            "lines": [{"name": 'a"b', "quantity": 1, "amount_minor": 450}],
        },
    ),
]


def read_strictly(body: bytes) -> Any:
    try:
        told = WHOLE.validate_python(strict_json(body))
    except (RegularsError, ValidationError):
        return None
    return tuple(told.events) if isinstance(told, EventBatch) else (told,)


@given(
    st.sampled_from(BODIES),
    st.integers(0, 400),
    st.integers(0, 3),
    st.sampled_from([b"", b"1", b"e9", b'"', b"NaN", b'"key":"2",', b"}", b"\xff", b"null", b" "]),
)
@example(visit("1"), 1, 0, b'"key":"2",')
@example(visit("1"), 0, 0, b" ")
def test_nothing_is_read_more_loosely(told: Any, place: int, cut: int, put: bytes) -> None:
    body = json.dumps(told).encode()
    body = body[:place] + put + body[place + cut :]
    quickly = quick.events_of(body)
    assert quickly is None or tuple(quickly) == read_strictly(body)


PLAIN: list[Any] = [
    visit("1"),
    visit("1", data={}),
    visit("Bestellung „7“", occurred_at="2026-06-30T10:15:00.25Z"),
    visit("1", customer={"handle": "ana", "email": "Ana@example.org", "external": "K 1"}),
    bought("1"),
    bought("1", lines=[]),
    bought(
        "1", lines=[{"name": "Käse: frisch", "amount_minor": 0}, {"amount_minor": 7, "quantity": 2}]
    ),
    {"events": [bought("1"), visit("2")]},
]
PIECES = (
    *(
        b'"key": "2", ',
        b'"colour": 1, ',
        b"null",
        b'"a\\u003ab"',
        b'"a\\nb"',
        b" :",
        b"1.0",
        b"-1",
        b"'",
    ),
    *(
        b"\\u00e4",
        "e\u0308".encode(),
        "\u200b".encode(),
        b"\x7f",
        b"\xff",
        b" ",
        b"  ",
        b"0",
        b"EUR",
        b"{}",
    ),
)


def as_it_is_kept(body: bytes) -> list[tuple[Any, ...]] | None:
    """What a body tells by the shapes that hold everything."""
    told = read_strictly(body)
    if told is None:
        return None
    taken = [events.incoming(one, "till") for one in told]
    return [
        (
            *one[:4],
            one.identities,
            one.customer_id,
            one.location,
            checked(one.type, one.data).model_dump(exclude_none=True, mode="json"),
        )
        for one in taken
    ]


def plainly(body: bytes) -> list[tuple[Any, ...]] | None:
    """The same as it is read plainly."""
    told = read_plainly(body, "till")
    return told and [(*one[:4], one.identities, None, "", json.loads(one.data)) for one in told]


@pytest.mark.parametrize("told", PLAIN)
@pytest.mark.parametrize("is_ascii", [True, False])
def test_what_is_plain_is_read_plainly_and_as_the_same(told: Any, is_ascii: bool) -> None:
    body = json.dumps(told, ensure_ascii=is_ascii).encode()
    assert plainly(body) == as_it_is_kept(body) is not None


@given(
    st.sampled_from(PLAIN),
    st.booleans(),
    st.integers(0, 500),
    st.integers(0, 12),
    st.sampled_from(PIECES),
)
@example(PLAIN[0], True, 1, 0, b'"key": "2", ')
@example(
    PLAIN[4],
    True,
    1,
    0,
    b'"data": {"total": {"amount_minor": 450, "currency": "EUR"}, "order_id": "18"}, ',
)
def test_nothing_is_read_otherwise_plainly(
    told: Any, is_ascii: bool, place: int, cut: int, put: bytes
) -> None:
    body = json.dumps(told, ensure_ascii=is_ascii).encode()
    body = body[:place] + put + body[place + cut :]
    read = plainly(body)
    assert read is None or read == as_it_is_kept(body)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(visit("1")).replace('"key"', '"key": "2", "key"').encode(),
        json.dumps(visit("1")).replace('"key"', '"key": "2\\u003a", "key"').encode(),
        json.dumps(visit("1")).replace('"key"', '"key" : "2", "key"').encode(),
        json.dumps(visit("a:b"))
        .replace('"key"', '"key": "2", "key"')
        .replace("a:b", "a\\u003ab")
        .encode(),
    ],
)
def test_a_name_that_is_there_twice_is_never_plain(body: bytes) -> None:
    assert read_plainly(body, "till") is None


@pytest.mark.parametrize("text", ["Ka\u0308se", "a\u200bb", "\u3164", " ", "a\x7fb", "a\nb"])
@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_a_text_that_is_kept_otherwise_is_read_by_those_who_read_everything(
    text: str, ensure_ascii: bool
) -> None:
    for told in (
        visit(text),
        visit("1", customer={"external": text}),
        bought("1", order_id=text),
        bought("1", lines=[{"name": text, "amount_minor": 450}]),
    ):
        body = json.dumps(told, ensure_ascii=ensure_ascii).encode()
        read = plainly(body)
        assert read is None or read == as_it_is_kept(body)
