"""How a run is measured: a fresh process each, interleaved, clock and memory from after the imports."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BUILD = Path("build") / "bench"
RUNS = 5
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure beside its yardstick.

    Attributes:
        value: Median of ours.
        unit: "s", "MiB", …
        against: What it is held against.
        ratio: How many times better than the yardstick ours is.
        runs: How many runs each median is of.
        note: What else is worth knowing.
    """

    value: float
    unit: str
    against: str
    ratio: float
    runs: int
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """As ``build/bench.json`` holds it."""
        return {key: value for key, value in asdict(self).items() if value != ""}


@dataclass(frozen=True)
class Run:
    """What one fresh process told about its work: seconds, peak memory in MiB, anything else."""

    seconds: float
    memory: float
    told: dict[str, Any]


def interleaved(commands: dict[str, Sequence[str]], runs: int) -> dict[str, list[Run]]:
    """Run each command ``runs`` times by turns: a, b, a, b, …, so that noise hits all alike.

    Args:
        commands: By name; each a module of this package with its arguments, that prints a JSON
            object with ``seconds`` and ``memory`` as its last line.
        runs: How often each runs.
    """
    results: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(runs):
        for name, command in commands.items():
            sys.stderr.write(f"  {name} {turn + 1}/{runs}\n")
            results[name].append(_run(command))
    return results


def _run(command: Sequence[str]) -> Run:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *command], check=True, capture_output=True, text=True
    )
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Run(told.pop("seconds"), told.pop("memory"), told)


def median(runs: list[Run], what: str) -> float:
    """The median of one figure over runs."""
    return float(statistics.median(getattr(run, what) for run in runs))


def against(ours: list[Run], theirs: list[Run], what: str, unit: str, name: str) -> Measure:
    """Our median beside a yardstick's; the ratio is theirs over ours."""
    value = median(ours, what)
    return Measure(
        value=round(value, 3),
        unit=unit,
        against=name,
        ratio=round(median(theirs, what) / value, 2),
        runs=len(ours),
    )


def tell(work: Callable[[], dict[str, Any]]) -> None:
    """Do the work of a child process; print its seconds and its peak memory above the imports'."""
    resting = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # resets the peak
    start = time.perf_counter()
    told = work()
    seconds = time.perf_counter() - start
    peak = _memory("VmHWM") - resting
    sys.stdout.write(json.dumps({"seconds": seconds, "memory": peak / MEBIBYTE, **told}) + "\n")


def _memory(field: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field + ":"))
    return int(line.split()[1]) * 1024
