"""What a restore must not undo: it is taken out of the data that are replaced, and told again.

A backup knows nothing of what happened after it. Most of that is lost with the data that it replaces, but
some of it was promised for good. Each such promise is a line of ``CARRIED_OVER``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something that holds through a restore.

    Attributes:
        name: In a word.
        take: Reads it from the data that are replaced.
        keep: Told what was taken and when it is, does it again to the data that were restored; inside
            a transaction.
    """

    name: str
    take: Callable[[], Any]
    keep: Callable[[Any, datetime], None]


CARRIED_OVER: tuple[Promise, ...] = ()
"""In their order; called by `regulars.project.backups.restore`."""

AFTER_RESTORE: tuple[Callable[[], None], ...] = ()
"""What the restored data need before they are used, whatever they replaced; inside a transaction."""
