"""Programs read scores and segments, with when and why."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from regulars.kernel.actor import SYSTEM
from regulars.scoring.services import run_scoring

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db(transaction=True)


def told(response: HttpResponse) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code")


def test_a_scored_customer_is_read_with_when_and_why(
    call: Call, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path / "home"
    assert told(call("GET", "/scores/latest")) == (404, "not_scored_yet")
    today = date(2026, 6, 30)
    events = [
        {
            "type": "purchase.completed",
            "key": str(days),
            "occurred_at": f"{today - timedelta(days=days)}T10:00:00+02:00",
            "customer": {"phone": "030 901820"},
            "data": {"total": {"amount_minor": 1250, "currency": "EUR"}},
        }
        for days in (60, 50, 40, 31)
    ]
    response = call("POST", "/events", {"events": events})
    ana = response.json()["results"][0]["customer_id"]
    run_scoring(until=today, actor=SYSTEM, now=timezone.now())
    run = call("GET", "/scores/latest").json()
    assert (run["until"], run["customers"]) == ("2026-06-30", 1)
    (score,) = call("GET", f"/customers/{ana}/scores").json()["scores"]
    assert score["value_to_date"] == {"amount_minor": 5000, "currency": "EUR"}
    assert score["silent_days"] == 31
    assert score["why"]
    (standing,) = call("GET", "/scores", life_cycle=score["life_cycle"]).json()["customers"]
    assert standing["customer_id"] == ana
    assert told(call("GET", "/scores", life_cycle="asleep")) == (422, "invalid_value")


def test_a_segment_is_added_counted_and_listed(call: Call) -> None:
    ana = call("POST", "/customers", {"name": "Ana", "likes": ["tea"]}, key="1").json()["id"]
    call("POST", "/customers", {"name": "Ben"}, key="2")
    sent = {"name": "Tea", "condition": {"field": "likes", "is": "contains", "value": "tea"}}
    response = call("POST", "/segments", sent, key="3")
    assert response.status_code == 201, response.content
    (segment,) = call("GET", "/segments").json()["segments"]
    assert (segment["name"], segment["customers"]) == ("Tea", 1)
    members = call("GET", f"/segments/{segment['id']}/members").json()
    assert members == {"customer_ids": [ana]}
    bad = {"name": "Bad", "condition": {"field": "shoes", "is": "contains", "value": "x"}}
    assert told(call("POST", "/segments", bad, key="4"))[0] in {400, 422}
