"""The one command for a shop: sets up, starts, starts again at every sign-in, and takes all that back."""

import os
import plistlib
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# In the place of the real one, which has tests of its own.
STAND_IN = """#!/bin/sh
trap exit TERM
echo "$@" >> "$3/calls"
echo $$ > "$3/worker.lock"
echo "Regulars is at http://127.0.0.1:8470/, its data in $3."
sleep 600 & wait
"""
Install = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The unpacked folder, its parts fetched already."""
    folder = tmp_path / "The shop's folder"
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / "requirements").mkdir()
    for name in ("install", "requirements/product.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    program = folder / ".venv/bin/regulars"
    program.write_text(STAND_IN, encoding="utf-8")
    program.chmod(0o700)
    (folder / ".venv/.product").touch()
    return folder


@pytest.fixture
def install(folder: Path, tmp_path: Path) -> Iterator[Install]:
    """Types the command as somebody with a home of their own; what was started is ended."""

    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", folder / "install", *arguments],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    yield call
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((tmp_path / "Regulars/worker.lock").read_text()), signal.SIGTERM)


def is_there(pid: str) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_starts_now_and_at_every_sign_in_and_an_update_starts_it_anew(
    install: Install, folder: Path, tmp_path: Path
) -> None:
    done = install()
    assert done.returncode == 0, done.stderr
    assert "Regulars is at http://127.0.0.1:8470/\n" in done.stdout
    data = tmp_path / "Regulars"
    first = (data / "worker.lock").read_text().strip()
    entry = (tmp_path / ".config/autostart/regulars.desktop").read_text(encoding="utf-8")
    program = f'Exec="{folder}/.venv/bin/regulars" start --home "{data}"'
    assert f"{program} --no-browser\n" in entry
    menu = (tmp_path / ".local/share/applications/regulars.desktop").read_text(encoding="utf-8")
    assert f"{program}\n" in menu
    assert install().returncode == 0
    assert not is_there(first)
    assert is_there((data / "worker.lock").read_text().strip())
    assert (data / "calls").read_text().splitlines() == [f"start --home {data}"] * 2


def test_it_is_taken_back_and_the_data_stay(install: Install, tmp_path: Path) -> None:
    install()
    running = (tmp_path / "Regulars/worker.lock").read_text().strip()
    done = install("remove")
    assert "Your data" in done.stdout
    assert not is_there(running)
    assert not list(tmp_path.rglob("*.desktop"))
    assert (tmp_path / "Regulars/calls").is_file()


def test_a_backup_is_gone_back_to_while_nothing_runs(install: Install, tmp_path: Path) -> None:
    install()
    (tmp_path / "Regulars/calls").unlink()
    restoring = 'case $1 in restore) echo "$@" > "$4/calls"; exit;; esac\n'
    program = tmp_path / "The shop's folder/.venv/bin/regulars"
    program.write_text(STAND_IN.replace("#!/bin/sh\n", f"#!/bin/sh\n{restoring}"))
    done = install("restore", "/a stick/regulars.zip")
    assert done.returncode == 0, done.stderr
    data = tmp_path / "Regulars"
    assert (data / "calls").read_text().splitlines() == [
        f"restore /a stick/regulars.zip --home {data} --force",
        f"start --home {data}",
    ]


def test_what_keeps_it_from_starting_is_said(install: Install, folder: Path) -> None:
    failing = "#!/bin/sh\necho 'The data cannot be opened.' >&2\nexit 2\n"
    (folder / ".venv/bin/regulars").write_text(failing, encoding="utf-8")
    done = install()
    assert done.returncode == 1
    assert "The data cannot be opened." in done.stderr


def test_without_python_it_says_what_to_get(install: Install, folder: Path) -> None:
    shutil.rmtree(folder / ".venv")
    done = install(PYTHON="no-such-python")
    assert done.returncode == 1
    assert "Python 3.11 or later is missing." in done.stderr


def test_on_a_mac_it_is_an_agent_of_the_user(
    install: Install, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    uname = tmp_path / "bin/uname"
    uname.write_text("#!/bin/sh\necho Darwin\n", encoding="utf-8")
    uname.chmod(0o700)
    done = install(PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    agent = plistlib.loads((tmp_path / "Library/LaunchAgents/org.regulars.plist").read_bytes())
    assert agent["RunAtLoad"] is True
    program = str(folder / ".venv/bin/regulars")
    data = str(tmp_path / "Regulars")
    assert agent["ProgramArguments"] == [program, "start", "--home", data, "--no-browser"]
