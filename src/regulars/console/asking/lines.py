"""What is typed into one line."""

import re

from regulars.kernel.faults import seen

LONGEST_NAME = 120


def one_line(text: str) -> str:
    """What was typed, as one line without signs that nobody can type, or sees."""
    return seen(re.sub(r"\s+", " ", text)).strip()
