"""Senders are found: the true best of simulated towns are among those the scores put first."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from regulars.insight.reading import Source
from regulars.insight.score import ScoreRequest, score
from regulars.insight.town import simulate_town, write_town
from regulars.insight.town.comparison import TRUE_TOP, share_found, top
from regulars.insight.town.simulation import UNRECORDED_SHARE, WRONG_SHARE

pytestmark = pytest.mark.proof

TOWNS = range(101, 109)
CUSTOMERS = 10_000
TODAY = date(2026, 6, 30)


@dataclass(frozen=True)
class Outcome:
    """What one town's ranking found, and how its totals compare with the truth."""

    people: int
    by_value: float
    by_count: float
    total_ratio: float  # estimated over true, of everything brought
    held: float  # of the people who brought somebody, whose interval holds what was recorded


def column(table: pa.Table, name: str, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    values = table.column(name).cast(pa.float64()).fill_null(0.0).to_numpy()
    return np.where(rows >= 0, values[rows], 0.0)


def outcome(
    seed: int,
    folder: Path,
    *,
    unrecorded_share: float = UNRECORDED_SHARE,
    wrong_share: float = WRONG_SHARE,
) -> Outcome:
    recorded_share = 1 - unrecorded_share
    town = simulate_town(
        seed, CUSTOMERS, today=TODAY, unrecorded_share=unrecorded_share, wrong_share=wrong_share
    )
    write_town(town, folder)
    result = score(
        ScoreRequest(
            purchases=Source(paths=[str(folder / "purchases.csv")]),
            referrals=Source(paths=[str(folder / "referrals.csv")]),
            until=TODAY,
            recorded_share=recorded_share,
        )
    )
    scores = result.scores
    place = {person: row for row, person in enumerate(scores.column("customer_id").to_pylist())}
    ids = town.truth.column("customer_id").to_pylist()
    rows = np.array([place.get(person, -1) for person in ids])
    truth = town.truth.column("sender_value").cast(pa.float64()).to_numpy()
    value = column(scores, "sender_value", rows)
    friends = column(scores, "friends", rows)
    best = top(truth, TRUE_TOP)
    within = (truth >= column(scores, "sender_value_low", rows)) & (
        truth <= column(scores, "sender_value_high", rows)
    )
    return Outcome(
        len(truth),
        share_found(best, value),
        share_found(best, friends),
        value.sum() / recorded_share / truth.sum(),
        within[friends > 0].mean(),
    )


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    return [outcome(seed, tmp_path_factory.mktemp(f"town{seed}")) for seed in TOWNS]


def test_four_of_five_of_the_true_best_senders_are_in_the_first_tenth(outcomes, capsys):
    with capsys.disabled():
        for seed, town in zip(TOWNS, outcomes, strict=True):
            print(  # noqa: T201 - the figures are what a proof is run for
                f"\n  town {seed}: {town.people} people, by value {town.by_value:.1%}, "
                f"by count {town.by_count:.1%}; total {town.total_ratio:.2f} of the truth, "
                f"intervals of senders hold {town.held:.1%}",
                end="",
            )
    assert len(outcomes) >= 6
    assert min(town.people for town in outcomes) >= 10_000
    assert np.mean([town.by_value for town in outcomes]) >= 0.80


def test_value_finds_at_least_five_points_more_than_counting(outcomes):
    gain = [town.by_value - town.by_count for town in outcomes]
    assert np.mean(gain) >= 0.05


def test_what_all_brought_is_within_fifteen_percent_of_the_truth(outcomes):
    assert all(0.85 <= town.total_ratio <= 1.15 for town in outcomes)


def test_intervals_of_senders_hold_where_every_referral_is_recorded(tmp_path, capsys):
    town = outcome(201, tmp_path, unrecorded_share=0, wrong_share=0)
    with capsys.disabled():
        print(f"\n  everything recorded: intervals of senders hold {town.held:.1%}", end="")  # noqa: T201
    assert 0.87 <= town.held <= 0.96
