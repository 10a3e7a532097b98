"""What every request goes through: its key, its limits, its body, and doing a write once."""

import hmac
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Header
from ninja.parser import Parser
from ninja.security import HttpBearer

from regulars.api.core import strict_json
from regulars.api.errors import (
    BodyTooLarge,
    IdempotencyKeyReused,
    RateLimited,
    ScopeMissing,
)
from regulars.api.models import AnsweredRequest
from regulars.api.schemas import one_or_several
from regulars.credentials.core import SCOPES
from regulars.credentials.errors import KeyRequired
from regulars.credentials.keys import KnownKey, key_of
from regulars.kernel.actor import Actor
from regulars.kernel.faults import UnknownField
from regulars.kernel.limits import Limiter
from regulars.stream.anew import in_one

LARGEST_BODY = 1_000_000
LARGEST_BATCH = 8_000_000
BATCHES = "/events"
ANSWERS_KEPT = timedelta(days=2)

IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern="^[!-~]+$")
]


class KeyWith(HttpBearer):
    """A key that may do something.

    Attributes:
        scope: Of `regulars.credentials.core.SCOPES`.
        names: Of what may be asked in the address; whatever else stands there is refused, not passed over.
    """

    ASKED = "regulars.asked"  # where a request says that its key was asked for already
    limiter = Limiter(per_minute=settings.REGULARS_REQUESTS_PER_MINUTE, clock=time.monotonic)

    def __init__(self, scope: str, names: Collection[str] = ()) -> None:
        super().__init__()
        self.scope = scope
        self.names = names
        assert scope in SCOPES, scope  # noqa: S101  (a slip of ours, found at import)

    def __call__(self, request: HttpRequest) -> KnownKey:
        """The request's key.

        Raises:
            RegularsError: It has none, or one that may not; see `regulars.api.errors`.
        """
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise KeyRequired
        key = self.authenticate(request, token.strip())
        for name in request.GET:
            if name not in self.names:
                raise UnknownField(field=name)
        return key

    def asking(self, names: Collection[str]) -> "KeyWith":
        """The same for a route that may be asked something in its address."""
        return KeyWith(self.scope, names)

    def authenticate(self, request: HttpRequest, token: str) -> KnownKey:
        """The key that a token is, if it may do this now.

        Raises:
            RegularsError: It may not.
        """
        key = key_of(token, now=timezone.now())
        allowance = request.META.pop(self.ASKED, None) or self.limiter.ask(str(key.id))
        request.allowance = allowance  # type: ignore[attr-defined]
        if not allowance.is_allowed:
            raise RateLimited(seconds=allowance.wait_seconds)
        if self.scope not in key.scopes:
            raise ScopeMissing(scope=self.scope)
        return key


class StrictParser(Parser):
    """JSON that nobody can misunderstand, in bodies of a bounded size."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says.

        Raises:
            RegularsError: It says nothing that can be understood; see `regulars.api.errors`.
        """
        limit = LARGEST_BATCH if request.path.endswith(BATCHES) else LARGEST_BODY
        if int(request.headers.get("Content-Length") or 0) > limit or len(request.body) > limit:
            raise BodyTooLarge(limit=limit)
        told = strict_json(request.body)
        # Where several may come, only what it says tells whether it is one.
        if len(request.body) > LARGEST_BODY and one_or_several(told) == "one":
            raise BodyTooLarge(limit=LARGEST_BODY)
        return told


def actor_of(request: HttpRequest) -> Actor:
    """Who does what a request asks for."""
    key: KnownKey = request.auth  # type: ignore[attr-defined]
    return Actor("key", str(key.id))


def done(request: HttpRequest) -> Mapping[str, UUID]:
    """What is kept of a write that makes nothing with an id of its own: who did it."""
    key: KnownKey = request.auth  # type: ignore[attr-defined]
    return {"by": key.id}


def may(request: HttpRequest, scope: str) -> bool:
    """Whether a request's key may do something more than its route asks for."""
    key: KnownKey = request.auth  # type: ignore[attr-defined]
    return scope in key.scopes


def require(request: HttpRequest, scope: str) -> None:
    """Sees that a request's key may do something more than its route asks for.

    Raises:
        ScopeMissing: It may not.
    """
    if not may(request, scope):
        raise ScopeMissing(scope=scope)


def once(
    request: HttpRequest,
    idempotency_key: str,
    act: Callable[[datetime], Mapping[str, UUID | int]],
    *,
    body: bytes | None = None,
) -> Mapping[str, Any]:
    """Does what a request asks for, or finds what it did when it came before.

    What is done and that it was done are one transaction, so a failure is forgotten and may be
    tried again, as is done at once where the database asks for it. Only ids are kept, and digests that
    nobody can make but who asked: an answer is made anew, so that nothing of a person stays in it, and
    outlives the person, so that it does not make them anew.

    Args:
        request: With its key.
        idempotency_key: As it was sent.
        act: Does it, at a moment, and tells the ids of what it made.
        body: What stands for the body, where that was too large to be kept; None for the body.

    Returns:
        The ids.

    Raises:
        IdempotencyKeyReused: The key came with another request before.
    """
    now = timezone.now()
    sent = request.body if body is None else body
    parts = (str(request.method).encode(), request.get_full_path().encode(), sent)
    secret = request.headers["Authorization"].split()[-1].encode()
    named, fingerprint = (
        hmac.digest(secret, told, "sha256").hex()
        for told in (idempotency_key.encode(), b"\n".join(parts))
    )
    key: KnownKey = request.auth  # type: ignore[attr-defined]

    def ids() -> Mapping[str, str | int]:
        AnsweredRequest.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()
        mine = AnsweredRequest(
            key_id=key.id,
            idempotency_key=named,
            fingerprint=fingerprint,
            ids={},
            created_at=now,
        )
        # On PostgreSQL this waits for the same request if it is being done at this moment.
        AnsweredRequest.objects.bulk_create([mine], ignore_conflicts=True)
        kept = AnsweredRequest.objects.select_for_update().get(key_id=key.id, idempotency_key=named)
        if kept.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        if not kept.ids:
            kept.ids = {
                name: one if isinstance(one, int) else str(one) for name, one in act(now).items()
            }
            kept.save(update_fields=["ids"])
        return dict(kept.ids)

    return {name: one if isinstance(one, int) else UUID(one) for name, one in in_one(ids).items()}
