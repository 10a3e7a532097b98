"""A key opens what it was made for, for as long as it is good, and no route stands open."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from regulars.api.requests import KeyWith
from regulars.api.v1 import api
from regulars.credentials.core import SCOPES
from regulars.credentials.errors import UnknownKey
from regulars.credentials.keys import add_key, every_key, forget, revoke_key, rotate_key
from regulars.credentials.models import ApiKey
from regulars.kernel.actor import SYSTEM
from regulars.kernel.limits import Limiter

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db

NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057"
# The scope that opens each route; a route that is not here fails below.
RULES = {
    ("POST", "/events"): "events:write",
    ("POST", "/uploads"): "jobs:write",
    ("POST", "/jobs"): "jobs:write",
    ("GET", "/jobs"): "jobs:read",
    ("GET", "/jobs/{job_id}"): "jobs:read",
    ("GET", "/jobs/{job_id}/file"): "jobs:read",
    **dict.fromkeys(
        (
            ("POST", "/recognise"),
            ("GET", "/customers"),
            ("GET", "/customers/{customer_id}"),
            ("GET", "/customers/{customer_id}/timeline"),
            ("GET", "/customers/{customer_id}/profile"),
            ("GET", "/customers/{customer_id}/may-contact"),
            ("GET", "/customers/{customer_id}/export"),
            ("GET", "/customers/{customer_id}/looks"),
            ("GET", "/merges/preview"),
            ("GET", "/attributes"),
            ("GET", "/locations"),
        ),
        "customers:read",
    ),
    **dict.fromkeys(
        (
            ("POST", "/customers"),
            ("PATCH", "/customers/{customer_id}"),
            ("POST", "/customers/{customer_id}/preferences"),
            ("PATCH", "/customers/{customer_id}/preferences/{preference_id}"),
            ("DELETE", "/customers/{customer_id}/preferences/{preference_id}"),
            ("POST", "/customers/{customer_id}/notes"),
            ("PATCH", "/customers/{customer_id}/notes/{note_id}"),
            ("DELETE", "/customers/{customer_id}/notes/{note_id}"),
            ("POST", "/customers/{customer_id}/dates"),
            ("PATCH", "/customers/{customer_id}/dates/{date_id}"),
            ("DELETE", "/customers/{customer_id}/dates/{date_id}"),
            ("PUT", "/customers/{customer_id}/attributes/{key}"),
            ("DELETE", "/customers/{customer_id}/attributes/{key}"),
            ("POST", "/customers/{customer_id}/identities"),
            ("DELETE", "/customers/{customer_id}/identities/{identity_id}"),
            ("POST", "/customers/{customer_id}/consents"),
            ("POST", "/customers/{customer_id}/suppressions"),
            ("DELETE", "/customers/{customer_id}/suppressions/{suppression_id}"),
            ("POST", "/customers/{customer_id}/contacts"),
            ("POST", "/merges"),
            ("POST", "/merges/{merge_id}/undo"),
            ("DELETE", "/referrals/{event_id}"),
            ("POST", "/attributes"),
            ("POST", "/attributes/{key}/choices"),
            ("DELETE", "/attributes/{key}"),
        ),
        "customers:write",
    ),
    ("DELETE", "/customers/{customer_id}"): "customers:erase",
    **dict.fromkeys(
        (
            ("GET", "/customers/{customer_id}/scores"),
            ("GET", "/scores"),
            ("GET", "/scores/latest"),
            ("GET", "/scores/runs"),
            ("GET", "/scores/sizes"),
            ("GET", "/segments"),
            ("POST", "/segments/count"),
            ("GET", "/segments/{segment_id}"),
            ("GET", "/segments/{segment_id}/members"),
            ("GET", "/segments/{segment_id}/members/{customer_id}"),
            ("GET", "/segments/{segment_id}/sizes"),
        ),
        "scores:read",
    ),
    **dict.fromkeys(
        (
            ("POST", "/segments"),
            ("PATCH", "/segments/{segment_id}"),
            ("DELETE", "/segments/{segment_id}"),
        ),
        "segments:write",
    ),
}
IDS = {
    "job_id": NOBODY,
    **dict.fromkeys(
        ("customer_id", "merge_id", "segment_id", "note_id", "date_id", "event_id"), NOBODY
    ),
    **dict.fromkeys(("preference_id", "identity_id"), "1"),
    "suppression_id": NOBODY,
    "key": "size",
}


def routes() -> set[tuple[str, str]]:
    document = api.get_openapi_schema()
    return {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in document["paths"].items()
        for method in operations
    }


def told(response: HttpResponse) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code")


def test_every_route_has_a_rule() -> None:
    assert routes() == set(RULES)


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_key_opens_the_routes_of_its_scopes_and_no_other(call: Call, scope: str) -> None:
    made = add_key(name="one scope", scopes=[scope], actor=SYSTEM, now=timezone.now())
    for number, (method, path) in enumerate(sorted(RULES)):
        response = call(method, path.format(**IDS), {}, key=str(number), bearer=made.token)
        is_open = told(response)[1] != "scope_missing"
        assert is_open == (RULES[method, path] == scope), (method, path)


@pytest.mark.parametrize("bearer", [None, "rgl_000000000000_x", "text", "rgl_", "ü"])
def test_without_a_key_nothing_opens(call: Call, bearer: str | None) -> None:
    for method, path in sorted(RULES):
        response = call(method, path.format(**IDS), {}, key="k", bearer=bearer)
        assert told(response) == (401, "key_required"), (method, path)
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_of_a_key_only_a_digest_is_kept(token: str) -> None:
    kept = ApiKey.objects.get()
    secret = token.split("_", 2)[2]
    assert not any(secret in str(getattr(kept, one.name)) for one in ApiKey._meta.fields)


def test_a_key_ends_when_it_is_taken_back_and_when_its_time_is_over(call: Call) -> None:
    now = timezone.now()
    taken = add_key(name="a", scopes=SCOPES, actor=SYSTEM, now=now)
    over = add_key(
        name="b", scopes=SCOPES, expires_at=now - timedelta(seconds=1), actor=SYSTEM, now=now
    )
    revoke_key(mark=taken.token.split("_")[1], now=now)
    assert told(call("GET", "/customers", bearer=taken.token)) == (401, "key_revoked")
    assert told(call("GET", "/customers", bearer=over.token)) == (401, "key_expired")
    with pytest.raises(UnknownKey):
        revoke_key(mark=taken.token.split("_")[1], now=now)


def test_a_rotated_key_stays_good_for_a_while(call: Call) -> None:
    now = timezone.now()
    old = add_key(name="till", scopes=["customers:read"], source="till", actor=SYSTEM, now=now)
    mark = old.token.split("_")[1]
    new = rotate_key(mark=mark, overlap=timedelta(days=1), actor=SYSTEM, now=now)
    assert call("GET", "/customers", bearer=old.token).status_code == 200
    assert call("GET", "/customers", bearer=new.token).status_code == 200
    latest = every_key()[0]
    assert (latest.name, latest.scopes, latest.source) == ("till", ["customers:read"], "till")
    assert ApiKey.objects.get(mark=mark).expires_at == now + timedelta(days=1)
    ApiKey.objects.filter(mark=mark).update(expires_at=now)
    forget()
    assert told(call("GET", "/customers", bearer=old.token)) == (401, "key_expired")


def test_the_limit_is_told_and_kept(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0.0]
    monkeypatch.setattr(KeyWith, "limiter", Limiter(per_minute=3, clock=lambda: seconds[0]))
    left = [call("GET", "/customers").headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = call("GET", "/customers")
    assert told(refused) == (429, "rate_limited")
    assert (refused.headers["Retry-After"], refused.headers["RateLimit-Limit"]) == ("20", "3")
    seconds[0] += 20
    assert call("GET", "/customers").status_code == 200
    assert told(call("GET", "/customers")) == (429, "rate_limited")


def test_a_name_that_is_not_ours_is_answered_as_a_problem() -> None:
    answer = Client().get("/api/v1/customers", headers={"Host": "elsewhere.example"})
    assert told(answer) == (400, "unknown_host")
    assert answer.headers["Content-Type"] == "application/problem+json"
