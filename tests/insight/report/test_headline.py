"""The headline is true on its rung, at every margin and over every span."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from regulars.insight.report import render_report
from regulars.insight.report.headline import build_headline
from regulars.insight.result import ScoreResult
from regulars.kernel.language import speaking


def brought_note(result: ScoreResult, **changed: object) -> str:
    """What stands below what friends have brought."""
    value = result.summary["value"]
    told = {**value, "brought": {**value["brought"], **changed}}
    summary: dict[str, Any] = {**result.summary, "value": told}
    return build_headline(replace(result, summary=summary)).figures[1].note


def nothing_left(result: ScoreResult) -> ScoreResult:
    """The same with a margin of 0: everybody's value is 0."""
    position = result.scores.column_names.index("clv")
    zeros = pa.array(np.zeros(len(result.scores)))
    value = result.summary["value"] | {"spender_total": 0.0, "spender_interval": [0.0, 0.0]}
    return replace(
        result,
        settings=replace(result.settings, margin=0.0),
        scores=result.scores.set_column(position, "clv", zeros),
        summary={**result.summary, "value": value},
    )


def test_friends_yet_to_come_are_not_counted_among_those_who_came(everything: ScoreResult) -> None:
    """7,120.50 of known friends and 2,000 of future ones, not 9,120.50 "of them"."""
    note = brought_note(everything, recorded_share=1.0)
    assert note == "Another €7,120 is expected of them, and €2,000 of friends yet to come."


def test_introductions_nobody_noted_add_to_both_what_came_and_what_is_to_come(
    everything: ScoreResult,
) -> None:
    """18,240 / 0.8 = 22,800 so far, and 9,120.5 / 0.8 = 11,400.6 to come."""
    note = brought_note(everything)
    assert note.endswith(
        "Counting the introductions nobody noted: about €22,800 so far, and €11,401 still to come."
    )


def test_without_margin_there_is_still_a_forecast(everything: ScoreResult) -> None:
    bare = nothing_left(everything)
    headline = build_headline(bare)
    assert headline.sentence == "No margin is expected in the next 52 weeks"
    assert headline.figures[0].value == "€0.00"
    assert not any("needs more people" in sentence for sentence in headline.lead)
    assert "No margin is expected" in render_report(bare, "en")


@pytest.mark.parametrize(
    ("weeks", "told"),
    [(1, "the next week"), (1.4, "the next 1.4 weeks"), (52, "the next 52 weeks")],
)
def test_only_one_week_is_a_week(everything: ScoreResult, weeks: float, told: str) -> None:
    settings = replace(everything.settings, horizon_weeks=weeks)
    headline = build_headline(replace(everything, settings=settings))
    assert f"half of all revenue in {told}." in headline.lead[0]


def test_senders_who_never_bought_are_not_called_customers(everything: ScoreResult) -> None:
    senders = int((everything.scores.column("friends").to_numpy() > 0).sum())
    lead = build_headline(everything).lead
    assert any(sentence.startswith(f"{senders} people have brought others:") for sentence in lead)


@pytest.mark.parametrize(
    ("code", "revenue", "margin"),
    [
        ("de", "die Hälfte des gesamten Umsatzes", "die Hälfte des gesamten Deckungsbeitrags"),
        ("es", "la mitad de todos los ingresos", "la mitad de todo el margen"),
        ("th", "รายได้ครึ่งหนึ่ง", "กำไรขั้นต้นครึ่งหนึ่ง"),
    ],
)
def test_half_of_it_all_is_said_as_people_say_it(
    everything: ScoreResult, code: str, revenue: str, margin: str
) -> None:
    with speaking(code):
        assert revenue in build_headline(everything).lead[0]
        some_left = replace(everything, settings=replace(everything.settings, margin=0.4))
        assert margin in build_headline(some_left).lead[0]


def test_below_the_models_what_is_missing_is_told(
    result_on: Callable[[str], ScoreResult],
) -> None:
    rhythm = result_on("rhythm")
    told = replace(rhythm, summary={**rhythm.summary, "ladder_reason": "11 customers came back."})
    assert build_headline(told).lead[-1] == "11 customers came back."
