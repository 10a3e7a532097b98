"""A caller with a key, as a shop's program is one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from regulars.api.quick import QuickDoor
from regulars.api.requests import KeyWith
from regulars.credentials.core import SCOPES
from regulars.credentials.keys import add_key
from regulars.kernel.actor import SYSTEM
from tests.cafe import found_cafe

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Nobody has asked anything yet."""
    KeyWith.limiter.buckets.clear()


@pytest.fixture
def shop(db: None) -> None:
    """A café in Germany."""
    found_cafe(now=NOW)


@pytest.fixture
def token(shop: None) -> str:
    """A key that may do everything."""
    return add_key(name="till", scopes=SCOPES, source="till", actor=SYSTEM, now=NOW).token


class ThroughTheDoor(ClientHandler):
    """Django's own client, that comes in the way that a server's requests do."""

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        """The answer to a request: the quick door's, or Django's where that hands it on."""
        told: list[dict[str, str]] = []
        handed_on: list[bytes] = []
        door = QuickDoor(lambda _environ, _start: handed_on)
        body = door(environ, lambda _status, headers: told.append(dict(headers)))
        if body is handed_on:
            return super().__call__(environ)
        response = HttpResponse(b"".join(body), headers=told[0])
        response.wsgi_request = WSGIRequest(environ)
        return response


@pytest.fixture
def call(token: str) -> Callable[..., HttpResponse]:
    """Calls the API: method, path, body and further headers."""
    client = Client(raise_request_exception=False)
    client.handler = ThroughTheDoor(enforce_csrf_checks=False)

    def calling(
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        key: str | None = None,
        bearer: str | None = token,
        **query: str,
    ) -> HttpResponse:
        headers = {"Host": "testserver"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        if key:
            headers["Idempotency-Key"] = key
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return client.generic(
            method,
            f"/api/v1{path}",
            content,
            content_type="application/json",
            headers=headers,
            query_params=query,
        )

    return calling
