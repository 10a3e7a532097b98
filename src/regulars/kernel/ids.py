"""Ids: nobody can guess them, and they come in the order of time, so that indexes stay small."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new id, version 7 of RFC 9562."""
    return uuid7()
