"""Whatever a program sends, the API answers as its document says, and never with a fault of ours."""

import sys
import time
from collections import Counter
from itertools import product

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.cafe import found_cafe

from regulars.api.requests import KeyWith
from regulars.credentials.core import SCOPES
from regulars.credentials.keys import add_key
from regulars.kernel.actor import SYSTEM
from regulars.kernel.limits import Limiter
from regulars.project.wsgi import application

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
# Of each route, fitting and unfitting: with every scope, and with one or none, which is refused at the door.
CASES, CASES_REFUSED = 60, 8
FEWEST_IN_ALL = 5_000
ROLES = (tuple(SCOPES), *((scope,) for scope in SCOPES), ())
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def document(db: None) -> BaseSchema:
    """The API's document, as a program reads it."""
    found_cafe(now=timezone.now())
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def test_the_api_keeps_to_its_document_in_every_role(
    document: BaseSchema, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(KeyWith, "limiter", Limiter(per_minute=10**9, clock=time.monotonic))
    tried = Counter[tuple[str, ...]]()
    for scopes, mode in product(ROLES, MODES):
        token = add_key(name="fuzz", scopes=scopes, actor=SYSTEM, now=timezone.now()).token
        tried[scopes] += sum(
            cases_of(found.ok(), token, mode, most=CASES if scopes == ROLES[0] else CASES_REFUSED)
            for found in document.get_all_operations()
        )
    with capsys.disabled():
        sys.stdout.write(f"\n{tried.total():,} cases in {len(ROLES)} roles\n")
    assert min(tried.values()) > CASES
    assert tried.total() >= FEWEST_IN_ALL


def cases_of(operation: APIOperation, token: str, mode: GenerationMode, *, most: int) -> int:
    """Tries one operation with a key; how many cases there were, each answered as it should be."""
    tried = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))
    def answered(case: Case) -> None:
        nonlocal tried
        tried += 1
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=CHECKS)

    answered()
    return tried
