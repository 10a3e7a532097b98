"""``regulars scores``: everybody at home, now."""

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_everybody_is_scored_from_what_was_taken_in(regulars: Run, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "customer_id,occurred_at,amount\n"
        "ana@example.org,2026-06-01,4.20\nben@example.org,2026-06-02,3.10\n",
        encoding="utf-8",
    )
    home = ("--home", tmp_path / "home")
    taken = regulars("import", "purchases", orders, *home, "--currency", "EUR", "--timezone", "UTC")
    assert taken.returncode == 0, taken.stderr
    told = regulars("scores", *home, "--until", "2026-06-30")
    assert told.stdout == "2 customers are scored up to 30 June 2026, from 2 events.\n"
    run = json.loads(regulars("scores", *home, "--until", "2026-06-30", "--json").stdout)
    assert (run["until"], run["customers"], run["events"]) == ("2026-06-30", 2, 2)


def test_a_day_that_nobody_can_mean_is_refused_in_a_sentence(
    regulars: Run, empty_home: Path
) -> None:
    for day in ("2150-01-01", "1800-01-01"):
        told = regulars("scores", "--home", empty_home, "--until", day)
        assert told.returncode == 2
        assert told.stderr.strip().endswith("“until” lies before 1900 or in the future.")


def test_a_shops_own_file_is_for_one_process(regulars: Run, tmp_path: Path) -> None:
    told = regulars("start", "--home", tmp_path / "home", "--workers", 2, "--no-browser")
    assert told.returncode == 2
    assert "A shop's own file is for one process" in told.stderr
    assert not (tmp_path / "home").exists()
