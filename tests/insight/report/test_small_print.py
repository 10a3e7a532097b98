"""What was assumed and left out is told as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from regulars.insight.reading.rejects import REASONS_IN_WORDS
from regulars.insight.report import render_report
from regulars.insight.report.people import build_thanks
from regulars.insight.report.rfv import build_rfv
from regulars.insight.report.small_print import (
    REASONS,
    build_assumptions,
    build_left_out,
    reason_text,
)
from regulars.insight.report.wording import share_text
from regulars.insight.result import ScoreResult
from regulars.insight.sender.claims import REASONS as CLAIM_REASONS


def until_when(result: ScoreResult) -> str:
    """What stands beside "Tested until"."""
    return {one.name: one.value for one in build_assumptions(result).settings}["Tested until"]


def test_until_when_it_was_tested_stands_there_only_if_it_was(everything: ScoreResult) -> None:
    asked = replace(everything.settings, validate_until=date(2026, 12, 31))
    untested = {**everything.summary, "holdout": None}
    # The 31st was asked for; the summary says how far the data went.
    assert until_when(replace(everything, settings=asked)) == "29 December 2026"
    assert until_when(replace(everything, settings=asked, summary=untested)).startswith(
        "not tested: the file ends"
    )
    not_asked = replace(asked, validate_until=None)
    assert until_when(replace(everything, settings=not_asked, summary=untested)).startswith(
        "not tested: no --validate-until"
    )


def test_below_the_models_nothing_was_tested_whatever_was_asked(
    result_on: Callable[[str], ScoreResult],
) -> None:
    rhythm = result_on("rhythm")
    assert rhythm.settings.validate_until is not None
    assert until_when(rhythm) == "not tested: there is no forecast yet"


def test_a_test_that_had_no_days_is_not_asked_for_again(everything: ScoreResult) -> None:
    page = render_report(replace(everything, summary={**everything.summary, "holdout": None}), "en")
    assert "The forecast could not be tested: the file ends before" in page
    assert "name the last day of your file with" not in page


def test_options_of_the_command_stay_in_one_piece(everything: ScoreResult) -> None:
    not_asked = replace(everything.settings, validate_until=None)
    untested = {**everything.summary, "holdout": None}
    page = render_report(replace(everything, settings=not_asked, summary=untested), "en")
    assert "not tested: no <code>--validate-until</code> was given" in page


@pytest.mark.parametrize(
    ("basis", "told"), [("clv", "€220 expected,"), ("margin_to_date", "€220 of their own so far,")]
)
def test_the_groups_are_told_by_what_they_were_cut_by(
    everything: ScoreResult, basis: str, told: str
) -> None:
    value = everything.summary["value"]
    cuts = value["cuts"] | {"basis": basis, "clv": 220.0}
    summary = {**everything.summary, "value": value | {"cuts": cuts}}
    method = build_assumptions(replace(everything, summary=summary)).method
    assert f"a spender from {told}" in method[-1]


def test_every_reason_that_the_files_can_give_has_words() -> None:
    assert {*REASONS_IN_WORDS, *CLAIM_REASONS} - {"accepted"} <= set(REASONS)
    assert reason_text("ragged") == "the row has more or fewer cells than the file has columns"


def test_reasons_that_nothing_has_are_not_listed(everything: ScoreResult) -> None:
    summary = {
        **everything.summary,
        "rejected": {"bad_date": 0},
        "kept": {"repeated_row": 0},
        "refunds_matched": {},
        "referrals": None,
    }
    built = build_left_out(replace(everything, summary=summary))
    assert (built.rejected, built.kept, built.referrals) == (None, None, None)
    assert built.intro == ("Nothing was left out: every row counts.",)


def test_who_gave_referrals_is_not_told_to_give_them(everything: ScoreResult) -> None:
    waiting = build_thanks(replace(everything, thanks=()))
    assert "--referrals" not in waiting.empty
    assert "as soon as one of the friends in your referrals has bought" in waiting.empty
    nothing = {**everything.summary, "referrals": None}
    assert "--referrals" in build_thanks(replace(everything, thanks=(), summary=nothing)).empty


def test_the_map_of_revenue_is_called_a_map_of_revenue(everything: ScoreResult) -> None:
    built = build_rfv(replace(everything, settings=replace(everything.settings, margin=0.4)))
    assert built.heat is not None
    assert "the more revenue each has brought so far" in built.heat.caption


@pytest.mark.parametrize(
    ("share", "told"), [(0, "0%"), (0.0025, "0.2%"), (0.0301, "3%"), (1, "100%")]
)
def test_few_are_not_called_none(share: float, told: str) -> None:
    assert share_text(share) == told
