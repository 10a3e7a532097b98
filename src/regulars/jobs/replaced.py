"""What a restore replaced is kept beside for a while, in case it was the wrong backup.

    <home>/replaced-2026-06-30-090000/

It knows nothing of who is erased later on, so it goes then, and after two weeks in any case.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from regulars.jobs import files

REPLACED_KEPT = timedelta(days=14)
PREFIX, STAMP = "replaced-", "%Y-%m-%d-%H%M%S"


def replaced_folder(home: Path, *, now: datetime) -> Path:
    """Where what a restore replaces is kept."""
    return home / f"{PREFIX}{now.astimezone(UTC):{STAMP}}"


def replaced_folders(home: Path) -> dict[Path, datetime]:
    """What restores kept, and when; what somebody else calls alike is not ours."""
    found = {}
    for folder in sorted(home.glob(f"{PREFIX}*")):
        try:
            made_at = datetime.strptime(folder.name.removeprefix(PREFIX), STAMP)  # noqa: DTZ007
        except ValueError:
            continue
        found[folder] = made_at.replace(tzinfo=UTC)
    return found


def remove_replaced(home: Path, *, erased_at: datetime | None, now: datetime) -> int:
    """Removes what is old, or older than the last erasure.

    Args:
        home: The home folder.
        erased_at: When somebody was last erased, or None.
        now: When.

    Returns:
        How many folders were removed.
    """
    gone = 0
    for folder, made_at in replaced_folders(home).items():
        if made_at <= now - REPLACED_KEPT or (erased_at is not None and made_at < erased_at):
            files.remove(folder)
            gone += 1
    return gone
