"""Files that name their columns and hold no row, as every night's does after a day on which nothing was sold."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from regulars.insight.errors import HeaderOnly
from regulars.insight.reading.columns import Mapped
from regulars.intake.files.errors_file import Errors
from regulars.intake.files.result import Imported
from regulars.kernel.language import gettext


def nothing_in(
    empty: HeaderOnly,
    *,
    columns: Mapping[str, str],
    map_columns: Callable[[Sequence[tuple[Path, Sequence[str]]], Mapping[str, str]], list[Mapped]],
    errors: Errors,
    is_dry: bool,
) -> Imported:
    """What becomes of them: nothing, if it is clear what their rows would have told.

    Args:
        empty: As whoever read them says it.
        columns: Ours to the files', as the person says.
        map_columns: Finds which of their columns is which of ours.
        errors: Where rows that cannot be used would go.
        is_dry: Whether nothing was to be written.

    Raises:
        RegularsError: The header lacks a column.
    """
    path, names = cast("Path", empty.data["path"]), cast("Sequence[str]", empty.data["names"])
    map_columns([(path, names)], columns)
    errors.write(_none_at_all)
    note = gettext("{file} has a header and no rows: there is nothing to take in.")
    return Imported(notes=(note.format(file=path.name),), is_dry=is_dry)


def _none_at_all(path: Path) -> int:
    path.touch()
    return 0
