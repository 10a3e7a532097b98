"""``regulars import``: files come in by one command, and what cannot is said in one line."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import SOURCE, Run

BUSINESS = ("--currency", "EUR", "--timezone", "Europe/Berlin")
CSV = """Kunde,Datum,Betrag,Bestellnummer,Artikel
ana@example.org,2026-05-01,"3,50",A1,Kaffee
ana@example.org,2026-05-01,"2,50",A1,Kuchen
,2026-05-02,"4,00",A2,Kaffee
"""


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "purchases.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_business_it_says_what_to_do_and_writes_nothing(
    regulars: Run, tmp_path: Path
) -> None:
    done = regulars("import", "purchases", write(tmp_path, CSV), "--home", tmp_path / "home")
    assert (done.returncode, done.stdout) == (2, "")
    assert "run regulars start, or say --currency EUR --timezone Europe/Berlin" in done.stderr


def test_a_file_is_tried_taken_in_and_known_the_second_time(regulars: Run, tmp_path: Path) -> None:
    file = write(tmp_path, CSV)

    def take(*more: object) -> str:
        done = regulars("import", "purchases", file, *BUSINESS, "--home", tmp_path / "home", *more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Nothing was written. Of 3 rows there would be:\n  1 new customer\n" in take("--dry-run")
    said = take("--errors", "errors.csv")
    assert "  1 new customer\n  1 purchase recorded\n" in said
    assert "Set aside: 1 without a customer." in said
    assert "no_customer" in (tmp_path / "errors.csv").read_text("utf-8")
    again = json.loads(take("--json"))
    assert (again["recorded"], again["duplicates"], again["customers"]) == ({}, 1, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("customer_id,occurred_at,amount\n", "has a header and no rows"),
        ("colour,size\nred,5\n", "customer_id"),
        ("customer_id,occurred_at,amount\nK-1,soon,5\n", "soon"),
        ("customer_id,occurred_at,amount,currency\nK-1,2026-05-01,5,USD\n", "USD"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_and_nothing_is_written(
    regulars: Run, tmp_path: Path, text: str, said: str
) -> None:
    home = tmp_path / "home"
    done = regulars("import", "purchases", write(tmp_path, text), *BUSINESS, "--home", home)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr
    told = regulars("export", "customers", tmp_path / "customers.json", "--home", home, "--json")
    assert json.loads(told.stdout)["rows"] == 0


def test_a_killed_import_run_again_adds_only_what_is_missing(regulars: Run, tmp_path: Path) -> None:
    rows = [
        f"K-{number % 997},2026-{1 + number % 5:02}-{1 + number % 28:02},{number % 90}.5,O{number}\n"
        for number in range(150_000)
    ]
    file = write(tmp_path, "customer_id,occurred_at,amount,order_id\n" + "".join(rows))
    home = tmp_path / "home"
    call = ("import", "purchases", file, *BUSINESS, "--home", home, "--json")
    killed = subprocess.Popen(
        [sys.executable, "-m", "regulars", *map(str, call)],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.DEVNULL,
    )
    database = home / "regulars.sqlite3"
    end = time.monotonic() + 120
    # The first chunk is in the file's log as soon as it is larger than the tables alone make it.
    log = database.with_name(database.name + "-wal")
    while killed.poll() is None and time.monotonic() < end:
        if log.exists() and log.stat().st_size > 10_000_000:
            os.kill(killed.pid, signal.SIGKILL)
            break
        time.sleep(0.01)
    assert killed.wait() == -signal.SIGKILL
    done = regulars(*call)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["duplicates"] + told["recorded"]["purchase.completed"] == 150_000
    last = json.loads(regulars(*call).stdout)
    assert (last["duplicates"], last["recorded"], last["customers"]) == (150_000, {}, 0)
