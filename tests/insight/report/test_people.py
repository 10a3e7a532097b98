"""Cards of people say over which time their figures are meant."""

from dataclasses import replace

import pytest
from tests.insight.report.conftest import full_result, rhythm_result

from regulars.insight.report.people import build_win_back
from regulars.insight.result import ScoreResult


@pytest.mark.parametrize(
    ("found", "weeks"),
    [(full_result(300), "1,040"), (rhythm_result(), "52")],
    ids=["models", "below"],
)
def test_where_no_model_says_who_leaves_only_a_year_is_at_stake(
    found: ScoreResult, weeks: str
) -> None:
    decades = replace(found, settings=replace(found.settings, horizon_weeks=1_040))
    card, *_ = build_win_back(decades).cards
    assert card.amount_label == f"at stake in the next {weeks} weeks"
