"""Forecasts beside what came: published figures, and a choice that never looks ahead."""

from datetime import date

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.insight.histories import Histories
from regulars.insight.holdout import (
    choose_model,
    inner_split,
    p_alive_model,
    poisson_deviance,
    validate,
)
from regulars.insight.purchase import MODELS, BgNbd, ParetoNbd, fit_purchases, simulate_histories
from regulars.kernel.clock import day_of, epoch_day


@pytest.mark.parametrize(
    ("model", "correlation", "mae"),
    [("bg-nbd", 0.6256, 0.7855), ("pareto-nbd", 0.6302, 0.7545)],
)
def test_the_published_holdout_of_cdnow_comes_out(cdnow, model, correlation, mae):
    fitted = fit_purchases(cdnow.histories, model=model)
    found = validate(fitted, cdnow.histories, cdnow.holdout_x, weeks=39, coverage=0.9)
    assert found.actual == 1_882
    assert found.correlation == pytest.approx(correlation, abs=5e-5)
    assert found.mae == pytest.approx(mae, abs=5e-5)
    low, high = found.interval
    assert low < found.expected < high


def test_forecasts_that_cannot_correlate_say_so():
    histories = Histories(np.array([1, 1]), np.array([2.0, 2.0]), np.array([9.0, 9.0]))
    model = BgNbd(params={"r": 0.5, "alpha": 4.0, "a": 0.8, "b": 2.5})
    found = validate(model, histories, np.array([0, 3]), weeks=4, coverage=0.9)
    assert found.correlation is None
    assert found.actual == 3


class TestInnerSplit:
    def test_the_last_third_is_held_back(self):
        assert inner_split(first_day_min=0, until=300, horizon_weeks=52) == 200

    def test_never_more_than_the_horizon(self):
        assert inner_split(first_day_min=0, until=3_000, horizon_weeks=52) == 3_000 - 364

    def test_four_weeks_at_least_or_half_of_the_little_there_is(self):
        assert inner_split(first_day_min=0, until=60, horizon_weeks=52) == 60 - 28
        assert inner_split(first_day_min=0, until=20, horizon_weeks=52) == 10
        assert inner_split(first_day_min=5, until=5, horizon_weeks=52) == 5

    @given(st.integers(0, 20_000), st.integers(0, 5_000), st.floats(0.1, 500))
    def test_the_split_lies_within_what_was_observed(self, first, observed, horizon):
        split = inner_split(first_day_min=first, until=first + observed, horizon_weeks=horizon)
        assert first <= split <= first + observed


class TestChoice:
    def test_a_clear_advantage_decides(self):
        # Half of them leave at once and the rest after about 40 weeks, long lives and short ones
        # mixed: a world in which BG/NBD, which lets nobody leave before a repeat, is wrong.
        truth = ParetoNbd(params={"r": 2.0, "alpha": 4.0, "s": 0.4, "beta": 2.0})
        rng = np.random.default_rng(2)
        histories, future = simulate_histories(truth, rng.uniform(10, 80, 6_000), rng, 40)
        choice = choose_model(histories, future, weeks=40)
        assert choice.name == "pareto-nbd"
        assert choice.trials[0].model == "pareto-nbd"
        assert {trial.model for trial in choice.trials} == set(MODELS)
        assert "best" in choice.sentence

    def test_where_nothing_tells_them_apart_the_preferred_model_stays(self):
        truth = BgNbd(params={"r": 0.8, "alpha": 8.0, "a": 1e-6, "b": 10.0})  # nobody leaves
        rng = np.random.default_rng(3)
        histories, future = simulate_histories(truth, rng.uniform(20, 60, 1_500), rng, 20)
        assert choose_model(histories, future, weeks=20).name == "bg-nbd"

    def test_a_season_that_no_model_foresees_is_said_plainly(self):
        truth = BgNbd(params={"r": 0.8, "alpha": 8.0, "a": 0.5, "b": 3.0})
        rng = np.random.default_rng(4)
        histories, future = simulate_histories(truth, rng.uniform(20, 60, 3_000), rng, 20)
        quiet = rng.binomial(future, 0.5)  # people come half as often as they used to
        choice = choose_model(histories, quiet, weeks=20)
        chosen = next(trial for trial in choice.trials if trial.model == choice.name)
        assert chosen.expected > 1.5 * chosen.actual
        assert f"{chosen.actual:,} came" in choice.sentence
        assert "That is far off" in choice.sentence
        assert "/NBD" in choice.sentence
        others = "were further off" if chosen is choice.trials[0] else "was clearly closer"
        assert others in choice.sentence

    def test_too_little_to_compare_is_said(self):
        few = Histories(np.array([1, 0, 2]), np.array([3.0, 0.0, 6.0]), np.array([9.0, 9.0, 9.0]))
        choice = choose_model(few, np.array([1, 0, 0]), weeks=4)
        assert choice.name == "bg-nbd"
        assert choice.trials == ()
        assert "too little" in choice.sentence
        nobody = few.take(np.array([], dtype=np.int64))
        assert choose_model(nobody, np.array([], dtype=np.int64), weeks=4).trials == ()

    def test_the_choice_on_cdnow_looks_no_further_than_september(self, cdnow_until):
        # Seen on 2 July: the next 13 weeks choose, the 39 weeks after them are never read.
        earlier = cdnow_until("1997-07-02")
        came = cdnow_until("1997-09-30").histories.x - earlier.histories.x
        choice = choose_model(earlier.histories, came, weeks=90 / 7)
        assert choice.name in MODELS
        assert choice.trials[0].actual == came.sum()
        chosen = next(trial for trial in choice.trials if trial.model == choice.name)
        assert abs(chosen.expected - chosen.actual) < 0.05 * chosen.actual

    def test_the_error_is_smallest_for_the_true_expectation(self):
        rng = np.random.default_rng(4)
        truth = rng.gamma(0.5, 2.0, 20_000)
        came = rng.poisson(truth)
        for wrong in (0.8 * truth, 1.25 * truth, np.full_like(truth, truth.mean())):
            assert poisson_deviance(came, wrong).mean() > poisson_deviance(came, truth).mean()

    def test_the_error_is_that_of_the_formula(self):
        # 2 (3 ln(3 / 2) - (3 - 2)) and, for nothing where a half was expected, 2 * 0.5.
        deviance = poisson_deviance(np.array([3, 0]), np.array([2.0, 0.5]))
        assert deviance == pytest.approx([2 * (3 * np.log(1.5) - 1), 1.0])


