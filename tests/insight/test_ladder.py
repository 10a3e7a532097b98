"""Too little data is not an error: the ladder says what there is enough for."""

from datetime import date

import pytest

from regulars.insight.ladder import quiet_end_note, standing


def test_one_customer_on_one_day_gets_facts_and_a_friendly_word():
    found = standing(customers=1, repeaters=0, observed_days=0)
    assert found.rung == "facts"
    assert found.reason == (
        "There is 1 customer so far. Nobody has come back yet, which is how every shop begins. "
        "Scores, and who is slipping away, can be told from 10 customers on, "
        "3 of whom came back."
    )


@pytest.mark.parametrize(
    ("customers", "repeaters", "weeks", "expected"),
    [
        (9, 9, 100, "facts"),
        (1_000_000, 2, 100, "facts"),
        (10, 3, 1, "rhythm"),
        (5_000, 99, 100, "rhythm"),
        (5_000, 2_000, 11, "rhythm"),
        (100, 100, 12, "models"),
        (5_000, 2_000, 52, "models"),
    ],
)
def test_each_rung_begins_where_it_is_documented_to(customers, repeaters, weeks, expected):
    found = standing(customers=customers, repeaters=repeaters, observed_days=weeks * 7)
    assert found.rung == expected


def test_the_reason_says_what_the_next_rung_needs():
    assert "From 100 on" in standing(customers=200, repeaters=20, observed_days=400).reason
    assert "After 12 weeks" in standing(customers=200, repeaters=180, observed_days=30).reason


def test_files_that_end_more_than_four_weeks_before_the_last_day_are_said():
    until = date(2026, 6, 30)
    assert quiet_end_note(last_day=date(2026, 6, 2), until=until) is None  # 28 days
    assert quiet_end_note(last_day=date(2026, 8, 1), until=until) is None  # a holdout's
    note = quiet_end_note(last_day=date(2026, 3, 1), until=until)
    assert "end on 1 March 2026, 17 weeks before 30 June 2026" in note
    assert "--until 2026-03-01" in note
