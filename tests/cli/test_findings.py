"""What is printed tells what changed and what was left out, without a report."""

import json
from pathlib import Path

from tests.cli.conftest import Run

ROWS = (
    "customer_id,occurred_at,amount,currency",
    "Ana,2026-06-01,4.50,EUR",
    "Ben,2026-06-03,8,EUR",
    ",2026-06-02,5,EUR",
    "Cem,never,5,EUR",
)


def words(printed: str) -> str:
    """What is printed, wherever its lines end."""
    return " ".join(printed.split())


def test_what_changed_is_printed_and_summed_up_without_a_report(
    regulars: Run, town: Path, tmp_path: Path
) -> None:
    call = ("score", town / "purchases.csv", "--referrals", town / "referrals.csv")
    before = regulars(*call, "--until", "2026-03-31", "--out", "spring")
    assert before.returncode == 0, before.stderr
    assert "What has changed" not in before.stdout
    assert json.loads((tmp_path / "spring/summary.json").read_text())["changes"] is None
    later = (*call, "--until", "2026-06-30", "--compare", "spring", "--horizon-weeks", 26)
    done = regulars(*later, "--out", "summer")
    assert done.returncode == 0, done.stderr
    printed = words(done.stdout)
    for told in (
        "What has changed since 31 March 2026 Take care: the two runs did not assume the same",
        "how far ahead",
        "Expected of them",
        "new among the Others",
        "Worth more than before 31 March 2026 30 June 2026",
        "Worth less than before",
    ):
        assert told in printed
    changes = json.loads((tmp_path / "summer/summary.json").read_text())["changes"]
    assert "horizon_weeks" in changes["assumptions_differ"]
    assert changes["customers_before"] < changes["customers_now"]
    refused = regulars(*call, "--until", "2026-03-31", "--compare", "summer")
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_run_below_the_models_is_compared_without_a_crash(regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("\n".join(ROWS))
    (tmp_path / "r.csv").write_text("sender_id,friend_id,occurred_at\nZoe,Ben,2026-06-02\n")
    call = ("score", "p.csv", "--referrals", "r.csv", "--until")
    assert regulars(*call, "2026-06-02", "--out", "before").returncode == 0
    done = regulars(*call, "2026-06-04", "--compare", "before", "--report", "r.html")
    assert done.returncode == 0, done.stderr
    assert "The earlier run had no forecast to compare with." in words(done.stdout)
    dollars = "\n".join(ROWS).replace("EUR", "USD")
    (tmp_path / "dollars.csv").write_text(dollars)
    refused = regulars("score", "dollars.csv", "--until", "2026-06-04", "--compare", "before")
    assert refused.returncode == 2
    assert "counts in EUR, this one in USD" in refused.stderr


def test_what_was_left_out_is_printed_with_where_to_find_it(regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("\n".join(ROWS))
    (tmp_path / "r.csv").write_text(
        "sender_id,friend_id,occurred_at\nAna,Ana,2026-06-02\n,Ben,2026-06-02\n"
    )
    call = ("score", "p.csv", "--referrals", "r.csv")
    printed = words(regulars(*call).stdout)
    assert "4 rows were read, and 2 of them set aside." in printed
    assert "the date cannot be read 1 no customer is named 1" in printed  # ordered by name
    assert "somebody named themselves as the one who sent them 1" in printed
    assert "--out DIR writes them to a file." in printed
    printed = words(regulars(*call, "--out", "out").stdout)
    assert "rejected.csv in out has these rows." in printed
    assert "rejected_referrals.csv in out has the referrals whose row could not be used." in printed
    for name in ("rejected.csv", "rejected_referrals.csv"):
        assert (tmp_path / "out" / name).is_file()


def test_a_run_that_left_nothing_out_says_nothing_of_it(regulars: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("\n".join(ROWS[:3]))
    done = regulars("score", "p.csv")
    assert done.returncode == 0, done.stderr
    assert "left out" not in done.stdout
