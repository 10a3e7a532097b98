"""The terminal as the commands write to it."""

import os
import sys

from rich.console import Console


class Terminal(Console):
    """A console whose reader may leave before the end: ``regulars score … | head``."""

    def on_broken_pipe(self) -> None:
        """Ends quietly; nothing more can be said on stdout, at the end of the process either."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
