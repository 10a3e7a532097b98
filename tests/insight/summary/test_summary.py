"""The summary says what a person would reckon from the lines by hand."""

import random
from collections.abc import Callable
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.insight.result import CohortCell, Month
from regulars.insight.summary import Summary
from regulars.kernel.clock import day_of, epoch_day

SumUp = Callable[..., Summary]
UNTIL = date(2024, 6, 30)


def line(
    customer: str,
    day: str,
    amount: float,
    order: str | None = None,
    of: str | None = None,
    margin: float | None = None,
) -> dict[str, Any]:
    row: dict[str, Any] = {"customer_id": customer, "occurred_at": day, "amount": float(amount)}
    return {
        **row,
        "order_id": order or "",
        "refund_of": of or "",
        "margin": margin,
        "customer_name": "",
    }


def only(summary: Summary) -> dict[str, Any]:
    (row,) = summary.customers.to_pylist()
    return dict(row)


def test_lines_of_one_order_are_one_purchase_on_the_day_of_its_first_line(sum_up: SumUp) -> None:
    row = only(
        sum_up(
            [
                line("ana", "2024-01-01", 5, "1"),
                line("ana", "2024-01-02", 7, "1"),  # after midnight
                line("ana", "2024-01-11", 3, "2"),
                line("ana", "2024-01-11", 4, "3"),
            ]
        )
    )
    assert row["purchases"] == 3
    # Two purchase days, ten days apart, 181 - 0 days after the first of January.
    assert (row["x"], row["t_x_days"], row["age_days"]) == (1, 10, 181)
    assert (row["first_minor"], row["repeat_minor"]) == (1200, 700)


def test_the_sums_of_the_basket_are_those_of_the_purchase_days(sum_up: SumUp) -> None:
    row = only(
        sum_up(
            [
                line("ana", "2024-01-01", 5),
                line("ana", "2024-01-04", 3),
                line("ana", "2024-01-06", 2),
            ]
        )
    )
    # k = 0, 3, 5 and v = 500, 300, 200.
    assert row["sum_k"] == 3 + 5
    assert row["sum_kk"] == 9 + 25
    assert row["sum_v"] == 500 + 300 + 200
    assert row["sum_kv"] == 3 * 300 + 5 * 200
    assert row["sum_vv"] == 500**2 + 300**2 + 200**2


def test_a_refund_never_counts_as_a_purchase_and_never_undoes_one(sum_up: SumUp) -> None:
    summary = sum_up(
        [line("ana", "2024-01-01", 5), line("ana", "2024-01-08", 5), line("ana", "2024-02-01", -5)]
    )
    row = only(summary)
    assert (row["x"], row["purchases"], row["refunds"]) == (1, 2, 1)
    # The first refund of 5.00 belongs to the first purchase of 5.00.
    assert (row["first_minor"], row["repeat_minor"]) == (0, 500)
    assert summary.refunds_matched == {"same_amount": 1}


@pytest.mark.parametrize(
    ("refund", "way", "first", "repeat"),
    [
        (line("ana", "2024-03-01", -2, "9", of="2"), "refund_of", 1000, 500),
        (line("ana", "2024-03-01", -2, "1"), "same_order", 800, 700),
        # A clock may be wrong by days; the number of an order that comes later still was given anew.
        (line("ana", "2024-01-25", -2, "9", of="2"), "refund_of", 1000, 500),
        (line("ana", "2024-01-24", -2, "9", of="2"), "latest_day", 800, 700),
        (line("ana", "2024-01-25", -2, "2"), "same_order", 1000, 500),
        (line("ana", "2024-01-24", -2, "2"), "latest_day", 800, 700),
        (line("ana", "2024-03-01", -7, "9"), "same_amount", 1000, 0),
        (line("ana", "2024-03-01", -2, "9"), "latest_day", 1000, 500),
        (line("ana", "2024-01-03", -2, "9"), "latest_day", 800, 700),
        # An equal amount that was paid only later is no match.
        (line("ana", "2024-01-03", -7, "9"), "latest_day", 300, 700),
        (line("ana", "2023-12-31", -2, "9"), "before_file", 1000, 700),
        # After the last day that counts nothing has been given back yet.
        (line("ana", "2024-07-01", -2, "9", of="2"), None, 1000, 700),
    ],
)
def test_a_refund_finds_its_purchase(
    sum_up: SumUp, refund: dict[str, Any], way: str | None, first: int, repeat: int
) -> None:
    rows = [line("ana", "2024-01-01", 10, "1"), line("ana", "2024-02-01", 7, "2"), refund]
    summary = sum_up(rows, validate_until=date(2024, 12, 31))
    row = only(summary)
    assert (row["first_minor"], row["repeat_minor"]) == (first, repeat)
    assert summary.refunds_matched == ({way: 1} if way else {})


