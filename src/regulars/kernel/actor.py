"""Who does something: every write says so."""

from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["employee", "key", "command", "customer", "system"]


@dataclass(frozen=True)
class Actor:
    """Somebody, or something, that writes.

    Attributes:
        kind: A person who works here, a key of the API, a command, a customer for themselves, or the
            system by itself.
        id: Of the employee, the key or the customer; the command's name.
    """

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SYSTEM = Actor("system", "")


def parsed(text: str) -> Actor:
    """The actor that was written so.

    Args:
        text: As ``str`` writes one.
    """
    kind, _, own = text.partition(":")
    return Actor(cast("Kind", kind), own)
