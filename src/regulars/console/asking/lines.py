"""What is typed into one line."""

import re
import unicodedata

LONGEST_NAME = 120


def one_line(text: str) -> str:
    """What was typed, as one line without signs that nobody can type."""
    spaced = re.sub(r"\s+", " ", text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs")).strip()