TENS = [line("ana", "2024-01-01", 10, "A"), line("ana", "2024-02-01", 10, "B")]
PAIRS = [
    line("ana", "2024-01-01", 6, "A"),
    line("ana", "2024-01-01", 4, "A"),
    line("ana", "2024-02-01", 6, "B"),
    line("ana", "2024-02-01", 4, "B"),
]
FOURS = [
    line("ana", "2024-01-01", 4, "A"),
    line("ana", "2024-01-01", 4, "A", margin=1.0),  # another article, and no repeat
    line("ana", "2024-01-01", 6, "A"),
    line("ana", "2024-02-01", 4, "B"),
]


def told(amount: float, of: str) -> dict[str, Any]:
    return line("ana", "2024-03-01", amount, of=of)


def silent(amount: float) -> dict[str, Any]:
    return line("ana", "2024-03-02", amount)


@pytest.mark.parametrize(
    ("bought", "back", "first", "repeat"),
    [
        # All of A was given back, so that the other 10.00 are B's.
        (TENS, [told(-10, "A"), silent(-10)], 0, 0),
        (TENS, [line("ana", "2024-03-01", -10, "A"), silent(-10)], 0, 0),
        # All of A was given back, so that no line of it is open: 4.00 are B's.
        (PAIRS, [told(-10, "A"), silent(-4)], 0, 600),
        (PAIRS, [told(-6, "A"), told(-4, "A"), silent(-4)], 0, 600),
        # The 6.00 of A were given back, and its 4.00 are open.
        (PAIRS, [told(-6, "A"), silent(-4)], 0, 1000),
        # Both 6.00 were, of A and of B.
        (PAIRS, [told(-6, "A"), silent(-6)], 400, 400),
        # Both 4.00 of A were, so that the third is B's.
        (FOURS, [told(-4, "A"), told(-4, "A"), silent(-4)], 600, 0),
        (FOURS, [told(-4, "A"), silent(-4)], 600, 400),
    ],
)
def test_what_an_orders_refund_took_back_no_other_takes_back_by_its_amount(
    sum_up: SumUp, bought: list[dict[str, Any]], back: list[dict[str, Any]], first: int, repeat: int
) -> None:
    # Somebody else's order of the same number has nothing to do with it.
    another = [{**row, "customer_id": "ben"} for row in bought]
    ana, ben = sum_up(bought + another + back).customers.to_pylist()
    assert (ana["first_minor"], ana["repeat_minor"]) == (first, repeat)
    assert ben["first_minor"] + ben["repeat_minor"] == sum(
        round(100 * row["amount"]) for row in bought
    )


def test_an_amount_that_comes_back_falls_on_the_day_of_its_order(sum_up: SumUp) -> None:
    row = only(
        sum_up(
            [
                line("ana", "2024-01-01", 3, "1"),
                line("ana", "2024-01-03", 7, "1"),
                line("ana", "2024-01-02", 10, "2"),
                line("ana", "2024-01-09", -7),
            ]
        )
    )
    assert (row["first_minor"], row["repeat_minor"]) == (300, 1000)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_refunds_of_one_day_and_amount_are_booked_alike_in_either_order(
    sum_up: SumUp, order: tuple[int, int]
) -> None:
    bought = [
        line("ana", "2024-01-01", 5, "1", margin=2.0),
        line("ana", "2024-01-02", 5, "2", margin=2.0),
        line("ana", "2024-01-02", 90, "2", margin=10.0),
    ]
    back = [line("ana", "2024-01-03", -5, margin=2.0), line("ana", "2024-01-03", -5)]
    assert margin_of(sum_up(bought + [back[place] for place in order])) == (0, 0)


