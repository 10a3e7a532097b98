"""What a source tells, before anybody knows whom it is about."""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from regulars.people.core import IdentityKey
from regulars.stream.types import Facts

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Incoming(NamedTuple):
    """Something that happened, as its source tells it.

    Attributes:
        type: Of event.
        source: Who tells.
        key: What the source calls it; the same source and key is the same event.
        occurred_at: When, aware.
        customer_id: Whom it is about, where the source knows our id.
        identities: Kind and value of whom it is about, where it does not.
        data: What the type's schema holds, or has made of it already.
        location: The name of the place where it happened, where the source does not know our id.
    """

    type: str
    source: str
    key: str
    occurred_at: datetime
    customer_id: UUID | None = None
    identities: tuple[IdentityKey, ...] = ()
    data: Mapping[str, Any] | Facts = NOTHING
    location: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """What makes it happen once."""
        return self.source, self.key

    @property
    def sender(self) -> UUID | None:
        """Who sent them, where it tells one by an id that can be."""
        if isinstance(self.data, Facts):
            found: UUID | None = getattr(self.data, "sender_id", None)
            return found
        try:
            return UUID(str(self.data.get("sender_id")))
        except ValueError:
            return None


class Written(NamedTuple):
    """A plain event whose data are known to fit, and are written as they will be kept.

    Attributes:
        type: Of event.
        source: Who tells.
        key: What the source calls it.
        occurred_at: When, aware.
        identities: Kind and value of whom it is about.
        data: JSON of all that the type's schema holds.
    """

    type: str
    source: str
    key: str
    occurred_at: datetime
    identities: tuple[IdentityKey, ...]
    data: str

    @property
    def name(self) -> tuple[str, str]:
        """What makes it happen once."""
        return self.source, self.key

    def read(self) -> Incoming:
        """The same, to be looked at."""
        return Incoming(
            self.type,
            self.source,
            self.key,
            self.occurred_at,
            identities=self.identities,
            data=json.loads(self.data),
        )
