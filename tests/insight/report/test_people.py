"""Cards of people say over which time their figures are meant."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from regulars.insight.report.people import build_win_back
from regulars.insight.result import ScoreResult


@pytest.mark.parametrize(("rung", "weeks"), [("models with everything", "1,040"), ("rhythm", "52")])
def test_where_no_model_says_who_leaves_only_a_year_is_at_stake(
    result_on: Callable[[str], ScoreResult], rung: str, weeks: str
) -> None:
    found = result_on(rung)
    decades = replace(found, settings=replace(found.settings, horizon_weeks=1_040))
    card, *_ = build_win_back(decades).cards
    assert card.amount_label == f"at stake in the next {weeks} weeks"