def test_the_refund_of_a_late_line_falls_on_its_orders_day(sum_up: SumUp) -> None:
    row = only(
        sum_up(
            [
                line("ana", "2024-01-01", 5, "1"),
                line("ana", "2024-01-02", 7, "1"),
                line("ana", "2024-01-05", -7, "2"),
            ]
        )
    )
    assert (row["x"], row["first_minor"], row["repeat_minor"]) == (0, 500, 0)


def margin_of(summary: Summary) -> tuple[int, int]:
    row = only(summary)
    return row["margin_minor"], row["margin_base_minor"]


def test_margins_are_summed_net_and_unknown_where_no_line_tells(sum_up: SumUp) -> None:
    told = [line("ana", "2024-01-01", 5, margin=2.0), line("ana", "2024-02-01", -5, margin=2.0)]
    # 2.00 - 2.00 + 3.00 of 5.00 - 5.00 + 7.00
    assert margin_of(sum_up([*told, line("ana", "2024-03-01", 7, margin=3.0)])) == (300, 700)
    assert margin_of(sum_up([line("ana", "2024-01-01", 5)])) == (0, 0)


@pytest.mark.parametrize(
    "unknown",
    [
        line("ana", "2024-01-01", 4),
        line("ana", "2024-01-01", 4, "1"),
        line("ana", "2024-01-09", -4, "9", of="1"),
    ],
)
def test_a_day_has_a_margin_only_if_every_line_and_refund_of_it_tells_one(
    sum_up: SumUp, unknown: dict[str, Any]
) -> None:
    rows = [line("ana", "2024-01-01", 5, "1", margin=2), line("ana", "2024-02-01", 7, margin=3)]
    assert margin_of(sum_up(rows)) == (500, 1200)
    assert margin_of(sum_up([*rows, unknown])) == (300, 700)


def test_lines_after_the_last_day_leave_the_margin_of_their_order_known(sum_up: SumUp) -> None:
    rows = [line("ana", "2024-06-30", 5, "1", margin=2), line("ana", "2024-07-01", 7, "1")]
    assert margin_of(sum_up(rows, validate_until=date(2024, 7, 31))) == (200, 500)


def test_the_holdout_counts_days_of_known_customers_and_no_refunds(sum_up: SumUp) -> None:
    summary = sum_up(
        [
            line("ana", "2024-01-01", 5),
            line("ana", "2024-07-05", 5),
            line("ana", "2024-07-05", 6),
            line("ana", "2024-07-09", -5),
            line("ben", "2024-07-05", 5),
            line("ana", "2024-09-01", 5),
        ],
        validate_until=date(2024, 8, 31),
    )
    row = only(summary)
    assert (row["customer_id"], row["x"], row["holdout_x"]) == ("ana", 0, 1)
    assert (row["repeat_minor"], summary.purchases, summary.refunds) == (0, 1, 0)
    assert summary.repeat_days() == {epoch_day(date(2024, 7, 5)): 1}


def test_the_latest_name_is_kept(sum_up: SumUp) -> None:
    rows = [
        line("ana", "2024-02-01", 5),
        line("ana", "2024-01-01", 5),
        line("ana", "2024-03-01", 5),
    ]
    names = ["Ana Busch", "Zoe Alt", ""]
    named = [{**row, "customer_name": name} for row, name in zip(rows, names, strict=True)]
    assert only(sum_up(named))["customer_name"] == "Ana Busch"


def test_months_tell_new_customers_from_those_who_came_back(sum_up: SumUp) -> None:
    months = sum_up(
        [
            line("ana", "2024-05-01", 5),
            line("ana", "2024-05-20", 5),
            line("ana", "2024-06-01", 4),
            line("ben", "2024-06-02", 3),
        ]
    ).months()
    assert months == (
        Month(month=date(2024, 5, 1), new_customers=1, new_revenue=10, returning_customers=0, returning_revenue=0),
        Month(month=date(2024, 6, 1), new_customers=1, new_revenue=3, returning_customers=1, returning_revenue=4),
    )  # fmt: skip


def test_cohorts_tell_who_bought_again_in_each_quarter(sum_up: SumUp) -> None:
    cells = sum_up(
        [line("ana", "2024-01-01", 5), line("ben", "2024-02-01", 5), line("ben", "2024-04-01", 5)],
        until=date(2024, 6, 29),
    ).cohorts()
    first = date(2024, 1, 1)
    assert cells == (
        CohortCell(cohort=first, quarters=0, customers=2, active=2, complete=True),
        CohortCell(cohort=first, quarters=1, customers=2, active=1, complete=False),
    )


