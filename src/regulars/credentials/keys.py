"""Making, finding, rotating and taking back keys."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from regulars.credentials.core import SCOPES, is_same, make_key, mark_of
from regulars.credentials.errors import (
    InvalidSource,
    KeyExpired,
    KeyRequired,
    KeyRevoked,
    KeyRotated,
    UnknownKey,
    UnknownScope,
)
from regulars.credentials.models import ApiKey
from regulars.credentials.sql import KEY
from regulars.kernel.actor import Actor
from regulars.kernel.faults import ReservedSource
from regulars.people.remembering import LONGEST_NAME, plain_text
from regulars.stream.hot import as_id, as_moment, rows
from regulars.stream.types import LONGEST_SOURCE, OUR_SOURCES, SOURCE

USE_NOTED_EVERY = timedelta(hours=1)
# A key taken back is of no use after a second at most, wherever it was; here, at once.
REMEMBERED = timedelta(seconds=1)
MOST_REMEMBERED = 100


@dataclass(frozen=True)
class MadeKey:
    """A key just made.

    Attributes:
        id: Of the key.
        token: The whole key; it can never be shown again.
    """

    id: UUID
    token: str


def add_key(
    *,
    name: str,
    scopes: Iterable[str],
    source: str = "api",
    expires_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> MadeKey:
    """Makes a key.

    Args:
        name: What it is for.
        scopes: What it may do.
        source: What its events are from where they do not say.
        expires_at: From when on it is of no use, or None.
        actor: Who makes it.
        now: When.

    Raises:
        UnknownScope: There is no such scope.
        InvalidSource, ReservedSource: No source can be called that.
        TextMissing, TooLong, InvalidText: The name cannot be kept.
    """
    called = plain_text(name, field="name", most=LONGEST_NAME)
    if not SOURCE.fullmatch(source) or len(source) > LONGEST_SOURCE:
        raise InvalidSource(source=source, limit=LONGEST_SOURCE)
    if source in OUR_SOURCES:
        raise ReservedSource(field="source")
    wanted = sorted(set(scopes))
    for scope in wanted:
        if scope not in SCOPES:
            raise UnknownScope(scope=scope, scopes=", ".join(SCOPES))
    made = make_key()
    key = ApiKey.objects.create(
        name=called,
        source=source,
        mark=made.mark,
        digest=made.digest,
        scopes=wanted,
        created_at=now,
        created_by=str(actor),
        expires_at=expires_at,
    )
    return MadeKey(key.id, made.token)


def rotate_key(*, mark: str, overlap: timedelta, actor: Actor, now: datetime) -> MadeKey:
    """Makes a key that takes the place of another and is good for as long; the other stays good for a while.

    Args:
        mark: The part of the old key that may be shown.
        overlap: How long both are good.
        actor: Who does it.
        now: When.

    Raises:
        UnknownKey: There is none, or it was taken back, or its time is over.
        KeyRotated: Another took its place before.
    """
    old = ApiKey.objects.select_for_update().filter(mark=mark, revoked_at=None).first()
    if old is None or (old.expires_at is not None and old.expires_at <= now):
        raise UnknownKey(mark=mark)
    if old.replaced_by_id is not None:
        raise KeyRotated(mark=mark)
    made = add_key(
        name=old.name,
        scopes=old.scopes,
        source=old.source,
        expires_at=old.expires_at and now + (old.expires_at - old.created_at),
        actor=actor,
        now=now,
    )
    old.expires_at = min(old.expires_at or now + overlap, now + overlap)
    old.replaced_by_id = made.id
    old.save(update_fields=["expires_at", "replaced_by_id"])
    _LATELY.clear()
    return made


def revoke_key(*, mark: str, now: datetime) -> None:
    """Takes a key back, from now on.

    Raises:
        UnknownKey: There is none, or it was taken back before.
    """
    if not ApiKey.objects.filter(mark=mark, revoked_at=None).update(revoked_at=now):
        raise UnknownKey(mark=mark)
    forget()


def every_key() -> Sequence[ApiKey]:
    """All keys, the latest first."""
    return tuple(ApiKey.objects.order_by("-created_at"))


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What a request needs of its key.

    Attributes:
        id: Of the key.
        source: What its events are from where they do not say.
        scopes: What it may do.
    """

    id: UUID
    source: str
    scopes: tuple[str, ...]


_LATELY: dict[str, tuple[KnownKey, float]] = {}


def forget() -> None:
    """Has every key looked up anew."""
    _LATELY.clear()


def key_lately_good(token: str) -> KnownKey | None:
    """The key that a token is, if that was looked up a moment ago; one that ends is soon of no use."""
    key, until = _LATELY.get(token, (None, 0.0))
    return key if time.monotonic() < until else None


def was_good(token: str) -> bool:
    """Whether a token was found to be a key of ours, perhaps too long ago to go by."""
    return token in _LATELY


def key_of(token: str, *, now: datetime) -> KnownKey:
    """The key that a token is.

    Raises:
        KeyRequired: It is none of ours.
        KeyRevoked, KeyExpired: It is of no use any more.
    """
    key, expires_at = _looked_up(token, now=now)
    good = min(REMEMBERED, expires_at - now) if expires_at else REMEMBERED
    if len(_LATELY) >= MOST_REMEMBERED:
        forget()
    _LATELY[token] = key, time.monotonic() + good.total_seconds()
    return key


def _looked_up(token: str, *, now: datetime) -> tuple[KnownKey, datetime | None]:
    """The key that a token is, and when it ends."""
    mark = mark_of(token)
    found = rows(KEY, (mark,)) if mark else ()
    for key_id, digest, source, scopes, revoked, expires, used in found:
        if is_same(token, digest):
            if revoked is not None:
                raise KeyRevoked
            expires_at = None if expires is None else as_moment(expires)
            if expires_at is not None and expires_at <= now:
                raise KeyExpired
            key = KnownKey(as_id(key_id), source, tuple(json.loads(scopes)))
            if used is None or now - as_moment(used) > USE_NOTED_EVERY:
                unnoted = Q(used_at=None) | Q(used_at__lt=now - USE_NOTED_EVERY)
                ApiKey.objects.filter(unnoted, id=key.id).update(used_at=now)
            return key, expires_at
    raise KeyRequired
