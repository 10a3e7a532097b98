"""Files that name their columns and hold no row, as every night's does after a day on which nothing was sold."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

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
        RegularsError: The header of one lacks a column.
    """
    map_columns([(one.path, one.names) for one in (empty, *empty.others)], columns)
    errors.write(_none_at_all)
    note = gettext("{file} has a header and no rows: there is nothing to take in.")
    return Imported(notes=(note.format(file=empty.path.name),), is_dry=is_dry)


def _none_at_all(path: Path) -> int:
    path.touch()
    return 0
