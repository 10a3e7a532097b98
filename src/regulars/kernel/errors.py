"""The one error hierarchy: a code, a status, a plain sentence and data.

A door turns an error into what its readers understand: a command prints the sentence and
leaves with ``exit_code``; an API answers with ``http_status`` and ``code``.
"""

import traceback
from datetime import date
from types import TracebackType
from typing import ClassVar

from regulars.kernel.language import gettext, mark
from regulars.kernel.words import date_text


class RegularsError(Exception):
    """Something that a person can be told in one sentence.

    Subclasses set ``code`` (stable, snake_case), ``sentence`` (English, marked for translation, with
    ``{name}`` for every piece of ``data``) and, where they differ, the statuses. The sentence
    says what is wrong and what to do.

    Args:
        **data: What the sentence needs, by name; a date is said as its reader writes it.
    """

    code: ClassVar[str]
    sentence: ClassVar[str]
    http_status: ClassVar[int] = 400
    exit_code: ClassVar[int] = 2

    def __init__(self, **data: object) -> None:
        super().__init__()
        self.data = data

    def __str__(self) -> str:
        said = {
            name: date_text(value) if type(value) is date else value
            for name, value in self.data.items()
        }
        return gettext(self.sentence).format(**said)


class DatabaseUnreachable(RegularsError):
    """The database does not answer, or its file cannot be opened."""

    code = "database_unreachable"
    http_status = 503
    sentence = mark("The database cannot be opened: {why}")


class DiskFull(RegularsError):
    """The database has no room for what was to be written."""

    code = "disk_full"
    http_status = 507
    sentence = mark("There is no room left on the disk. Nothing was written; send it again later.")


def told_of(error: BaseException) -> str:
    """Where an error arose, and of which kind; what it says may be about somebody."""
    trace: TracebackType | None = error.__traceback__
    return type(error).__name__ + "\n" + "".join(traceback.format_tb(trace))
