"""The home folder: where a shop's database and its secret lie."""

import os
import secrets
from pathlib import Path

from regulars.project.errors import HomeNotAFolder

VARIABLE = "REGULARS_HOME"
DATABASE = "regulars.sqlite3"
KEY_FILE = "secret-key"


def home_folder() -> Path:
    """``$REGULARS_HOME``, else ``Regulars`` in the user's own folder."""
    return Path(os.environ.get(VARIABLE) or Path.home() / "Regulars")


def prepare_home(folder: Path) -> None:
    """Makes the folder and the installation's secret, readable by its owner alone, where they lack.

    Raises:
        HomeNotAFolder: A file is in its place.
    """
    if folder.is_file():
        raise HomeNotAFolder(path=folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48))


def secret_key(folder: Path) -> str:
    """The installation's own secret; one that lasts as long as the process where there is none."""
    settle_key(folder)
    file = folder / KEY_FILE
    return file.read_text(encoding="ascii") if file.is_file() else secrets.token_urlsafe(48)


def key_of(folder: Path, database: Path) -> Path:
    """Where the secret of a database waits that is about to take the place of the one in the folder.

    Two files cannot be put in place at one moment. So the secret waits under the number that the file system
    gave to the database, which keeps it in its new place: whoever looks knows whether the two belong together.

    Args:
        folder: The home folder.
        database: In the same file system.
    """
    return folder / f"{KEY_FILE}-{database.stat().st_ino}"


def settle_key(folder: Path) -> None:
    """Puts the secret in place whose database is, should a restore have been cut off between the two."""
    if (folder / DATABASE).is_file():
        waiting = key_of(folder, folder / DATABASE)
        if waiting.is_file():
            waiting.replace(folder / KEY_FILE)
