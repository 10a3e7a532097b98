"""The files of long work, in the home folder for as long as they are needed.

    <home>/jobs/arriving/                           what is on its way in from a browser
    <home>/jobs/uploads/<upload>/<its own name>     what was handed in
    <home>/jobs/results/<job>/                      what a job wrote, and what it said in words

What may name a person (a file's name, its columns, a sentence about them) stands here and never in
the database, so that it is gone when the folder is.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.conf import settings

from regulars.jobs.core import Taken

FOLDER = "jobs"
UPLOADS, RESULTS, ARRIVING = "uploads", "results", "arriving"
READING, TOLD, SET_ASIDE = "reading.json", "told.json", "set-aside.csv"
SIGNS_IN_NAMES = "_ .()+-"
LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a file holds, and how it is to be read.

    Attributes:
        what: It holds.
        columns: Our column to the file's; the others are guessed.
        day_first: Whether 3/4/2026 is in April; None finds it.
        decimal: The sign in amounts, "." or ","; None finds it.
        skip_ragged: Whether lines that do not fit the header are set aside.
    """

    what: Taken
    columns: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: Literal[".", ","] | None = None
    skip_ragged: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a job said in words.

    Attributes:
        name: Of the file that it is about, or "".
        notes: What was guessed and decided.
        error: What kept it from being done, or "".
    """

    name: str = ""
    notes: tuple[str, ...] = ()
    error: str = ""


def root() -> Path:
    """The folder of all of them."""
    return Path(settings.HOME) / FOLDER


def upload_folder(upload_id: UUID) -> Path:
    """Where a file lies that was handed in."""
    return root() / UPLOADS / str(upload_id)


def job_folder(job_id: UUID) -> Path:
    """Where lies what a job wrote."""
    return root() / RESULTS / str(job_id)


def uploaded(upload_id: UUID) -> Path | None:
    """The file that was handed in, if it is there."""
    folder = upload_folder(upload_id)
    found = [path for path in folder.glob("*") if path.suffix != ".part"] if folder.is_dir() else []
    return found[0] if found else None


def plain_file_name(name: str) -> str:
    """A file's name that can lead nowhere else, and fits every file system, which counts bytes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter if _is_in_names(letter) else "\0" for letter in last)
    plain = " ".join(re.sub("\0+", "_", kept).split()).lstrip(".")
    stem, dot, suffix = plain.partition(".")
    first, end = stem.encode()[:LONGEST_NAME], suffix.encode()[-LONGEST_NAME:]
    return first.decode(errors="ignore") + dot + end.decode(errors="ignore")


def _is_in_names(letter: str) -> bool:
    """Letters and figures, with the marks above and below them that belong to Thai and other scripts."""
    is_mark = unicodedata.category(letter) in {"Mn", "Mc"}
    return is_mark or letter.isalnum() or letter in SIGNS_IN_NAMES


def keep_reading(folder: Path, reading: Reading) -> None:
    """Keeps how a file is to be read beside what will become of it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / READING).write_text(json.dumps(asdict(reading)), encoding="utf-8")


def reading_of(job_id: UUID) -> Reading | None:
    """How a job's file was to be read, if that is still known."""
    found = _read(job_folder(job_id) / READING)
    return None if found is None else Reading(**found)


def keep_told(job_id: UUID, told: Told) -> None:
    """Keeps what a job said; what it said before and does not say now stays."""
    folder = job_folder(job_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = _read(folder / TOLD) or {}
    said = {name: words for name, words in asdict(told).items() if words}
    (folder / TOLD).write_text(json.dumps({**before, **said}), encoding="utf-8")


def told_by(job_id: UUID) -> Told:
    """What a job said, as far as that is still known."""
    found = _read(job_folder(job_id) / TOLD) or {}
    return Told(**{**found, "notes": tuple(found.get("notes", ()))})


def remove(folder: Path) -> None:
    """Removes a folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def forget_all() -> None:
    """Removes every file of long work."""
    for kind in (ARRIVING, UPLOADS, RESULTS):
        remove(root() / kind)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