def test_regularity_compares_consecutive_gaps(sum_up: SumUp) -> None:
    # Gaps of 10, 10 and 30 days: m is 1/2 and 1/4. By whole days they vary by a twentieth and by a
    # fifth of ten less than chance in hours would let them: 2 in 20 days and 2 in 40. Purchases
    # day after day leave no room for chance at all and count nothing.
    days = ["2024-01-01", "2024-01-11", "2024-01-21", "2024-02-20"]
    daily = [f"2024-03-0{day}" for day in range(1, 8)]
    found = sum_up([line("ana", day, 5) for day in days] + [line("ben", day, 5) for day in daily])
    regularity = found.gap_pairs()
    assert regularity.pairs == pytest.approx((1 - 2 / 20) + (1 - 2 / 40))
    assert regularity.sum_squares == pytest.approx(1 / 16)


def test_customers_with_six_gaps_that_hardly_vary_come_like_clockwork(sum_up: SumUp) -> None:
    def visits(customer: str, gaps: list[int]) -> list[dict[str, Any]]:
        days = accumulate(gaps, initial=epoch_day(date(2024, 1, 1)))
        return [line(customer, str(day_of(day)), 5) for day in days]

    summary = sum_up(
        [
            *visits("monthly", [31, 29, 31, 30, 31]),  # too few to tell
            *visits("every-three-days", [3] * 9),
            *visits("weekly", [7, 7, 6, 8, 7, 7]),
            *visits("daily", [1] * 12),
            *visits("by-chance", [2, 9, 14, 3, 1, 20]),
        ]
    )
    found = summary.gap_pairs()
    assert (found.frequent, found.clockwork) == (4, 2)


def test_baskets_are_the_means_of_the_first_and_of_the_last_three_purchase_days(
    sum_up: SumUp,
) -> None:
    amounts = {"01-01": 60, "01-09": 50, "02-01": 40, "03-01": 9, "04-01": 8, "05-01": 10}
    summary = sum_up(
        [
            *(line("ana", f"2024-{day}", amount) for day, amount in amounts.items()),
            line("ana", "2024-05-01", 6),  # the same day: 16 together
            line("ana", "2024-05-02", -9),  # the ninth's worth of 1 March is given back
            line("ana", "2024-07-05", 500),  # after the last day that counts
            line("ben", "2024-02-01", 7),
            line("cem", "2024-02-01", 7),
            line("cem", "2024-02-02", 8),
        ],
        validate_until=date(2024, 12, 31),
    )
    asked = pa.table({"customer_id": ["cem", "ana"]})
    cem, ana = summary.baskets(asked).to_pylist()
    assert ana == {
        "customer_id": "ana",
        "first_mean_minor": pytest.approx((6000 + 5000 + 4000) / 3),
        "last_mean_minor": pytest.approx((0 + 800 + 1600) / 3),
    }
    assert (cem["customer_id"], cem["first_mean_minor"], cem["last_mean_minor"]) == (
        "cem",
        750.0,
        750.0,
    )


def test_value_between_counts_both_ends_and_keeps_the_order(sum_up: SumUp) -> None:
    summary = sum_up(
        [
            line("ana", "2024-01-01", 5),
            line("ana", "2024-01-10", 7),
            line("ana", "2024-01-12", -7),
            line("ben", "2024-01-05", 2),
        ]
    )
    spans = pa.table(
        {
            "customer_id": ["ben", "ana", "ana", "cem"],
            "from_day": [epoch_day(date(2024, 1, 6)), *[epoch_day(date(2024, 1, 1))] * 3],
            "to_day": [epoch_day(date(2024, 1, day)) for day in (31, 9, 10, 31)],
        }
    )
    found = summary.value_between(spans).to_pydict()
    assert found["customer_id"] == ["ben", "ana", "ana", "cem"]
    assert found["net_minor"] == [0, 500, 500, 0]
    assert found["purchase_days"] == [0, 1, 2, 0]
    assert found["margin_minor"] == found["margin_base_minor"] == [0] * 4


