"""The command as a person calls it: a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"  # the code that these tests lie beside
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def regulars(tmp_path: Path) -> Run:
    """Calls ``regulars`` in an empty folder, in English."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "regulars", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": "/usr/bin:/bin",
                "LANG": "C.UTF-8",
                "COLUMNS": "120",
                "PYTHONPATH": str(SOURCE),
                **environment,
            },
        )

    return run


@pytest.fixture
def town(tmp_path: Path, regulars: Run) -> Path:
    """A small town's files."""
    folder = tmp_path / "town"
    done = regulars("simulate", "--seed", 3, "--customers", 400, "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder
