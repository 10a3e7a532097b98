"""``python -m benches [name]``: print the table and write ``build/bench.json``."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from benches import events, import_, lake, lists, recognise, score, sender_value, value_models
from benches.measure import RUNS, Measure

RESULTS = Path("build") / "bench.json"
BENCHES: dict[str, Callable[[int], dict[str, Measure]]] = {
    "value-models": value_models.run,
    "sender-value": sender_value.run,
    "score": score.run,
    "lake": lake.run,
    "import": import_.run,
    "events": events.run,
    "recognise": recognise.run,
    "lists": lists.run,
}


def main(names: list[str]) -> None:
    """Run the benches named, or all, and keep what earlier runs found of the others."""
    for unknown in set(names) - set(BENCHES):
        sys.exit(f"There is no bench {unknown}; there are {', '.join(BENCHES)}.")
    found = json.loads(RESULTS.read_text("utf-8")) if names and RESULTS.exists() else {}
    for name in names or BENCHES:
        print(name)
        measures = BENCHES[name](RUNS)
        found[name] = {what: measure.as_json() for what, measure in measures.items()}
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
        width = max(14, *(len(what) + 2 for what in measures))
        for what, measure in measures.items():
            print(
                f"  {what:<{width}}{measure.value:>12,.3f} {measure.unit:<4}"
                f"{measure.ratio:>8,.2f} × {measure.against}"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
