"""Names, and what stands for them."""

import re

from regulars.kernel.language import gettext

# Thai writes some vowels before the consonant that a name begins with, and a title before the name.
LEADING_VOWELS = "เแโใไ"
TITLES = re.compile(r"^(คุณ|Frau |Herr |Doña |Don |Mr\.? |Mrs\.? |Ms\.? )(?=\S)")


def name_of(name: str) -> str:
    """A customer's name, or what to say while it is not known."""
    return name or gettext("Somebody without a name")


def initial_of(name: str) -> str:
    """The letter that stands for a name; titles and vowels written in front do not."""
    letters = [letter for letter in TITLES.sub("", name) if letter.isalnum()]
    first = next((letter for letter in letters if letter not in LEADING_VOWELS), "")
    return first.upper()
