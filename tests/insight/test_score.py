"""From files to findings, as a whole: what each rung may say, and what it must not."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from regulars.insight import ScoreRequest, Source, score, scoring, write_outputs, write_town
from regulars.insight.errors import (
    CannotWrite,
    NotFromARun,
    SamePlace,
    ShareContradicted,
    WouldOverwrite,
)
from regulars.insight.rhythm import RegularBase
from regulars.insight.town import simulate_town

Write = Callable[..., Source]
START = date(2025, 1, 1)


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Writes a CSV of a header and rows, and points at it."""

    def write(name: str, header: str, *rows: str) -> Source:
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return Source(paths=path)

    return write


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_town(simulate_town(4, 600), folder)
    return folder


def weekly(customers: int, visits: int) -> list[str]:
    """Visits of customers who come every week to the day."""
    return [
        f"W{customer},{START + timedelta(days=customer % 7 + 7 * visit)},5"
        for customer in range(customers)
        for visit in range(visits)
    ]


class TestLadder:
    def test_a_handful_of_weekly_regulars_is_no_subscription(self, file: Write) -> None:
        purchases = file("p.csv", "customer_id,occurred_at,amount", *weekly(12, 8))
        assert score(ScoreRequest(purchases=purchases)).summary["ladder"] == "rhythm"

    def test_many_of_them_are(self, file: Write) -> None:
        purchases = file("p.csv", "customer_id,occurred_at,amount", *weekly(150, 30))
        with pytest.raises(RegularBase):
            score(ScoreRequest(purchases=purchases))

    def test_below_models_nothing_is_expected_of_anybody(self, file: Write) -> None:
        result = score(
            ScoreRequest(
                purchases=file("p.csv", "customer_id,occurred_at,amount", *weekly(12, 8)),
                referrals=file("r.csv", "sender_id,friend_id,occurred_at", "Zoe,W3,2025-01-01"),
            )
        )
        rows = {row["customer_id"]: row for row in result.scores.to_pylist()}
        for name in ("crv_expected", "cascade_expected", "expected_referrals", "sender_value_high"):
            assert rows["W3"][name] is None, name
        assert rows["W3"]["clv"] is None
        # Zoe never bought: that she is worth nothing as a spender is known.
        assert (rows["Zoe"]["x"], rows["Zoe"]["clv"]) == (None, 0.0)
        # W3 came on eight days for 5 each.
        assert rows["Zoe"]["sender_value"] == 40.0
        assert result.summary["value"]["brought"]["expected"] is None


class TestMargins:
    def test_a_cascade_of_realised_margin_is_the_margin_of_the_file(self, file: Write) -> None:
        result = score(
            ScoreRequest(
                purchases=file(
                    "p.csv",
                    "customer_id,occurred_at,amount,margin",
                    *("Ana,2026-01-01,100,10", "Ben,2026-01-05,100,90"),
                ),
                referrals=file("r.csv", "sender_id,friend_id,occurred_at", "Ana,Ben,2026-01-05"),
            )
        )
        ana = result.scores.to_pylist()[0]
        assert (ana["customer_id"], ana["cascade_realised"], ana["sender_value"]) == ("Ana", 90, 90)


class TestComparing:
    def test_cut_points_are_kept_only_where_they_cut_the_same_quantity(
        self, town: Path, tmp_path: Path
    ) -> None:
        def run(until: date, out: Path, earlier: Path | None) -> dict[str, object]:
            request = ScoreRequest(
                purchases=Source(paths=town / "purchases.csv"),
                referrals=Source(paths=town / "referrals.csv"),
                until=until,
                earlier=earlier,
            )
            with scoring(request) as scored:
                write_outputs(scored, folder=out, report=out.with_suffix(".html"))
            cuts: dict[str, object] = scored.result.summary["value"]["cuts"]
            return cuts

        opening = run(date(2024, 9, 30), tmp_path / "opening", None)
        spring = run(date(2026, 3, 31), tmp_path / "spring", tmp_path / "opening")
        summer = run(date(2026, 6, 30), tmp_path / "summer", tmp_path / "spring")
        assert opening["basis"] == "margin_to_date"
        assert spring["basis"] == "clv"
        assert spring["clv"] != opening["clv"]
        assert summer == spring


