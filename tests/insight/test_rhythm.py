"""Rhythms: clockwork is refused, and who departs from their own rhythm is told."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.insight.rhythm import (
    OwnRhythm,
    RegularBase,
    regularity,
    slipping,
    spend_ahead_by_rhythm,
)


def estimated(visits):
    """The regularity of many customers' visits, each an array of times in days."""
    pairs, squares = 0, 0.0
    for times in visits:
        gaps = np.diff(np.unique(np.floor(times)))
        if len(gaps) < 2 or gaps.mean() < 4:
            continue
        share = gaps[:-1] / (gaps[:-1] + gaps[1:])
        pairs += len(share)
        squares += float(((share - 0.5) ** 2).sum())
    return regularity(pairs, squares)


def gamma_visits(k, customers=600, seed=5):
    rng = np.random.default_rng(seed)
    for _ in range(customers):
        mean_days = 5 + rng.exponential(20)
        yield np.cumsum(rng.gamma(k, mean_days / k, 15))


def subscribers(every_days, jitter_days, skipped, customers=300, seed=6):
    rng = np.random.default_rng(seed)
    for _ in range(customers):
        times = np.arange(18.0) * every_days
        times = times[rng.random(18) >= skipped]
        yield times + rng.integers(-jitter_days, jitter_days + 1, len(times)) + 30


def rhythm_of(*customers, until, k=1.0):
    """The rhythms of customers given as lists of (day, minor units)."""
    columns = {name: [] for name in ("x", "t", "age", "k", "kk", "v", "kv", "vv")}
    for baskets in customers:
        days = np.array([day - baskets[0][0] for day, _ in baskets], dtype=float)
        values = np.array([value for _, value in baskets], dtype=float)
        columns["x"].append(len(days) - 1)
        columns["t"].append(int(days[-1]))
        columns["age"].append(until - baskets[0][0])
        for name, terms in (
            ("k", days),
            ("kk", days**2),
            ("v", values),
            ("kv", days * values),
            ("vv", values**2),
        ):
            columns[name].append(terms.sum())
    table = {
        "x": columns["x"],
        "t_x_days": columns["t"],
        "age_days": columns["age"],
        **{f"sum_{name}": columns[name] for name in ("k", "kk", "v", "kv", "vv")},
    }
    return OwnRhythm.of(pa.table(table), k=k)


def told(own, **given):
    n = len(own.x)
    customers = pa.table(
        {
            "customer_id": [f"C{row}" for row in range(n)],
            "customer_name": pa.array([None] * n, pa.string()),
        }
    )
    arguments = {
        "spend_ahead": np.full(n, 100.0),
        "p_alive": None,
        "friends_brought": np.zeros(n, dtype=np.int64),
        "minor_per_major": 100,
    }
    return slipping(own, customers, **(arguments | given))


EVERY_NINE_DAYS = [(9 * visit, 1_000) for visit in range(11)]  # day 0 to day 90
SHRINKING = [(7 * visit, 4_000 - 300 * visit + 20 * (-1) ** visit) for visit in range(10)]


class TestRegularity:
    def test_gaps_of_chance_give_a_twelfth_and_so_one(self):
        assert regularity(1_200, 100.0).k == pytest.approx(1.0)  # 1 / (4 * 3) = 1 / 12

    @pytest.mark.parametrize("k", [1, 2, 3])
    def test_cafes_and_groceries_are_not_refused_and_their_k_is_found(self, k):
        found = estimated(gamma_visits(k))
        assert found.k == pytest.approx(k, rel=0.2, abs=0.25)
        assert not found.regular

    def test_a_market_once_a_week_that_people_visit_every_other_time_is_not_refused(self):
        assert not estimated(subscribers(7, 0, skipped=0.5)).regular

    @pytest.mark.parametrize(
        ("every_days", "jitter_days", "skipped"),
        [(30, 3, 0.0), (30, 4, 0.05), (7, 0, 0.1), (7, 0, 0.2), (14, 1, 0.1)],
    )
    def test_monthly_bills_and_weekly_boxes_are_refused(self, every_days, jitter_days, skipped):
        found = estimated(subscribers(every_days, jitter_days, skipped))
        assert found.regular
        with pytest.raises(RegularBase, match="--allow-regular") as refused:
            found.refuse()
        assert refused.value.exit_code == 2

    def test_a_handful_of_pairs_proves_nothing(self):
        assert not regularity(20, 0.0).regular
        assert regularity(0, 0.0).k is None
        regularity(0, 0.0).refuse()

    def test_perfect_clockwork_has_a_finite_k(self):
        assert np.isfinite(regularity(1_000, 0.0).k)
        assert regularity(1_000, 0.0).regular


