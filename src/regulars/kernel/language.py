"""What people read, in the language they read it in.

Messages are written in English in the code and translated in ``locale/<language>/messages.po``;
the catalogues are read as they stand, so there is nothing to compile. The language is a
property of the running context (``speaking``), never a parameter handed through every call.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

# Each by its own name, so that whoever cannot read the others finds it.
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "es": "Español", "th": "ไทย"}
LANGUAGES = tuple(LANGUAGE_NAMES)

_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language in use, one of ``LANGUAGES``."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use a language for everything inside the block.

    Args:
        code: One of ``LANGUAGES``.

    Raises:
        ValueError: The language is not one of ours.
    """
    if code not in LANGUAGES:
        msg = f"{code!r} is not one of {', '.join(LANGUAGES)}"
        raise ValueError(msg)
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def mark(message: str) -> str:
    """Mark a message for translation where it is defined; ``gettext`` translates where it is used."""
    return message


def gettext(message: str) -> str:
    """The message in the language in use, or as it stands where no translation exists."""
    if not message:  # a catalogue keeps its own headers under the empty message
        return ""
    return str(catalogue(_language.get()).gettext(message))


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message in the form that ``count`` asks for in the language in use."""
    return str(catalogue(_language.get()).ngettext(singular, plural, count))


@cache
def catalogue(code: str) -> NullTranslations:
    """The translations of one language, read from its catalogue once a process."""
    source = files("regulars") / "locale" / code / "messages.po"
    if code == "en" or not source.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=code))
    compiled.seek(0)
    return Translations(fp=compiled)
