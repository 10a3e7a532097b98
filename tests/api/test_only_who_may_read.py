"""What is known of somebody is told to a key that may read customers alone, and that it was read is on record."""

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.utils import timezone

from regulars.api.v1 import api
from regulars.credentials.core import SCOPES
from regulars.credentials.keys import add_key
from regulars.jobs.models import Job
from regulars.jobs.worker import Worker
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Look
from regulars.people.queries import profile

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db
READ = "customers:read"
PLANTED = (
    "Zebradivorce",
    "zebra@secret.example",
    "1515550199",
    "Zebratea",
    "Zebramilk",
    "Zebraday",
)
KEYS = (f"only-{number}" for number in count())
DOCUMENT = api.get_openapi_schema()
ROUTES = sorted(
    (method.upper(), path.removeprefix("/api/v1"))
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
)


@pytest.fixture
def writing() -> str:
    """A key that may do everything but read customers."""
    return key_with(*(scope for scope in SCOPES if scope != READ))


def key_with(*scopes: str) -> str:
    return add_key(name="one", scopes=scopes, source="one", actor=SYSTEM, now=timezone.now()).token


def write(call: Call, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
    response = call(method, path, body, key=next(KEYS), **more)
    assert response.status_code < 300, response.content
    return response.json()


def planted(call: Call) -> str:
    """Somebody of whom much is known."""
    sent = {"name": "Sue", "email": PLANTED[1], "phone": f"+49{PLANTED[2]}", "likes": [PLANTED[3]]}
    sue = str(write(call, "POST", "/customers", sent)["id"])
    write(call, "POST", "/attributes", {"key": "milk", "name": "Milk", "kind": "text"})
    write(call, "PUT", f"/customers/{sue}/attributes/milk", {"value": PLANTED[4]})
    write(call, "POST", f"/customers/{sue}/notes", {"text": PLANTED[0]})
    write(call, "POST", f"/customers/{sue}/dates", {"label": PLANTED[5], "month": 2, "day": 3})
    return sue


def looks(customer: str) -> int:
    return Look.objects.filter(customer_id=customer).count()


def told(response: HttpResponse) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def bodies(method: str, path: str, ids: dict[str, str]) -> Any:
    """The document's own example of what is sent, of those who are there."""
    content = DOCUMENT["paths"][f"/api/v1{path}"][method.lower()].get("requestBody", {})
    body = content.get("content", {}).get("application/json", {}).get("example")
    if path.endswith("/attributes/{key}") and body:
        return {"value": "oat"}
    if path in ("/customers", "/customers/{customer_id}") and body:
        return {"name": "Sue Who Writes"}
    if path == "/merges":
        return {"kept_id": ids["customer_id"], "merged_id": ids["other_id"]}
    if path == "/events":
        return {**body, "key": "another", "customer": {"id": ids["customer_id"]}}
    if body and path in ("/segments", "/segments/count"):
        condition = {"field": "attribute:milk", "is": "contains", "value": "e"}
        return {**body, "condition": condition}
    return body


class TestNoRoute:
    def test_tells_a_key_that_may_not_read_what_is_known(
        self, call: Call, writing: str, settings: Any, tmp_path: Any
    ) -> None:
        settings.HOME = tmp_path / "home"
        sue = planted(call)
        ids = ids_of(call, sue)
        ran: dict[tuple[str, str], int] = {}
        # What takes something away comes last, so that everything is there to be told.
        for method, path in sorted(
            ROUTES, key=lambda one: one[0] == "DELETE" and -one[1].count("/") + 9
        ):
            query = {"name": "a.csv"} if path == "/uploads" else {}
            if path == "/merges/preview":
                query = {"kept_id": ids["other_id"], "merged_id": sue}
            body = bodies(method, path, ids)
            answer = call(method, path.format(**ids), body, key=next(KEYS), bearer=writing, **query)
            said = told(answer)
            assert not [one for one in PLANTED if one in said], (method, path, said)
            ran[method, path] = answer.status_code
        at_customers = {
            status
            for (method, path), status in ran.items()
            if method != "GET" and path.startswith("/customers")
        }
        assert at_customers <= {200, 201}, ran

    def test_shows_it_by_a_write_that_is_sent_once_more(self, call: Call, writing: str) -> None:
        sent = {"name": "Sue"}
        made = call("POST", "/customers", sent, key="twice", bearer=writing).json()
        assert made == {"customer_id": made["id"], "id": made["id"]}
        write(
            call,
            "POST",
            f"/customers/{made['id']}/identities",
            {"kind": "email", "value": PLANTED[1]},
        )
        again = call("POST", "/customers", sent, key="twice", bearer=writing)
        assert again.json() == made

    def test_of_somebody_new_is_a_look_but_their_being_answered_again_is(self, call: Call) -> None:
        sent = {"name": "Sue"}
        sue = call("POST", "/customers", sent, key="thrice").json()["id"]
        assert looks(sue) == 0
        assert call("POST", "/customers", sent, key="thrice").json()["id"] == sue
        assert looks(sue) == 1

    def test_hands_out_the_rows_of_a_file_of_another(
        self, call: Call, writing: str, settings: Any, tmp_path: Any
    ) -> None:
        settings.HOME = tmp_path / "home"
        rows = f"who,occurred_at,amount\n{PLANTED[1]},2026-06-02,x\nben@example.org,2026-06-01,4.20\n".encode()
        file = call("POST", "/uploads", raw=rows, key="file", name="orders.csv").json()["id"]
        asked = {"kind": "import", "what": "purchases", "upload_id": file}
        asked |= {"columns": {"customer_id": "who"}}
        job = write(call, "POST", "/jobs", asked)["id"]
        Worker().work_off()
        assert Job.objects.get().state == "done"
        refused = call("GET", f"/jobs/{job}/file", bearer=writing)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert PLANTED[1] in told(call("GET", f"/jobs/{job}/file"))


def ids_of(call: Call, sue: str) -> dict[str, str]:
    """The ids of everything that there is of somebody, as addresses name them."""
    known = profile(UUID(sue))
    other = write(call, "POST", "/customers", {"name": "Other Sue", "phone": "030 901820"})["id"]
    third = write(call, "POST", "/customers", {"name": "Third Sue"})["id"]
    merge = write(call, "POST", "/merges", {"kept_id": sue, "merged_id": third})["merge_id"]
    said = {"channel": "post", "reason": "never"}
    forbidden = write(call, "POST", f"/customers/{sue}/suppressions", said)["suppressions"][0]
    condition = {"field": "attribute:milk", "is": "contains", "value": "e"}
    segment = write(call, "POST", "/segments", {"name": "Milk", "condition": condition})
    extra = write(call, "POST", f"/customers/{sue}/identities", {"kind": "handle", "value": "@sue"})
    handle = next(one["id"] for one in extra["identities"] if one["kind"] == "handle")
    return {
        "customer_id": sue,
        "other_id": other,
        "merge_id": merge,
        "segment_id": segment["id"],
        "note_id": str(known.notes[0].id),
        "date_id": str(known.dates[0].id),
        "preference_id": str(known.preferences[0].id),
        "identity_id": str(handle),
        "suppression_id": forbidden["id"],
        "job_id": write(call, "POST", "/jobs", {"kind": "export", "table": "customers"})["id"],
        "event_id": sue,
        "key": "milk",
    }


class TestAWrite:
    def test_answers_what_was_written_and_by_which_id_it_is_changed(
        self, call: Call, writing: str
    ) -> None:
        sue = planted(call)
        before = looks(sue)
        at = f"/customers/{sue}"
        for path, body in (
            ("preferences", {"text": "salt"}),
            ("notes", {"text": "short"}),
            ("dates", {"label": "feast", "month": 5, "day": 1}),
            ("identities", {"kind": "handle", "value": "@sue"}),
            ("suppressions", {"channel": "post", "reason": "never"}),
        ):
            made = write(call, "POST", f"{at}/{path}", body, bearer=writing)
            assert set(made) == {"customer_id", "id"}, path
            assert made["customer_id"] == sue
            gone = write(call, "DELETE", f"{at}/{path}/{made['id']}", bearer=writing)
            assert gone == made, path
        assert looks(sue) == before

    def test_answers_everything_to_a_key_that_may_read_and_is_on_record(self, call: Call) -> None:
        sue = planted(call)
        before = looks(sue)
        assert write(call, "POST", f"/customers/{sue}/notes", {"text": "x"})["notes"]
        assert write(call, "PATCH", f"/customers/{sue}", {})["identities"]
        assert looks(sue) == before + 2


def test_an_explanation_tells_of_the_profile_only_who_may_read_and_is_on_record(
    call: Call, writing: str
) -> None:
    sue = planted(call)
    condition = {"field": "attribute:milk", "is": "contains", "value": "e"}
    segment = write(call, "POST", "/segments", {"name": "Milk", "condition": condition})["id"]
    before = looks(sue)
    at = f"/segments/{segment}/members/{sue}"
    told = [call("GET", at, **one).json()["questions"][0] for one in ({"bearer": writing}, {})]
    assert [(one["holds"], one["known"]) for one in told] == [(None, None), (True, PLANTED[4])]
    assert looks(sue) == before + 2


def test_a_merge_that_is_looked_at_beforehand_is_a_look_at_both(call: Call) -> None:
    sue = planted(call)
    other = write(call, "POST", "/customers", {"name": "Other Sue"})["id"]
    before = looks(sue), looks(other)
    seen = call("GET", "/merges/preview", kept_id=other, merged_id=sue)
    assert PLANTED[3] in told(seen)
    assert (looks(sue), looks(other)) == (before[0] + 1, before[1] + 1)
