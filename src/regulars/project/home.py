"""The home folder: where a shop's database and its secret lie."""

import os
import secrets
from pathlib import Path

VARIABLE = "REGULARS_HOME"
DATABASE = "regulars.sqlite3"
SECRET = "secret-key"  # noqa: S105 - the name of a file


def home_folder() -> Path:
    """``$REGULARS_HOME``, else ``Regulars`` in the user's own folder; made if need be."""
    folder = Path(os.environ.get(VARIABLE) or Path.home() / "Regulars")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The installation's own secret, made at the first start and readable by its owner alone."""
    file = folder / SECRET
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii")
