"""``regulars import``: files come in by one command, and what cannot is said in one line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

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


def test_the_file_of_a_day_without_sales_is_no_error(regulars: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "customer_id,occurred_at,amount\n")
    done = regulars("import", "purchases", path, *BUSINESS, "--home", tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")
    assert "has a header and no rows: there is nothing to take in." in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("colour,size\nred,5\n", "customer_id"),
        ("customer_id,occurred_at,amount\nK-1,soon,5\n", "soon"),
        ("customer_id,occurred_at,amount,currency\nK-1,2026-05-01,5,USD\n", "USD"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_and_nothing_is_written(
    regulars: Run, empty_home: Path, tmp_path: Path, text: str, said: str
) -> None:
    home = ("--home", empty_home)
    done = regulars("import", "purchases", write(tmp_path, text), *BUSINESS, *home)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr
    told = regulars("export", "customers", tmp_path / "customers.json", *home, "--json")
    assert json.loads(told.stdout)["rows"] == 0
