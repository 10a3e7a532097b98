"""Real data by the command line alone, held against what was published about it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

Find = Callable[[str], Path]


def test_cdnow_gives_the_published_parameters(regulars: Run, data_file: Find) -> None:
    done = regulars(
        *("score", data_file("cdnow_sample.parquet"), "--map", "occurred_at=ts"),
        *("--map", "amount=amount", "--where", "true", "--model", "bg-nbd", "--json"),
        *("--until", "1997-09-30", "--validate-until", "1998-06-30"),
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["customers"] == 2357
    model, spend = summary["purchase_model"], summary["spend_model"]
    published = {"r": 0.2425945, "alpha": 4.4136019, "a": 0.7929199, "b": 2.4258881}
    assert model["params"] == pytest.approx(published, rel=5e-5)
    assert model["log_likelihood"] == pytest.approx(-9582.429, abs=0.01)
    assert spend["params"] == pytest.approx({"p": 6.2496, "q": 3.7442, "v": 15.4435}, rel=5e-4)
    assert spend["log_likelihood"] == pytest.approx(-4055.9177, abs=0.01)
    # Fader, Hardie, Lee (2005): 1,882 purchases in weeks 40 to 78, correlation .6256, MAE .7855.
    holdout = summary["holdout"]
    assert holdout["actual"] == 1882
    assert holdout["correlation"] == pytest.approx(0.6256, abs=5e-4)
    assert holdout["mae"] == pytest.approx(0.7855, abs=5e-4)


def test_online_retail_is_forecast_within_5_percent_and_every_row_is_accounted_for(
    regulars: Run, data_file: Find
) -> None:
    done = regulars(
        *("score", data_file("online_retail_ii.parquet"), "--json"),
        *("--map", "occurred_at=ts", "--map", "order_id=invoice", "--map", "unit_price=price"),
        *("--where", "not (sheet = '2009-2010' and ts >= '2010-12-01')"),
        *("--until", "2011-06-10", "--validate-until", "2011-12-09"),
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    holdout = summary["holdout"]
    assert holdout["expected"] == pytest.approx(holdout["actual"], rel=0.05)
    assert summary["rows"]["read"] == 1_067_370
    # The overlap of the two sheets, which the condition leaves out: 22,523 rows.
    assert summary["rows"]["selected"] == 1_067_370 - 22_523
    rejected = sum(summary["rejected"].values())
    assert summary["rows"]["used"] + rejected == summary["rows"]["selected"]
