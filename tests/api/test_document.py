"""The API's document tells everything, with examples that are true to it; the quick start works."""

import json
import re
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from jsonschema_rs import Draft202012Validator
from pytest_django.live_server_helper import LiveServer
from typer.testing import CliRunner

from regulars.api.examples import operations
from regulars.api.schemas import Answer, Sent
from regulars.api.v1 import api
from regulars.cli.app import app
from regulars.jobs.models import Job
from regulars.jobs.worker import Worker
from regulars.people.models import Identity
from regulars.stream.models import Event
from tests.conftest import require

DOCUMENT: dict[str, Any] = json.loads(json.dumps(dict(api.get_openapi_schema())))
QUICK_START = Path(__file__).parents[2] / "docs" / "api.md"


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is sent and answered as JSON."""
    for of in (operation.get("requestBody", {}), *operation["responses"].values()):
        for kind, content in of.get("content", {}).items():
            if kind.endswith("json"):
                yield content


def fits(value: object, schema: dict[str, Any]) -> list[str]:
    whole = {**schema, "components": DOCUMENT["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_it_is_openapi_3_1_and_every_operation_says_in_words_what_it_does() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    for operation in operations(DOCUMENT):
        assert operation["summary"]
        assert operation["description"]
        assert operation["security"]


def test_every_operation_has_examples_that_its_schemas_allow() -> None:
    for operation in operations(DOCUMENT):
        where = operation["operationId"]
        for content in contents(operation):
            assert fits(content["example"], content["schema"]) == [], (where, content["example"])
        for parameter in operation.get("parameters", ()):
            told, schema = parameter["example"], parameter["schema"]
            assert fits(told, schema) == [], (where, parameter["name"])


BODIES = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
]


def test_no_example_of_a_body_is_refused_as_invalid(call: Any) -> None:
    eva = call("POST", "/customers", {"name": "Eva"}, key="eva").json()["id"]
    refused = []
    for place, (path, method, operation) in enumerate(BODIES):
        body = operation["requestBody"]["content"]["application/json"]["example"]
        named = {one["name"]: one["example"] for one in operation["parameters"]}
        at = path.removeprefix("/api/v1").format_map({**named, "customer_id": eva})
        answer = call(method.upper(), at, body, key=str(place))
        # What names an id of one's own is another's here, and is not found.
        if answer.status_code not in (200, 201, 202, 204, 404):
            refused.append((method, at, body, answer.status_code, answer.json()["code"]))
    assert refused == []


def test_what_is_told_of_somebody_who_was_erased_is_listed_as_refused() -> None:
    assert "410" in DOCUMENT["paths"]["/api/v1/events"]["post"]["responses"]


def test_no_two_shapes_have_one_name() -> None:
    def below(shape: type) -> Iterator[type]:
        for one in shape.__subclasses__():
            yield one
            yield from below(one)

    shapes = {one for base in (Sent, Answer) for one in below(base)}
    names = Counter(one.__name__ for one in shapes)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.django_db
def test_the_quick_start_does_what_it_says(shop: None) -> None:
    """Its commands as they stand, with the program and the test client in place of shell and curl."""
    quick_start, _ = snippets()
    made, *calls = [one for one in quick_start.replace("\\\n", " ").split("\n\n") if one.strip()]
    key = key_of(made)
    answers = [ask(shlex.split(one.replace("$KEY", key))) for one in (*calls, calls[0])]
    (recorded,), (again,) = answers[0]["results"], answers[2]["results"]
    assert (recorded["status"], again["status"]) == ("recorded", "duplicate")
    (found,) = answers[1]["candidates"]
    assert found["customer_id"] == recorded["customer_id"]
    assert (Event.objects.count(), Identity.objects.count()) == (1, 1)


def test_long_work_is_asked_for_as_the_page_says(
    transactional_db: None, shop: None, live_server: LiveServer, settings: Any, tmp_path: Path
) -> None:
    """Its commands as they stand, in a shell of their own, at the address of this test's server."""
    require(shutil.which("bash") is not None and shutil.which("curl") is not None, "bash with curl")
    settings.HOME = tmp_path / "home"
    _, snippet = snippets()
    made, _, commands = snippet.partition("\n\n")
    commands = commands.replace("http://127.0.0.1:8470", live_server.url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"KEY={key_of(made)}\n{commands}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    job = Job.objects.get()
    answer = json.loads(done.stdout)
    assert (answer["id"], answer["state"]) == (str(job.id), "waiting")
    Worker().work_off()
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == ("done", 1)


def snippets() -> list[str]:
    """What the page gives to copy, in its order."""
    return re.findall(r"```sh\n(.*?)```", QUICK_START.read_text("utf-8"), re.DOTALL)


def key_of(command: str) -> str:
    """The key that a command of the page makes."""
    found = re.search(r"KEY=\$\(\.venv/bin/regulars (.*)\)", command)
    assert found is not None
    return CliRunner().invoke(app, shlex.split(found[1])).stdout.strip()


def ask(curl: list[str]) -> Any:
    """What a command of curl would be answered."""
    address = next(part for part in curl if part.startswith("http://127.0.0.1:8470"))
    headers = dict(
        curl[place + 1].split(": ", 1) for place, part in enumerate(curl) if part == "-H"
    )
    answer: HttpResponse = Client().post(
        address.removeprefix("http://127.0.0.1:8470"),
        curl[curl.index("-d") + 1],
        content_type=headers.pop("Content-Type"),
        headers=headers,
    )
    assert answer.status_code == 200, answer.content
    return answer.json()