def test_value_between_tells_the_margin_and_what_it_is_of(sum_up: SumUp) -> None:
    rows = [line("ana", "2024-01-01", 5, margin=2), line("ana", "2024-01-02", 7)]
    spans = pa.table(
        {
            "customer_id": ["ana"],
            "from_day": [epoch_day(date(2024, 1, 1))],
            "to_day": [epoch_day(date(2024, 1, 31))],
        }
    )
    assert sum_up(rows).value_between(spans).to_pylist() == [
        {
            "customer_id": "ana",
            "net_minor": 1200,
            "margin_minor": 200,
            "margin_base_minor": 500,
            "purchase_days": 2,
        }
    ]


LINES = st.lists(
    st.builds(
        line,
        st.sampled_from(["ana", "ben", "cem"]),
        st.integers(1, 28).map(lambda day: f"2024-06-{day:02}"),
        st.integers(-3, 6),
        st.sampled_from([None, None, "1", "2", "3"]),
        st.sampled_from([None, None, None, "1", "2"]),
        st.sampled_from([None, 1.0]),
    ),
    min_size=1,
    max_size=25,
)
ANCHOR = [line("zoe", "2024-06-01", 1.25, margin=0.5)]


def the_order_of_rows_does_not_matter(sum_up: SumUp, rows: list[dict[str, Any]], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    expected, found = sum_up(ANCHOR + rows), sum_up(shuffled + ANCHOR)
    assert found.customers.equals(expected.customers)
    assert (found.purchases, found.refunds) == (expected.purchases, expected.refunds)


def splitting_a_file_changes_nothing(
    sum_up: SumUp, rows: list[dict[str, Any]], cuts: list[int]
) -> None:
    whole = ANCHOR + rows
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    parts = [whole[start:end] for start, end in pairwise(edges) if end > start]
    # The types of an empty column are the whole file's, as they would be in a real one.
    schema = pa.Table.from_pylist(whole).schema
    split = [pa.Table.from_pylist(part, schema=schema).to_pylist() for part in parts]
    expected, found = sum_up(whole), sum_up(*split)
    assert found.customers.equals(expected.customers)
    assert found.refunds_matched == expected.refunds_matched


def a_new_customer_changes_no_other(
    sum_up: SumUp, rows: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    before = sum_up(ANCHOR + rows).customers.to_pylist()
    newcomers = [{**row, "customer_id": "new"} for row in new]
    after = sum_up(ANCHOR + newcomers + rows).customers.to_pylist()
    assert [row for row in after if row["customer_id"] != "new"] == before


def nothing_is_lost_and_nothing_counts_twice(sum_up: SumUp, rows: list[dict[str, Any]]) -> None:
    alone = [{**row, "order_id": "", "refund_of": ""} for row in rows]
    summary = sum_up(ANCHOR + alone)
    days = {(row["customer_id"], row["occurred_at"]) for row in alone if row["amount"] >= 0}
    found = summary.customers.to_pylist()
    assert sum(row["x"] + 1 for row in found) == len(days) + 1
    assert summary.purchases == 1 + sum(row["amount"] >= 0 for row in alone)
    assert summary.refunds == sum(row["amount"] < 0 for row in alone)
    assert sum(summary.refunds_matched.values()) == summary.refunds
    if "before_file" not in summary.refunds_matched:
        net = sum(row["first_minor"] + row["repeat_minor"] for row in found)
        assert net == 125 + sum(round(100 * row["amount"]) for row in alone)


def tried(promise: Callable[..., None], examples: int) -> Callable[..., None]:
    """A promise as a test of so many files."""
    how = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    test: Callable[..., None] = how(given(rows=LINES, **FURTHER.get(promise, {}))(promise))
    return test


FURTHER: dict[Callable[..., None], dict[str, st.SearchStrategy[Any]]] = {
    the_order_of_rows_does_not_matter: {"seed": st.integers(0, 1000)},
    splitting_a_file_changes_nothing: {"cuts": st.lists(st.integers(0, 25), max_size=3)},
    a_new_customer_changes_no_other: {"new": LINES},
}
test_the_order_of_rows_does_not_matter = tried(the_order_of_rows_does_not_matter, examples=3)
test_splitting_a_file_changes_nothing = tried(splitting_a_file_changes_nothing, examples=3)
test_a_new_customer_changes_no_other = tried(a_new_customer_changes_no_other, examples=3)
test_nothing_is_lost_and_nothing_counts_twice = tried(
    nothing_is_lost_and_nothing_counts_twice, examples=4
)
