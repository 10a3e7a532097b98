"""Rhythms: clockwork is refused, and who departs from their own rhythm is told."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import linregress

from regulars.insight.engines import open_engine, upload
from regulars.insight.histories import Histories
from regulars.insight.purchase import BgNbd, MbgNbd, ParetoNbd
from regulars.insight.rhythm import (
    OwnRhythm,
    RegularBase,
    regularity,
    slipping,
    spend_ahead_by_model,
    spend_ahead_by_rhythm,
)
from regulars.insight.summary.rhythms import gap_pairs


@pytest.fixture
def estimated(tmp_path):
    """The regularity of many customers' visits, each an array of times in days."""

    def estimate(visits):
        days = [np.unique(np.floor(times)).astype(np.int64) for times in visits]
        ids = [f"C{row}" for row in range(len(days))]
        customers = pa.table(
            {
                "customer_id": ids,
                "x": [len(own) - 1 for own in days],
                "t_x_days": [int(own[-1] - own[0]) for own in days],
            }
        )
        table = pa.table(
            {
                "customer_id": np.repeat(ids, [len(own) for own in days]),
                "day": pa.array(np.concatenate(days), pa.int32()),
            }
        )
        with open_engine("duckdb", workspace=tmp_path) as engine:
            found = gap_pairs(engine, upload(engine, table, "days"), customers)
        return regularity(
            found.pairs, found.sum_squares, frequent=found.frequent, clockwork=found.clockwork
        )

    return estimate


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


def guests(chance, open_days, customers=300, weeks=26, seed=7):
    """People who decide by chance, each day that the place is open."""
    rng = np.random.default_rng(seed)
    days = np.arange(weeks * 7)
    days = days[np.isin(days % 7, open_days)]
    for _ in range(customers):
        yield days[rng.random(len(days)) < chance]


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


