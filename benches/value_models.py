"""Read, sum up, fit BG/NBD and predict 52 weeks: ours beside lifetimes, on the same Parquet file."""

import sys
import warnings
from datetime import date
from typing import Any

from benches import purchases
from benches.measure import BUILD, Measure, against, interleaved, median, tell
from regulars.kernel.clock import epoch_day

WEEKS = 52
UNTIL = date.fromisoformat(purchases.UNTIL)
MODULE = "benches.value_models"
YARDSTICK = "lifetimes 0.11.3"
PARETO_AT_MOST = 3.0
SAME_TO = 5e-5  # four digits


def run(runs: int) -> dict[str, Measure]:
    """Measure, and check that both find the same parameters to four digits."""
    path = str(purchases.prepare(BUILD))
    names = ("bg-nbd", "pareto-nbd", "lifetimes")
    results = interleaved({name: (MODULE, name, path) for name in names}, runs)
    ours, pareto, theirs = (results[name] for name in names)
    mine, yardstick = ours[0].told["params"], theirs[0].told["params"]
    for name, value in yardstick.items():
        if f"{value:.3e}" != f"{mine[name]:.3e}" and abs(mine[name] / value - 1) > 5e-4:
            msg = f"{name} differs: {mine[name]} and {value}"
            raise AssertionError(msg)
    slower = median(pareto, "seconds") / median(ours, "seconds")
    return {
        "wall": against(ours, theirs, "seconds", "s", YARDSTICK),
        "memory": against(ours, theirs, "memory", "MiB", YARDSTICK),
        "pareto-nbd": Measure(
            value=round(median(pareto, "seconds"), 3),
            unit="s",
            against=f"{PARETO_AT_MOST:.0f} times our BG/NBD",
            ratio=round(PARETO_AT_MOST / slower, 2),
            runs=runs,
        ),
    }


def _ours(model: str, path: str) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - the yardstick must not pay for our imports

    from regulars.insight import fit_purchases, summarise_packed  # noqa: PLC0415

    def work() -> dict[str, Any]:
        rows = pq.read_table(path).rename_columns(["customer_id", "day", "amount"])
        base = summarise_packed(rows, until_day=epoch_day(UNTIL))
        del rows
        fitted = fit_purchases(base.histories, model=model, standard_errors=False)
        expected = fitted.expected(base.histories, WEEKS)
        return {"params": dict(fitted.params), "expected": float(expected.sum())}

    tell(work)


def _lifetimes(path: str) -> None:
    import pandas as pd  # noqa: PLC0415
    from lifetimes import BetaGeoFitter  # noqa: PLC0415
    from lifetimes.utils import summary_data_from_transaction_data  # noqa: PLC0415

    warnings.simplefilter("ignore")

    def work() -> dict[str, Any]:
        rows = pd.read_parquet(path)
        summary = summary_data_from_transaction_data(
            rows,
            "customer_id",
            "occurred_at",
            "amount",
            observation_period_end=purchases.UNTIL,
            freq="D",
            freq_multiplier=7,
        )
        fitted = BetaGeoFitter().fit(summary["frequency"], summary["recency"], summary["T"])
        expected = fitted.conditional_expected_number_of_purchases_up_to_time(
            WEEKS, summary["frequency"], summary["recency"], summary["T"]
        )
        params = {name: float(value) for name, value in fitted.params_.items()}
        return {"params": params, "expected": float(expected.sum())}

    tell(work)


if __name__ == "__main__":
    if sys.argv[1] == "lifetimes":
        _lifetimes(sys.argv[2])
    else:
        _ours(sys.argv[1], sys.argv[2])
