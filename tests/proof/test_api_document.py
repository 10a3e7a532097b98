"""Whatever a program sends, the API answers as its document says, and never with a fault of ours."""

import time

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from regulars.api.core import Limiter
from regulars.api.requests import KeyWith
from regulars.credentials.core import SCOPES
from regulars.credentials.keys import add_key
from regulars.kernel.actor import SYSTEM
from regulars.people.services import found_business
from regulars.project.wsgi import application

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
# Of each route, fitting and unfitting: with every scope, and with one or none, which is refused at the door.
CASES, CASES_REFUSED = 60, 8  # 5,000 and more in all


@pytest.fixture
def document(db: None) -> BaseSchema:
    """The API's document, as a program reads it."""
    found_business(
        name="Café Anna",
        language="de",
        time_zone="Europe/Berlin",
        country="DE",
        currency="EUR",
        stamp="",
        promise="",
        owner="Anna",
        password="a long password",
        now=timezone.now(),
    )
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("scopes", [tuple(SCOPES), *((scope,) for scope in SCOPES), ()], ids=str)
def test_the_api_keeps_to_its_document(
    document: BaseSchema,
    scopes: tuple[str, ...],
    mode: GenerationMode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(KeyWith, "limiter", Limiter(per_minute=10**9, clock=time.monotonic))
    token = add_key(name="fuzz", scopes=scopes, actor=SYSTEM, now=timezone.now()).token
    cases = CASES if len(scopes) == len(SCOPES) else CASES_REFUSED
    tried = 0
    for found in document.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=cases, deadline=None, suppress_health_check=list(HealthCheck))
        def answered(case: Case) -> None:
            nonlocal tried
            tried += 1
            response = case.call(headers={"Authorization": f"Bearer {token}"})
            case.validate_response(response, checks=CHECKS)

        answered()
    assert tried > cases
