"""Whatever stops a run, the files of a run are whole: both as before, or both as after."""

import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from regulars.cli.door import INTERRUPTED_SENTENCE
from regulars.insight.compare import read_earlier
from regulars.insight.town import simulate_town, write_town

pytestmark = pytest.mark.proof

KILLS = 20


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_town(simulate_town(5, 1_000), folder)
    return folder


def start(town: Path, until: str, out: Path, report: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "regulars", "score", str(town / "purchases.csv")),
            *("--referrals", str(town / "referrals.csv"), "--until", until),
            *("--out", str(out), "--report", str(report), "--csv"),
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=listen,  # noqa: PLW1509  (no thread holds a lock that it takes)
    )


def listen() -> None:
    """Takes interruptions, which whoever is started in the background by a shell does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def how_long(town: Path, folder: Path) -> float:
    begun = time.perf_counter()
    assert start(town, "2026-03-31", folder / "out", folder / "report.html").wait() == 0
    return time.perf_counter() - begun


def let_run(run: subprocess.Popen[str], seconds: float) -> None:
    """Wait until the run is over, but no longer than so many seconds."""
    with suppress(subprocess.TimeoutExpired):
        run.wait(seconds)


def test_kill_9_at_any_moment_leaves_a_pair_of_files_that_belong_together(
    town: Path, tmp_path: Path
) -> None:
    seconds = how_long(town, tmp_path)
    draw = random.Random(20260630)
    for _ in range(KILLS):
        run = start(town, "2026-06-30", tmp_path / "out", tmp_path / "report.html")
        let_run(run, draw.uniform(0, seconds))
        run.kill()
        run.communicate()
        assert read_earlier(tmp_path / "out").summary["as_of"] in ("2026-03-31", "2026-06-30")
        assert (tmp_path / "report.html").read_text().rstrip().endswith("</html>")


def test_an_interrupted_run_says_so_and_writes_nothing(town: Path, tmp_path: Path) -> None:
    seconds = how_long(town, tmp_path)
    draw = random.Random(20260701)
    before = (tmp_path / "out/summary.json").read_text()
    interrupted, early, late = 0, 0.0, 2 * seconds
    for _ in range(3 * KILLS):
        if (
            late - early < seconds / 10
        ):  # what else the machine does has changed how long a run takes
            early, late = 0.0, 2 * seconds
        moment = draw.uniform(early, late)
        run = start(town, "2026-06-30", tmp_path / "out", tmp_path / "report.html")
        let_run(run, moment)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate()
        if run.returncode == 130:
            assert said.strip().splitlines()[-1] == INTERRUPTED_SENTENCE
            interrupted += 1
            assert (tmp_path / "out/summary.json").read_text() == before
        else:
            # It was over, or Python was not listening yet: a shell says 130 for it all the same.
            assert run.returncode in (0, -signal.SIGINT), said
            early, late = (early, moment) if run.returncode == 0 else (moment, late)
            assert read_earlier(tmp_path / "out").summary["as_of"] in ("2026-03-31", "2026-06-30")
            before = (tmp_path / "out/summary.json").read_text()
        assert {path.name for path in tmp_path.iterdir()} == {"out", "report.html"}
        if interrupted >= KILLS // 4:
            break
    assert interrupted
