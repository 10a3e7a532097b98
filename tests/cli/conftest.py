"""The command as a person calls it: a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest

from regulars.insight.town import simulate_town, write_town

SOURCE = Path(__file__).parents[2] / "src"  # the code that these tests lie beside
Run = Callable[..., subprocess.CompletedProcess[str]]
Forked = Callable[[dict[str, object]], int]


@pytest.fixture(scope="session")
def forked() -> Iterator[Forked]:
    """Calls ``regulars`` in a process of its own, without importing again what every call needs."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.cli.forked"],
        cwd=SOURCE.parent,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        asked, answers = server.stdin, server.stdout
        assert asked is not None
        assert answers is not None

        def call(what: dict[str, object]) -> int:
            asked.write(json.dumps(what) + "\n")
            asked.flush()
            return int(answers.readline())

        yield call
        asked.close()


def calling(forked: Forked, folder: Path, said: Path) -> Run:
    """Calls ``regulars`` in a folder, in English; what is said goes through files in another."""
    files = {name: said / name for name in ("stdout", "stderr")}

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        spoken = [str(argument) for argument in arguments]
        for file in files.values():
            file.unlink(missing_ok=True)
        code = forked(
            {
                "arguments": spoken,
                "folder": str(folder),
                "environment": {
                    "PATH": "/usr/bin:/bin",
                    "LANG": "C.UTF-8",
                    "COLUMNS": "120",
                    "PYTHONPATH": str(SOURCE),
                    **environment,
                },
                **{name: str(file) for name, file in files.items()},
            }
        )
        stdout, stderr = (file.read_text(encoding="utf-8") for file in files.values())
        return subprocess.CompletedProcess(spoken, code, stdout, stderr)

    return run


@pytest.fixture
def regulars(tmp_path: Path, forked: Forked, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Calls ``regulars`` in an empty folder, in English."""
    return calling(forked, tmp_path, tmp_path_factory.mktemp("said"))


@pytest.fixture(scope="session")
def home_of_nobody(forked: Forked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose tables are made and empty, made once."""
    folder = tmp_path_factory.mktemp("nobody")
    made = calling(forked, folder, tmp_path_factory.mktemp("said"))("key", "list", "--home", "home")
    assert made.returncode == 0, made.stderr
    return folder / "home"


@pytest.fixture
def empty_home(home_of_nobody: Path, tmp_path: Path) -> Path:
    """A home whose tables are there and empty, to do with as one likes."""
    return Path(copytree(home_of_nobody, tmp_path / "home"))


@pytest.fixture(scope="session")
def town_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town's files, made once."""
    folder = tmp_path_factory.mktemp("town")
    write_town(simulate_town(3, 400), folder)
    return folder


@pytest.fixture
def town(tmp_path: Path, town_of_the_session: Path) -> Path:
    """A small town's files, to do with as one likes."""
    return Path(copytree(town_of_the_session, tmp_path / "town"))
