"""What the comparison with an earlier run says, and what it does not claim."""

from dataclasses import replace

from regulars.insight.report import render_report
from regulars.insight.report.changes import Difference, build_changes
from regulars.insight.result import Changes, ScoreResult


def section(result: ScoreResult, **changed: object) -> Difference:
    """The section of a result whose changes are not what they were."""
    assert isinstance(result.changes, Changes)
    built = build_changes(replace(result, changes=replace(result.changes, **changed)))
    assert built is not None
    return built


def test_where_one_run_had_no_forecast_only_what_is_known_of_both_is_compared(
    everything: ScoreResult,
) -> None:
    for missing, told in (
        ("spender_total_before", "The earlier run had no forecast to compare with."),
        ("spender_total_now", "This run has no forecast to compare with the earlier one's."),
    ):
        built = section(everything, **{missing: None}, sender_total_before=None)
        assert built.intro == (told,)
        assert [row[0] for row in built.totals.rows] == ["Customers"]


def test_from_nothing_expected_no_growth_is_claimed(everything: ScoreResult) -> None:
    built = section(everything, spender_total_before=0.0)
    assert built.intro == ()
    assert [row[0] for row in built.totals.rows][1] == "Expected of them"


def test_what_did_not_change_is_not_called_growth(everything: ScoreResult) -> None:
    assert everything.changes is not None
    before = everything.changes.spender_total_before
    assert before is not None
    built = section(everything, spender_total_now=before * 1.001)
    assert built.intro == (
        "What is expected of your customers in the next 52 weeks is the same as then.",
    )


def test_that_the_runs_assumed_different_things_is_said_first(everything: ScoreResult) -> None:
    built = section(everything, assumptions_differ=("horizon_weeks", "margin", "model"))
    assert built.intro[0].startswith(
        "Take care: the two runs did not assume the same "
        "(how far ahead, what is left of each unit of revenue and the purchase model)."
    )
    assert "has grown by 8%" in built.intro[1]  # 1 / 0.93 = 1.075


def test_the_page_bears_an_earlier_run_without_forecast(everything: ScoreResult) -> None:
    assert everything.changes is not None
    bare = replace(
        everything.changes,
        spender_total_before=None,
        sender_total_before=None,
        movements=(),
        risen=(),
        fallen=(),
    )
    page = render_report(replace(everything, changes=bare), "en")
    assert "The earlier run had no forecast to compare with." in page