class TestWriting:
    def test_nothing_appears_where_one_of_the_places_cannot_be_written(
        self, file: Write, tmp_path: Path
    ) -> None:
        purchases = file("p.csv", "customer_id,occurred_at,amount", "Ana,2026-01-01,5")
        (tmp_path / "file").write_text("in the way")
        with (
            pytest.raises(CannotWrite),
            scoring(ScoreRequest(purchases=purchases)) as scored,
        ):
            write_outputs(scored, folder=tmp_path / "out", report=tmp_path / "file" / "r.html")
        assert {path.name for path in tmp_path.iterdir()} == {"p.csv", "file"}

    def test_what_an_earlier_run_wrote_does_not_stay_beside_what_it_does_not_belong_to(
        self, file: Write, tmp_path: Path
    ) -> None:
        purchases = file("p.csv", "customer_id,occurred_at,amount", "Ana,2026-01-01,5")
        out = tmp_path / "out"
        for as_csv in (True, False):
            with scoring(ScoreRequest(purchases=purchases)) as scored:
                write_outputs(scored, folder=out, as_csv=as_csv)
            (out / "notes.txt").write_text("mine")
        assert {path.name for path in out.iterdir()} == {
            "notes.txt",
            "rejected.csv",
            "scores.parquet",
            "summary.json",
        }
        assert pq.read_table(out / "scores.parquet")["customer_id"].to_pylist() == ["Ana"]

    def test_nothing_that_is_read_and_nothing_of_somebody_elses_is_replaced(
        self, file: Write, tmp_path: Path
    ) -> None:
        row = ("customer_id,occurred_at,amount", "Ana,2026-01-01,5")
        own, other = tmp_path / "own", tmp_path / "other"
        for folder in (own, other):
            folder.mkdir()
        purchases = file("own/scores.csv", *row)
        (other / "rejected.csv").write_text("mine")
        (other / "page.html").write_text("<!doctype html><p>my own page</p>")
        for told, places in (
            (WouldOverwrite, {"folder": own}),
            (WouldOverwrite, {"report": own / "scores.csv"}),
            (NotFromARun, {"folder": other}),
            (NotFromARun, {"report": other / "rejected.csv"}),
            (NotFromARun, {"report": other / "page.html"}),
            (SamePlace, {"folder": tmp_path / "new", "report": tmp_path / "new" / "scores.csv"}),
        ):
            with (
                pytest.raises(told),
                scoring(ScoreRequest(purchases=purchases)) as scored,
            ):
                write_outputs(scored, **places)
        assert (own / "scores.csv").read_text().startswith("customer_id")
        assert (other / "rejected.csv").read_text() == "mine"
        for _ in range(2):
            with scoring(ScoreRequest(purchases=purchases)) as scored:
                write_outputs(scored, report=other / "report.html")
        assert "Your first customer" in (other / "report.html").read_text(encoding="utf-8")

    def test_a_town_takes_no_place_but_a_towns(self, tmp_path: Path) -> None:
        (tmp_path / "purchases.csv").write_text("mine")
        (tmp_path / "truth.csv").write_text("mine,truth")
        with pytest.raises(NotFromARun):
            write_town(simulate_town(4, 20), tmp_path)
        assert (tmp_path / "purchases.csv").read_text() == "mine"


def test_no_more_friends_can_have_come_than_there_are_customers(town: Path) -> None:
    with pytest.raises(ShareContradicted, match="Give --recorded-share at least 0"):
        score(
            ScoreRequest(
                purchases=Source(paths=town / "purchases.csv"),
                referrals=Source(paths=town / "referrals.csv"),
                model="bg-nbd",
                recorded_share=0.05,
            )
        )
