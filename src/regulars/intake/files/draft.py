"""An event as a file tells it, before it is known whom it is about."""

from typing import NamedTuple


class Draft(NamedTuple):
    """An event of a file.

    Attributes:
        type: Of `regulars.stream.types.TYPES`.
        key: Of its source.
        about: Whom it is about, by their number in the file.
        moment: Unix seconds.
        data: JSON as its type has it.
        is_sum: Whether it is all that was given back of an order so far, which grows from file to file.
        through: Who sent them, for a referral.
        source: Of the order that it gives back, where that is another than the files' own.
    """

    type: str
    key: str
    about: int
    moment: int
    data: str
    is_sum: bool = False
    through: int | None = None
    source: str | None = None
