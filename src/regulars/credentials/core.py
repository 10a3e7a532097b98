"""Keys and what they may do: what needs no database."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from regulars.kernel.language import mark

SCOPES = {
    "events:write": mark("tell what happened"),
    "customers:read": mark("see customers and recognise them"),
    "customers:write": mark("add and change customers"),
    "customers:erase": mark("erase customers"),
    "scores:read": mark("see scores and segments"),
    "segments:write": mark("add, change and remove segments"),
    "jobs:read": mark("see how long work stands"),
    "jobs:write": mark(
        "ask for scores, and for imports and exports of what else it may write and see"
    ),
}
PREFIX = "rgl"
MARK_BYTES, SECRET_BYTES = 6, 32
LONGEST_DAYS = 3_650  # for which a key is good, unless it is good for ever


@dataclass(frozen=True)
class NewKey:
    """A key as it is shown once.

    Attributes:
        token: The whole key.
        mark: The part that may be shown later.
        digest: What is kept of it.
    """

    token: str
    mark: str
    digest: str


def make_key() -> NewKey:
    """A key with 256 bits that nobody can guess."""
    name = secrets.token_hex(MARK_BYTES)
    token = f"{PREFIX}_{name}_{secrets.token_urlsafe(SECRET_BYTES)}"
    return NewKey(token, name, digest_of(token))


def digest_of(token: str) -> str:
    """What is kept of a key; a plain hash will do, as no key can be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def mark_of(token: str) -> str | None:
    """The part of a key by which it is found, or None where it cannot be one of ours."""
    parts = token.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == PREFIX else None  # noqa: PLR2004


def is_same(token: str, digest: str) -> bool:
    """Whether a key is the one whose digest is kept; it takes as long for every answer."""
    return hmac.compare_digest(digest_of(token), digest)
