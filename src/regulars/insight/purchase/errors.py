"""What can keep a purchase model from being fitted."""

from typing import ClassVar

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class NotEnoughRepeats(RegularsError):
    """Nobody came back, so nothing is known about rhythm or about staying away."""

    code: ClassVar[str] = "not_enough_repeats"
    sentence: ClassVar[str] = mark(
        "None of the {customers} customers bought on a second day yet, "
        "so a purchase model has nothing to learn from."
    )
