"""What is typed into one line."""

import re

from regulars.kernel.faults import seen
from regulars.kernel.language import gettext, mark
from regulars.people.nobody import instead_of_a_name

LONGEST_NAME = 120


IN_THE_PLACE_OF_A_NAME = {
    "phone": mark("This looks like a phone number. Who is it?"),
    "email": mark("This looks like an e-mail address. Who is it?"),
}


def who_is_it(text: str) -> str:
    """The question where an address or a number was typed for a name; "" where none was."""
    instead = instead_of_a_name(text)
    return gettext(IN_THE_PLACE_OF_A_NAME[instead]) if instead else ""


def one_line(text: str) -> str:
    """What was typed, as one line without signs that nobody can type, or sees."""
    return seen(re.sub(r"\s+", " ", text)).strip()
