"""The one error hierarchy: a code, a status, a plain sentence and data.

A door turns an error into what its readers understand: a command prints the sentence and
leaves with ``exit_code``; an API answers with ``http_status`` and ``code``.
"""

from typing import ClassVar

from regulars.kernel.language import gettext


class RegularsError(Exception):
    """Something that a person can be told in one sentence.

    Subclasses set ``code`` (stable, snake_case), ``sentence`` (English, marked for translation, with
    ``{name}`` for every piece of ``data``) and, where they differ, the statuses. The sentence
    says what is wrong and what to do.

    Args:
        **data: What the sentence needs, by name.
    """

    code: ClassVar[str]
    sentence: ClassVar[str]
    http_status: ClassVar[int] = 400
    exit_code: ClassVar[int] = 2

    def __init__(self, **data: object) -> None:
        super().__init__()
        self.data = data

    def __str__(self) -> str:
        return gettext(self.sentence).format(**self.data)
