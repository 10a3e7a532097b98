"""``regulars demo``: a café that can be opened in the console, with what its files say."""

import csv
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from argon2 import PasswordHasher

from tests.cli.conftest import Run


def test_the_cafe_comes_in_as_any_shop_and_is_made_anew_the_second_time(
    regulars: Run, tmp_path: Path
) -> None:
    done = regulars("demo", "--customers", 500, "--out", "demo", MAKELEVEL="1")
    assert f"make start AT={Path('demo') / 'home'}, and sign in" in done.stdout
    done = regulars("demo", "--customers", 500, "--out", "demo")
    assert done.returncode == 0, done.stderr
    signed_in = re.search(r"sign in as “mia” with (\S+)\.$", done.stdout.strip())
    assert signed_in
    home = tmp_path / "demo" / "home"
    assert f"start --home {Path('demo') / 'home'}" in done.stdout
    with closing(sqlite3.connect(home / "regulars.sqlite3")) as connection:
        customers, likes, events, ready, password = (
            connection.execute(query).fetchone()[0]
            for query in (
                "SELECT count(*) FROM people_customer WHERE name <> ''",
                "SELECT count(DISTINCT customer_id) FROM people_preference",
                "SELECT count(*) FROM stream_event",
                "SELECT ready_at FROM people_business",
                "SELECT password FROM people_employee WHERE login = 'mia'",
            )
        )
    with (tmp_path / "demo" / "town" / "purchases.csv").open(encoding="utf-8") as stream:
        orders = {row["order_id"] for row in csv.DictReader(stream)}
    assert customers >= 500
    assert likes >= 200  # remembered of those who come most
    assert events > len(orders)  # and the referrals
    assert ready
    assert PasswordHasher().verify(password.removeprefix("argon2"), signed_in[1])
    checked = regulars("check", "--home", home)
    assert checked.returncode == 0, checked.stdout


def test_somebodys_own_home_is_never_made_anew(regulars: Run, tmp_path: Path) -> None:
    home = tmp_path / "demo" / "home"
    home.mkdir(parents=True)
    (home / "regulars.sqlite3").write_text("mine", encoding="ascii")
    done = regulars("demo", "--customers", 500, "--out", "demo")
    assert done.returncode == 2
    assert "There are data in" in done.stderr
    assert (home / "regulars.sqlite3").read_text("ascii") == "mine"