class TestSilence:
    def test_every_nine_days_and_not_for_31_is_slipping_away(self):
        # Ten gaps of 9 days, then 31 of silence: (90 / 121)^10 = 0.052 by chance alone, and with
        # gaps as even as k = 1.5 far less.
        own = rhythm_of(EVERY_NINE_DAYS, until=90 + 31)
        assert own.chance_of_silence()[0] == pytest.approx((90 / 121) ** 10)
        # 31 days are more than three gaps, so that 10 % suffice.
        (ana,) = told(own)
        assert ana.reason == "silent"
        assert ana.usual_gap_days == pytest.approx(9.0)
        assert ana.silent_days == 31
        assert ana.value_at_stake == 100.0

    def test_who_keeps_to_their_rhythm_is_not_told_of(self):
        assert told(rhythm_of(EVERY_NINE_DAYS, until=90 + 12)) == []

    def test_who_has_been_away_for_ages_is_lost_not_slipping(self):
        assert told(rhythm_of(EVERY_NINE_DAYS, until=90 + 60))
        # Ten usual gaps are 90 days, a quarter of a year is 91: beyond both.
        assert told(rhythm_of(EVERY_NINE_DAYS, until=90 + 92)) == []

    def test_who_is_hardly_a_customer_any_more_by_the_models_is_lost(self):
        own = rhythm_of(EVERY_NINE_DAYS, EVERY_NINE_DAYS, until=121)
        found = told(own, p_alive=np.array([0.02, 0.4]))
        assert [gone.customer_id for gone in found] == ["C1"]

    def test_one_gap_is_no_rhythm(self):
        assert told(rhythm_of([(0, 1_000), (5, 1_000)], until=60)) == []
        assert told(rhythm_of([(0, 1_000)], until=60)) == []

    def test_the_chance_is_that_of_the_next_gap_given_the_others(self):
        # Drawn: five gaps and the next of shape 2; how often the ratio to the sum is as large.
        rng = np.random.default_rng(8)
        past, following = rng.gamma(2 * 5, 1, 400_000), rng.gamma(2, 1, 400_000)
        own = rhythm_of([(10 * visit, 1_000) for visit in range(6)], until=50 + 40, k=2.0)
        simulated = (following / past > 40 / 50).mean()
        assert own.chance_of_silence()[0] == pytest.approx(simulated, abs=0.002)

    @settings(max_examples=50, deadline=None)
    @given(st.integers(2, 200), st.integers(1, 60), st.integers(0, 400), st.integers(1, 100))
    def test_a_longer_silence_is_never_less_surprising(self, x, gap, silence, longer):
        visits = [(gap * visit, 100) for visit in range(x + 1)]
        end = visits[-1][0]
        short = rhythm_of(visits, until=end + silence).chance_of_silence()[0]
        long = rhythm_of(visits, until=end + silence + longer).chance_of_silence()[0]
        assert 0 <= long <= short <= 1


class TestBaskets:
    def test_a_basket_that_shrinks_is_told_with_what_the_fall_takes_away(self):
        (ben,) = told(rhythm_of(SHRINKING, until=66))
        assert ben.reason == "smaller_basket"
        # The line runs from about 40 down to about 40 - 9 * 3 = 13 euros.
        assert ben.basket_before == pytest.approx(40.0, abs=0.2)
        assert ben.basket_now == pytest.approx(13.0, abs=0.2)
        assert ben.value_at_stake == pytest.approx(100 * (1 - 13 / 40), abs=1)

    def test_the_line_is_the_one_that_least_squares_draw(self):
        days, values = (np.array(column, dtype=float) for column in zip(*SHRINKING, strict=True))
        slope, intercept = np.polyfit(days, values, 1)
        first, last, _ = rhythm_of(SHRINKING, until=66).baskets()
        assert first[0] == pytest.approx(intercept)
        assert last[0] == pytest.approx(intercept + slope * days[-1])

    def test_a_slight_fall_four_baskets_or_noise_are_not_told(self):
        slight = [(7 * visit, 4_000 - 50 * visit) for visit in range(10)]  # a ninth
        few = SHRINKING[:4]
        noise = [(7 * visit, value) for visit, value in enumerate([9_000, 500, 7_000, 900, 4_000])]
        own = rhythm_of(slight, few, noise, until=30 + 35)
        assert not own.baskets()[2].any()

    def test_baskets_that_never_change_have_a_level_line(self):
        own = rhythm_of(EVERY_NINE_DAYS, until=95)
        first, last, falls = own.baskets()
        assert first[0] == last[0] == 1_000
        assert not falls[0]

    def test_who_is_silent_is_told_once_as_silent(self):
        (gone,) = told(rhythm_of(SHRINKING, until=63 + 50))
        assert gone.reason == "silent"


def test_the_most_at_stake_comes_first_and_ties_go_by_id():
    own = rhythm_of(*[EVERY_NINE_DAYS] * 4, until=90 + 45)
    ahead = np.array([50.0, 80.0, 80.0, 10.0])
    found = told(own, spend_ahead=ahead)
    assert [customer.customer_id for customer in found] == ["C1", "C2", "C0", "C3"]
    assert [c.customer_id for c in told(own, spend_ahead=ahead, most=2)] == ["C1", "C2"]


def test_by_rhythm_alone_the_year_ahead_is_the_own_gap_and_the_own_mean_basket():
    own = rhythm_of([(0, 1_000), (14, 2_000), (28, 3_000)], [(0, 500)], until=30)
    ahead = spend_ahead_by_rhythm(own, horizon_weeks=52, margin=0.5, minor_per_major=100)
    # Every 14 days for 52 weeks are 26 purchases of 20 euros, half of which is margin.
    assert ahead.tolist() == [pytest.approx(260.0), 0.0]
