"""Absurd amounts keep nobody's scores away, and change nobody else's."""

from datetime import timedelta

import pytest
from tests.scoring.conftest import NOW, UNTIL, customer

from regulars.kernel.actor import SYSTEM
from regulars.kernel.faults import LARGEST_AMOUNT
from regulars.scoring.models import Run, Score
from regulars.scoring.services import run_scoring
from regulars.stream.services import NewEvent

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BEN = customer("ana"), customer("ben")
ABSURD = 1_100  # of the largest amount come to more than 64 bits hold


def purchase(who, key, minor, **more):
    return NewEvent(
        type="purchase.completed",
        source="till",
        key=key,
        customer_id=who,
        occurred_at=NOW - timedelta(days=5 + len(key)),
        data={"total": {"amount_minor": minor, "currency": "EUR"}, **more},
    )


def found(run):
    told = {one.name for one in Score._meta.concrete_fields} - {"id", "run"}
    return {
        one.customer_id: {name: getattr(one, name) for name in told} for one in run.scores.all()
    }


def scored():
    return Run.objects.get(id=run_scoring(until=UNTIL, actor=SYSTEM, now=NOW))


@pytest.mark.parametrize(
    ("minor", "more"),
    [
        (LARGEST_AMOUNT, {}),
        (100, {"margin_minor": -LARGEST_AMOUNT}),
        (100, {"lines": [{"amount_minor": 100, "margin_minor": -LARGEST_AMOUNT}]}),
    ],
)
def test_amounts_that_no_sum_holds_are_set_aside_and_everybody_else_is_scored_as_ever(
    write, minor, more
):
    write(purchase(BEN, "1", 1_000), purchase(BEN, "22", 2_000, margin_minor=500))
    before = found(scored())
    write(*(purchase(ANA, f"absurd {number}", minor, **more) for number in range(ABSURD)))
    after = scored()
    assert found(after) == before
    assert after.summary["left_out"]["amount_beyond_counting"] == ABSURD


def test_of_many_large_ones_the_largest_are_set_aside_until_the_rest_can_be_counted(write):
    large = 2**50 - 1
    write(
        purchase(BEN, "1", 1_000),
        *(purchase(ANA, f"large {number}", large) for number in range(ABSURD)),
    )
    run = scored()
    assert run.summary["left_out"]["amount_beyond_counting"] == ABSURD
    assert [one.value_to_date for one in run.scores.all()] == [1_000]


def test_a_great_deal_that_can_be_counted_is_counted(write):
    write(purchase(BEN, "1", 1_000), purchase(ANA, "2", 2**50 - 1))
    run = scored()
    assert run.summary["left_out"]["amount_beyond_counting"] == 0
    assert {one.customer_id: one.value_to_date for one in run.scores.all()} == {
        BEN: 1_000,
        ANA: 2**50 - 1,
    }
