"""What can keep a purchase model from being fitted."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class NotEnoughRepeats(RegularsError):
    """Nobody came back, so nothing is known about rhythm or about staying away."""

    code = "not_enough_repeats"
    sentence = mark(
        "None of the {customers} customers bought on a second day yet, "
        "so a purchase model has nothing to learn from."
    )
