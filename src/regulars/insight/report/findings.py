"""The report's first page in words only, for a terminal or a message."""

from dataclasses import dataclass

from regulars.insight.report.headline import Headline, build_headline
from regulars.insight.report.people import Week, build_week
from regulars.insight.report.wording import QUADRANTS, money, quadrant_name
from regulars.insight.result import ScoreResult
from regulars.kernel.language import gettext
from regulars.kernel.words import number_text


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What matters most, in the language in use.

    Attributes:
        headline: Who keeps the business alive, with three figures.
        group_columns: What the groups' rows hold after the group's name.
        groups: A row each: name, customers, what is expected of them, what they brought.
        week: The first ten people to turn to.
    """

    headline: Headline
    group_columns: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    week: Week


def findings(result: ScoreResult) -> Findings:
    """The findings of a run in words."""
    quadrants = result.summary["value"]["quadrants"] or {}
    return Findings(
        headline=build_headline(result),
        group_columns=(
            gettext("customers"),
            gettext("expected of them"),
            gettext("brought and expected of friends"),
        ),
        groups=tuple(
            (
                quadrant_name(name),
                number_text(quadrants[name]["customers"]),
                money(result, quadrants[name]["clv"]),
                money(result, quadrants[name]["sender_value"]),
            )
            for name in QUADRANTS
            if name in quadrants
        ),
        week=build_week(result),
    )
