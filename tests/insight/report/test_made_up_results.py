"""The results that reports are tested with have the shape of those that an analysis finds."""

from tests.documented import keys_within, score_columns, summary_keys

from regulars.insight.result import ScoreResult

INNER = ("rows", "purchase_model", "spend_model", "holdout", "value", "referrals", "changes")


def test_they_hold_what_the_documentation_says(any_result: ScoreResult) -> None:
    summary = any_result.summary
    with_referrals = summary["referrals"] is not None
    assert set(any_result.scores.column_names) == score_columns(referrals=with_referrals)
    assert set(summary) == summary_keys() - {"scores_sha256"}  # that one is only in the file
    for key in INNER:
        assert summary[key] is None or set(summary[key]) == keys_within(key), key
    for key in ("brought", "cuts"):
        within = summary["value"][key]
        assert within is None or set(within) == keys_within(key), key
