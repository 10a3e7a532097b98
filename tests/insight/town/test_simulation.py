"""The town: its files are what a café could hold, and the truth stays apart."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from regulars.insight.town import Town, simulate_town, write_town
from regulars.insight.town.people import settle

TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def town() -> Town:
    return simulate_town(11, 3_000)


def floats(column: pa.ChunkedArray) -> np.ndarray:
    return column.cast(pa.float64()).to_numpy()


def test_the_same_seed_gives_the_same_town_and_another_seed_another(town):
    assert simulate_town(11, 3_000).purchases.equals(town.purchases)
    assert simulate_town(11, 3_000).truth.equals(town.truth)
    assert not simulate_town(12, 3_000).purchases.equals(town.purchases)


def test_as_many_customers_come_as_were_asked_for_and_few_more():
    for customers, weeks in ((100, 104), (4_000, 26), (4_000, 208)):
        town = simulate_town(3, customers, weeks=weeks)
        came = len(pc.unique(town.purchases["customer_id"]))
        assert customers <= came <= customers * 1.01 + 40  # the last tree of friends comes whole


def test_nothing_in_the_files_is_later_than_today_or_before_the_opening(town):
    for table in (town.purchases, town.referrals):
        days = pc.min_max(table["occurred_at"].cast(pa.date32())).as_py()
        assert days["min"] >= date(2024, 7, 3)  # 104 weeks before
        assert days["max"] <= TODAY


def test_the_cafe_is_open_from_seven_to_six(town):
    hours = pc.min_max(pc.hour(town.purchases["occurred_at"])).as_py()
    assert hours["min"] >= 7
    assert hours["max"] <= 17


def test_the_files_hold_only_what_a_cafe_can_know(town):
    assert town.purchases.column_names == [
        "customer_id",
        "customer_name",
        "occurred_at",
        "order_id",
        "amount",
        "currency",
        "refund_of",
    ]
    assert town.referrals.column_names == ["sender_id", "friend_id", "occurred_at"]


def test_no_line_is_an_exact_repeat_of_another(town):
    lines = town.purchases.group_by(town.purchases.column_names).aggregate([])
    assert lines.num_rows == town.purchases.num_rows


def test_two_or_three_orders_in_a_hundred_are_returned_and_most_say_what(town):
    amount = floats(town.purchases["amount"])
    orders = len(pc.unique(town.purchases["order_id"].filter(pa.array(amount > 0))))
    refunds = int((amount < 0).sum())
    assert 0.02 < refunds / orders < 0.03
    named = town.purchases["refund_of"].drop_null()
    assert 0.5 < len(named) / refunds < 0.7
    assert pc.all(pc.is_in(named, pc.unique(town.purchases["order_id"]))).as_py()


def test_the_truth_adds_up_to_the_files(town):
    total = sum(town.purchases["amount"].to_pylist())
    assert sum(town.truth["value_to_date"].to_pylist()) == total
    sent = pc.is_valid(town.truth["sender_id"])
    came = sum(town.truth["value_to_date"].filter(sent).to_pylist())
    assert sum(town.truth["brought_to_date"].to_pylist()) == came
    people = {row["customer_id"]: row for row in town.truth.to_pylist()}
    for row in list(people.values())[:200]:
        assert row["sender_value"] == row["brought_to_date"] + row["brought_ahead"]


def test_a_fifth_of_the_referrals_is_not_recorded_and_one_in_twenty_names_another():
    truth = simulate_town(5, 20_000).truth.to_pylist()
    sent = [row for row in truth if row["sender_id"] is not None]
    recorded = [row for row in sent if row["recorded"]]
    wrong = [row for row in recorded if row["recorded_sender_id"] != row["sender_id"]]
    assert len(recorded) / len(sent) == pytest.approx(0.8, abs=0.02)
    assert len(wrong) / len(recorded) == pytest.approx(0.05, abs=0.01)
    assert not any(row["recorded"] for row in truth if row["sender_id"] is None)


def test_everything_is_recorded_rightly_where_that_is_asked():
    truth = simulate_town(5, 2_000, unrecorded_share=0, wrong_share=0).truth.to_pylist()
    assert all(row["recorded_sender_id"] == row["sender_id"] for row in truth)


def test_somebody_was_claimed_late_or_twice_or_by_themselves(town):
    claims = town.referrals.to_pylist()
    truth = {row["customer_id"]: row for row in town.truth.to_pylist()}
    assert any(claim["sender_id"] == claim["friend_id"] for claim in claims)
    friends = [claim["friend_id"] for claim in claims]
    assert len(set(friends)) < len(friends)
    assert any(truth[friend]["sender_id"] is None for friend in friends)
    assert set(friends) <= set(truth)


def test_senders_come_before_their_friends_and_only_while_they_are_customers():
    people = settle(np.random.default_rng(1), customers=5_000, days=728, days_ahead=364)
    sent = np.flatnonzero(people.sender >= 0)
    sender = people.sender[sent]
    assert (people.first_day[sender] <= people.told_day[sent]).all()
    assert (people.told_day[sent] <= people.last_day[sender]).all()
    assert (people.told_day <= people.first_day).all()
    assert (sender < sent).all()  # people are in the order of their coming


def test_tastes_of_sending_are_far_apart_but_sending_dies_out(town):
    rate = floats(town.truth["sending_rate_per_week"])
    assert np.quantile(rate, 0.95) > 10 * np.median(rate)
    friends = floats(town.truth["friends_to_date"])
    assert 0.2 < friends.mean() < 0.7


def test_written_files_read_back_as_they_were(town, tmp_path):
    write_town(town, tmp_path / "town")
    purchases = pyarrow.csv.read_csv(
        tmp_path / "town" / "purchases.csv",
        convert_options=pyarrow.csv.ConvertOptions(strings_can_be_null=True),
    )
    assert purchases["customer_id"].equals(town.purchases["customer_id"])
    assert purchases["refund_of"].null_count == town.purchases["refund_of"].null_count
    first = (tmp_path / "town" / "purchases.csv").read_text("utf-8").splitlines()[1]
    assert first.split(",")[-3].count(".") == 1  # 12.50 rather than 1250
    for name in ("referrals", "truth"):
        assert (tmp_path / "town" / f"{name}.csv").stat().st_size > 0


def test_a_town_of_one_and_impossible_towns():
    assert simulate_town(0, 1, weeks=1).truth.num_rows >= 1
    with pytest.raises(ValueError, match="at least one customer"):
        simulate_town(0, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        simulate_town(0, 10, wrong_share=1.5)
