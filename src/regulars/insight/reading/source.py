"""What the person points at: files, and how they want them read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from glob import has_magic, iglob
from os import SEEK_END
from pathlib import Path
from typing import Literal

from regulars.insight.errors import NoSuchFile, NoTables, UnreadableFile
from regulars.insight.run_files import is_of_a_run

PARQUET = b"PAR1"
TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".csv.gz", ".tsv.gz", ".txt.gz")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Files of purchases or referrals, and everything that was said about reading them.

    Attributes:
        paths: A file, a folder (read with its subfolders), a pattern such as ``till-*.csv``, or
            several of them.
        columns: Our column to theirs, ``{"customer_id": "Client no"}``, for the files that have it.
        where: A condition in DuckDB's SQL over the file's own columns; other rows are left out.
        timezone: The business's IANA time zone, for times that carry an offset; None is UTC.
        currency_rates: A CSV or Parquet file with ``currency, rate`` and, for rates that change,
            ``date``; an amount times its rate is an amount of the target currency.
        target_currency: What to convert to, and the currency of amounts that name none; None is
            the currency whose rate is 1.
        encoding: The text's encoding; None finds it.
        decimal: The decimal mark of amounts; None finds it.
        day_first: Whether 01/02/2024 is the first of February; None finds it.
        skip_ragged: Leave out lines that do not fit the header instead of refusing the file.
    """

    paths: str | Path | Sequence[str | Path]
    columns: Mapping[str, str] = field(default_factory=dict)
    where: str | None = None
    timezone: str | None = None
    currency_rates: Path | None = None
    target_currency: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    day_first: bool | None = None
    skip_ragged: bool = False

    def files(self) -> list[Path]:
        """The files meant, without repeats, in the order of their paths.

        Raises:
            NoSuchFile: A path or pattern leads to nothing.
            NoTables: A folder holds no table.
        """
        given = [self.paths] if isinstance(self.paths, str | Path) else list(self.paths)
        found = {file.resolve(): file for path in given for file in files_at(Path(path))}
        if not found:
            raise NoSuchFile(path="")
        return [found[key] for key in sorted(found)]


def files_at(path: Path) -> list[Path]:
    """The tables that one path, folder or pattern means."""
    if path.is_dir():
        tables = tables_in(path)
        if not tables:
            raise NoTables(path=path)
        return tables
    if path.exists():
        return [path]
    if has_magic(str(path)):
        matches = [Path(match) for match in iglob(str(path), recursive=True)]  # noqa: PTH207  (absolute patterns too)
        tables = [
            file
            for match in matches
            for file in (tables_in(match) if match.is_dir() else [match])
            if not is_of_a_run(file)
        ]
        if tables:
            return tables
    raise NoSuchFile(path=path)


def tables_in(folder: Path) -> list[Path]:
    """The tables in a folder and its subfolders, without what a run wrote there."""
    return [
        file
        for file in folder.rglob("*")
        if file.is_file()
        and is_table(file)
        and not hidden(file.relative_to(folder))
        and not is_of_a_run(file)
    ]


def is_table(file: Path) -> bool:
    """Whether a file's name is that of a table we read."""
    return file.name.lower().endswith(TABLE_SUFFIXES)


def is_parquet(file: Path) -> bool:
    """Whether a file is Parquet by its name, or by its first and last bytes under another name.

    Raises:
        UnreadableFile: The system refuses.
    """
    if file.suffix.lower() == ".parquet":
        return True
    if not file.is_file():
        return False
    try:
        with file.open("rb") as stream:
            if stream.read(len(PARQUET)) != PARQUET:
                return False
            stream.seek(-len(PARQUET), SEEK_END)
            return stream.read() == PARQUET
    except OSError as error:
        raise UnreadableFile(path=file, why=error.strerror or str(error)) from error


def hidden(relative: Path) -> bool:
    """Whether a file is a marker of some software (``_SUCCESS``, ``.part-0.crc``), not data."""
    return any(part.startswith((".", "_")) for part in relative.parts)
