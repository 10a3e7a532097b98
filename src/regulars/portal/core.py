"""Which language a page speaks: a pure rule."""

from babel import negotiate_locale

from regulars.kernel.language import LANGUAGES


def spoken(*, asked: str, of_message: str, accepted: str, of_business: str) -> str:
    """The language of a page: what is asked for, else the message's, the browser's, the business's."""
    for one in (asked, of_message):
        if one in LANGUAGES:
            return one
    wished = [part.split(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    return negotiate_locale(wished, LANGUAGES) or of_business
