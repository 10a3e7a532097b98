"""How long work tells that it moves on; a door decides what a person sees of it."""

from typing import Protocol


class Progress(Protocol):
    """Told about each stage as it advances.

    ``stage`` is a sentence fragment in the language in use ("Reading purchases"); ``fraction`` runs
    from 0 to 1, or is None where the end is not known.
    """

    def __call__(self, stage: str, fraction: float | None = None) -> None:
        """Tell that ``stage`` has come to ``fraction``."""


def unheard(stage: str, fraction: float | None = None) -> None:
    """Progress that nobody watches."""
    del stage, fraction
