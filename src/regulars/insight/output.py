"""The files of a run: written whole or not at all.

Everything is prepared in a folder beside the destination and moved into place at the end, the
summary last: it holds the digest of the scores that it belongs to, so a reader can tell a pair
that was torn apart by a crash from a pair that was written together.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from regulars.insight.errors import CannotWrite, NotFromARun, SamePlace, WouldOverwrite
from regulars.insight.result import ScoreResult
from regulars.insight.run_files import (
    DIGEST,
    FILES,
    SCORES,
    SCORES_CSV,
    SIGN,
    SUMMARY,
    holds_a_run,
    is_report,
)
from regulars.insight.spreadsheets import safe_for_spreadsheets


@contextmanager
def staged(folder: Path, *, replaces: Collection[str] = ()) -> Iterator[Path]:
    """A folder to write into, whose files move to ``folder`` when the block ends well.

    Args:
        folder: Where to; made if it does not exist, other files in it stay.
        replaces: Names that do not stay: what an earlier run wrote and this one does not.

    Raises:
        CannotWrite: The folder can't be made or written to.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise CannotWrite(path=folder)
        # Inside an existing folder, which may be a file system of its own; beside a new one.
        beside = folder if folder.exists() else folder.parent
        beside.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".regulars-", dir=beside))
    except OSError as error:
        raise CannotWrite(path=folder) from error
    try:
        yield stage
        _move_into_place(stage, folder, replaces)
    except OSError as error:
        raise CannotWrite(path=folder) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _move_into_place(stage: Path, folder: Path, replaces: Collection[str]) -> None:
    for file in stage.iterdir():
        file.chmod(0o666 & ~_umask())
    if not folder.exists():
        stage.chmod(0o777 & ~_umask())
        stage.rename(folder)
        return
    # The scores first, as they say that a run wrote here, and the summary last.
    written = sorted(stage.iterdir(), key=lambda file: (file.name == SUMMARY, file.name != SCORES))
    for stale in set(replaces) - {file.name for file in written}:
        (folder / stale).unlink(missing_ok=True)
    for file in written:
        file.replace(folder / file.name)


def check_place(path: Path, *, folder: bool) -> None:
    """See that something could be written to a path, before the work that would be lost.

    Args:
        path: Where to.
        folder: Whether it is to be a folder, or a file.

    Raises:
        CannotWrite: It could not.
    """
    nearest = next(place for place in (path, *path.absolute().parents) if place.exists())
    fits = nearest.is_dir() if nearest != path else nearest.is_dir() == folder
    leads_nowhere = path.is_symlink() and not path.exists()
    if not fits or leads_nowhere or not os.access(nearest, os.W_OK):
        raise CannotWrite(path=path)


def check_replaces(
    reads: Collection[Path], *, folder: Path | None = None, report: Path | None = None
) -> None:
    """See that no file would be lost that is read, or that no run of ours wrote.

    Args:
        reads: The files that are read.
        folder: Where a run's files are to go, if anywhere.
        report: Where the report is to go, if anywhere.

    Raises:
        WouldOverwrite: A file that is read stands there.
        NotFromARun: Something else stands there.
        SamePlace: The report would take the place of another result.
    """
    inputs = {file.resolve() for file in reads}
    written = [] if folder is None else [folder / name for name in FILES]
    for place in (*written, *([] if report is None else [report])):
        if place.resolve() in inputs:
            raise WouldOverwrite(path=place)
    if folder is not None and not holds_a_run(folder):
        for place in written:
            if place.exists():
                raise NotFromARun(path=place)
    if report is None:
        return
    if report.resolve() in {place.resolve() for place in written}:
        raise SamePlace(path=report)
    if report.is_file() and report.stat().st_size and not is_report(report):
        raise NotFromARun(path=report)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def write_file(path: Path, content: str) -> None:
    """Write one text file, whole or not at all.

    Raises:
        CannotWrite: The file can't be written.
    """
    with staged_file(path) as stage:
        stage.write_text(content, encoding="utf-8")


@contextmanager
def staged_file(path: Path) -> Iterator[Path]:
    """A path to write to, which moves to ``path`` when the block ends well.

    Raises:
        CannotWrite: The file can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise CannotWrite(path=path) from error
    stage = Path(name)
    try:
        yield stage
        stage.chmod(0o666 & ~_umask())
        stage.replace(path)
    except OSError as error:
        raise CannotWrite(path=path) from error
    finally:
        stage.unlink(missing_ok=True)


def write_scores(
    result: ScoreResult,
    stage: Path,
    *,
    as_csv: bool,
    write_rejects: Mapping[str, Callable[[Path], int]],
) -> None:
    """Write the scores, the summary, the rejected rows and, if asked, the scores as CSV.

    Args:
        result: What was found.
        stage: A folder that ``staged`` gave.
        as_csv: Whether to write the scores as CSV too, for a spreadsheet.
        write_rejects: By file name, what writes the rows that could not be used to a path.
    """
    signed = result.scores.replace_schema_metadata({SIGN: b"scores"})
    pq.write_table(signed, stage / SCORES, compression="zstd")
    if as_csv:
        pa.csv.write_csv(safe_for_spreadsheets(result.scores), stage / SCORES_CSV)
    for name, write in write_rejects.items():
        write(stage / name)
    (stage / SUMMARY).write_text(
        summary_text({**result.summary, DIGEST: digest(stage / SCORES)}),
        encoding="utf-8",
    )


def summary_text(summary: dict[str, Any]) -> str:
    """The summary as JSON; numbers are finite by construction, and anything else is our fault."""
    return json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
