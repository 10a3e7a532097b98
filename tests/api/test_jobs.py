"""Long work by machine: handed in, asked for, followed, fetched, each with the right key alone."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from regulars.credentials.keys import add_key
from regulars.jobs.models import Fetched, Job, Upload
from regulars.jobs.worker import Worker
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Erasure
from regulars.stream.models import Event

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db
ORDERS = b"who,occurred_at,amount\nana@example.org,2026-06-01,4.20\nben@example.org,2026-06-02,x\n"
NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    return tmp_path / "home"


def told(response: HttpResponse) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code")


def hand_in(call: Call, key: str = "file", raw: bytes = ORDERS, **more: Any) -> str:
    response = call("POST", "/uploads", raw=raw, key=key, name="orders.csv", **more)
    assert response.status_code == 201, response.content
    return str(response.json()["id"])


def importing(upload_id: str, **more: Any) -> dict[str, Any]:
    columns = {"customer_id": "who"}
    more = {"what": "purchases", "upload_id": upload_id, "columns": columns} | more
    return {"kind": "import"} | more


def asked(call: Call, body: dict[str, Any], key: str) -> dict[str, Any]:
    response = call("POST", "/jobs", body, key=key)
    assert response.status_code == 202, response.content
    Worker().work_off()
    return call("GET", f"/jobs/{response.json()['id']}").json()


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_file_is_tried_then_taken_in_and_its_bad_rows_fetched(call: Call) -> None:
    upload = hand_in(call)
    tried = asked(call, importing(upload, dry_run=True), "try")
    assert (tried["state"], tried["result"]["recorded"]) == ("done", {"purchase.completed": 1})
    assert not Event.objects.exists()
    assert any("who" in note or "2026" in note for note in tried["notes"]) or tried["notes"] == []
    fetched = call("GET", f"/jobs/{tried['id']}/file")
    (row,) = csv.DictReader(io.StringIO(content(fetched).decode()))
    assert (row["file"], row["line"], row["reason"]) == ("orders.csv", "3", "bad_amount")
    done = asked(call, importing(upload), "take")
    assert (done["state"], done["result"]["rejected"]) == ("done", {"bad_amount": 1})
    assert Event.objects.count() == 1
    assert done["asked_by"].startswith("key:")
    assert told(call("POST", "/jobs", importing(upload), key="late")) == (410, "file_gone")


@pytest.mark.parametrize("day", ["2150-01-01", "1899-12-31"])
def test_scores_up_to_a_day_that_nobody_can_mean_are_refused(call: Call, day: str) -> None:
    answer = call("POST", "/jobs", {"kind": "score", "until": day}, key="score")
    assert told(answer) == (422, "date_out_of_range")
    assert answer.json()["field"] == "until"
    assert not Job.objects.exists()
    yesterday = timezone.now().date() - timedelta(days=1)
    done = asked(call, {"kind": "score", "until": str(yesterday)}, "score")
    assert (done["state"], done["result"]["until"]) == ("done", str(yesterday))


def test_what_keeps_a_file_out_is_a_problem_of_the_job(call: Call) -> None:
    done = asked(call, importing(hand_in(call), columns={}), "take")
    assert (done["state"], done["problem"]["code"]) == ("failed", "missing_column")
    assert done["problem"]["detail"].startswith("orders.csv")


def test_a_table_is_written_fetched_and_who_fetched_it_is_written_down(call: Call) -> None:
    call("POST", "/customers", {"name": "Ana"}, key="ana")
    done = asked(call, {"kind": "export", "table": "customers", "form": "jsonl"}, "table")
    assert (done["state"], done["result"]["rows"]) == ("done", 1)
    fetched = call("GET", f"/jobs/{done['id']}/file")
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="customers.jsonl"'
    assert b'"name": "Ana"' in content(fetched)
    assert Fetched.objects.get().fetched_by.startswith("key:")
    Erasure.objects.create(customer_id=NOBODY, erased_at=timezone.now())
    assert told(call("GET", f"/jobs/{done['id']}/file")) == (410, "file_gone")


def test_the_same_request_again_asks_for_nothing_more(call: Call) -> None:
    first = hand_in(call)
    assert hand_in(call) == first
    assert Upload.objects.count() == 1
    other = call("POST", "/uploads", raw=b"other", key="file", name="orders.csv")
    assert told(other) == (409, "idempotency_key_reused")
    assert Upload.objects.count() == 1
    bodies = ({"kind": "score"}, importing(first))
    for number, body in enumerate(bodies):
        ids = {call("POST", "/jobs", body, key=f"job-{number}").json()["id"] for _ in range(2)}
        assert len(ids) == 1
    assert Job.objects.count() == 2


def test_jobs_come_page_by_page(call: Call) -> None:
    for number in range(3):
        call("POST", "/jobs", {"kind": "export", "table": "events"}, key=str(number))
    page = call("GET", "/jobs", limit="2").json()
    rest = call("GET", "/jobs", limit="2", cursor=page["next_cursor"]).json()
    assert (len(page["jobs"]), len(rest["jobs"]), rest["next_cursor"]) == (2, 1, None)
    assert call("GET", "/jobs", kind="score").json()["jobs"] == []
    assert told(call("GET", "/jobs", cursor="x")) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        ({"kind": "export", "table": "customers"}, "customers:read"),
        ({"kind": "export", "table": "events"}, "customers:read"),
        ({"kind": "export", "table": "scores"}, "scores:read"),
        (importing(NOBODY), "events:write"),
        (importing(NOBODY, what="customers"), "customers:write"),
    ],
)
def test_a_job_opens_nothing_that_the_key_could_not_open_anyway(
    call: Call, body: dict[str, Any], scope: str
) -> None:
    without = add_key(name="a", scopes=["jobs:write"], actor=SYSTEM, now=timezone.now()).token
    response = call("POST", "/jobs", body, key="a", bearer=without)
    assert told(response) == (403, "scope_missing")
    assert scope in response.json()["detail"]
    scopes = ["jobs:write", scope]
    key = add_key(name="b", scopes=scopes, actor=SYSTEM, now=timezone.now()).token
    assert call("POST", "/jobs", body, key="b", bearer=key).status_code in (202, 404)


def test_a_file_belongs_to_the_key_that_handed_it_in(call: Call) -> None:
    other = add_key(
        name="other", scopes=["jobs:write", "events:write"], actor=SYSTEM, now=timezone.now()
    ).token
    response = call("POST", "/jobs", importing(hand_in(call)), key="a", bearer=other)
    assert told(response) == (404, "no_such_upload")


def test_who_may_see_jobs_may_not_fetch_what_they_could_not_see(call: Call) -> None:
    done = asked(call, {"kind": "export", "table": "customers"}, "table")
    key = add_key(name="a", scopes=["jobs:read"], actor=SYSTEM, now=timezone.now()).token
    response = call("GET", f"/jobs/{done['id']}/file", bearer=key)
    assert told(response) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("name", "raw", "error"),
    [
        ("orders.xlsx", ORDERS, (400, "upload_unnamed")),
        ("orders.csv", b"", (400, "upload_empty")),
        ("orders.csv", b"a" * 1_000_001, (413, "upload_too_large")),
    ],
)
def test_what_cannot_be_a_file_is_refused(
    call: Call, settings: Any, name: str, raw: bytes, error: tuple[int, str]
) -> None:
    settings.REGULARS_UPLOAD_MB = 1
    assert told(call("POST", "/uploads", raw=raw, key="a", name=name)) == error
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"kind": "sing"}, (422, "invalid_value")),
        ({}, (422, "field_missing")),
        ({"kind": "score", "until": "30 June"}, (422, "invalid_date")),
        ({"kind": "export", "table": "secrets"}, (422, "invalid_value")),
        ({"kind": "score", "more": 1}, (422, "unknown_field")),
        (importing(NOBODY), (404, "no_such_upload")),
    ],
)
def test_what_nobody_can_do_is_refused(
    call: Call, body: dict[str, Any], error: tuple[int, str]
) -> None:
    assert told(call("POST", "/jobs", body, key="a")) == error
    assert not Job.objects.exists()


def test_an_old_file_is_gone(call: Call) -> None:
    upload = hand_in(call)
    Upload.objects.update(made_at=timezone.now() - timedelta(days=2))
    Worker().work_off()
    assert told(call("POST", "/jobs", importing(upload), key="a")) == (410, "file_gone")
