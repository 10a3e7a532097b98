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
    assert call("GET", "/scores/runs").json() == {"runs": [run], "next_cursor": None}
    assert call("GET", "/scores/sizes").json() == {
        "days": [{"until": "2026-06-30", "sizes": run["sizes"]}]
    }
    (score,) = call("GET", f"/customers/{ana}/scores").json()["scores"]
    assert score["value_to_date"] == {"amount_minor": 5000, "currency": "EUR"}
    assert score["silent_days"] == 31
    assert score["why"]
    for of in ("run_id", "finished_at", "model", "version", "inputs"):
        assert score[of] == run[of]
    (standing,) = call("GET", "/scores", life_cycle=score["life_cycle"]).json()["customers"]
    assert standing["customer_id"] == ana
    assert told(call("GET", "/scores", life_cycle="asleep")) == (422, "invalid_value")


def test_scores_runs_and_members_come_in_pages_each_once(
    call: Call, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path / "home"
    today = date(2026, 6, 30)
    events = [
        {
            "type": "purchase.completed",
            "key": f"{person}",
            "occurred_at": "2026-06-20T10:00:00+02:00",
            "customer": {"external": f"C{person}"},
            "data": {"total": {"amount_minor": 100 * (person // 2), "currency": "EUR"}},
        }
        for person in range(5)
    ]
    assert call("POST", "/events", {"events": events}).status_code == 200
    for days in (2, 1, 0):
        now = timezone.now() + timedelta(hours=days)
        run_scoring(until=today - timedelta(days=days), actor=SYSTEM, now=now)

    def paged(path: str, name: str) -> list[Any]:
        rows: list[Any] = []
        query = {"limit": "2"}
        while True:
            page = call("GET", path, **query).json()
            rows += page[name]
            if page["next_cursor"] is None:
                return rows
            query["cursor"] = page["next_cursor"]

    scores = [
        one["score"]["value_to_date"]["amount_minor"] for one in paged("/scores", "customers")
    ]
    assert scores == [200, 100, 100, 0, 0]
    assert len({one["customer_id"] for one in paged("/scores", "customers")}) == 5
    assert len({one["run_id"] for one in paged("/scores/runs", "runs")}) == 3
    everybody = {"field": "has_email", "is": "is", "value": False}
    sent = {"name": "Everybody", "condition": everybody}
    segment = call("POST", "/segments", sent, key="1").json()
    members = paged(f"/segments/{segment['id']}/members", "members")
    assert len({one["customer_id"] for one in members}) == segment["customers"] == 5


def test_a_segment_is_added_counted_explained_changed_and_removed(
    call: Call, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path / "home"
    ana = call("POST", "/customers", {"name": "Ana", "likes": ["tea"]}, key="1").json()["id"]
    ben = call("POST", "/customers", {"name": "Ben"}, key="2").json()["id"]
    tea = {"field": "likes", "is": "contains", "value": "tea"}
    assert call("POST", "/segments/count", {"condition": tea}).json() == {"customers": 1}
    segment = call("POST", "/segments", {"name": "Tea", "condition": tea}, key="3").json()
    assert (segment["name"], segment["customers"], segment["condition"]) == ("Tea", 1, tea)
    at = f"/segments/{segment['id']}"
    assert call("GET", at).json() == segment
    assert call("GET", "/segments").json() == {"segments": [segment]}
    members = call("GET", f"{at}/members").json()
    assert members == {"members": [{"customer_id": ana, "name": "Ana"}], "next_cursor": None}
    for customer, is_in, known in ((ana, True, ["tea"]), (ben, False, [])):
        told_of = call("GET", f"{at}/members/{customer}").json()
        assert told_of["is_member"] == is_in
        (question,) = told_of["questions"]
        assert (question["field"], question["holds"], question["known"]) == ("likes", is_in, known)
    run_scoring(until=date(2026, 6, 30), actor=SYSTEM, now=timezone.now())
    assert call("GET", f"{at}/sizes").json() == {"sizes": [{"until": "2026-06-30", "customers": 1}]}
    changed = call("PATCH", at, {"condition": {"not": tea}}, key="4").json()
    assert (changed["name"], changed["customers"]) == ("Tea", 1)
    assert call("GET", f"{at}/members").json()["members"][0]["customer_id"] == ben
    assert call("DELETE", at, key="5").json() == {"segment_id": segment["id"]}
    assert call("DELETE", at, key="5").json() == {"segment_id": segment["id"]}
    assert told(call("GET", at)) == (404, "no_such_segment")
    bad = {"name": "Bad", "condition": {"field": "shoes", "is": "contains", "value": "x"}}
    assert told(call("POST", "/segments", bad, key="6")) == (400, "invalid_condition")
