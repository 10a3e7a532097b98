"""A progress bar on stderr, for a person who waits."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from regulars.kernel import progress as kernel_progress


@contextmanager
def progress_bar() -> Iterator[kernel_progress.Progress]:
    """Show the stage of the work while the block runs; silent where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield kernel_progress.unheard
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(stage: str, fraction: float | None = None) -> None:
            total = None if fraction is None else 1.0
            bar.update(task, description=stage, total=total, completed=fraction or 0.0)

        yield tell
