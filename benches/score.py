"""The whole command on ten million rows of CSV: wall and peak memory."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benches import purchases
from benches.measure import BUILD, Measure, against, interleaved, median

MODULE = "benches.score"
YARDSTICK = "pandas reading and adding up alone"
MOST_MEMORY = 2048.0


def run(runs: int) -> dict[str, Measure]:
    """Measure the command; the yardstick only reads the file and adds up days, without any model."""
    path = str(purchases.prepare_csv(BUILD))
    results = interleaved({name: (MODULE, name, path) for name in ("regulars", "pandas")}, runs)
    ours, theirs = results["regulars"], results["pandas"]
    memory = median(ours, "memory")
    return {
        "wall": against(ours, theirs, "seconds", "s", YARDSTICK),
        "memory": Measure(
            value=round(memory, 1),
            unit="MiB",
            against="2 GB",
            ratio=round(MOST_MEMORY / memory, 2),
            runs=runs,
        ),
    }


def _whole_process(*command: str) -> None:
    """Run a command to its end; print its wall time and the peak memory of the whole process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "memory": peak}) + "\n")


PANDAS = """
import sys
import pandas as pd
rows = pd.read_csv(sys.argv[1], parse_dates=["occurred_at"])
days = rows.groupby(["customer_id", "occurred_at"], sort=False)["amount"].sum().reset_index()
groups = days.groupby("customer_id")
print(groups.agg({"occurred_at": ["min", "max", "size"], "amount": "sum"}).sum(numeric_only=True))
"""


if __name__ == "__main__":
    if sys.argv[1] == "pandas":
        _whole_process("-W", "ignore", "-c", PANDAS, sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as folder:
            out = ("--out", str(Path(folder) / "scores"))
            call = ("-m", "regulars", "score", sys.argv[2], "--until", purchases.UNTIL, *out)
            _whole_process(*call)
