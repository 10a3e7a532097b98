"""What people are worth by whom they bring."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from regulars.insight.sender.claims import resolve_claims
from regulars.insight.sender.tree import NO_DAY
from regulars.insight.sender.value import (
    SenderInputs,
    SenderValues,
    sender_values,
    value_of_new_friend,
)
from regulars.insight.settings import Settings
from regulars.kernel.clock import epoch_day

UNTIL = date(2026, 6, 30)
TODAY = epoch_day(UNTIL)
SETTINGS = Settings(until=UNTIL, acquisition_cost=5.0, come_anyway=0.25, decay=0.5)


def inputs_of(parent, first_day=None, *, clv, margin=None, **others) -> SenderInputs:
    """Inputs in which the claims are exactly ``parent`` and every window is open to all value."""
    parent = np.asarray(parent, np.int64)
    count = len(parent)
    friends = np.flatnonzero(parent >= 0)
    first = np.full(count, TODAY - 364) if first_day is None else np.asarray(first_day, np.int64)
    clv = np.asarray(clv, np.float64)
    margin = clv if margin is None else np.asarray(margin, np.float64)
    fields = {
        "margin_in_window": margin,
        "clv_in_window": clv,
        "clv_variance": None,
        "p_alive": np.where(first != NO_DAY, 0.5, 0.0),
        "alive_weeks": np.full(count, 26.0),
        "alive_weeks_ahead": np.full(count, 13.0),
    } | others
    referrals = resolve_claims(
        parent[friends], friends, np.full(len(friends), -10), first_day=np.full(count, NO_DAY)
    )
    assert referrals.parent.tolist() == parent.tolist()
    return SenderInputs(
        referrals=referrals, first_day=first, margin_to_date=margin, clv=clv, **fields
    )


def by_hand(
    inputs: SenderInputs, settings: Settings, found: SenderValues
) -> dict[str, list[float]]:
    """Every column person by person and friend by friend, as the definitions say."""
    parent = inputs.referrals.parent.tolist()
    people = range(len(parent))
    friends = {person: [f for f in people if parent[f] == person] for person in people}
    beyond, cost, decay = 1 - settings.come_anyway, settings.acquisition_cost, settings.decay

    def cascade(person: int, value: list[float]) -> float:
        return sum(value[friend] + decay * cascade(friend, value) for friend in friends[person])

    def pot(person: int) -> float:
        return clv[person] + decay * sum(pot(friend) for friend in friends[person])

    clv, margin = inputs.clv.tolist(), inputs.margin_to_date.tolist()
    window, clv_window = inputs.margin_in_window.tolist(), inputs.clv_in_window.tolist()
    customers = {p: [f for f in friends[p] if inputs.first_day[f] != NO_DAY] for p in people}
    rate, new = found.sending_rate, found.new_friend.value
    to_come = [
        (rate.shape + len(customers[p]))
        / (rate.scale_weeks + inputs.alive_weeks[p])
        * inputs.alive_weeks_ahead[p]
        if rate.shape
        else 0.0
        for p in people
    ]
    to_date = [sum(margin[f] for f in friends[p]) for p in people]
    ahead = [sum(clv[f] for f in friends[p]) + to_come[p] * new for p in people]
    return {
        "friends": [len(customers[p]) for p in people],
        "crv_realised": [beyond * to_date[p] + cost * len(customers[p]) for p in people],
        "crv_expected": [beyond * ahead[p] + cost * to_come[p] for p in people],
        "cascade_realised": [cascade(p, window) for p in people],
        "cascade_expected": [cascade(p, clv_window) for p in people],
        "engagement_share": [pot(p) * (1.0 if parent[p] < 0 else 1 - decay) for p in people],
        "expected_referrals": to_come,
        "sender_value": [to_date[p] + ahead[p] for p in people],
    }


def test_a_small_family_tree_by_arithmetic():
    # Ana (0) sent Ben (1), who has spent 100 and is worth 40; Ben sent Clara (2): 60 and 20.
    inputs = inputs_of([-1, 0, 1], clv=[80.0, 40.0, 20.0], margin=[500.0, 100.0, 60.0])
    found = sender_values(inputs, SETTINGS)
    assert found.friends.tolist() == [1, 1, 0]
    assert found.crv_realised.tolist() == [0.75 * 100 + 5, 0.75 * 60 + 5, 0]
    assert found.cascade_realised.tolist() == [100 + 0.5 * 60, 60, 0]
    assert found.cascade_expected.tolist() == [40 + 0.5 * 20, 20, 0]
    # Clara keeps half of her 20; Ben half of his 40 + 10; Ana, whom nobody sent, all of 80 + 25.
    assert found.engagement_share.tolist() == [105, 25, 10]
    assert found.sender_total == 25 + 5  # what Ana and Ben keep of others' value
    assert found.brought.realised == 160
    future = found.expected_referrals * found.new_friend.value
    assert found.sender_value.tolist() == pytest.approx((np.array([140, 80, 0]) + future).tolist())


trees = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*[st.integers(-1, person - 1) for person in range(n)])
)


@st.composite
def random_inputs(draw: st.DrawFn) -> SenderInputs:
    parent = draw(trees)
    order = np.array(draw(st.permutations(range(len(parent)))))  # codes say nothing of the tree
    shuffled = np.full(len(parent), -1)
    shuffled[order] = [-1 if p < 0 else order[p] for p in parent]
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = len(parent)
    customer = rng.random(count) < 0.8
    clv = rng.gamma(1.0, 50.0, count) * customer
    margin = (rng.gamma(1.0, 80.0, count) - 10) * customer  # refunds can leave less than nothing
    return inputs_of(
        shuffled,
        np.where(customer, TODAY - rng.integers(0, 700, count), NO_DAY),
        clv=clv,
        margin=margin,
        margin_in_window=margin * rng.random(count),
        clv_in_window=clv * rng.random(count),
        clv_variance=clv * 3,
        alive_weeks=1 + rng.random(count) * 100,
        alive_weeks_ahead=rng.random(count) * 52,
    )


@given(random_inputs(), st.floats(0, 1), st.floats(0, 1))
@examples(max_examples=60, deadline=None)
def test_every_column_is_what_its_definition_says(inputs, decay, come_anyway):
    settings = replace(SETTINGS, decay=decay, come_anyway=come_anyway)
    found = sender_values(inputs, settings)
    for column, expected in by_hand(inputs, settings, found).items():
        assert getattr(found, column).tolist() == pytest.approx(expected, rel=1e-9, abs=1e-9)
    brought = found.brought
    of_known = inputs.clv[inputs.referrals.parent >= 0].sum()
    of_future = (found.expected_referrals * found.new_friend.value).sum()
    assert brought.expected_known == pytest.approx(of_known)
    assert brought.expected_future == pytest.approx(of_future)
    assert brought.expected == pytest.approx(of_known + of_future)


@given(random_inputs(), st.floats(0, 1))
@examples(max_examples=60, deadline=None)
def test_shares_of_engagement_add_up_to_everybodys_value(inputs, decay):
    found = sender_values(inputs, replace(SETTINGS, decay=decay))
    assert found.engagement_share.sum() == pytest.approx(inputs.clv.sum(), rel=1e-9)
    assert 0 <= found.sender_total <= inputs.clv.sum() * (1 + 1e-9)


@given(random_inputs())
@examples(max_examples=40, deadline=None)
def test_an_interval_holds_its_value_and_never_less_than_what_has_come(inputs):
    found = sender_values(inputs, SETTINGS)
    assert (found.sender_value_low <= found.sender_value).all()
    assert (found.sender_value <= found.sender_value_high).all()
    to_date = inputs.referrals.tree.over_friends(inputs.margin_to_date)
    assert (found.sender_value_low >= to_date - 1e-9).all()


STRUCTURAL = ("crv_realised", "cascade_realised", "cascade_expected", "engagement_share", "friends")


@given(random_inputs())
@examples(max_examples=40, deadline=None)
def test_a_customer_who_has_nothing_to_do_with_others_changes_none_of_their_credit(inputs):
    count = len(inputs.clv)
    more = inputs_of(
        [*inputs.referrals.parent.tolist(), -1],
        [*inputs.first_day.tolist(), TODAY - 30],
        clv=[*inputs.clv.tolist(), 99.0],
        margin=[*inputs.margin_to_date.tolist(), 9.0],
        margin_in_window=np.append(inputs.margin_in_window, 9.0),
        clv_in_window=np.append(inputs.clv_in_window, 9.0),
    )
    alone, together = sender_values(inputs, SETTINGS), sender_values(more, SETTINGS)
    for column in STRUCTURAL:
        assert getattr(together, column)[:count].tolist() == pytest.approx(
            getattr(alone, column).tolist(), rel=1e-12, abs=1e-12
        )


@given(random_inputs(), st.randoms(use_true_random=False))
@examples(max_examples=40, deadline=None)
def test_the_codes_of_people_do_not_matter(inputs, random):
    count = len(inputs.clv)
    order = np.array(random.sample(range(count), count))  # new code of each person
    parent = np.full(count, -1)
    parent[order] = np.where(
        inputs.referrals.parent >= 0, order[np.maximum(inputs.referrals.parent, 0)], -1
    )
    names = ("margin_in_window", "clv_in_window", "clv_variance", "alive_weeks", "p_alive")
    moved = {}
    for name in (*names, "alive_weeks_ahead", "first_day", "clv", "margin_to_date"):
        moved[name] = np.empty_like(getattr(inputs, name))
        moved[name][order] = getattr(inputs, name)
    first_day, margin = moved.pop("first_day"), moved.pop("margin_to_date")
    renamed = inputs_of(parent, first_day, margin=margin, **moved)
    before, after = sender_values(inputs, SETTINGS), sender_values(renamed, SETTINGS)
    for column in (*STRUCTURAL, "crv_expected", "sender_value", "sender_value_high"):
        assert getattr(after, column)[order].tolist() == pytest.approx(
            getattr(before, column).tolist(), rel=1e-6, abs=1e-6
        )


def test_referrals_that_are_not_recorded_raise_the_totals_and_leave_the_ranking():
    inputs = inputs_of([-1, 0, 0, 1], clv=[80.0, 40.0, 20.0, 10.0])
    all_recorded = sender_values(inputs, SETTINGS)
    half_recorded = sender_values(inputs, replace(SETTINGS, recorded_share=0.5))
    assert half_recorded.brought == all_recorded.brought
    assert half_recorded.brought_corrected.friends == 3 / 0.5
    assert half_recorded.brought_corrected.realised == 2 * all_recorded.brought.realised
    assert half_recorded.brought_corrected.expected == 2 * all_recorded.brought.expected
    assert half_recorded.sender_value.tolist() == all_recorded.sender_value.tolist()


def test_where_nobody_sends_anybody_there_is_nothing_to_expect():
    found = sender_values(inputs_of([-1, -1], clv=[80.0, 40.0]), SETTINGS)
    assert found.sender_value.tolist() == [0, 0]
    assert found.sender_value_high.tolist() == [0, 0]
    assert found.engagement_share.tolist() == [80, 40]


def test_a_friend_who_never_bought_is_nobody_brought():
    found = sender_values(inputs_of([-1, 0], [TODAY - 50, NO_DAY], clv=[80.0, 0.0]), SETTINGS)
    assert found.friends.tolist() == [0, 0]
    assert found.crv_realised.tolist() == [0, 0]


def test_a_sender_who_never_bought_is_worth_whom_they_brought():
    found = sender_values(inputs_of([-1, 0], [NO_DAY, TODAY - 364], clv=[0.0, 30.0]), SETTINGS)
    assert found.friends.tolist() == [1, 0]
    assert found.engagement_share.tolist() == [15, 15]
    assert found.sender_value[0] >= 30 + 30


def test_more_friends_promise_more_and_longer_silence_about_them_less():
    busy = sender_values(inputs_of([-1, 0, 0, 0, -1, 4], clv=[10.0] * 6), SETTINGS)
    assert busy.expected_referrals[0] > busy.expected_referrals[4] > busy.expected_referrals[1] > 0
    longer = np.array([26.0, 26, 26, 26, 80, 26])
    patient = sender_values(
        inputs_of([-1, 0, 0, 0, 0, 4], clv=[10.0] * 6, alive_weeks=longer), SETTINGS
    )
    assert patient.expected_referrals[4] < busy.expected_referrals[4]


def test_a_new_friend_is_worth_what_newcomers_brought_in_as_much_time():
    # Eight newcomers, one for each eighth of the year, with 10 for each eighth they have had.
    ages = np.arange(8) * 45.5 + 22
    inputs = inputs_of([-1] * 8, TODAY - ages.astype(np.int64), clv=[0.0] * 8)
    inputs = replace(
        inputs,
        margin_to_date=10.0 * (np.arange(8) + 1),
        p_alive=np.ones(8),
        alive_weeks_ahead=np.full(8, 52.0),
    )
    found = value_of_new_friend(inputs, replace(SETTINGS, discount_yearly=0.0))
    assert found.value == pytest.approx(10 * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8) / 8)
    # Were one age far more crowded, the answer would be the same: ages are averaged, not people.
    crowded = inputs_of(
        [-1] * 20, TODAY - np.append(ages, [ages[0]] * 12).astype(int), clv=[0] * 20
    )
    crowded = replace(
        crowded,
        margin_to_date=np.append(inputs.margin_to_date, [10.0] * 12),
        p_alive=np.ones(20),
        alive_weeks_ahead=np.full(20, 52.0),
    )
    again = value_of_new_friend(crowded, replace(SETTINGS, discount_yearly=0.0))
    assert again.value == pytest.approx(found.value)
    assert value_of_new_friend(inputs, SETTINGS).value < found.value  # discounted


def test_where_nobody_is_new_a_new_friend_is_worth_half_a_years_average():
    inputs = inputs_of([-1, -1], [TODAY - 800, TODAY - 900], clv=[60.0, 20.0])
    found = value_of_new_friend(inputs, SETTINGS)
    assert found.value == 20.0
    assert found.newcomers == 0
