"""Spenders: a holdout ends where the files end, and what the data leave open is said."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from regulars.insight import ScoreRequest, Source, score, write_town
from regulars.insight.spenders import margins
from regulars.insight.town import simulate_town

START = date(2025, 1, 1)
TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("town")
    write_town(simulate_town(4, 500, today=TODAY), folder)
    return Source(paths=folder / "purchases.csv")


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Source]:
    """Writes a CSV of purchases: customer, day since the start, amount."""

    def write(rows: list[tuple[int, int, float]]) -> Source:
        lines = [f"C{who},{START + timedelta(days=int(day))},{paid:.2f}" for who, day, paid in rows]
        path = tmp_path / "purchases.csv"
        path.write_text("\n".join(("customer_id,occurred_at,amount", *lines)) + "\n")
        return Source(paths=path)

    return write


def by_chance(customers: int = 200, seed: int = 3) -> list[tuple[int, int]]:
    """People who stay for a year and come every ten days on average, by chance."""
    rng = np.random.default_rng(seed)
    return [
        (who, day)
        for who in range(customers)
        for day in np.unique(np.cumsum(rng.exponential(10, 60)).astype(int))
        if day < 365
    ]


class TestHoldout:
    def test_beyond_the_files_a_forecast_is_compared_up_to_their_last_day(
        self, town: Source
    ) -> None:
        def run(validate_until: date) -> tuple[dict[str, object], str]:
            result = score(
                ScoreRequest(
                    purchases=town,
                    until=date(2026, 3, 31),
                    validate_until=validate_until,
                    model="bg-nbd",
                )
            )
            last = result.tracking[-1].week_ending
            assert last.isoformat() == result.summary["holdout"]["until"]
            return result.summary["holdout"], " ".join(result.model_notes)

        whole, silent = run(TODAY)
        beyond, said = run(date(2030, 1, 1))
        assert beyond == whole
        assert beyond["until"] == TODAY.isoformat()
        assert "The files end on" not in silent
        assert "The files end on 30 June 2026, before 1 January 2030" in said

    def test_where_the_files_end_with_what_counts_nothing_was_tested(self, town: Source) -> None:
        result = score(
            ScoreRequest(
                purchases=town, until=TODAY, validate_until=date(2026, 12, 31), model="bg-nbd"
            )
        )
        assert result.summary["holdout"] is None
        assert not any(point.in_holdout for point in result.tracking)
        assert any("the forecast was not tested" in note for note in result.model_notes)


class TestNotes:
    def test_parameters_that_the_data_do_not_settle_are_named(
        self, file: Callable[..., Source]
    ) -> None:
        # All alike: everybody comes equally often, nobody leaves, and every basket is 10.
        purchases = file([(who, day, 10.0) for who, day in by_chance()])
        result = score(ScoreRequest(purchases=purchases, model="bg-nbd"))
        notes = " ".join(result.model_notes)
        assert "of BG/NBD, as happens where customers hardly differ" in notes
        assert "of Gamma-Gamma, as happens where customers hardly differ" in notes
        errors = result.summary["purchase_model"]["standard_errors"]
        for name in (name for name, error in errors.items() if error is None):
            assert name in notes

    def test_spend_without_an_average_is_said(self, file: Callable[..., Source]) -> None:
        rng = np.random.default_rng(5)
        scale = 10 / rng.gamma(0.4, 1.0, 200)  # of a population whose mean is infinite
        purchases = file([(who, day, scale[who] * rng.gamma(4)) for who, day in by_chance()])
        result = score(ScoreRequest(purchases=purchases, model="bg-nbd"))
        assert result.summary["spend_model"]["params"]["q"] <= 1
        assert any("no average holds for everybody" in note for note in result.model_notes)

    def test_an_ordinary_town_gives_no_cause_for_either(self, town: Source) -> None:
        result = score(ScoreRequest(purchases=town, until=TODAY, model="bg-nbd"))
        notes = " ".join(result.model_notes)
        assert "do not settle" not in notes
        assert "no average" not in notes
        assert "weeks before" not in notes
        assert "clockwork" not in notes

    def test_files_that_end_long_before_the_last_day_are_said(self, town: Source) -> None:
        result = score(ScoreRequest(purchases=town, until=date(2026, 9, 30), model="bg-nbd"))
        assert any("13 weeks before 30 September 2026" in note for note in result.model_notes)


def test_revenue_of_unknown_margin_earns_the_customers_own_share() -> None:
    # The base earns (30 + 20) / 200 = 1/4. Of Ana's 200, 100 are known and earn 30. An average
    # purchase is 300 / 3 = 100, so that the base's share counts for 300 of revenue:
    # Ana's share is (30 + 300 / 4) / (100 + 300) = 0.2625, and her margin 30 + 100 * 0.2625.
    share, earned = margins(
        np.array([200.0, 100.0]),
        np.array([100.0, 100.0]),
        np.array([30.0, 20.0]),
        days=np.array([2, 1]),
    )
    assert share[0] == pytest.approx(0.2625)
    assert earned.tolist() == pytest.approx([56.25, 20.0])


def test_without_a_known_margin_revenue_is_counted() -> None:
    nothing = np.zeros(2)
    share, earned = margins(np.array([5.0, 7.0]), nothing, nothing, days=np.array([1, 1]))
    assert share.tolist() == [1.0, 1.0]
    assert earned.tolist() == [5.0, 7.0]
