"""The words for a terminal: the same findings on every rung, and nothing that is not known."""

from collections.abc import Callable

from regulars.insight.report.findings import findings, people_to_know
from regulars.insight.result import ScoreResult


def test_every_rung_can_be_told_in_words(any_result: ScoreResult) -> None:
    found = findings(any_result)
    assert found.headline.sentence
    assert found.left_out.heading == "What was left out"
    assert (found.changes is None) == (any_result.changes is None)
    *_, slipping = people_to_know(any_result)
    assert slipping.heading == "Slipping away"
    assert len(slipping.sentences) == min(len(any_result.slipping), 5)


def test_below_the_models_nothing_is_said_of_groups(
    result_on: Callable[[str], ScoreResult],
) -> None:
    rhythm = result_on("rhythm")
    assert rhythm.summary["value"]["quadrants"] is not None
    assert findings(rhythm).groups == ()
    assert [people.heading for people in people_to_know(rhythm)] == ["Slipping away"]


def test_the_first_of_each_group_are_those_who_make_it(everything: ScoreResult) -> None:
    """Senders are ranked by what friends bring, the others by what is expected of themselves."""
    known = {people.heading: people.sentences for people in people_to_know(everything)}
    assert list(known) == ["Champions", "Spenders", "Senders", "Slipping away"]
    rows = everything.scores.to_pylist()
    for quadrant, heading, rank in (
        ("champion", "Champions", "clv"),
        ("affluent", "Spenders", "clv"),
        ("advocate", "Senders", "sender_value"),
    ):
        ranked = sorted(
            (row for row in rows if row["quadrant"] == quadrant), key=lambda row: -row[rank]
        )
        assert len(known[heading]) == 5
        for row, sentence in zip(ranked, known[heading], strict=False):
            assert row["customer_name"] in sentence
