"""The file of rows that could not be used: whole, or as it was before."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Where rows that could not be used are written.

    Attributes:
        path: The file, or None for none.
    """

    path: Path | None = None

    def write(self, write_rejected: Callable[[Path], int]) -> None:
        """Writes them whole, or not at all."""
        if self.path is None:
            return
        beside = self.path.with_name(f".{self.path.name}.part")
        try:
            write_rejected(beside)
            beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)


NOWHERE = Errors()