def told(*histories, until, k=1.0, **given):
    """Who slips away of customers given as lists of (day, minor units)."""
    own = rhythm_of(*histories, until=until, k=k)
    n = len(own.x)

    def baskets(customer_ids):
        values = [
            [value for _, value in histories[int(name[1:])]]
            for name in customer_ids["customer_id"].to_pylist()
        ]
        return customer_ids.append_column(
            "first_mean_minor", pa.array([float(np.mean(own[:3])) for own in values])
        ).append_column("last_mean_minor", pa.array([float(np.mean(own[-3:])) for own in values]))

    customers = pa.table(
        {
            "customer_id": [f"C{row}" for row in range(n)],
            "customer_name": pa.array([None] * n, pa.string()),
        }
    )
    arguments = {
        "baskets": baskets,
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
    def test_cafes_and_groceries_are_not_refused_and_their_k_is_found(self, estimated, k):
        found = estimated(gamma_visits(k))
        assert found.k == pytest.approx(k, rel=0.2, abs=0.25)
        assert not found.regular

    def test_a_market_once_a_week_that_people_visit_every_other_time_is_not_refused(
        self, estimated
    ):
        assert not estimated(subscribers(7, 0, skipped=0.5)).regular

    @pytest.mark.parametrize(
        ("every_days", "jitter_days", "skipped"),
        [
            (30, 3, 0.0),
            (30, 4, 0.05),
            (7, 0, 0.1),
            (7, 0, 0.2),
            (14, 1, 0.1),
            (3, 0, 0.0),
            (3, 0, 0.1),
            (2, 0, 0.0),
        ],
    )
    def test_bills_and_boxes_are_refused_however_short_their_rhythm(
        self, estimated, every_days, jitter_days, skipped
    ):
        found = estimated(subscribers(every_days, jitter_days, skipped))
        assert found.regular
        with pytest.raises(RegularBase, match="--allow-regular") as refused:
            found.refuse()
        assert refused.value.exit_code == 2

    @pytest.mark.parametrize("chance", [0.3, 0.6, 0.9])
    @pytest.mark.parametrize("open_days", [range(7), range(6), range(5)])
    def test_whole_days_do_not_make_a_daily_cafe_regular(self, estimated, open_days, chance):
        found = estimated(guests(chance, open_days))
        assert found.k == pytest.approx(1, abs=0.1) or (found.k < 1 and len(open_days) == 5)
        assert not found.regular
        assert found.note() is None

    def test_guests_who_never_miss_a_day_are_no_proof_of_a_subscription(self, estimated):
        found = estimated(guests(1.0, range(7)))
        assert found.k is None
        assert not found.regular

    def test_subscribers_among_shoppers_are_not_refused_and_said(self, estimated):
        shoppers = list(gamma_visits(1, customers=300))
        found = estimated([*subscribers(30, 0, skipped=0.0, customers=300), *shoppers])
        assert not found.regular
        assert "50% of those who bought on 7 days or more come like clockwork" in found.note()
        assert estimated(shoppers).note() is None
        few = estimated([*subscribers(30, 0, skipped=0.0, customers=9), *shoppers[:20]])
        assert few.note() is None

    def test_a_base_of_subscribers_is_said_where_it_is_not_refused(self):
        assert "as regularly as a subscription's" in regularity(1_000, 0.0).note()

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
        (ana,) = told(EVERY_NINE_DAYS, until=90 + 31)
        assert ana.reason == "silent"
        assert ana.usual_gap_days == pytest.approx(9.0)
        assert ana.silent_days == 31
        assert ana.value_at_stake == 100.0

    def test_who_keeps_to_their_rhythm_is_not_told_of(self):
        assert told(EVERY_NINE_DAYS, until=90 + 12) == []

    def test_who_has_been_away_for_ages_is_lost_not_slipping(self):
        assert told(EVERY_NINE_DAYS, until=90 + 60)
        # Ten usual gaps are 90 days, a quarter of a year is 91: beyond both.
        assert told(EVERY_NINE_DAYS, until=90 + 92) == []

    def test_who_is_hardly_a_customer_any_more_by_the_models_is_lost(self):
        chances = np.array([0.02, 0.4])
        found = told(EVERY_NINE_DAYS, EVERY_NINE_DAYS, until=121, p_alive=chances)
        assert [gone.customer_id for gone in found] == ["C1"]

    def test_one_gap_is_no_rhythm(self):
        assert told([(0, 1_000), (5, 1_000)], until=60) == []
        assert told([(0, 1_000)], until=60) == []

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
        (ben,) = told(SHRINKING, until=66)
        assert ben.reason == "smaller_basket"
        # The first three are 40.20, 36.80 and 34.20, the last three 18.80, 16.20 and 12.80.
        before, now = (4_020 + 3_680 + 3_420) / 300, (1_880 + 1_620 + 1_280) / 300
        assert ben.basket_before == pytest.approx(before)
        assert ben.basket_now == pytest.approx(now)
        assert ben.value_at_stake == pytest.approx(100 * (1 - now / before))

    def test_only_amounts_that_were_spent_are_told(self):
        # Ten baskets of 50 and then ten of 10: the line through them ends near 1.42.
        step = [(7 * visit, 5_000 if visit < 10 else 1_000) for visit in range(20)]
        (cem,) = told(step, until=19 * 7 + 3)
        assert (cem.basket_before, cem.basket_now) == (50.0, 10.0)
        assert cem.value_at_stake == pytest.approx(100 * 0.8)

    def test_a_line_that_falls_while_the_last_baskets_are_as_large_as_the_first_is_not_told(self):
        # Large ones early on, after three small ones; the last are as small as the first.
        values = [1_000] * 3 + [6_000] * 8 + [1_000] * 15
        history = [(7 * visit, value) for visit, value in enumerate(values)]
        assert rhythm_of(history, until=180).falling()[0]
        assert told(history, until=180) == []

    def test_baskets_that_were_given_back_in_the_end_are_nothing_and_never_less(self):
        values = [5_000] * 10 + [1_000] * 7 + [-500] * 3
        history = [(7 * visit, value) for visit, value in enumerate(values)]
        (dee,) = told(history, until=136)
        assert dee.basket_now == 0
        assert dee.value_at_stake == 100

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.integers(0, 20_000), min_size=5, max_size=15))
    def test_a_basket_falls_where_a_regression_says_so(self, values):
        days = np.arange(len(values)) * 7.0
        assume(len(set(values)) > 1)
        line = linregress(days, values, alternative="less")
        assume(abs(line.pvalue - 0.01) > 1e-6 and abs(line.rvalue) < 1 - 1e-9)
        end = line.intercept + line.slope * days[-1]
        assume(abs(end - 0.75 * line.intercept) > 1e-6)
        falls = line.pvalue < 0.01 and end <= 0.75 * line.intercept
        history = [(int(day), value) for day, value in zip(days, values, strict=True)]
        assert rhythm_of(history, until=200).falling()[0] == falls

    def test_a_slight_fall_four_baskets_or_noise_are_not_told(self):
        slight = [(7 * visit, 4_000 - 50 * visit) for visit in range(10)]  # a ninth
        few = SHRINKING[:4]
        noise = [(7 * visit, value) for visit, value in enumerate([9_000, 500, 7_000, 900, 4_000])]
        own = rhythm_of(slight, few, noise, until=30 + 35)
        assert not own.falling().any()

    def test_baskets_that_never_change_do_not_fall(self):
        assert not rhythm_of(EVERY_NINE_DAYS, until=95).falling()[0]

    def test_who_is_silent_is_told_once_as_silent(self):
        (gone,) = told(SHRINKING, until=63 + 50)
        assert gone.reason == "silent"


