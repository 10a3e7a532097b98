"""The quick way in for what happens: tills tell it by the thousand, and most of it is plain.

Django and Ninja cost more than recording an event does. What is told with a key that was good a moment
ago, in a body that is right, is recorded here; whatever is not so is handed on, and answered, or
refused, as if this way did not exist. Both ways record by the same function.
"""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from regulars.api.core import ADDRESS, object_of
from regulars.api.errors import DuplicateField
from regulars.api.events import answered, incoming, recorded_now
from regulars.api.plainly import read_plainly
from regulars.api.requests import LARGEST_BATCH, LARGEST_BODY, KeyWith
from regulars.api.schemas import AnyEvent, EventBatch, EventSent, one_or_several
from regulars.credentials.keys import KnownKey, key_lately_good, key_of, was_good
from regulars.intake.incoming import Incoming, Written
from regulars.kernel.actor import Actor
from regulars.kernel.limits import Allowance
from regulars.stream.hot import leave_old_connection

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

PATH = "/api/v1/events"
FILES = "/api/v1/uploads"
SCOPE = "events:write"
HOSTS_REMEMBERED = 64
ONE: TypeAdapter[EventSent] = TypeAdapter(AnyEvent)
SEVERAL = TypeAdapter(EventBatch)


class QuickDoor:
    """A WSGI application before another.

    Args:
        rest: Answers whatever this does not.
    """

    def __init__(self, rest: Application) -> None:
        self.rest = rest

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The answer to a request."""
        read_whole(environ)
        if (
            environ["PATH_INFO"] == PATH
            and environ["REQUEST_METHOD"] == "POST"
            and not environ.get("QUERY_STRING")
        ):
            quick = quick_answer(environ)
            if quick is not None:
                body, allowance = quick
                start_response("200 OK", headers(body, allowance))
                return [body]
        return self.rest(environ, start_response)


def read_whole(environ: Environ) -> None:
    """Gives a body that comes in pieces its length, as Django reads none without; files stay as they come."""
    in_pieces = environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH")
    if in_pieces and environ["PATH_INFO"].startswith(ADDRESS) and environ["PATH_INFO"] != FILES:
        body = environ["wsgi.input"].read(LARGEST_BATCH + 1)
        environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(len(body)), io.BytesIO(body)


def quick_answer(environ: Environ) -> tuple[bytes, Allowance] | None:
    """The answer to events that are told plainly, or None, and the request is as it was."""
    key = _key(environ)
    length = environ.get("CONTENT_LENGTH") or ""
    if key is None or not length.isdigit() or not 0 < int(length) <= LARGEST_BATCH:
        return None
    allowance = environ[KeyWith.ASKED] = KeyWith.limiter.ask(str(key.id))
    if not allowance.is_allowed:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    events = read(body, key.source)
    if events is None or (len(body) > LARGEST_BODY and len(events) == 1):
        return None
    try:
        recorded = recorded_now(Actor("key", str(key.id)), events)
    except Exception:  # noqa: BLE001  (Django finds it again, and says and notes what is wrong)
        return None
    return answered(recorded), allowance


def read(body: bytes, source: str) -> Sequence[Incoming | Written] | None:
    """What a body tells, as intake takes it, or None where anything about it is amiss."""
    plain = read_plainly(body, source)
    if plain is not None:
        return plain
    events = events_of(body)
    return None if events is None else [incoming(one, source) for one in events]


def events_of(body: bytes) -> Sequence[EventSent] | None:
    """The events that a body tells, or None where anything about it is amiss."""
    try:
        told = json.loads(body.decode(), object_pairs_hook=object_of)
        if one_or_several(told) == "several":
            return SEVERAL.validate_python(told).events
        return (ONE.validate_python(told),)
    except (ValidationError, DuplicateField, ValueError, RecursionError):
        return None


def headers(body: bytes, allowance: Allowance) -> list[tuple[str, str]]:
    """What an answer is told with: the same as Django's middleware says of every other."""
    return [
        ("Content-Type", "application/json; charset=utf-8"),
        *allowance.headers().items(),
        ("Cache-Control", "no-store"),
        ("Content-Length", str(len(body))),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ]


def _key(environ: Environ) -> KnownKey | None:
    """A request's key, if it is known to be good for this."""
    kind, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    key = key_lately_good(token) or _looked_up_again(token) if kind == "Bearer" else None
    if key is None or SCOPE not in key.scopes or not _is_ours(environ.get("HTTP_HOST", "")):
        return None
    return key


def _looked_up_again(token: str) -> KnownKey | None:
    """The key that a token is, if it was good a while ago and still is."""
    if not was_good(token):
        return None
    leave_old_connection()
    try:
        return key_of(token, now=timezone.now())
    except Exception:  # noqa: BLE001  (Django finds it again, and says and notes what is wrong)
        return None


@lru_cache(maxsize=HOSTS_REMEMBERED)
def _is_ours(host: str) -> bool:
    """Whether a name is one of ours, as `HttpRequest.get_host` would say."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
