"""What ``regulars score`` promises to whoever types it."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Run
from tests.documented import keys_within, score_columns, summary_keys


def rows(*lines: str) -> str:
    return "\n".join(("customer_id,occurred_at,amount", *lines)) + "\n"


def test_one_customer_on_one_day_gets_a_friendly_report_and_exit_code_0(
    regulars: Run, tmp_path: Path
) -> None:
    (tmp_path / "first.csv").write_text(rows("Ana,2026-06-01,4.50"))
    done = regulars("score", "first.csv", "--out", "out", "--report", "report.html")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out/summary.json").read_text())["ladder"] == "facts"
    assert "<html" in (tmp_path / "report.html").read_text()


def test_json_prints_the_summary_and_nothing_else(regulars: Run, town: Path) -> None:
    done = regulars("score", town / "purchases.csv", "--until", "2026-06-30", "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert set(summary) == summary_keys() - {"scores_sha256"}
    assert summary["as_of"] == "2026-06-30"


def test_the_files_of_a_run_hold_what_the_documentation_says(
    regulars: Run, town: Path, tmp_path: Path
) -> None:
    done = regulars(
        "score",
        town / "purchases.csv",
        *("--referrals", town / "referrals.csv", "--until", "2025-12-31"),
        *("--validate-until", "2026-06-30", "--out", "out", "--csv"),
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "out/summary.json").read_text())
    scores = pq.read_table(tmp_path / "out/scores.parquet")
    assert set(scores.column_names) == score_columns(referrals=True)
    assert set(summary) == summary_keys()
    assert summary["ladder"] == "models"
    for key in ("purchase_model", "spend_model", "holdout", "value", "rows", "referrals"):
        assert set(summary[key]) == keys_within(key), key
    shares, clv = scores.column("engagement_share"), scores.column("clv")
    assert sum(shares.to_pylist()) == pytest.approx(sum(clv.to_pylist()), rel=1e-9)
    assert (tmp_path / "out/scores.csv").read_text().count("\n") == len(scores) + 1


def test_a_sender_without_purchases_has_a_row(regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(rows("Ben,2026-06-01,4.50", "Eva,2026-06-02,8"))
    (tmp_path / "r.csv").write_text("sender_id,friend_id,occurred_at\nAna,Ben,2026-06-01\n")
    done = regulars("score", "p.csv", "--referrals", "r.csv", "--out", "out")
    assert done.returncode == 0, done.stderr
    found = {
        row["customer_id"]: row
        for row in pq.read_table(tmp_path / "out/scores.parquet").to_pylist()
    }
    assert found["Ana"]["x"] is None
    assert found["Ana"]["clv"] == 0
    assert found["Ana"]["friends"] == 1
    assert found["Ben"]["referred"] is True


def test_a_later_run_says_what_changed(regulars: Run, town: Path, tmp_path: Path) -> None:
    call = ("score", town / "purchases.csv", "--referrals", town / "referrals.csv")
    assert regulars(*call, "--until", "2026-03-31", "--out", "spring").returncode == 0
    done = regulars(
        *call,
        "--until",
        "2026-06-30",
        "--compare",
        "spring",
        "--out",
        "summer",
        "--report",
        "r.html",
    )
    assert done.returncode == 0, done.stderr
    spring, summer = (
        json.loads((tmp_path / run / "summary.json").read_text())["value"]["cuts"]
        for run in ("spring", "summer")
    )
    assert spring == summer, "with other cuts, people would move without having changed"
    report = (tmp_path / "r.html").read_text()
    assert "What has changed since 31 March 2026" in report


def test_a_torn_pair_of_files_is_not_an_earlier_run(
    regulars: Run, town: Path, tmp_path: Path
) -> None:
    call = ("score", town / "purchases.csv", "--until", "2026-06-30")
    assert regulars(*call, "--out", "before").returncode == 0
    summary = tmp_path / "before/summary.json"
    told = json.loads(summary.read_text())
    summary.write_text(json.dumps({**told, "scores_sha256": "0" * 64}))
    done = regulars(*call, "--compare", "before")
    assert done.returncode == 2
    assert "does not hold an earlier run" in done.stderr


def test_subscriptions_are_refused_unless_allowed(regulars: Run, tmp_path: Path) -> None:
    start = date(2025, 1, 1)
    lines = [
        f"S{customer},{start + timedelta(days=customer % 28 + 30 * month)},9.99"
        for customer in range(120)
        for month in range(12)
    ]
    (tmp_path / "subscriptions.csv").write_text(rows(*lines))
    refused = regulars("score", "subscriptions.csv", "--out", "out")
    assert refused.returncode == 2
    assert "--allow-regular" in refused.stderr
    assert not (tmp_path / "out").exists()
    allowed = regulars("score", "subscriptions.csv", "--allow-regular", "--out", "out")
    assert allowed.returncode == 0, allowed.stderr


BAD_FILES = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "ragged": b"customer_id,occurred_at,amount\na,2026-01-01,1\nb,2026-01-02\n",
    "header only": b"customer_id,occurred_at,amount\n",
    "missing column": b"customer_id,amount\na,1\n",
    "mixed currencies": b"customer_id,occurred_at,amount,currency\na,2026-01-01,1,EUR\nb,2026-01-01,1,USD\n",
    "all dates bad": b"customer_id,occurred_at,amount\na,yesterday,1\nb,soon,2\n",
    "all in the future": b"customer_id,occurred_at,amount\na,2099-01-01,1\n",
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_gets_one_clear_line_and_nothing_is_written(
    kind: str, regulars: Run, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_bytes(BAD_FILES[kind])
    before = set(tmp_path.iterdir())
    done = regulars(
        "score", "bad.csv", "--until", "2026-06-30", "--out", "out", "--report", "report.html"
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert set(tmp_path.iterdir()) == before


def test_a_file_that_only_says_it_is_parquet_is_refused(regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_text("customer_id,occurred_at,amount\na,2026-01-01,1\n")
    done = regulars("score", "bad.parquet", "--until", "2026-06-30", "--out", "out")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert not (tmp_path / "out").exists()


def test_a_holdout_before_the_end_of_observation_is_refused(regulars: Run, town: Path) -> None:
    done = regulars(
        *("score", town / "purchases.csv", "--until", "2026-06-30"),
        *("--validate-until", "2026-06-01"),
    )
    assert done.returncode == 2
    assert "must be later" in done.stderr


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "What to do this week"),
        ("de", "Was diese Woche zu tun ist"),
        ("es", "Qué hacer esta semana"),
        ("th", "สิ่งที่ควรทำในสัปดาห์นี้"),
    ],
)
def test_what_is_printed_speaks_the_language_that_was_asked_for(
    language: str, heading: str, regulars: Run, tmp_path: Path
) -> None:
    (tmp_path / "first.csv").write_text(rows("Ana,2026-06-01,4.50"))
    assert heading in regulars("score", "first.csv", "--language", language).stdout
    assert heading in regulars("score", "first.csv", REGULARS_LANGUAGE=language).stdout


@pytest.mark.parametrize("command", [(), ("score",), ("simulate",), ("demo",)])
def test_help_has_an_example(command: tuple[str, ...], regulars: Run) -> None:
    done = regulars(*command, "--help")
    assert done.returncode == 0
    assert "regulars " + (command or ("demo",))[0] in done.stdout.split("Example")[1]


def test_a_place_that_cannot_be_written_is_said_before_the_work(
    regulars: Run, tmp_path: Path
) -> None:
    (tmp_path / "first.csv").write_text(rows("Ana,2026-06-01,4.50"))
    (tmp_path / "occupied").write_text("a file, no folder")
    for call in (("--out", "occupied/scores"), ("--report", "occupied/report.html")):
        done = regulars("score", "first.csv", *call)
        assert done.returncode == 2
        assert "cannot be written" in done.stderr


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(
    regulars: Run, tmp_path: Path
) -> None:
    evil = '"=HYPERLINK(""http://x"")"'
    (tmp_path / "p.csv").write_text(rows(f"{evil},2026-06-01,4.50", f"{evil},never,4.50"))
    done = regulars("score", "p.csv", "--out", "out", "--csv")
    assert done.returncode == 0, done.stderr
    for name in ("scores.csv", "rejected.csv"):
        assert "'=HYPERLINK" in (tmp_path / "out" / name).read_text(), name


def test_a_reader_who_leaves_early_is_no_error(regulars: Run, town: Path) -> None:
    command = f"{sys.executable} -m regulars score {town / 'purchases.csv'} --model bg-nbd"
    piped = f"{command} 2>err | head -1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", piped], cwd=town, capture_output=True, text=True, check=True
    )
    assert (done.stdout, (town / "err").read_text()) == ("0\n", "")


def test_a_full_disk_is_said_and_not_our_fault(regulars: Run, town: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "regulars", "score", "purchases.csv", "--model", "bg-nbd"],
            cwd=town,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "There is no space left to write to; make some, and run it again.\n",
    )


@pytest.mark.parametrize(
    "options", [("--map-referrals", "sender_id=x"), ("--spark-master", "local[2]")]
)
def test_an_option_that_nothing_would_use_is_refused(
    regulars: Run, town: Path, options: tuple[str, ...]
) -> None:
    done = regulars("score", town / "purchases.csv", *options)
    assert done.returncode == 2
    assert "needs" in done.stderr