def test_the_most_at_stake_comes_first_and_ties_go_by_id():
    four, ahead = [EVERY_NINE_DAYS] * 4, np.array([50.0, 80.0, 80.0, 10.0])
    found = told(*four, until=90 + 45, spend_ahead=ahead)
    assert [customer.customer_id for customer in found] == ["C1", "C2", "C0", "C3"]
    first = told(*four, until=90 + 45, spend_ahead=ahead, most=2)
    assert [customer.customer_id for customer in first] == ["C1", "C2"]


def test_by_rhythm_alone_the_year_ahead_is_the_own_gap_and_the_own_mean_basket():
    own = rhythm_of([(0, 1_000), (14, 2_000), (28, 3_000)], [(0, 500)], until=30)
    ahead = spend_ahead_by_rhythm(own, horizon_weeks=52, margin=0.5, minor_per_major=100)
    # Every 14 days for 52 weeks are 26 purchases of 20 euros, half of which is margin.
    assert ahead.tolist() == [pytest.approx(260.0), 0.0]


def test_by_rhythm_alone_nobody_is_trusted_to_come_for_twenty_years():
    own = rhythm_of([(0, 2_000), (14, 2_000), (28, 2_000)], until=30)
    year, decades = (
        spend_ahead_by_rhythm(own, horizon_weeks=weeks, margin=1.0, minor_per_major=100)
        for weeks in (52, 1_040)
    )
    assert decades.tolist() == year.tolist() == [pytest.approx(26 * 20.0)]


@pytest.mark.parametrize(
    "model",
    [
        BgNbd(params={"r": 0.9, "alpha": 6.0, "a": 0.8, "b": 2.5}),
        MbgNbd(params={"r": 0.9, "alpha": 6.0, "a": 0.8, "b": 2.5}),
        ParetoNbd(params={"r": 0.9, "alpha": 6.0, "s": 0.6, "beta": 12.0}),
    ],
    ids=lambda model: model.name,
)
def test_at_stake_is_what_is_expected_of_them_divided_by_the_chance_that_they_are_there(model):
    histories = Histories(np.array([4, 9]), np.array([30.0, 20.0]), np.array([40.0, 40.0]))
    settings = {"expected_spend": np.array([20.0, 20.0]), "margin": 0.5}
    ahead = spend_ahead_by_model(
        model, histories, horizon_weeks=52.0, discount_yearly=0.1, **settings
    )
    expected = model.discounted(histories, 52.0, np.log(1.1) / 52) * 20 * 0.5
    assert ahead == pytest.approx(expected / model.p_alive(histories))
    # As people leave in time, twenty years are worth far less than twenty times the year.
    decades = spend_ahead_by_model(
        model, histories, horizon_weeks=1_040.0, discount_yearly=0.1, **settings
    )
    assert (decades < 8 * ahead).all()
