"""What stands in an address is asked, or refused; never passed over, as everybody would be answered."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse

from regulars.people.models import Look
from tests.api.test_keys import IDS, routes

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db


def told(response: HttpResponse) -> tuple[int, str, str | None]:
    problem = response.json()
    return response.status_code, problem["code"], problem.get("field")


@pytest.mark.parametrize("asked", ["phone", "email", "q", "limt", "Limit"])
def test_a_wish_that_no_list_knows_is_refused_by_its_name(call: Call, asked: str) -> None:
    call("POST", "/customers", {"name": "Ana", "phone": "030 901820"}, key="1")
    assert told(call("GET", "/customers", **{asked: "5"})) == (422, "unknown_field", asked)
    assert not Look.objects.exists()


def test_no_route_passes_over_what_it_does_not_know(call: Call) -> None:
    for number, (method, path) in enumerate(sorted(routes())):
        answer = call(method, path.format(**IDS), {}, key=str(number), nope="1")
        assert told(answer) == (422, "unknown_field", "nope"), (method, path)


def test_without_a_key_nothing_is_said_of_what_there_is(call: Call) -> None:
    assert told(call("GET", "/customers", bearer=None, nope="1"))[:2] == (401, "key_required")


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "2026-13-01", "30.06.2026"])
def test_what_is_no_day_is_said_to_be_none(call: Call, day: str) -> None:
    answer = call("GET", "/customers", known_from=day)
    assert told(answer) == (422, "invalid_date", "known_from")


def test_whoever_asks_for_the_head_alone_is_answered_with_it(call: Call) -> None:
    call("POST", "/customers", {"name": "Ana"}, key="1")
    whole, head = call("GET", "/customers"), call("HEAD", "/customers")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Content-Length"):
        assert head.headers[name] == whole.headers[name]
    assert call("HEAD", "/customers", nope="1").status_code == 422
    assert call("HEAD", "/customers", bearer=None).status_code == 401
    refused = call("HEAD", "/events")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")
