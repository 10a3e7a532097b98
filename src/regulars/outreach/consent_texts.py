"""What people agree to, word for word, in their language."""

import hashlib

from regulars.kernel.language import gettext, language, mark
from regulars.people.permission import Purpose

TEXTS: dict[Purpose, str] = {
    "news": mark("{business} may send me news by e-mail: what is new, and what is on."),
    "care": mark(
        "{business} may write to me personally by e-mail: a thank-you, a greeting, a word when I "
        "have not been there for a while."
    ),
    "survey": mark("{business} may ask me by e-mail what I think."),
    "community": mark("{business} may invite me by e-mail to meet others: groups and gatherings."),
}
TAKEN_BACK = mark("I can take this back at any time, by the link in every message.")
NAMES: dict[Purpose, str] = {
    "news": mark("news"),
    "care": mark("personal messages"),
    "survey": mark("questions"),
    "community": mark("invitations"),
}
DIGITS = 12


def consent_text(purpose: Purpose, *, business: str) -> str:
    """What somebody agrees to, in the language in use."""
    return f"{gettext(TEXTS[purpose]).format(business=business)} {gettext(TAKEN_BACK)}"


def version_of(text: str, purpose: Purpose) -> str:
    """What names a text as it was shown: purpose, language, and the beginning of its SHA-256."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{purpose}-{language()}-{digest[:DIGITS]}"
