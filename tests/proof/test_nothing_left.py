"""Of somebody who was erased no personal value is in any byte of the home folder, nor comes back."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.proof
ROOT = Path(__file__).parent.parent.parent
# Each stands in one personal field, and nowhere else; phones and folded names as they are kept.
PLANTED = (
    *("quillabamba", "zebrafinch", "1715550001", "c-47110815", "card-99887766", "axolotl"),
    *("xylophone", "wheelchairramp", "ombudsmannote", "jubileeday", "chinchilla", "paperform"),
    "versionseven",
)


def found_in(home: Path) -> dict[str, list[str]]:
    """Which of the values are in which files, compressed backups aside."""
    found: dict[str, list[str]] = {}
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix != ".zip":
            content = path.read_bytes().lower()
            for word in PLANTED:
                if word.encode() in content:
                    found.setdefault(word, []).append(path.name)
    return found


def run(home: Path, *command: str) -> str:
    environment = {**os.environ, "REGULARS_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", *command],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_after_erasure_and_after_a_restore_nothing_is_left_of_them(
    home: Path, tmp_path: Path
) -> None:
    told = json.loads(run(home, "tests.proof.plant_and_erase", str(home), "plant"))
    assert found_in(home).keys() == set(PLANTED)
    backup = tmp_path / "before.zip"
    run(home, "regulars", "backup", str(backup))
    run(home, "regulars", "restore", str(backup), "--force")
    (replaced,) = home.glob("replaced-*")
    assert found_in(replaced).keys() == set(PLANTED)
    assert not list((home / "jobs").glob("*/*"))  # what was exported is of the replaced data
    said = run(home, "tests.proof.plant_and_erase", str(home), "erase", told["customer"])
    assert json.loads(said)["at_once"] == {}
    assert not replaced.exists()
    assert not [word for word in PLANTED if word in str(json.loads(said)["customers"]).lower()]
    assert found_in(home) == {}
    run(home, "regulars", "restore", str(backup), "--force")
    assert found_in(home) == {}
    shutil.rmtree(home)
