"""Something that a look at the whole installation finds."""

from dataclasses import dataclass
from typing import Literal

Area = Literal["configuration", "database", "backups", "mail", "books"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        area: Where.
        code: Stable, snake_case.
        is_wrong: Whether it is to be mended; else it is good to know.
        sentence: What, and what to do, in the language in use.
    """

    area: Area
    code: str
    is_wrong: bool
    sentence: str