GIFT_SHOP = """
with days as (  -- cancellations are no purchases; the sheets overlap in December 2010
  select distinct customer_id, ts::date as day from read_parquet($file)
  where customer_id is not null and quantity >= 0
    and not (sheet = '2009-2010' and ts >= '2010-12-01')
)
select
  count(*) filter (day <= $until) - 1 as x,
  max(day) filter (day <= $until) - min(day) as t_x_days,
  $until::date - min(day) as age_days,
  count(*) filter (day > $until and day <= $end) as holdout_x,
  min(day) - date '1970-01-01' as first_day
from days group by customer_id having min(day) <= $until order by customer_id
"""


def gift_shop(file, until, end):
    """Online Retail II as seen on a day; what came from then to ``end`` is the holdout."""
    found = duckdb.execute(GIFT_SHOP, {"file": str(file), "until": until, "end": end}).fetchnumpy()
    columns = {name: np.asarray(column).astype(np.int64) for name, column in found.items()}
    days = (columns[name] for name in ("x", "t_x_days", "age_days"))
    return Histories.from_days(*days), columns["holdout_x"], int(columns["first_day"].min())


def test_the_model_chosen_without_looking_ahead_foretells_the_gift_shop_within_5_percent(data_file):
    file = data_file("online_retail_ii.parquet")
    until, end = date(2011, 6, 10), date(2011, 12, 9)
    histories, came, first_day = gift_shop(file, until, end)
    split = day_of(inner_split(first_day_min=first_day, until=epoch_day(until), horizon_weeks=52))
    assert split == date(2010, 12, 7)  # a third of 556 days before
    earlier, came_inside, _ = gift_shop(file, split, until)
    choice = choose_model(earlier, came_inside, weeks=(until - split).days / 7)
    found = validate(
        fit_purchases(histories, model=choice.name), histories, came, weeks=26, coverage=0.9
    )
    assert found.actual == 7_780
    assert found.expected == pytest.approx(found.actual, rel=0.05)


class TestAlive:
    def test_one_time_buyers_can_have_left_whatever_the_model(self, cdnow):
        once = cdnow.histories.x == 0
        for name in MODELS:
            model = fit_purchases(cdnow.histories, model=name, standard_errors=False)
            alive = p_alive_model(model, cdnow.histories).p_alive(cdnow.histories)
            assert (alive[once] < 1).all()

    def test_a_model_that_doubts_newcomers_speaks_for_itself(self, cdnow):
        model = fit_purchases(cdnow.histories, model="pareto-nbd", standard_errors=False)
        assert p_alive_model(model, cdnow.histories) is model
