"""Clean purchases in memory come to the same histories as by hand."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.insight.packed import summarise_packed
from regulars.kernel.clock import epoch_day

UNTIL = epoch_day(date(2026, 6, 30))


def purchases(*rows: tuple[object, int, float]) -> pa.Table:
    customer, day, amount = zip(*rows, strict=True)
    return pa.table(
        {
            "customer_id": pa.array(customer),
            "day": pa.array(day, pa.int32()).cast(pa.date32()),
            "amount": pa.array(amount, pa.float64()),
        }
    )


def test_two_purchases_on_one_day_are_one() -> None:
    # Ana: 70 days before the end for 10; 56 days before it for 4 and 2 more.
    found = summarise_packed(
        purchases(("Ana", UNTIL - 70, 10), ("Ana", UNTIL - 56, 4), ("Ana", UNTIL - 56, 2)),
        until_day=UNTIL,
    )
    assert found.histories.x.tolist() == [1]
    assert found.histories.t_x.tolist() == [2.0]
    assert found.histories.age.tolist() == [10.0]
    assert found.mean_repeat.tolist() == [6.0]


def test_what_comes_after_the_last_day_does_not_count() -> None:
    found = summarise_packed(
        purchases((7, UNTIL, 1), (7, UNTIL + 1, 1), (9, UNTIL + 1, 1)), until_day=UNTIL
    )
    assert found.customer_id.to_pylist() == [7]
    assert found.histories.x.tolist() == [0]


def test_a_refund_is_not_summed_up_in_silence() -> None:
    with pytest.raises(ValueError, match="refund"):
        summarise_packed(purchases((7, UNTIL, -1)), until_day=UNTIL)


rows = st.lists(
    st.tuples(
        st.sampled_from([0, 3, 4, 900, 1_000_000_007]),
        st.integers(UNTIL - 60, UNTIL + 5),
        st.integers(0, 50).map(float),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(rows, st.booleans())
def test_it_agrees_with_counting_by_hand(
    drawn: list[tuple[int, int, float]], as_text: bool
) -> None:
    table = purchases(*((str(c) if as_text else c, day, amount) for c, day, amount in drawn))
    found = summarise_packed(table, until_day=UNTIL)
    days: dict[object, dict[int, float]] = {}
    for customer, day, amount in drawn:
        if day <= UNTIL:
            own = days.setdefault(str(customer) if as_text else customer, {})
            own[day] = own.get(day, 0.0) + amount
    assert found.customer_id.to_pylist() == sorted(days)  # type: ignore[type-var]
    for place, customer in enumerate(found.customer_id.to_pylist()):
        own = days[customer]
        first, last, x = min(own), max(own), len(own) - 1
        assert found.histories.x[place] == x
        assert found.histories.t_x[place] == (last - first) / 7
        assert found.histories.age[place] == (UNTIL - first) / 7
        mean = (sum(own.values()) - own[first]) / x if x else 0.0
        assert np.isclose(found.mean_repeat[place], mean)
